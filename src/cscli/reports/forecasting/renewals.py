"""What comes up for renewal to the report `renewals`: the calendar, what is kept by month and quarter, the largest."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.forecasting.calendar import DISAGREE, largest
from cscli.analysis.forecasting.chances import Chances
from cscli.analysis.forecasting.spread import Kept
from cscli.config.schema import Config
from cscli.renewal_calls import CALLS, call_word
from cscli.reports.kit.context import Context
from cscli.reports.kit.labels import band_label
from cscli.reports.kit.model import Chart, ChartKind, Column, Meaning, Report, Sheet, Values
from cscli.reports.kit.sheets import as_values, band_column, best_first, from_frame, make_sheet, plain_column
from cscli.texts import Language, paragraph, text

_SHORT = ("renews_on", "account_id", "name", "band", "arr", "p", "arr_at_risk", "csm_call", "owner")
_YEAR_MONTHS = 12


@dataclass(frozen=True, eq=False, kw_only=True)
class RenewalForecast:
    """`table`: as `list_renewals` gives it, for `months`; `kept`: by kind (month, quarter, all) and period."""

    table: pd.DataFrame
    kept: Mapping[tuple[str, str], Kept]
    chances: Chances
    months: int


def renewals_report(found: RenewalForecast, config: Config, context: Context) -> Report:
    """The report: sheets calendar, forecast, concentration."""
    language = context.language
    sheets = (
        _calendar(found, config, language),
        _forecast(found, language),
        _concentration(found, config, language),
    )
    headline = _headline(found, context)
    return context.report(name="renewals", sheets=sheets, headline=headline, short=_SHORT)


def _calendar(found: RenewalForecast, config: Config, language: Language) -> Sheet:
    table = found.table
    columns: list[tuple[Column, Values]] = [
        (plain_column("month", Meaning.TEXT, language), as_values(table["month"])),
        *(from_frame(table, name, language) for name in ("account_id", "name", "owner", "renews_on")),
        (plain_column("notice_by", Meaning.DATE, language), as_values(table["notice_by"])),
        from_frame(table, "arr", language),
        (band_column(config, language), as_values(table["band"])),
        (_chance(found.chances, config, language), table["p"].to_numpy(np.float64)),
        (plain_column("arr_at_risk", Meaning.MONEY, language), table["arr_at_risk"].to_numpy(np.float64)),
        (_call_column(language), _calls(table)),
        (_disagree_column(language), as_values(table["disagree"])),
    ]
    return make_sheet("calendar", language, columns, np.arange(len(table)))


def _chance(chances: Chances, config: Config, language: Language) -> Column:
    """The chance with what it rests on, band by band."""
    key = "definition.renewals.measured" if chances.is_measured else "definition.renewals.assumed"
    facts = dict(zip(chances.bands, zip(chances.p, chances.lost, chances.due, strict=True), strict=True))
    words = []
    for band in best_first(config.bands):
        p, lost, due = facts[band.name]
        part = (
            text("renewals.of", language, lost=f"{lost:.0f}", due=f"{due:.0f}") if chances.is_measured else ""
        )
        words.append(f"{band_label(band, language)} {p:.0%}{part}")
    definition = text(key, language, bands=text("reason.join", language).join(words))
    return Column(
        id="p", label=text("label.renewals.p", language), meaning=Meaning.SHARE, definition=definition
    )


def _call_column(language: Language) -> Column:
    labels = {call: text(f"people.call.{call}", language) for call in CALLS}
    return Column(
        id="csm_call", label=text("label.csm_call", language), meaning=Meaning.TEXT, labels=labels,
        definition=text("definition.csm_call", language),
    )  # fmt: skip


def _calls(table: pd.DataFrame) -> NDArray[np.object_]:
    """Words by their id; a chance as a percentage, however it was typed."""
    pairs = zip(table["renewal_call"], table["p_csm"], strict=True)
    found = [None if pd.isna(typed) else _call(str(typed), float(chance)) for typed, chance in pairs]
    return np.array(found, dtype=object)


def _call(typed: str, chance: float) -> str:
    word = call_word(typed)
    return word if word in CALLS else f"{chance:.0%}"


def _disagree_column(language: Language) -> Column:
    return Column(
        id="disagree",
        label=text("label.disagree", language),
        meaning=Meaning.TEXT,
        labels={answer: text(f"answer.{answer}", language) for answer in ("yes", "no")},
        definition=text("definition.disagree", language, points=f"{DISAGREE * 100:.0f}"),
    )


_KEPT = {
    "renewals": Meaning.COUNT, "arr": Meaning.MONEY, "expected_lost": Meaning.MONEY, "expected_grr": Meaning.RATE,
    "expected_nrr": Meaning.RATE, "low": Meaning.RATE, "high": Meaning.RATE, "sd_accounts": Meaning.RATE,
    "sd_band_rates": Meaning.RATE, "sd_year": Meaning.RATE,
}  # fmt: skip


def _forecast(found: RenewalForecast, language: Language) -> Sheet:
    rows = list(found.kept.items())
    of = {
        "expected_grr": "grr", "expected_nrr": "nrr"
    }  # fmt: skip
    kinds = np.array([kind for (kind, _), _ in rows], dtype=object)
    periods = np.array([period for (_, period), _ in rows], dtype=object)
    kind_labels = {kind: text(f"renewals.kind.{kind}", language) for kind in ("month", "quarter", "all")}
    columns: list[tuple[Column, Values]] = [
        (
            Column(
                id="kind",
                label=text("label.renewals.kind", language),
                meaning=Meaning.TEXT,
                labels=kind_labels,
            ),
            kinds,
        ),
        (
            Column(
                id="period",
                label=text("label.renewals.period", language),
                meaning=Meaning.TEXT,
                labels={"all": kind_labels["all"]},
            ),
            periods,
        ),
    ]
    for name, meaning in _KEPT.items():
        values = np.array([getattr(kept, of.get(name, name)) for _, kept in rows], dtype=np.float64)
        columns.append((_kept_column(name, meaning, found, language), values))
    chart = Chart(
        kind=ChartKind.COLUMNS, title=text("chart.expected_grr", language), categories="period", values="expected_grr",
        low="low", high="high", rows=sum(kind == "month" for kind in kinds),
    )  # fmt: skip
    return make_sheet("forecast", language, columns, np.arange(len(rows)), (chart,))


def _kept_column(name: str, meaning: Meaning, found: RenewalForecast, language: Language) -> Column:
    chances = found.chances
    values = {"cv": f"{chances.year_cv:.0%}"}
    labelled = "arr" if name == "arr" else f"renewals.{name}"
    definition = (
        None if name in ("renewals", "arr") else text(f"definition.renewals.{name}", language, **values)
    )
    return Column(id=name, label=text(f"label.{labelled}", language), meaning=meaning, definition=definition)


def _concentration(found: RenewalForecast, config: Config, language: Language) -> Sheet:
    table = largest(found.table)
    columns: list[tuple[Column, Values]] = [
        (plain_column("rank", Meaning.COUNT, language), np.arange(1.0, len(table) + 1)),
        *(from_frame(table, name, language) for name in ("account_id", "name", "owner", "renews_on", "arr")),
        (plain_column("share", Meaning.SHARE, language), table["share"].to_numpy(np.float64)),
        (band_column(config, language), as_values(table["band"])),
        (_chance(found.chances, config, language), table["p"].to_numpy(np.float64)),
        (plain_column("arr_at_risk", Meaning.MONEY, language), table["arr_at_risk"].to_numpy(np.float64)),
    ]
    return make_sheet("concentration", language, columns, np.arange(len(table)))


def _headline(found: RenewalForecast, context: Context) -> str:
    language, whole = context.language, found.kept.get(("all", "all"))
    if not len(found.table):
        return text("headline.renewals_none", language, months=found.months)
    count = len(found.table)
    if whole is None:
        return text("headline.renewals_no_arr", language, count=count, months=found.months)
    shares = {"grr": f"{whole.grr:.1%}", "low": f"{whole.low:.1%}", "high": f"{whole.high:.1%}"}
    money = {"arr": context.money(whole.arr), "lost": context.money(whole.expected_lost)}
    parts = [text("headline.renewals", language, count=count, months=found.months, **money, **shares)]
    parts.append(_rests_on(found.chances, language))
    apart = int((found.table["disagree"] == "yes").sum())
    if apart:
        parts.append(text("headline.renewals_disagree", language, count=apart))
    if found.months > _YEAR_MONTHS:
        parts.append(text("headline.renewals_long", language))
    if found.chances.is_measured and not found.chances.uplift.any():
        parts.append(text("headline.renewals_no_uplift", language))
    return paragraph(language, *parts)


def _rests_on(chances: Chances, language: Language) -> str:
    """What the chances are, beside those by which the call list counts money."""
    if not chances.is_measured:
        return text("headline.renewals_assumed", language)
    lost, due = (f"{float(each.sum()):.0f}" for each in (chances.lost, chances.due))
    return text("headline.renewals_measured", language, lost=lost, due=due)
