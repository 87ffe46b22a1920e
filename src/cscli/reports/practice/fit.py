"""What became of customers by fit to the report `fit`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.comparing.difference import Difference
from cscli.analysis.comparing.groups import difference_table
from cscli.analysis.practice.fit import UNKNOWN
from cscli.config.schema import Config
from cscli.reports.kit.context import Context
from cscli.reports.kit.families import choice_column, family_column, pairs_of, table_sheet
from cscli.reports.kit.labels import fit_labels, own_labels
from cscli.reports.kit.model import Chart, ChartKind, Column, Meaning, Report, Sheet
from cscli.reports.practice.columns import difference_pairs
from cscli.texts import Language, text

_FAMILY = "fit"
_SHORT = ("fit", "accounts", "year_over", "left", "share", "low", "high", "ltv")
_COUNT, _SHARE, _MONEY = Meaning.COUNT, Meaning.SHARE, Meaning.MONEY
_YES_NO = ("yes", "no")


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class FitTables:
    """`accounts`: of all, with fit_score, fit_coverage, fit, hindsight, a column a criterion, year_over, left. `bands`, `quarters`, `sales`: as
    `analysis.practice.fit_tables` gives them; `effects`: of the criteria in order; `lately`: who started in the last four quarters.
    """

    accounts: pd.DataFrame
    bands: pd.DataFrame
    effects: Sequence[Difference]
    quarters: pd.DataFrame
    sales: pd.DataFrame | None
    lately: NDArray[np.bool_]


def fit_report(tables: FitTables, config: Config, context: Context) -> Report:
    """Sheets fit_bands, fit_criteria, fit_should_not, fit_quarters, fit_sales (with a seller), fit_accounts."""
    language = context.language
    criteria = own_labels(config.fit.criteria if config.fit else (), language)
    column = Column(
        id="fit", label=text("label.fit", language), meaning=Meaning.TEXT, labels=fit_labels(config, language)
    )
    sheets = [
        _bands(tables, column, language),
        _criteria(tables, criteria, language),
        _should_not(tables, criteria, config, language),
        _quarters(tables, column, language),
    ]
    if tables.sales is not None:
        sheets.append(_sales(tables.sales, language))
    sheets.append(_accounts(tables, column, criteria, language))
    headline = _headline(tables, config, context)
    return context.report(name="fit", sheets=tuple(sheets), headline=headline, short=_SHORT)


def _bands(tables: FitTables, fit: Column, language: Language) -> Sheet:
    """What became of the accounts of each band."""
    pairs = pairs_of(
        tables.bands, _FAMILY, language, fit, ("accounts", _COUNT), ("year_over", _COUNT), ("left", _COUNT), ("share", _SHARE),
        ("low", _SHARE), ("high", _SHARE), ("ltv", _MONEY), ("hours", Meaning.NUMBER), ("hindsight", _SHARE), ("arr", _MONEY),
    )  # fmt: skip
    pairs = [
        (_defined(column, language) if column.id in ("hindsight", "left", "ltv") else column, values)
        for column, values in pairs
    ]
    chart = Chart(
        kind=ChartKind.BARS, title=text("chart.fit_bands", language), categories="fit", values="share",
        low="low", high="high",
    )  # fmt: skip
    return table_sheet("fit_bands", language, pairs, (chart,))


def _defined(column: Column, language: Language) -> Column:
    said = text(f"definition.fit.{column.id}", language)
    return Column(id=column.id, label=column.label, meaning=column.meaning, definition=said)


def _criteria(tables: FitTables, criteria: Mapping[str, str], language: Language) -> Sheet:
    """Who met each criterion against who did not: how many left in their first year."""
    table = difference_table(pd.DataFrame({"criterion": list(criteria)}), tables.effects)
    label = family_column(_FAMILY, "criterion", Meaning.TEXT, language).label
    key = Column(id="criterion", label=label, meaning=Meaning.TEXT, labels=dict(criteria))
    pairs = [*pairs_of(table, _FAMILY, language, key), *difference_pairs(table, _FAMILY, language)]
    return table_sheet("fit_criteria", language, pairs)


def _missing(accounts: pd.DataFrame, criteria: Mapping[str, str], language: Language) -> "pd.Series[Any]":
    """What each account does not meet, for people."""
    between = text("fit.between", language)
    unmet = accounts[list(criteria)].to_numpy(np.float64) == 0
    labels = np.array(list(criteria.values()), dtype=object)
    said = [between.join(labels[row]) or None for row in unmet]
    return pd.Series(said, index=accounts.index, dtype=object)


def _should_not(tables: FitTables, criteria: Mapping[str, str], config: Config, language: Language) -> Sheet:
    """Accounts of the lowest band that were won in the last four quarters."""
    poor = config.fit.bands[-1].name if config.fit else UNKNOWN
    wanted = tables.lately & (tables.accounts["fit"] == poor).to_numpy(bool)
    table = tables.accounts[wanted].sort_values(
        ["arr", "account_id"], ascending=[False, True], na_position="last", ignore_index=True
    )
    state = pd.Series(["left" if gone else "here" for gone in table["churned_on"].notna()], dtype=object)
    table = table.assign(missing=_missing(table, criteria, language), state=state)
    pairs = pairs_of(
        table, _FAMILY, language, ("account_id", Meaning.ID), ("name", Meaning.TEXT), ("owner", Meaning.TEXT), ("sold_by", Meaning.TEXT),
        ("started_on", Meaning.DATE), ("arr", _MONEY), ("fit_score", Meaning.SCORE), ("missing", Meaning.LONG_TEXT),
        choice_column(_FAMILY, "state", ("here", "left"), language),
    )  # fmt: skip
    return table_sheet("fit_should_not", language, pairs)


def _quarters(tables: FitTables, fit: Column, language: Language) -> Sheet:
    """Of what was won in each quarter: how much of it was of which fit."""
    table = tables.quarters
    pairs = pairs_of(
        table, _FAMILY, language, ("quarter", Meaning.TEXT), ("accounts", _COUNT), ("arr", _MONEY)
    )
    for name in table.columns[3:]:
        band = name.removeprefix("share_")
        column = Column(id=name, label=fit.labels.get(band, band), meaning=_SHARE)
        pairs.append((column, table[name].to_numpy(np.float64)))
    return table_sheet("fit_quarters", language, pairs)


def _sales(sales: pd.DataFrame, language: Language) -> Sheet:
    """By who sold; no ranking."""
    pairs = pairs_of(
        sales, _FAMILY, language, ("sold_by", Meaning.TEXT), ("accounts", _COUNT), ("poor_share", _SHARE)
    )
    return table_sheet("fit_sales", language, pairs)


def _accounts(tables: FitTables, fit: Column, criteria: Mapping[str, str], language: Language) -> Sheet:
    """Every account with its fit and what it rests on."""
    accounts = tables.accounts.sort_values("account_id", ignore_index=True)
    over = accounts["year_over"].to_numpy(bool)
    left = [
        ("yes" if gone else "no") if known else None
        for gone, known in zip(accounts["left"], over, strict=True)
    ]
    table = accounts.assign(
        missing=_missing(accounts, criteria, language), year_over=_words(over), left_in_first_year=pd.Series(left, dtype=object),
        hindsight=_words(accounts["hindsight"].to_numpy(np.float64) == 1),
    )  # fmt: skip
    pairs = pairs_of(
        table, _FAMILY, language, ("account_id", Meaning.ID), ("name", Meaning.TEXT), ("owner", Meaning.TEXT), ("sold_by", Meaning.TEXT),
        ("arr", _MONEY), ("started_on", Meaning.DATE), ("fit_score", Meaning.SCORE), ("fit_coverage", _SHARE), fit,
        *(choice_column(_FAMILY, name, _YES_NO, language) for name in ("year_over", "left_in_first_year", "hindsight")),
        ("missing", Meaning.LONG_TEXT),
    )  # fmt: skip
    return table_sheet("fit_accounts", language, pairs)


def _words(holds: NDArray[np.bool_]) -> "pd.Series[Any]":
    return pd.Series(["yes" if each else "no" for each in holds], dtype=object)


def _headline(tables: FitTables, config: Config, context: Context) -> str:
    """How many of those won lately are of the lowest fit, and what became of such accounts in the years before."""
    language = context.language
    bands = config.fit.bands if config.fit else []
    labels = fit_labels(config, language)
    mine = tables.accounts[tables.lately]
    poor = mine[(mine["fit"] == bands[-1].name).to_numpy(bool)]
    said = [
        text(
            "headline.fit_lately", language, count=len(poor), accounts=len(mine), fit=labels[bands[-1].name],
            arr=context.money(float(poor["arr"].sum())),
        )
    ]  # fmt: skip
    rows = {str(row["fit"]): row for _, row in tables.bands.iterrows()}
    worst, best = rows.get(bands[-1].name), rows.get(bands[0].name)
    if worst is not None and worst["year_over"]:
        said.append(text("headline.fit_left", language, fit=labels[bands[-1].name], **_interval(worst)))
        if best is not None and best["year_over"]:
            said.append(text("headline.fit_against", language, fit=labels[bands[0].name], **_interval(best)))
    else:
        said.append(text("headline.fit_no_year", language))
    return text("journey.join", language).join(said)


def _interval(row: "pd.Series[Any]") -> dict[str, str]:
    shares = {name: f"{float(row[name]):.0%}" for name in ("share", "low", "high")}
    return {**shares, "n": f"{int(row['year_over'])}"}
