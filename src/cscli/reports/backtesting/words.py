"""Findings of a back-test to the sentences that say them."""

import numpy as np

from cscli.analysis.backtesting.metric_table import TREND
from cscli.analysis.backtesting.suggestions import OFFERED, TOO_FEW
from cscli.analysis.backtesting.verdicts import CANNOT_TELL, FEW, FEWEST, LEAK, PREDICTS, strength
from cscli.config.schema import Config
from cscli.reports.backtesting.findings import Findings
from cscli.reports.backtesting.tables import metric_name
from cscli.reports.kit.labels import column_label
from cscli.texts import Language, text

_SEGMENTS_MORE = 0.05
_SHOWN = 5


def headline_parts(findings: Findings, config: Config, language: Language) -> list[str]:
    """The verdict first, then what lies behind it."""
    judged = findings.judged
    parts = [_verdict(findings, language)]
    if findings.of_snapshot:
        parts.insert(0, text("headline.backtest.one_snapshot", language))
    if judged.churned >= FEWEST and not np.isnan(judged.auc.value):
        parts.append(
            text(
                "headline.backtest.pairs",
                language,
                share=round(judged.auc.value * 100),
                strength=text(f"backtest.strength.{strength(judged.auc.value)}", language),
            )
        )
    if FEWEST <= judged.churned < FEW:
        parts.append(text("headline.backtest.few", language, events=judged.churned))
    caught = judged.measure("caught")
    if findings.terms.edge > 0 and findings.terms.bands and caught.n:
        parts.append(
            text(
                "headline.backtest.caught_now" if findings.of_snapshot else "headline.backtest.caught",
                language,
                left=caught.n,
                caught=caught.events,
                edge=f"{findings.terms.edge:g}",
                luck=f"{judged.luck:.0f}",
            )
        )
    parts += _of_metrics(findings, config, language)
    parts += _of_capacity(findings, language)
    parts += _of_lead(findings, language)
    parts += _of_weights(findings, language)
    return [*parts, text(f"headline.backtest.next.{_next(findings)}", language)]


def _next(findings: Findings) -> str:
    """What is to be done: by the verdict, and by whether the lowest band warns of more than luck would."""
    is_unknown = findings.judged.churned < FEWEST or np.isnan(findings.judged.auc.value)
    verdict = CANNOT_TELL if is_unknown else findings.verdict
    if findings.of_snapshot and verdict in (PREDICTS, CANNOT_TELL):
        return "describes"
    if verdict != PREDICTS:
        return verdict
    caught = findings.judged.measure("caught")
    warns = not findings.terms.bands or findings.terms.edge <= 0 or caught.events > findings.judged.luck
    return "predicts" if warns else "edge"


def _verdict(findings: Findings, language: Language) -> str:
    auc = findings.judged.auc
    if findings.judged.churned < FEWEST:
        return text("headline.backtest.counts_only", language, events=findings.judged.churned)
    if np.isnan(auc.value):
        return text("headline.backtest.no_pairs", language, events=findings.judged.churned)
    measure = findings.judged.measure("auc")
    values = {
        "auc": f"{auc.value:.2f}",
        "low": f"{measure.low:.2f}",
        "high": f"{measure.high:.2f}",
        "events": findings.judged.churned,
    }
    name = "describes" if findings.of_snapshot and findings.verdict == "predicts" else findings.verdict
    return text(f"headline.backtest.{name}", language, **values)


def _of_metrics(findings: Findings, config: Config, language: Language) -> list[str]:
    if not findings.own_score:
        return []
    table, parts = findings.metrics.table, []
    for name in findings.metrics.flagged[:_SHOWN]:
        row = table[table["metric"] == name].iloc[0]
        shown = "-" if np.isnan(row["auc"]) else f"{row['auc']:.2f}"
        parts.append(
            text(
                f"headline.backtest.flag_{row['flag']}",
                language,
                metric=column_label(name, config, language),
                auc=shown,
            )
        )
    if (
        findings.with_flagged is not None
        and findings.verdict != LEAK
        and not np.isnan(findings.with_flagged.value)
    ):
        parts.append(
            text("headline.backtest.with_flagged", language, auc=f"{findings.with_flagged.value:.2f}")
        )
    strong = table["metric"][table["flag"] == "strong"].head(_SHOWN)
    parts += [
        text("headline.backtest.flag_strong", language, metric=column_label(name, config, language))
        for name in strong
    ]
    return [*parts, *_of_all_metrics(findings, config, language)]


def _of_all_metrics(findings: Findings, config: Config, language: Language) -> list[str]:
    """What wrong ways, gaps and pairs of metrics tell."""
    table, parts = findings.metrics.table, []
    if findings.metrics.wrong:
        names = ", ".join(metric_name(each, config, language) for each in findings.metrics.wrong[:_SHOWN])
        parts.append(text("headline.backtest.wrong_metrics", language, metrics=names))
    table = table[table["metric"] != TREND]
    for _, row in table[table["missing_tells"]].head(_SHOWN).iterrows():
        parts.append(
            text(
                "headline.backtest.missing_tells",
                language,
                metric=column_label(str(row["metric"]), config, language),
                churned=f"{row['missing_of_churned']:.0%}",
                stayed=f"{row['missing_of_stayed']:.0%}",
            )
        )
    pairs = findings.metrics.pairs
    for _, row in pairs[pairs["redundant"].astype(bool)].head(2).iterrows():
        parts.append(
            text(
                "headline.backtest.redundant",
                language,
                first=column_label(str(row["first"]), config, language),
                second=column_label(str(row["second"]), config, language),
                weight=f"{row['weight']:.0%}",
            )
        )
    if len(table) > 1:
        parts.append(
            text("headline.backtest.by_luck", language, events=len(table), luck=f"{len(table) * 0.05:.1f}")
        )
    within, over_all = (findings.judged.measure(each).value for each in ("auc", "auc_within_t0"))
    if abs(within - over_all) > _SEGMENTS_MORE:
        parts.append(
            text(
                "headline.backtest.segments_differ",
                language,
                within=f"{within:.2f}",
                over_all=f"{over_all:.2f}",
            )
        )
    return parts


def _of_capacity(findings: Findings, language: Language) -> list[str]:
    capacity = findings.judged.capacity
    here = capacity[capacity["calls"] == findings.terms.calls]
    left = int(findings.panel.churned.sum())
    if findings.of_snapshot or not len(here) or findings.judged.churned < FEWEST:
        return []
    row = here.iloc[0]
    return [
        text(
            "headline.backtest.capacity",
            language,
            calls=findings.terms.calls,
            caught=f"{row['caught']:.0f}",
            left=left,
            luck=f"{row['by_luck']:.0f}",
        )
    ]


def _of_lead(findings: Findings, language: Language) -> list[str]:
    lead = findings.lead
    if lead is None or not len(lead.accounts):
        return []
    alarms = lead.false_alarms / lead.account_years if lead.account_years else 0.0
    values = {f"d{days}": lead.warned(days) for days in (30, 60, 90)}
    return [
        text("headline.backtest.lead", language, left=len(lead.accounts), alarms=f"{alarms:.2f}", **values)
    ]


def _of_weights(findings: Findings, language: Language) -> list[str]:
    if findings.weights is None:
        return []
    outcomes = set(findings.weights["outcome"])
    if not outcomes:
        return [text("headline.backtest.weights_one_metric", language)]
    if OFFERED in outcomes:
        return [text("headline.backtest.weights_offered", language)]
    key = "weights_too_few" if outcomes <= {TOO_FEW} else "weights_no_evidence"
    return [text(f"headline.backtest.{key}", language)]
