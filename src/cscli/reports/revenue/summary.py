"""The study's main figures, each with its interval and definition, to the sheets summary and definitions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from cscli.analysis.revenue.estimate import Estimate, Remark
from cscli.config.blocks.parts import text_in
from cscli.config.blocks.revenue import PUBLISHED, Ltv
from cscli.reports.kit.looks import show_date
from cscli.reports.kit.model import Column, Meaning, Sheet
from cscli.reports.kit.periods import period_label
from cscli.reports.revenue.movements import knows_money
from cscli.reports.revenue.parts import Subject, column_of
from cscli.texts import paragraph, text

_WORTH_TELLING = 0.03
_TERMS = (
    "as_of", "mrr", "movements", "fx", "nrr", "grr", "logo_churn", "quick_ratio", "cohorts", "churn", "late_entry", "survival", "tail",
    "interval", "arpa", "margin", "ltv", "ltv_simple", "ltv_shrunk", "ltv_renewals", "ltv_accounts", "payback",
    "economics", "decomposition", "products", "few",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One figure: `id`, what it is, what people call it, and what it means."""

    id: str
    estimate: Estimate
    meaning: Meaning
    label: str
    definition: str


def summary_sheet(subject: Subject, settings: Ltv) -> Sheet:
    """One row a measure, the headline first."""
    rows = [*_worth(subject), *_kept(subject), *_benchmarks(subject, settings), *_rest(subject)]
    columns = _columns(subject, rows)
    ends = [[one.estimate.value, one.estimate.low, one.estimate.high] for one in rows]
    numbers = np.array(ends, dtype=np.float64).reshape(-1, 3)
    counts = np.array([[one.estimate.n or None, one.estimate.events] for one in rows], dtype=np.float64)
    texts = [[one.id for one in rows], [_defined(subject, one) for one in rows]]
    measure, definition = (np.array(words, dtype=object) for words in texts)
    values = (measure, *numbers.T, *counts.T, definition)
    return Sheet(id="summary", title=text("sheet.summary", subject.language), columns=columns, values=values)


def definitions_sheet(subject: Subject, more: Iterable[tuple[str, str]] = ()) -> Sheet:
    """What every figure means, with the terms of this run; `more` terms and their definitions come last."""
    terms, language = subject.study.terms, subject.language
    values = {
        "as_of": show_date(terms.as_of, subject.language),
        "horizon": terms.ltv.horizon_months,
        "discount": f"{terms.ltv.discount_rate_annual:.1%}",
        "since": _since(subject),
        "source": text(f"label.ltv.source_{subject.source}", language),
        "margin": text(
            "label.ltv.margin_given" if subject.margin_given else "label.ltv.margin_own", language
        ),
    }
    words = [text(f"definition.ltv.{term}", language, **values) for term in _TERMS]
    names = [text(f"label.ltv.term_{term}", language, **values) for term in _TERMS]
    names, words = [*names, *(term for term, _ in more)], [*words, *(said for _, said in more)]
    columns = (column_of(subject, "term", Meaning.TEXT), column_of(subject, "definition", Meaning.PROSE))
    arrays = (np.array(names, dtype=object), np.array(words, dtype=object))
    return Sheet(id="definitions", title=text("sheet.definitions", language), columns=columns, values=arrays)


def _since(subject: Subject) -> str:
    known = subject.study.known
    if known.since is None:
        key = "cannot_tell" if known.cannot_tell else "whole"
        return text(f"label.ltv.since_{key}", subject.language)
    return period_label(known.since.strftime("%Y-%m"), subject.language)


def _columns(subject: Subject, rows: list[_Row]) -> tuple[Column, ...]:
    measure = column_of(subject, "measure", Meaning.TEXT)
    labels = {one.id: one.label for one in rows}
    by_row = tuple(one.meaning for one in rows)
    numbers = [column_of(subject, name, Meaning.NUMBER) for name in ("value", "low", "high")]
    return (
        Column(id="measure", label=measure.label, meaning=Meaning.TEXT, labels=labels),
        *(
            Column(id=column.id, label=column.label, meaning=Meaning.NUMBER, by_row=by_row)
            for column in numbers
        ),
        column_of(subject, "n", Meaning.COUNT),
        column_of(subject, "events", Meaning.COUNT),
        column_of(subject, "definition", Meaning.PROSE),
    )


