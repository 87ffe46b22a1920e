"""Rows of the crosswalk to what a person decided about the ids of each source."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cscli.analysis.matching.match import Decisions
from cscli.errors import Location, Problem, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class CrosswalkRow:
    """One suggestion, and what a person made of it: `accepted` None is undecided."""

    source: str
    source_id: str
    account_id: str
    accepted: bool | None
    place: Location


@dataclass(frozen=True, slots=True)
class Decided:
    """The decisions on one source, the pairs that its rows hold, decided or not, and what to say about them."""

    decisions: Decisions
    pairs: frozenset[tuple[str, str]]
    problems: tuple[Problem, ...]


def decide(
    rows: Sequence[CrosswalkRow], source: str, source_ids: Iterable[str], account_ids: Iterable[str]
) -> Decided:
    """The decisions of the rows of `source`. Ids that a spreadsheet robbed of their leading zeros are those meant,
    where they can be only one. An accepted account that is not there, or a second one for an id, is a problem.
    """
    ours, theirs = _Known(source_ids), _Known(account_ids)
    problems: list[Problem] = []
    accepted: dict[str, str] = {}
    doubtful: set[str] = set()
    refused: set[tuple[str, str]] = set()
    without: set[tuple[str, str]] = set()
    pairs: set[tuple[str, str]] = set()
    for row in rows:
        if row.source != source or not row.source_id:
            continue
        source_id, account_id = ours.meant(row.source_id), theirs.meant(row.account_id)
        pairs.add((source_id, account_id))
        if row.accepted is False:
            (refused if account_id else without).add((source_id, account_id))
        elif row.accepted and account_id not in theirs:
            problems.append(_said("match.accepted_unknown", row, row.account_id or "-"))
        elif row.accepted and accepted.setdefault(source_id, account_id) != account_id:
            doubtful.add(source_id)
            problems.append(_said("match.accepted_twice", row, row.source_id))
    sure = {source_id: account for source_id, account in accepted.items() if source_id not in doubtful}
    nowhere = frozenset(source_id for source_id, _ in without)
    return Decided(Decisions(sure, frozenset(refused), nowhere), frozenset(pairs), tuple(problems))


class _Known:
    """Ids as they are, found also without the zeros before them."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids = frozenset(ids)
        self._without_zeros: dict[str, list[str]] = {}
        for each in sorted(self._ids):
            self._without_zeros.setdefault(each.lstrip("0"), []).append(each)

    def __contains__(self, account_id: str) -> bool:
        return account_id in self._ids

    def meant(self, text: str) -> str:
        choices = self._without_zeros.get(text, [])
        return choices[0] if text not in self._ids and len(choices) == 1 else text


def _said(code: str, row: CrosswalkRow, value: str) -> Problem:
    return Problem(
        code,
        severity=Severity.WARNING,
        where=row.place,
        value=value,
        details={"source": row.source, "id": row.source_id},
    )
