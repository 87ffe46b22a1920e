"""A plan to its report, and to the sentence that says what would change."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from cscli.analysis.planning.differences import ADDED, DROPPED
from cscli.analysis.planning.evidence import Evidence
from cscli.analysis.planning.rule_changes import EDGES
from cscli.reports.kit.context import Context
from cscli.reports.kit.model import Report
from cscli.reports.planning.plan import Plan
from cscli.reports.planning.tables import plan_sheets, summary_figures
from cscli.texts import Language, paragraph, text

_HARDLY = 0.9
_LEAST_HOURS = 0.05


def plan_report(plan: Plan, context: Context) -> Report:
    """The report: moves, summary, accounts, metrics, lists, owners, segments, alerts, config, backtest; a sheet without a row is
    left out.
    """
    language = context.language
    sheets = plan_sheets(plan, language)
    money = ("arr",) if float(np.nansum(plan.arr)) > 0 else ()
    report = context.report(
        name="plan",
        sheets=sheets,
        headline=paragraph(language, *_parts(plan, context)),
        short=("band_from", "band_to", "accounts", *money),
    )
    told = tuple(
        (text(f"plan.term.{key}", language), text(f"plan.definition.{key}", language))
        for key in ("parts", "band_by", "order", "backtest")
    )
    return replace(report, definitions=(*report.definitions, *told))


def _parts(plan: Plan, context: Context) -> Iterator[str]:
    """The sentences of the headline."""
    language = context.language
    if plan.same_scores:
        yield text("headline.plan.same", language)
    else:
        figures = summary_figures(plan)
        key = "headline.plan.moves" if figures["arr_moved"] > 0 else "headline.plan.moves_no_arr"
        yield text(
            key,
            language,
            count=int(figures["accounts_moved"]),
            arr=context.money(np.nan_to_num(figures["arr_moved"])),
        )
    yield from _said_of_lists(plan, context)
    if not plan.same_scores and not np.isnan(plan.order):
        yield text(_order_key(plan), language, order=f"{plan.order:.2f}")
    yield _said_of_evidence(plan, language)


def _said_of_lists(plan: Plan, context: Context) -> Iterator[str]:
    language, lists = context.language, plan.lists
    added, dropped = (lists[lists["listed"] == which] for which in (ADDED, DROPPED))
    if len(added) or len(dropped):
        money = float(added["arr"].sum())
        key = "headline.plan.list" if money > 0 else "headline.plan.list_no_arr"
        yield text(key, language, added=len(added), arr=context.money(money), dropped=len(dropped))
    hours = plan.owners["hours_change"].abs().fillna(0.0)
    if len(hours) and hours.max() >= _LEAST_HOURS:
        most = plan.owners.iloc[int(hours.to_numpy().argmax())]
        change = f"{most['hours_change']:+.1f}".removesuffix(".0").replace("-", "−")
        yield text(
            "headline.plan.hours", language, owner=most["owner"], hours=change, count=change.lstrip("+−")
        )
    over = plan.owners[plan.owners["over"] > _LEAST_HOURS] if len(plan.owners) else plan.owners
    if len(over):
        yield text("headline.plan.over", language, owners=text("plan.join", language).join(over["owner"]))


def _order_key(plan: Plan) -> str:
    if plan.order > 1 - 1e-9:
        return "headline.plan.order_same"
    if plan.order < _HARDLY:
        return "headline.plan.order_changes"
    steps = [names for names in plan.changes.band_by if names]
    by_edges = sum(EDGES in names for names in steps)
    return "headline.plan.order_edges" if steps and by_edges * 2 > len(steps) else "headline.plan.order_kept"


def _said_of_evidence(plan: Plan, language: Language) -> str:
    found = plan.evidence
    if found is None:
        return text("headline.plan.no_evidence", language)
    if found.is_same_order:
        return _said_of_edges(found, language)
    low, high = found.difference.low, found.difference.high
    which = "better" if low > 0 else "worse" if high < 0 else "unclear"
    return text(
        f"headline.plan.{which}",
        language,
        before=f"{found.auc_from.value:.3f}",
        after=f"{found.auc_to.value:.3f}",
        low=f"{low:+.3f}".replace("-", "−"),
        high=f"{high:+.3f}".replace("-", "−"),
    )


def _said_of_edges(found: Evidence, language: Language) -> str:
    """Where both rank alike: what another edge of the lowest band would have caught, beside luck."""
    auc = f"{found.auc_from.value:.3f}"
    if found.below_from == found.below_to:
        return text("headline.plan.alike", language, auc=auc)
    return text(
        "headline.plan.edge_gains" if found.is_beyond_luck else "headline.plan.edge_no_gain",
        language,
        auc=auc,
        before=found.below_from.left,
        after=found.below_to.left,
        luck_before=f"{found.below_from.by_luck:.0f}",
        luck_after=f"{found.below_to.by_luck:.0f}",
    )
