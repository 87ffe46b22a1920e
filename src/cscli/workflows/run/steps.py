"""The steps of a run: the check, and every report that rules ask of the whole book."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cscli.analysis.acting.alerts import NEW as NEW_ALERT
from cscli.errors import ExitCode
from cscli.reports.kit.labels import own_labels
from cscli.reports.kit.model import Report
from cscli.workflows.data.checking import check_whole
from cscli.workflows.whole.book import WholeBook
from cscli.workflows.whole.steps import STEPS, Part, Step
from cscli.workspace.manifest import AtRiskCounts, Counts


@dataclass(frozen=True, slots=True)
class Made:
    """What a step has made; `code`: what the run ends with for it, if nothing worse comes."""

    report: Report
    code: ExitCode = ExitCode.DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStep:
    """A step as a run takes it. `needs`: the parts of the whole book that it is made of."""

    name: str
    stem: str
    make: Callable[[WholeBook], Made]
    is_wanted: Callable[[WholeBook], bool]
    needs: frozenset[Part]
    is_stored: bool


def _as_run_step(step: Step) -> RunStep:
    return RunStep(
        name=step.name,
        stem=step.stem,
        make=lambda whole: Made(step.report(whole)),
        is_wanted=step.is_wanted,
        needs=step.needs,
        is_stored=step.is_stored,
    )


def _check(whole: WholeBook) -> Made:
    checked = check_whole(whole)
    return Made(checked.report, checked.code)


RUN_STEPS: tuple[RunStep, ...] = (
    RunStep(
        name="check", stem="check", make=_check, is_wanted=lambda _: True, needs=frozenset(), is_stored=False
    ),
    *map(_as_run_step, STEPS),
)
"""Every step there is, in the order in which they are made."""


def steps_of(whole: WholeBook, names: Sequence[str] | None = None) -> list[RunStep]:
    """Those of `names`, else those that the rules list, else those that they have what is needed for; in the order
    of `RUN_STEPS`.
    """
    listed = whole.book.config.run.steps if names is None else names
    return [step for step in RUN_STEPS if (step.is_wanted(whole) if listed is None else step.name in listed)]


def parts_of(names: Iterable[str]) -> frozenset[Part]:
    """The parts of the whole book that these steps are made of."""
    wanted = set(names)
    return frozenset(part for step in RUN_STEPS if step.name in wanted for part in step.needs)


@dataclass(frozen=True, slots=True)
class NewAlerts:
    """How many alerts of a rule are new. `label`: what people read for the rule."""

    rule: str
    label: str
    count: int


def new_alerts(whole: WholeBook) -> tuple[NewAlerts, ...]:
    """Those of each rule that has some; none without a history."""
    table, labels = whole.alerts.table, own_labels(whole.book.config.alerts, whole.book.language)
    counted = Counter(table["rule"][table["status"] == NEW_ALERT])
    return tuple(NewAlerts(rule, labels[rule], count) for rule, count in sorted(counted.items()))


def count_accounts(whole: WholeBook, parts: frozenset[Part]) -> Counts:
    """Figures of the run, of the `parts` that were made: accounts, how many in each band, who is at risk and what is
    at stake there.
    """
    counts: dict[str, Any] = {}
    if "judged" in parts:
        names, numbers = np.unique(whole.judged.scored.scores.band.astype(str), return_counts=True)
        counts["bands"] = dict(zip(names.tolist(), numbers.tolist(), strict=True))
    if "calls" in parts:
        calls = whole.calls
        counts["at_risk"] = AtRiskCounts(
            accounts=len(calls.rows),
            new=len(whole.new_at_risk()),
            resolved=len(calls.resolved),
            arr_at_risk=float(np.nansum(calls.arr_at_risk)),
        )
    return Counts(accounts=len(whole.book.frame), accounts_left=whole.book.left, **counts)
