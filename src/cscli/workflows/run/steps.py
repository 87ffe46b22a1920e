"""The steps of a run: the check, and every report that rules ask of the whole book."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np

from cscli.analysis.acting.alerts import NEW as NEW_ALERT
from cscli.analysis.acting.messages import Message
from cscli.analysis.acting.status import SOLVED
from cscli.config.blocks.run import StepName
from cscli.errors import ExitCode, Problem
from cscli.render import write_report
from cscli.reports.actions.news import say_new
from cscli.reports.dashboard.model import Material
from cscli.reports.kit.labels import own_labels
from cscli.reports.kit.model import Report
from cscli.reports.monday.material import MondayMaterial
from cscli.reports.monday.page import monday_page
from cscli.workflows.book.read import report_context
from cscli.workflows.data.checking import check_whole
from cscli.workflows.showing.changes import has_earlier, report_changes
from cscli.workflows.showing.dashboard import DashboardOptions, gather, write_dashboard
from cscli.workflows.showing.monday import monday_messages, say_unsent, write_monday
from cscli.workflows.whole.book import WholeBook
from cscli.workflows.whole.steps import STEPS, Part, Step, has_scores
from cscli.workspace.manifest import AtRiskCounts, Counts

DASHBOARD = "dashboard.html"


@dataclass(frozen=True, slots=True)
class Made:
    """What a step has made: `write` puts its files into a folder and names them, with what is said then; `code`: what the
    run ends with for it, if nothing worse comes.
    """

    write: Callable[[Path], "tuple[tuple[Path, ...], tuple[Problem, ...]]"]
    problems: tuple[Problem, ...]
    code: ExitCode = ExitCode.DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStep:
    """A step as a run takes it. `needs`: the parts of the whole book that it is made of. `by_default`: also where the
    rules list no steps.
    """

    name: str
    make: Callable[[WholeBook], Made]
    is_wanted: Callable[[WholeBook], bool]
    needs: frozenset[Part]
    is_stored: bool
    by_default: bool = True


def _as_run_step(step: Step) -> RunStep:
    return RunStep(
        name=step.name,
        make=lambda whole: _made(step.report(whole), step.stem, whole),
        is_wanted=step.is_wanted,
        needs=step.needs,
        is_stored=step.is_stored,
        by_default=step.by_default,
    )


def _made(report: Report, stem: str, whole: WholeBook, code: ExitCode = ExitCode.DONE) -> Made:
    """A report, in each of the forms that the rules list."""

    def write(folder: Path) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
        forms = whole.book.config.run.forms
        return tuple(write_report(report, folder / f"{stem}.{form}") for form in forms), ()

    return Made(write, report.problems, code)


def _check(whole: WholeBook) -> Made:
    checked = check_whole(whole)
    return _made(checked.report, "check", whole, checked.code)


def _diff(whole: WholeBook) -> Made:
    return _made(report_changes(whole), "diff", whole)


def _gathered(whole: WholeBook) -> tuple[Material, tuple[Problem, ...]]:
    return gather(whole, DashboardOptions())


def _dashboard(whole: WholeBook) -> Made:
    material, problems = whole.once(_gathered)

    def write(folder: Path) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
        page, said = write_dashboard(material, folder / DASHBOARD, DashboardOptions())
        return (page.path,), tuple(said)

    return Made(write, problems)


def _monday(whole: WholeBook) -> Made:
    material, problems = whole.once(_gathered)
    page = monday_page(MondayMaterial(material))
    return Made(lambda folder: (write_monday(page, folder), ()), (*problems, *say_unsent(whole)))


def monday_messages_of(whole: WholeBook) -> tuple[Message, ...]:
    """The Monday page for each of the channels that the rules list."""
    return monday_messages(whole, whole.once(_gathered)[0])


CHECK = RunStep(name="check", make=_check, is_wanted=lambda _: True, needs=frozenset(), is_stored=False)
SHOWN = RunStep(
    name="dashboard", make=_dashboard, is_wanted=has_scores, needs=frozenset({"judged", "calls"}), is_stored=False
)  # fmt: skip
CHANGES = RunStep(
    name="diff", make=_diff, is_wanted=lambda whole: has_scores(whole) and has_earlier(whole),
    needs=frozenset({"judged"}), is_stored=False,
)  # fmt: skip
MONDAY = RunStep(
    name="monday", make=_monday, is_wanted=has_scores, needs=frozenset({"judged", "calls"}), is_stored=False
)  # fmt: skip
_ORDER: tuple[str, ...] = get_args(StepName)
RUN_STEPS: tuple[RunStep, ...] = tuple(
    sorted(
        (CHECK, SHOWN, CHANGES, MONDAY, *map(_as_run_step, STEPS)), key=lambda step: _ORDER.index(step.name)
    )
)
"""Every step there is, in the order in which they are made."""


def steps_of(whole: WholeBook, names: Sequence[str] | None = None) -> list[RunStep]:
    """Those of `names`, else those that the rules list, else those that they have what is needed for; in the order
    of `RUN_STEPS`.
    """
    listed = whole.book.config.run.steps if names is None else names
    return [
        step
        for step in RUN_STEPS
        if (step.by_default and step.is_wanted(whole) if listed is None else step.name in listed)
    ]


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


def say_calls(whole: WholeBook) -> str | None:
    """Who has come onto the call list, in a sentence; None where nobody has."""
    return say_new(whole.judged.scored.frame, whole.calls, report_context(whole.request, whole.book))


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
            resolved=int(calls.resolved["why"].isin(SOLVED).sum()),
            arr_at_risk=float(np.nansum(calls.arr_at_risk)),
        )
    return Counts(accounts=len(whole.book.frame), accounts_left=len(whole.book.left), **counts)
