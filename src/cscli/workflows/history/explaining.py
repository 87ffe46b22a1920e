"""One account explained: from the newest run of the history, or from the exports."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cscli.analysis.past.trend import Trend
from cscli.errors import DataError, Problem, Severity
from cscli.nearest import nearest_names
from cscli.reports.kit.labels import band_label
from cscli.reports.kit.model import Report
from cscli.texts import paragraph
from cscli.workflows.book.contract import history_url
from cscli.workflows.book.read import read_book, report_context, rules_digest, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.history.recalling import (
    Today,
    is_bare,
    read_run,
    read_today,
    rules_of,
    stored_context,
    stored_days,
)
from cscli.workflows.scores.proof import say_band
from cscli.workflows.scores.trends import RulesNow, scores_before, trend_columns

if TYPE_CHECKING:
    import pandas as pd

    from cscli.analysis.past.scored_run import ScoredRun
    from cscli.reports.kit.context import Context
    from cscli.workflows.whole.book import WholeBook

_SHOWN_NEAR = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """Which account: its id, or its name. `fresh`: from the exports as they are now, not from a stored run."""

    account: str
    fresh: bool = False


def explain(request: Request, asked: Asked, output: Path | None) -> Report:
    """The account explained, written to `output` where there is one; nothing is stored. From the newest run of the
    history, or that of the given day; from the exports where nothing is stored, a file is given, or it is asked.

    Raises DataError for an account that there is not, or a day without a run.
    """
    today = read_today(request)
    with speaking(today.language):
        is_fresh = asked.fresh or request.accounts is not None or today.url is None
        is_fresh = is_fresh or not stored_days(request, today)
        scored_run, context = _from_exports(request) if is_fresh else _from_history(request, today)
        row = find_account(scored_run, asked.account)
        trend = _trend_of(request, today, scored_run, row)
        report = _report(request, today.url, scored_run, context, row, trend)
        if output is not None:
            from cscli.render import write_report

            write_report(report, output)
        return report


def explain_whole(whole: "WholeBook", row: int) -> Report:
    """The account in that row of the judged accounts explained, of a reading that serves more than this."""
    from cscli.analysis.past.scored_run import scored_run_of

    judged = whole.judged
    book, scored = judged.book, judged.scored
    run = scored_run_of(scored.frame, book.frame, scored.scores, book.config, book.as_of)
    url = history_url(whole.request, book)
    here = scored.frame.iloc[row]
    trend = Trend(here["trend"], float(here["trend_change"]))
    return _report(whole.request, url, run, report_context(whole.request, book), row, trend)


def _trend_of(request: Request, today: Today, scored_run: "ScoredRun", row: int) -> Trend:
    """Of the account by itself, under today's rules."""
    import pandas as pd

    rules = RulesNow(
        draft=today.draft,
        digest=rules_digest(request),
        config=scored_run.config,
        url=today.url,
        folder=request.rules.workspace,
    )
    now = pd.DataFrame({"account_id": [str(scored_run.ids.iloc[row])], "score": scored_run.score[row]})
    found = trend_columns(scores_before(rules, scored_run.as_of), now, scored_run.as_of)
    return Trend(found["trend"][0], float(found["trend_change"][0]))


def _report(
    request: Request, url: str | None, scored_run: "ScoredRun", context: "Context", row: int, trend: Trend
) -> Report:
    from cscli.analysis.explaining.lift import LiftPlan, limits_that_hold, plan_lift
    from cscli.analysis.explaining.peers import find_peers
    from cscli.analysis.explaining.what_if import WhatIf
    from cscli.reports.explain.explanation import Explanation
    from cscli.reports.explain.report import explain_report

    plan: LiftPlan
    holds: tuple[str, ...]
    if list(scored_run.columns.columns) == ["account_id"]:
        plan, holds = LiftPlan(band=None, gap=float("nan"), reproduced=False), ()
    else:
        what_if = WhatIf(scored_run, row)
        plan, holds = plan_lift(what_if), limits_that_hold(what_if)
    explanation = Explanation(
        scored_run=scored_run,
        row=row,
        plan=plan,
        peers=find_peers(scored_run, row),
        holds=holds,
        course=_course(request, url, scored_run, row),
        trend=trend,
    )
    report = explain_report(explanation, context)
    band = str(scored_run.band[row])
    named = {each.name: band_label(each, context.language) for each in scored_run.config.bands}
    said = say_band(request, band, named.get(band, band), context.language) if band in named else None
    return replace(report, headline=paragraph(context.language, report.headline, said))


