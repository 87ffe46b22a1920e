"""A study of orders to its sheets: summary, years, cohorts, RFM and forecast; and the sentence that matters most."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.orders.study import OrdersStudy
from cscli.reports.kit.context import Context
from cscli.reports.kit.looks import show_date
from cscli.reports.kit.model import Chart, ChartKind, Column, Meaning, Report, Sheet
from cscli.reports.kit.periods import period_label
from cscli.reports.revenue.parts import Spoken, column_of, tabulate
from cscli.texts import paragraph, text

_YEARS = {
    "kind": Meaning.TEXT,
    "period": Meaning.TEXT,
    "revenue": Meaning.MONEY,
    **dict.fromkeys(("customers", "won", "kept", "lost", "back"), Meaning.COUNT),
    **dict.fromkeys(("nrr", "grr"), Meaning.RATE),
    "note": Meaning.PROSE,
}
_COHORTS = {
    "cohort": Meaning.TEXT,
    **dict.fromkeys(("quarter_number", "accounts"), Meaning.COUNT),
    "logo_retention": Meaning.SHARE,
    "revenue": Meaning.MONEY,
    "revenue_retention": Meaning.RATE,
}
_RFM = {
    "account_id": Meaning.ID,
    "recency_days": Meaning.DAYS,
    "orders": Meaning.COUNT,
    "revenue": Meaning.MONEY,
    **dict.fromkeys(("r", "f", "m"), Meaning.COUNT),
    "rfm": Meaning.TEXT,
    "name": Meaning.TEXT,
}
_FORECAST = {
    "account_id": Meaning.ID,
    "p_alive": Meaning.SHARE,
    "orders_12m": Meaning.NUMBER,
    "value_12m": Meaning.MONEY,
    "name": Meaning.TEXT,
}
_TERMS = ("window", "kept", "cohort", "rfm", "forecast", "hold_out")
_SHORT = ("measure", "value")


def orders_sheets(spoken: Spoken, study: OrdersStudy, names: Mapping[str, str | None]) -> tuple[Sheet, ...]:
    """All of them; those of figures that cannot be said hold their heads and no rows."""
    return (
        orders_summary_sheet(spoken, study),
        _years_sheet(spoken, study),
        tabulate(spoken, "orders_cohorts", study.cohorts, _COHORTS, heat=("logo_retention",)),
        _accounts_sheet(
            spoken, "rfm", study.rfm.sort_values(["rfm", "account_id"], ascending=[False, True]), names, _RFM
        ),
        _accounts_sheet(spoken, "orders_forecast", _by_worth(study.forecast.table), names, _FORECAST),
    )


def orders_report(
    spoken: Spoken, study: OrdersStudy, names: Mapping[str, str | None], context: Context
) -> Report:
    """The report `ltv` of a business that has orders and nothing with a term."""
    definitions = orders_definitions(spoken)
    columns = (column_of(spoken, "term", Meaning.TEXT), column_of(spoken, "definition", Meaning.PROSE))
    arrays = tuple(np.array(words, dtype=object) for words in zip(*definitions, strict=True))
    last = Sheet(
        id="definitions", title=text("sheet.definitions", spoken.language), columns=columns, values=arrays
    )
    sheets = (*orders_sheets(spoken, study, names), last)
    return context.report(name="ltv", sheets=sheets, headline=orders_headline(study, context), short=_SHORT)


def orders_definitions(spoken: Spoken) -> list[tuple[str, str]]:
    """What the figures of orders mean."""
    return [
        (
            text(f"label.orders.term_{term}", spoken.language),
            text(f"definition.orders.{term}", spoken.language),
        )
        for term in _TERMS
    ]


def orders_headline(study: OrdersStudy, context: Context) -> str:
    """What was bought and kept, and what can be expected."""
    language, last, forecast = context.language, study.last_year, study.forecast
    if last is None or np.isnan(last["nrr"]):
        total = float(study.rfm["revenue"].sum())
        facts = {"count": len(study.rfm), "again": forecast.repeaters, "revenue": context.money(total)}
        said = text("headline.orders_all", language, **facts)
    else:
        shares = {"nrr": f"{last['nrr']:.1%}", "grr": f"{last['grr']:.1%}"}
        facts = {
            "month": period_label(str(last["period"]), language),
            "revenue": context.money(last["revenue"]),
            "kept": int(last["kept"]),
        }
        said = text("headline.orders_year", language, lost=int(last["lost"]), **facts, **shares)
    worth = forecast.table["value_12m"].dropna()
    if worth.empty:
        return said
    held = forecast.hold_out
    if held is not None:
        tried = {
            "day": show_date(held.until, language),
            "expected": f"{held.expected:,.0f}",
            "seen": f"{held.seen:,}",
        }
        said = paragraph(language, said, text("headline.orders_tried", language, **tried))
    number = f"{forecast.table['orders_12m'].sum():,.0f}"
    ahead = text("headline.orders_ahead", language, orders=number, value=context.money(float(worth.sum())))
    return paragraph(language, said, ahead)


def orders_summary_sheet(spoken: Spoken, study: OrdersStudy) -> Sheet:
    """One row a measure; how the forecast did in the hold-out stands before what it says."""
    rows = [*_bought(study), *_expected(study), *_parameters(study)]
    labels = {name: text(f"label.measure.{name}", spoken.language) for name, _, _ in rows}
    words = [_defined(spoken, study, name) for name, _, _ in rows]
    measure = column_of(spoken, "measure", Meaning.TEXT)
    number = column_of(spoken, "value", Meaning.NUMBER)
    columns = (
        Column(id="measure", label=measure.label, meaning=Meaning.TEXT, labels=labels),
        Column(id="value", label=number.label, meaning=Meaning.NUMBER, by_row=tuple(row[2] for row in rows)),
        column_of(spoken, "definition", Meaning.PROSE),
    )
    values = (
        np.array([row[0] for row in rows], dtype=object),
        np.array([row[1] for row in rows], dtype=np.float64),
        np.array(words, dtype=object),
    )
    title = text("sheet.orders_summary", spoken.language)
    return Sheet(id="orders_summary", title=title, columns=columns, values=values)


def _bought(study: OrdersStudy) -> Iterator[tuple[str, float | None, Meaning]]:
    last = study.last_year
    for name, meaning in (("revenue", Meaning.MONEY), ("nrr", Meaning.RATE), ("grr", Meaning.RATE)):
        value = None if last is None else float(last[name])
        yield f"orders_{name}_12m", value, meaning
    yield "orders_customers", float(study.forecast.customers), Meaning.COUNT
    yield "orders_repeaters", float(study.forecast.repeaters), Meaning.COUNT


def _expected(study: OrdersStudy) -> Iterator[tuple[str, float | None, Meaning]]:
    found, held = study.forecast, study.forecast.hold_out
    yield "hold_out_expected", held.expected if held else None, Meaning.NUMBER
    yield "hold_out_seen", float(held.seen) if held else None, Meaning.NUMBER
    known = found.refusal is None
    alive, orders, worth = (
        found.table[name].to_numpy(np.float64) for name in ("p_alive", "orders_12m", "value_12m")
    )
    yield "orders_alive", float(alive.sum()) if known else None, Meaning.NUMBER
    yield "orders_12m", float(orders.sum()) if known else None, Meaning.NUMBER
    is_valued = known and not np.isnan(worth).all()
    yield "value_12m", float(np.nansum(worth)) if is_valued else None, Meaning.MONEY


def _parameters(study: OrdersStudy) -> Iterator[tuple[str, float | None, Meaning]]:
    found = study.forecast
    for name in ("r", "alpha", "a", "b"):
        yield f"bgnbd_{name}", getattr(found.model, name) if found.model else None, Meaning.NUMBER
    yield "bgnbd_LL", found.model.log_likelihood if found.model else None, Meaning.NUMBER
    for name in ("p", "q", "v"):
        yield f"gg_{name}", getattr(found.spend, name) if found.spend else None, Meaning.NUMBER
    yield "gg_LL", found.spend.log_likelihood if found.spend else None, Meaning.NUMBER
    yield "gg_population_mean", found.spend.mean if found.spend else None, Meaning.MONEY
    yield "gg_corr_freq_value", found.correlation, Meaning.NUMBER


def _defined(spoken: Spoken, study: OrdersStudy, name: str) -> str:
    found, language = study.forecast, spoken.language
    said = text(f"definition.measure.{name}", language)
    if name.startswith("hold_out") and found.hold_out is not None:
        return text("label.orders.held_from", language, day=show_date(found.hold_out.until, language)) + said
    of_model = name.startswith(("hold_out", "orders_alive", "orders_12m", "value_12m", "bgnbd", "gg"))
    if of_model and found.refusal is not None:
        return text(f"remark.orders_{found.refusal.value}", language, count=found.repeaters) + said
    if name == "value_12m" and found.is_correlated:
        return text("remark.orders_correlated", language, r=f"{found.correlation or 0:.2f}") + said
    return said


def _years_sheet(spoken: Spoken, study: OrdersStudy) -> Sheet:
    table = study.years
    words = {
        name: text(f"label.orders.{name}", spoken.language) for name in ("calendar", "fiscal", "rolling")
    }
    notes = [_note_of(row, spoken) for row in table.to_dict("records")]
    years = int((table["kind"] == "calendar").sum())
    chart = Chart(
        kind=ChartKind.COLUMNS,
        title=text("chart.orders_years", spoken.language),
        categories="period",
        values="revenue",
        rows=years,
    )
    shown = table.assign(note=pd.Series(notes, dtype=object, index=table.index))
    sheet = tabulate(spoken, "orders_years", shown, _YEARS, (chart,) if years > 1 else ())
    first = Column(id="kind", label=sheet.columns[0].label, meaning=Meaning.TEXT, labels=words)
    return Sheet(
        id=sheet.id,
        title=sheet.title,
        columns=(first, *sheet.columns[1:]),
        values=sheet.values,
        charts=sheet.charts,
    )


def _note_of(year: Mapping[Hashable, Any], spoken: Spoken) -> str | None:
    """Why a year is compared with nothing, or is none itself."""
    if not year["is_whole"]:
        return text("label.orders.unfinished", spoken.language)
    found = next((name for name in ("is_begun", "begins") if year[name]), None)
    return text(f"label.orders.{found}", spoken.language) if found else None


def _by_worth(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values(["value_12m", "orders_12m", "account_id"], ascending=[False, False, True])


def _accounts_sheet(
    spoken: Spoken,
    sheet_id: str,
    table: pd.DataFrame,
    names: Mapping[str, str | None],
    meanings: Mapping[str, Meaning],
) -> Sheet:
    named = pd.Series([names.get(each) for each in table["account_id"]], dtype=object, index=table.index)
    return tabulate(spoken, sheet_id, table.assign(name=named), meanings)
