"""Playbooks that people wrote down as done and that the rules do not have: nothing counts them, and that is said."""

from collections.abc import Collection, Iterator

import pandas as pd

from cscli.analysis.tables.conform import TypedTable
from cscli.errors import Location, Problem, Severity
from cscli.nearest import nearest_name

_COLUMN = "play_done"


def unknown_plays(table: TypedTable, ids: Collection[str], called: Collection[str]) -> Iterator[Problem]:
    """Of each cell of people's workbook that names no playbook, which was probably meant. `table`: the workbook (account_id, play_done); `ids`: the accounts
    that are scored; `called`: what people may call playbooks.
    """
    known = {each.casefold() for each in called}
    cells = zip(table.frame["account_id"], table.frame[_COLUMN], table.lines.tolist(), strict=True)
    for account, play, line in cells:
        if pd.isna(play) or account not in ids or str(play).strip().casefold() in known:
            continue
        nearest = nearest_name(str(play).strip(), called)
        where = Location(
            file=table.facts.file, sheet=table.facts.sheet, line=line, column=table.header(_COLUMN)
        )
        code = "people.play_unknown" if nearest is None else "people.play_unknown_nearest"
        details: dict[str, object] = {"account": account, "nearest": nearest}
        yield Problem(code, severity=Severity.WARNING, where=where, value=str(play), details=details)