def find_account(scored_run: "ScoredRun", account: str) -> int:
    """The row of the account of that id, else of that name if only one has it. DataError with the nearest."""
    import unicodedata

    from cscli.analysis.recognising.companies.names import name_key

    def folded(each: str) -> str:
        return unicodedata.normalize("NFKC", each).strip().casefold()

    ids = [str(each) for each in scored_run.ids]
    if account in ids:
        return ids.index(account)
    names = [str(each or "") for each in scored_run.columns["name"]] if "name" in scored_run.columns else []
    by_id = [at for at, each in enumerate(ids) if folded(each) == folded(account)]
    key = name_key(account)
    by_name = [at for at, each in enumerate(names) if folded(each) == folded(account)] or [
        at for at, each in enumerate(names) if key and name_key(each) == key
    ]
    found = by_id or by_name
    if len(found) == 1:
        return found[0]
    if found:
        details = {"accounts": ", ".join(ids[at] for at in found[:_SHOWN_NEAR])}
        raise DataError(Problem("explain.ambiguous", value=account, details=details))
    raise DataError(_unknown(scored_run, account, ids, names))


def _unknown(scored_run: "ScoredRun", account: str, ids: list[str], names: list[str]) -> Problem:
    """That there is no such account, with those that may be meant."""
    part = account.casefold()
    near = [at for at, name in enumerate(names) if part and part in name.casefold()]
    near += [ids.index(each) for each in nearest_names(account, ids, 3)]
    near += [names.index(each) for each in nearest_names(account, names, 3)]
    shown = [f"{ids[at]} {names[at]}".strip() if names else ids[at] for at in dict.fromkeys(near)]
    details = {
        "near": ", ".join(shown[:_SHOWN_NEAR]),
        "count": len(ids),
        "as_of": scored_run.as_of.isoformat(),
    }
    return Problem(
        "explain.no_account_near" if shown else "explain.no_account", value=account, details=details
    )


def _from_history(request: Request, today: Today) -> "tuple[ScoredRun, Context]":
    from cscli.analysis.past.scored_run import recall
    from cscli.analysis.scoring.switching import without_idle_metrics

    stored = read_run(request, today, request.as_of)
    problems = []
    if stored.config_digest != rules_digest(request):
        problems.append(
            Problem("explain.other_rules", severity=Severity.NOTE, value=stored.as_of.isoformat())
        )
    if is_bare(stored):
        problems.append(Problem("explain.no_columns", severity=Severity.NOTE, value=stored.as_of.isoformat()))
    config, _ = without_idle_metrics(rules_of(stored, request, today), stored.values)
    return recall(stored, config), stored_context(request, today, stored, config, problems)


def _from_exports(request: Request) -> "tuple[ScoredRun, Context]":
    from cscli.analysis.past.scored_run import scored_run_of
    from cscli.workflows.scores.scoring import score_book

    book, scored, _ = score_book(request, read_book(request))
    scored_run = scored_run_of(scored.frame, book.frame, scored.scores, book.config, book.as_of)
    return scored_run, report_context(request, book)


def _course(request: Request, url: str | None, scored_run: "ScoredRun", row: int) -> "pd.DataFrame | None":
    """The runs of the account up to the day."""
    if url is None:
        return None
    import pandas as pd

    from cscli.history import course

    found: pd.DataFrame = course(url, request.rules.workspace, str(scored_run.ids.iloc[row]))
    return found.loc[found["as_of"] <= pd.Timestamp(scored_run.as_of)].reset_index(drop=True)