def _defined(subject: Subject, row: _Row) -> str:
    said = subject.words(row.estimate.remarks)
    return paragraph(subject.language, said, row.definition)


def _row(subject: Subject, name: str, estimate: Estimate, meaning: Meaning) -> _Row:
    terms = subject.study.terms.ltv
    values = {"horizon": terms.horizon_months, "discount": f"{terms.discount_rate_annual:.1%}"}
    definition = text(f"definition.measure.{name}", subject.language, **values)
    return _Row(
        id=name,
        estimate=estimate,
        meaning=meaning,
        label=text(f"label.measure.{name}", subject.language, **values),
        definition=definition,
    )


def _worth(subject: Subject) -> Iterator[_Row]:
    whole, study = subject.whole, subject.study
    yield _row(subject, "ltv", whole.ltv, Meaning.MONEY)
    yield _row(subject, "ltv_revenue", whole.revenue, Meaning.MONEY)
    beyond = Estimate(value=whole.beyond, n=whole.accounts)
    yield _row(subject, "beyond_data", beyond, Meaning.RATE)
    if study.as_given is not None:
        given = study.as_given.ltv if study.as_given.ltv.value is not None else study.as_given.revenue
        yield _row(subject, "ltv_as_given", given, Meaning.MONEY)
    yield _row(subject, "ltv_simple", whole.simple, Meaning.MONEY)
    yield _row(subject, "ltv_shrunk", whole.shrunk, Meaning.MONEY)
    if study.renewals is not None:
        model = study.renewals.model
        estimate = Estimate(value=study.renewals.ltv, n=model.n, events=model.events, remarks=model.remarks)
        yield _row(subject, "ltv_renewals", estimate, Meaning.MONEY)
    remaining = study.accounts["ltv_remaining"][~study.tenures["churned"].to_numpy(bool)]
    known = remaining.dropna()
    total = Estimate(
        value=float(known.sum()) if len(known) else None,
        n=len(known),
        remarks=() if len(known) else whole.ltv.remarks,
    )
    yield _row(subject, "ltv_remaining", total, Meaning.MONEY)


def _kept(subject: Subject) -> Iterator[_Row]:
    window, language = subject.study.window, subject.language
    for name in ("nrr", "grr", "logo_churn"):
        label = text(f"label.ltv.{name}", language)
        definition = text(f"definition.measure.{name}", language)
        if window is None:
            why = "short_history" if subject.study.knows_moves else "moves_unknown"
            said = text(f"label.ltv.{why}", language)
            yield _Row(
                id=f"{name}_12m",
                estimate=Estimate(value=None),
                meaning=Meaning.RATE,
                label=text("label.ltv.windowed", language, label=label, window=period_label("12m", language)),
                definition=paragraph(language, said, definition),
            )
            continue
        kind = window.window.name if window.window.name == "12m" else "window"
        span = text(
            "label.ltv.span",
            language,
            opening=period_label(window.window.opening, language),
            closing=period_label(window.window.closing, language),
        )
        estimate: Estimate = getattr(window, name)
        yield _Row(
            id=f"{name}_{kind}",
            estimate=estimate,
            meaning=Meaning.RATE,
            label=text(
                "label.ltv.windowed", language, label=label, window=period_label(window.window.name, language)
            ),
            definition=paragraph(language, definition, span),
        )


