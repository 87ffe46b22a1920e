"""Resolved forecasts to the report `ledger`: how far each was off, whether it was calibrated, and every forecast."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from cscli.analysis.forecasting.ledger import (
    ALL,
    CSM,
    FEW_LOST,
    LEADS,
    MODEL,
    PairedScore,
    compare_forecasts,
    tabulate_ledger,
    tabulate_reliability,
)
from cscli.analysis.forecasting.outcomes import GONE, LOST, OPEN, RENEWED, RESOLVED_AFTER_DAYS
from cscli.config.schema import Config
from cscli.errors import Problem, Severity
from cscli.reports.kit.context import Context
from cscli.reports.kit.looks import show_date
from cscli.reports.kit.model import Column, Meaning, Report, Sheet, Values
from cscli.reports.kit.sheets import as_values, band_column, from_frame, make_sheet, plain_column
from cscli.texts import Language, paragraph, text

_SHORT = ("who", "forecast", "lead", "n", "lost", "mean_forecast", "rate", "bias", "brier_skill")
_SUMMARY: Mapping[str, Meaning] = {
    "n": Meaning.COUNT, "lost": Meaning.COUNT, "mean_forecast": Meaning.RATE, "rate": Meaning.RATE, "rate_lo": Meaning.RATE,
    "rate_hi": Meaning.RATE, "bias": Meaning.RATE, "z": Meaning.NUMBER, "brier": Meaning.NUMBER,
    "brier_skill": Meaning.RATE, "arr_forecast_lost": Meaning.MONEY, "arr_lost": Meaning.MONEY,
    "arr_bias": Meaning.RATE, "contraction": Meaning.RATE,
}  # fmt: skip
_FIRM_Z = 1.96
_TOLD = ("n", "lost", "mean_forecast", "rate", "bias", "few")


def ledger_report(resolved: pd.DataFrame, config: Config, context: Context) -> Report:
    """The report: sheets summary, reliability, paired, forecasts. `resolved`: a row a forecast with its outcome."""
    language = context.language
    ended = resolved[resolved["outcome"].isin([LOST, RENEWED])]
    ended = ended.assign(
        lost=ended["outcome"] == LOST, lead_days=(ended["renews_on"] - ended["forecast_on"]).dt.days
    )
    table, paired = tabulate_ledger(ended), compare_forecasts(ended)
    sheets = (
        _summary(table, language),
        _reliability(tabulate_reliability(ended), language),
        _paired(paired, language),
        _forecasts(resolved, config, language),
    )
    gone = resolved[resolved["outcome"] == GONE]["account_id"].nunique()
    said = [Problem("ledger.gone", severity=Severity.NOTE, details={"count": gone})] if gone else []
    headline = _headline(resolved, table, paired, context)
    report = context.report(name="ledger", sheets=sheets, headline=headline, short=_SHORT)
    return replace(report, problems=(*report.problems, *said))


def _summary(table: pd.DataFrame, language: Language) -> Sheet:
    leads = {ALL: text("ledger.all", language)} | {
        lead: text("ledger.lead", language, days=lead) for lead, _, _ in LEADS
    }
    columns: list[tuple[Column, Values]] = [
        (_labelled("who", {ALL: text("ledger.all", language)}, language), as_values(table["who"])),
        (_forecast_column(language), as_values(table["forecast"])),
        (_labelled("lead", leads, language), as_values(table["lead"])),
        *(
            (_measure(name, meaning, language), table[name].to_numpy(np.float64))
            for name, meaning in _SUMMARY.items()
        ),
        (_few_column(language), np.where(table["few"].to_numpy(dtype=bool), "yes", "no").astype(object)),
    ]
    return make_sheet("summary", language, columns, np.arange(len(table)))


def _reliability(table: pd.DataFrame, language: Language) -> Sheet:
    columns: list[tuple[Column, Values]] = [
        (_forecast_column(language), as_values(table["forecast"])),
        (_measure("bin", Meaning.COUNT, language), table["bin"].to_numpy(np.float64)),
        *(
            (_measure(name, _SUMMARY[name], language), table[name].to_numpy(np.float64))
            for name in ("n", "mean_forecast", "rate", "rate_lo", "rate_hi")
        ),
    ]
    return make_sheet("reliability", language, columns, np.arange(len(table)))


def _paired(paired: PairedScore, language: Language) -> Sheet:
    values = {"n": paired.rows, "brier_difference": paired.difference, "se": paired.error}
    meanings = {"n": Meaning.COUNT, "brier_difference": Meaning.NUMBER, "se": Meaning.NUMBER}
    rows = np.arange(1 if paired.rows else 0)
    columns: list[tuple[Column, Values]] = [
        (_measure(name, meanings[name], language), np.array([value], dtype=np.float64))
        for name, value in values.items()
    ]
    return make_sheet("paired", language, columns, rows)


def _forecasts(resolved: pd.DataFrame, config: Config, language: Language) -> Sheet:
    outcomes = {each: text(f"ledger.outcome.{each}", language) for each in (RENEWED, LOST, OPEN, GONE)}
    columns: list[tuple[Column, Values]] = [
        (plain_column("forecast_on", Meaning.DATE, language), as_values(resolved["forecast_on"])),
        *(
            from_frame(resolved, name, language)
            for name in ("account_id", "name", "owner", "renews_on", "arr")
        ),
        (band_column(config, language), as_values(resolved["band"])),
        (_measure("p_model", Meaning.SHARE, language), resolved["p_model"].to_numpy(np.float64)),
        (_measure("p_csm", Meaning.SHARE, language), resolved["p_csm"].to_numpy(np.float64)),
        (_labelled("outcome", outcomes, language), as_values(resolved["outcome"])),
        (_measure("arr_after", Meaning.MONEY, language), resolved["arr_after"].to_numpy(np.float64)),
    ]
    return make_sheet("forecasts", language, columns, np.arange(len(resolved)))


def _forecast_column(language: Language) -> Column:
    return _labelled(
        "forecast", {name: text(f"label.ledger.{name}", language) for name in (MODEL, CSM)}, language
    )


def _labelled(name: str, labels: Mapping[str, str], language: Language) -> Column:
    return Column(id=name, label=text(f"label.ledger.{name}", language), meaning=Meaning.TEXT, labels=labels)


def _measure(name: str, meaning: Meaning, language: Language) -> Column:
    label = text(f"label.ledger.{name}", language)
    return Column(
        id=name, label=label, meaning=meaning, definition=text(f"definition.ledger.{name}", language)
    )


def _few_column(language: Language) -> Column:
    answers = {answer: text(f"answer.{answer}", language) for answer in ("yes", "no")}
    return Column(
        id="few",
        label=text("label.ledger.few", language),
        meaning=Meaning.TEXT,
        labels=answers,
        definition=text("definition.ledger.few", language, count=FEW_LOST),
    )


def _headline(resolved: pd.DataFrame, table: pd.DataFrame, paired: PairedScore, context: Context) -> str:
    language = context.language
    if not len(resolved):
        return text("headline.ledger_nothing", language)
    whole = table[table["lead"] == ALL]
    keys = zip(whole["who"], whole["forecast"], strict=True)
    facts = zip(*(whole[name].astype("float64") for name in _TOLD), strict=True)
    rows = {key: dict(zip(_TOLD, row, strict=True)) for key, row in zip(keys, facts, strict=True)}
    model = rows[ALL, MODEL]
    if not model["n"]:
        first = resolved["renews_on"].min() + pd.Timedelta(days=RESOLVED_AFTER_DAYS + 1)
        return text(
            "headline.ledger_open", language, count=len(resolved), date=show_date(first.date(), language)
        )
    parts = [_sentence(text("label.ledger.p_model", language), model, language)]
    parts += [
        _sentence(text("ledger.calls_of", language, owner=who), row, language)
        for (who, forecast), row in rows.items()
        if forecast == CSM and who != ALL
    ]
    if paired.rows and not np.isnan(paired.error) and abs(paired.difference) > _FIRM_Z * paired.error:
        better = "model" if paired.difference > 0 else "csm"
        parts.append(text(f"headline.ledger_better_{better}", language, count=paired.rows))
    return paragraph(language, *parts)


def _sentence(who: str, row: Mapping[str, float], language: Language) -> str:
    """Such as: Calls of Aoki: 8% lost expected, 13% were lost: optimistic by 6 points (7 lost: too few to judge)."""
    forecast, rate, bias = (row[name] for name in ("mean_forecast", "rate", "bias"))
    points = abs(round(bias * 100))
    way = "even" if points == 0 else "optimistic" if bias < 0 else "pessimistic"
    few = text("ledger.too_few", language, count=round(row["lost"])) if row["few"] else ""
    judged = text(f"ledger.{way}", language, points=points)
    return text(
        "headline.ledger",
        language,
        who=who,
        forecast=f"{forecast:.0%}",
        rate=f"{rate:.0%}",
        judged=judged,
        few=few,
    )
