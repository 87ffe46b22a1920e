"""The inventory of content, and what the rows of a log tell of who used it."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cscli.analysis.inputs.rows import SheetRows
from cscli.analysis.practice.content_map import BLOCK, ContentFacts
from cscli.analysis.practice.inventory import Inventory, fold_id, read_inventory
from cscli.analysis.scoring.columns import evaluate_rules
from cscli.config.schema import Config
from cscli.config.work.practice import Content, ContentUse
from cscli.errors import ConfigError, Location, Problem, Severity

if TYPE_CHECKING:
    from cscli.analysis.tables.conform import TypedTable

_SHOWN = 3


def content_facts(
    content: Content, rows: SheetRows, config: Config, tables: "Mapping[str, TypedTable]", as_of: dt.date
) -> tuple[ContentFacts, list[Problem]]:
    """What people typed of content and who used it by `as_of`, and what is to be said. Raises ConfigError for a rule that does not fit its rows."""
    inventory = read_inventory(rows)
    uses, problems = _uses(content.use, inventory, config, tables, as_of)
    return ContentFacts(content=content, inventory=inventory, uses=uses), problems


def _uses(
    use: ContentUse | None,
    inventory: Inventory,
    config: Config,
    tables: "Mapping[str, TypedTable]",
    as_of: dt.date,
) -> tuple[pd.DataFrame, list[Problem]]:
    if use is None:
        return _nothing(), []
    if use.source not in config.sources:
        details: dict[str, object] = {"known": ", ".join(config.sources)}
        where = Location(key="content.use.source")
        raise ConfigError(Problem("timeline.no_source", where=where, value=use.source, details=details))
    table = tables.get(use.source)
    if table is None:
        return _nothing(), [Problem("timeline.no_rows", severity=Severity.NOTE, value=use.source)]
    rows = _rows_in_use(use, table.frame, as_of)
    return _known(rows, inventory, use.source)


def _rows_in_use(use: ContentUse, frame: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    for name in (use.content_id, use.at):
        if name not in frame:
            details: dict[str, object] = {"known": ", ".join(map(str, frame.columns)), "source": use.source}
            raise ConfigError(
                Problem("voice.no_column", where=Location(key=f"{BLOCK}.use"), value=name, details=details)
            )
    if frame[use.at].dtype.kind != "M":
        raise ConfigError(Problem("journey.not_a_date", where=Location(key="content.use.at"), value=use.at))
    kept = np.ones(len(frame), dtype=bool)
    if use.when is not None:
        kept = evaluate_rules(frame, {"content.use.when": use.when}, as_of)["content.use.when"]
    days = frame[use.at]
    kept = kept & (days <= pd.Timestamp(as_of)).to_numpy(bool) & frame["account_id"].notna().to_numpy(bool)
    kept = kept & frame[use.content_id].notna().to_numpy(bool)
    return pd.DataFrame(
        {"account_id": frame["account_id"], "given": frame[use.content_id].astype(str), "at": days}
    )[kept].reset_index(drop=True)


def _known(rows: pd.DataFrame, inventory: Inventory, source: str) -> tuple[pd.DataFrame, list[Problem]]:
    """The rows of pieces that the inventory has, under its ids; ids that it does not have are said with how many rows they have."""
    names = {given: inventory.canonical.get(fold_id(given)) for given in rows["given"].unique()}
    ids = rows["given"].map(names).astype(object)
    problems = []
    unknown = rows["given"][ids.isna()].value_counts()
    if len(unknown):
        shown = ", ".join(map(str, sorted(unknown.index)[:_SHOWN])) + (
            ", ..." if len(unknown) > _SHOWN else ""
        )
        details: dict[str, object] = {"count": int(unknown.sum()), "source": source}
        problems.append(
            Problem("content.unknown_id", severity=Severity.WARNING, value=shown, details=details)
        )
    other = (ids.notna() & (ids != rows["given"].str.strip())).to_numpy(bool)
    if other.any():
        first = str(rows["given"][other].iloc[0])
        details = {"count": int(other.sum()), "source": source, "as": names[first]}
        problems.append(Problem("content.id_spelt", severity=Severity.NOTE, value=first, details=details))
    found = rows.assign(content_id=ids)[ids.notna().to_numpy(bool)]
    return found[["account_id", "content_id", "at"]].reset_index(drop=True), problems


def _nothing() -> pd.DataFrame:
    empty = pd.DataFrame(
        {"account_id": pd.Series([], dtype=object), "content_id": pd.Series([], dtype=object)}
    )
    return empty.assign(at=pd.to_datetime(pd.Series([], dtype=object)))
