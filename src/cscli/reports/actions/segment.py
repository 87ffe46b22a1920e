"""Treatment of accounts to the report `segment`: who gets what, do we have the hours, and what to change."""

from collections.abc import Sequence

import numpy as np

from cscli.analysis.acting.capacity import NOBODY, TOO_LITTLE, TOO_MUCH
from cscli.analysis.acting.touch_plan import TouchPlan, over_the_limit
from cscli.config.blocks.actions import Effort
from cscli.config.schema import Config
from cscli.reports.actions.segment_sheets import (
    Earlier,
    accounts_sheet,
    moves_sheet,
    needs_sheet,
    owners_sheet,
    proposal_sheet,
    summary_sheet,
)
from cscli.reports.kit.context import Context
from cscli.reports.kit.labels import column_label
from cscli.reports.kit.looks import show_date
from cscli.reports.kit.model import Report
from cscli.texts import Language, text


def segment_report(
    touch_plan: TouchPlan, earlier: Earlier | None, config: Config, context: Context
) -> Report:
    """The report: accounts, summary (first against second segmentation), capacity, teams, owners, moves, proposal."""
    language = context.language
    moves = moves_sheet(touch_plan, earlier, config, language)
    sheets = [accounts_sheet(touch_plan, config, language), summary_sheet(touch_plan, config, language)]
    if config.effort:
        sheets.append(needs_sheet("capacity", config.effort.by, touch_plan, config, language))
    if config.teams:
        sheets.append(needs_sheet("teams", "team", touch_plan, config, language))
    sheets += [owners_sheet(touch_plan, config, language), moves, proposal_sheet(touch_plan, language)]
    return context.report(
        name="segment",
        sheets=tuple(sheets),
        headline=_headline(touch_plan, len(set(moves.column("account_id"))), earlier, config, context),
        short=_short(touch_plan, config),
    )


def _short(touch_plan: TouchPlan, config: Config) -> tuple[str, ...]:
    first, *others = touch_plan.names
    always = ("account_id", "name", "owner", first)
    if any(touch_plan.mismatch):
        return (*always, "hours_per_month", "hours_spent", "mismatch")
    return (*always, *others[-1:], *(("hours_per_month",) if config.effort else ()))


def _headline(
    touch_plan: TouchPlan, moves: int, earlier: Earlier | None, config: Config, context: Context
) -> str:
    language, total = context.language, f"{len(touch_plan.frame):,}"
    parts: list[str] = []
    if config.effort:
        parts += _capacity_sentences(touch_plan, config.effort, total, language)
    else:
        names = ", ".join(column_label(name, config, language) for name in touch_plan.names)
        parts.append(text("headline.segment_plain", language, total=total, segments=names))
    counts = {kind: int((touch_plan.mismatch == kind).sum()) for kind in (TOO_MUCH, TOO_LITTLE)}
    if any(counts.values()):
        parts.append(text("headline.mismatch", language, **counts))
    if earlier and moves:
        parts.append(text("headline.moves", language, count=moves, since=show_date(earlier.as_of, language)))
    return ("" if language == "ja" else " ").join(parts)


def _capacity_sentences(
    touch_plan: TouchPlan, effort: Effort, total: str, language: Language
) -> Sequence[str]:
    hours = effort.owner_hours_per_month
    loads, proposal = touch_plan.owners, touch_plan.proposal
    owners, over = int((loads["owner"] != NOBODY).sum()), over_the_limit(loads)
    heads = f"{np.nansum(touch_plan.planned) / hours:,.1f}"
    first = text("headline.segment", language, total=total, heads=heads, hours=f"{hours:g}", owners=owners)
    if proposal is None:
        return [first]
    fullest = loads.iloc[0]
    values: dict[str, object] = {"over": over, "owners": owners, "moves": len(proposal.moved)}
    missing = f"{proposal.hours_left_over / hours:.1f}"
    key = "over_impossible" if proposal.hours_left_over else "over" if over else "none_over"
    values |= {"owner": fullest["owner"], "load": f"{fullest['load']:.0%}"}
    return [first, text(f"headline.{key}", language, **values, missing=missing)]