def _benchmarks(subject: Subject, settings: Ltv) -> Iterator[_Row]:
    language = subject.language
    for number, own in enumerate(settings.benchmarks, start=1):
        meaning = _MEANING_OF.get(own.measure, Meaning.RATE)
        label = text("label.ltv.benchmark", language, measure=_name_of(own.measure, subject))
        source = text_in(own.source, language, "")
        yield _Row(
            id=f"benchmark_{number}_{own.measure}",
            estimate=Estimate(value=own.value),
            meaning=meaning,
            label=label,
            definition=source,
        )
    for name in settings.published_benchmarks:
        value, survey, year = PUBLISHED[name]
        label = text("label.ltv.benchmark", language, measure=text(f"label.measure.{name}", language))
        named = text(f"label.ltv.survey_{survey}", language)
        source = text("label.ltv.published", language, survey=named, year=year)
        yield _Row(
            id=f"benchmark_{name}",
            estimate=Estimate(value=value),
            meaning=Meaning.RATE,
            label=label,
            definition=source,
        )


_MEANING_OF = {
    "ltv_cac": Meaning.NUMBER, "payback_months": Meaning.NUMBER,
    "payback_adjusted": Meaning.NUMBER,
}  # fmt: skip


def _name_of(measure: str, subject: Subject) -> str:
    if measure.endswith("_12m"):
        return text(f"label.ltv.{measure.removesuffix('_12m')}", subject.language) + " 12m"
    horizon = subject.study.terms.ltv.horizon_months
    return text(f"label.measure.{measure}", subject.language, horizon=horizon)


def _rest(subject: Subject) -> Iterator[_Row]:
    whole, study = subject.whole, subject.study
    count, churned = whole.accounts, whole.churned
    without_mrr = (Remark.NO_MRR,) if whole.arpa is None else ()
    yield _row(subject, "arpa", Estimate(value=whole.arpa, n=count, remarks=without_mrr), Meaning.MONEY)
    last = study.movements.iloc[-1]
    paying = int(last["accounts_closing"])
    closing = Estimate(value=_number(last["arpa"]), n=paying, remarks=without_mrr)
    yield _row(subject, "arpa_closing", closing, Meaning.MONEY)
    total = _number(last["closing"]) if knows_money(study.movements) else None
    remarks = (Remark.NO_MRR,) if total is None else ()
    yield _row(subject, "mrr", Estimate(value=total, n=paying, remarks=remarks), Meaning.MONEY)
    without = (Remark.NO_MARGIN,) if whole.gross_margin is None else ()
    yield _row(
        subject, "gross_margin", Estimate(value=whole.gross_margin, n=count, remarks=without), Meaning.RATE
    )
    churn = Estimate(
        value=whole.monthly_churn,
        high=whole.churn_bound,
        n=count,
        events=churned,
        remarks=whole.simple_months.remarks,
    )
    yield _row(subject, "monthly_churn", churn, Meaning.RATE)
    yield from _departures(subject)
    yield _row(subject, "median_months", whole.median, Meaning.NUMBER)
    yield _row(subject, "expected_months", whole.restricted_months, Meaning.NUMBER)
    months, by_money = whole.restricted_months.value, whole.by_money
    if months and by_money is not None and abs(by_money / months - 1) > _WORTH_TELLING:
        weighted = Estimate(value=by_money, n=count, events=churned)
        yield _row(subject, "expected_months_by_mrr", weighted, Meaning.NUMBER)
    economics = study.economics[0]
    no_cac = (Remark.NO_CAC,) if economics.cac is None else ()
    yield _row(subject, "cac", Estimate(value=economics.cac, n=count, remarks=no_cac), Meaning.MONEY)
    for name in ("ltv_cac", "payback_months", "payback_adjusted"):
        yield _row(subject, name, getattr(economics, name), Meaning.NUMBER)


def _departures(subject: Subject) -> Iterator[_Row]:
    """Where they disagree on who has left: the count of each, the one that is used first."""
    found = subject.departures
    if found is None or not found.differ:
        return
    for name in ("by_date", "by_status", "by_mrr"):
        count = getattr(found, name)
        if count is not None:
            yield _row(subject, f"left_{name}", Estimate(value=float(count)), Meaning.NUMBER)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
