"""What looks wrong with the rules of messages, their figures and the ledger: told at every preview, and before anything is booked."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from cscli.analysis.outreach.deciding import Decision, Situation
from cscli.analysis.outreach.sent import COUNTING
from cscli.errors import Location, Problem, Severity
from cscli.reports.outreach.drafts import Draft

if TYPE_CHECKING:
    from cscli.history import Ledger

SOON_DAYS = 7
_HALF = 0.5
_MOST_NAMED = 5


def say_what_looks_wrong(
    decisions: Sequence[Decision[Draft]], situation: Situation, ledger: "Ledger | None", unsettled: Sequence[str]
) -> list[Problem]:  # fmt: skip
    """A message that nobody can get, one that half the book gets, old figures; messages of which nobody knows whether they went out
    (`unsettled`: their keys); columns that texts ask for and nobody has a value in; names of the ledger that the rules no longer have.
    """
    return [
        *_of_rules(decisions, situation),
        *_of_columns(decisions, situation),
        *_of_figures(situation),
        *_unsettled(ledger, unsettled),
        *_renamed(situation, ledger),
    ]


def _of_rules(decisions: Iterable[Decision[Draft]], situation: Situation) -> Iterator[Problem]:
    meant: dict[str, set[int]] = {}
    for each in decisions:
        meant.setdefault(each.message, set()).add(each.account)
    count = len(situation.frame)
    for index, message in enumerate(situation.outreach.messages):
        where = Location(key=f"outreach.messages[{index}].when")
        share = len(meant.get(message.name, ())) / count if count else 0.0
        if share > _HALF and count > 1:
            details = {"share": f"{share:.0%}"}
            yield Problem("outreach.half_the_book", severity=Severity.WARNING, where=where, value=message.name, details=details)  # fmt: skip
        if not meant.get(message.name) and count:
            yield Problem("outreach.nobody", severity=Severity.NOTE, where=where, value=message.name)


def _of_columns(decisions: Iterable[Decision[Draft]], situation: Situation) -> Iterator[Problem]:
    """Columns that a text was refused for and that are empty from top to bottom: a header that was not recognised more often than not."""
    frame = situation.pairs.frame
    missing = {each.refused.about for each in decisions if each.refused and each.refused.code == "missing"}
    for name in sorted(missing & {*map(str, frame.columns)}):
        if frame[name].isna().all():
            yield Problem("outreach.empty_column", severity=Severity.WARNING, value=name)


def _of_figures(situation: Situation) -> Iterator[Problem]:
    for name, source in situation.stale.items():
        yield Problem("outreach.stale", severity=Severity.WARNING, value=name, details={"source": source})
    if (situation.today - situation.as_of).days > SOON_DAYS:
        details = {"as_of": situation.as_of.isoformat()}
        yield Problem("outreach.old_figures", severity=Severity.WARNING, details=details)


def _unsettled(ledger: "Ledger | None", keys: Sequence[str]) -> Iterator[Problem]:
    if keys and ledger is not None:
        rows = {each.key: each for each in ledger.rows}
        told = [f"{key} ({rows[key].message}, {rows[key].account_id})" for key in keys if key in rows]
        more = ["..."] if len(told) > _MOST_NAMED else []
        details = {"count": len(told), "names": ", ".join([*told[:_MOST_NAMED], *more])}
        yield Problem("outreach.unsettled", severity=Severity.WARNING, value=keys[0], details=details)


def _renamed(situation: Situation, ledger: "Ledger | None") -> Iterator[Problem]:
    """Names that went out and are no more, while the rules have one that never went: it may be the same message."""
    known = {each.name for each in situation.outreach.messages}
    went = {each.message for each in ledger.rows if each.state in COUNTING} if ledger is not None else set()
    new = known - went
    if went - known and new:
        details = {"names": ", ".join(sorted(new))}
        yield Problem("outreach.renamed", severity=Severity.WARNING, value=", ".join(sorted(went - known)), details=details)  # fmt: skip
