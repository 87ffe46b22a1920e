"""Formulas that compute scores and bands in the workbook. Each reads its own row and fixed cells of the ConfigPlaces
sheet, so that rows may be sorted.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from xlsxwriter.utility import xl_col_to_name

from cscli.render.excel.config_sheet import ConfigPlaces, quote_sheet
from cscli.render.excel.rows import TableSheet
from cscli.render.excel.sheet import Table
from cscli.reports.kit.live import LiveScore
from cscli.reports.kit.model import Column, Meaning, Report, Sheet
from cscli.texts import text

_ROW = "§"  # stands for the number of the row in a formula that is made once for many rows
_HAIR = "1E-9"  # what sums of products may differ by between programs
_SUMS = ("mrr", "arr")

Formulas = list[str | None]
_Key = TypeVar("_Key", bound=Hashable)


def live_tables(
    report: Report, config: ConfigPlaces, worksheets: Mapping[str, TableSheet]
) -> dict[str, Table]:
    """The tables of `report` that compute themselves, by sheet id, as `worksheets` are."""
    live = report.live
    if live is None:
        return {}
    sheets = {sheet.id: sheet for sheet in report.sheets}
    accounts = sheets["accounts"]
    labels = [text("writing.points_of", report.language, metric=label) for label in live.metric_labels]
    workings = [
        Column(id=f"{name}_points", label=label, meaning=Meaning.POINTS)
        for name, label in zip(live.metrics, labels, strict=True)
    ]
    workings.append(
        Column(
            id="score_before_caps",
            label=text("writing.score_before_caps", report.language),
            meaning=Meaning.POINTS,
        )
    )
    extended = replace(
        accounts,
        columns=(*accounts.columns, *workings),
        values=(*accounts.values, *live.points.T, live.score_before_caps),
    )
    at = worksheets["accounts"]
    formulas = account_formulas(live, config, accounts, first_row=at.top + 2)
    tables = {"accounts": Table(extended, formulas, len(workings))}
    if "summary" in sheets:
        rows = AccountRows(quote_sheet(at.get_name()), accounts, at.top + 2)
        formulas = summary_formulas(live, sheets["summary"], rows, first_row=worksheets["summary"].top + 2)
        tables["summary"] = Table(sheets["summary"], formulas)
    return tables


def account_formulas(
    live: LiveScore, config: ConfigPlaces, sheet: Sheet, *, first_row: int
) -> Mapping[str, Formulas]:
    """Formulas by column id, one an account; None where the value stands as it is. The workings stand at
    the right of the sheet's own columns: the metrics' points, then `score_before_caps`. `first_row`: of the accounts, as Excel counts.
    """
    write = _Writer(live, config, sheet)
    cards: list[int] = live.scorecard.tolist()
    held = [tuple(np.flatnonzero(row).tolist()) for row in live.limits_hold]
    imputed = [tuple(np.flatnonzero(row).tolist()) for row in live.imputed]
    limited = list(zip(cards, held, strict=True))
    pinned = np.zeros(len(cards), bool) if live.pinned is None else live.pinned
    bands = [card >= 0 or bool(pin) for card, pin in zip(cards, pinned, strict=True)]

    def fill(make: Callable[[_Key], str | None], keys: Sequence[_Key]) -> Formulas:
        return _fill(make, keys, first_row)

    formulas = {
        "data_coverage": fill(write.coverage, list(zip(cards, imputed, strict=True))),
        "score": _without(pinned, fill(write.score, limited)),
        "capped_by": _without(pinned, fill(write.capped_by, limited)),
        "band": fill(write.band, bands),
        "score_before_caps": fill(write.before_caps, cards),
    }
    for number, name in enumerate(live.groups):
        formulas[f"group_{name}"] = fill(write.group(number), cards)
    return formulas


def _fill(make: Callable[[_Key], str | None], keys: Sequence[_Key], first_row: int) -> Formulas:
    """A formula a row: made once for each key, with the row's number put in."""
    made = cache(make)
    templates = map(made, keys)
    return [
        None if one is None else one.replace(_ROW, str(row)) for row, one in enumerate(templates, first_row)
    ]


def _without(pinned: NDArray[np.bool_], formulas: Formulas) -> Formulas:
    return [None if pin else one for pin, one in zip(pinned.tolist(), formulas, strict=True)]


class _Writer:
    """Formulas for the rows of one accounts sheet."""

    def __init__(self, live: LiveScore, config: ConfigPlaces, sheet: Sheet) -> None:
        self._live, self._config = live, config
        ids = [column.id for column in sheet.columns]
        letters = {name: xl_col_to_name(number) + _ROW for number, name in enumerate(ids)}
        first, last = len(ids), len(ids) + len(live.metrics) - 1
        self._points = f"{xl_col_to_name(first)}{_ROW}:{xl_col_to_name(last)}{_ROW}"
        self._raw = xl_col_to_name(last + 1) + _ROW
        self._score, self._coverage = f"${letters['score']}", f"${letters['data_coverage']}"
        groups = [ids.index(f"group_{name}") for name in live.groups]
        if groups != list(range(groups[0], groups[0] + len(groups))):
            raise ValueError("the group columns must stand side by side, in the order of `live.groups`")
        self._groups = f"{letters[ids[groups[0]]]}:{letters[ids[groups[-1]]]}"

    def group(self, number: int) -> Callable[[int], str | None]:
        def make(card: int) -> str | None:
            row = self._config.metric_weights[card][number] if card >= 0 else None
            if row is None:
                return None
            return _mean(self._config.weights(row, self._config.metrics), self._points)

        return make

    def before_caps(self, card: int) -> str | None:
        if card < 0:
            return None
        row = self._config.group_weights[card]
        return _mean(self._config.weights(row, self._config.groups), self._groups)

    def score(self, key: tuple[int, tuple[int, ...]]) -> str | None:
        card, held = key
        if card < 0:
            return None
        limited = self._limited(card, held)
        return f'IF({self._raw}="","",ROUND({limited}+{_HAIR},1))'

    def capped_by(self, key: tuple[int, tuple[int, ...]]) -> str | None:
        """The reasons of the limits that move the score, one after the other."""
        card, held = key
        if card < 0 or not held:
            return None
        parts = []
        for position, number in enumerate(held):
            row = self._config.limits[card][number]
            before, limit = self._limited(card, held[:position]), self._config.cell(row, 2)
            is_cap = self._live.scorecards[card].limits[number].kind == "at_most"
            moved = f"{before}>{limit}+{_HAIR}" if is_cap else f"{before}<{limit}-{_HAIR}"
            parts.append(f'IF({moved},"; "&{self._config.cell(row, 3)},"")')
        return f'IF({self._raw}="","",MID({"&".join(parts)},3,9999))'

    def coverage(self, key: tuple[int, tuple[int, ...]]) -> str | None:
        card, imputed = key
        if card < 0:
            return None
        row = self._config.effective_weights[card]
        covered = f"SUMPRODUCT({self._config.weights(row, self._config.metrics)},--ISNUMBER({self._points}))"
        return covered + "".join(f"-{self._config.cell(row, 2 + metric)}" for metric in imputed)

    def band(self, has_score: bool) -> str | None:
        if not has_score:
            return None
        config = self._config
        unknown = config.cell(config.unknown, 2)
        too_little = f"{self._coverage}<{config.cell(config.min_data_coverage, 2)}-{_HAIR}"
        found = f"LOOKUP({self._score},{config.band_column(2)},{config.band_column(0)})"
        return f'IF(OR({self._score}="",{too_little}),{unknown},IFERROR({found},{unknown}))'

    def _limited(self, card: int, held: Sequence[int]) -> str:
        """The score before rounding after the given caps and floors."""
        limited: str = self._raw
        for number in held:
            kind = self._live.scorecards[card].limits[number].kind
            cell = self._config.cell(self._config.limits[card][number], 2)
            limited = f"{'MIN' if kind == 'at_most' else 'MAX'}({limited},{cell})"
        return limited


def _mean(weights: str, values: str) -> str:
    """The weighted mean of the values that are there; weights of what is missing do not count."""
    return f'IFERROR(SUMPRODUCT({weights},{values})/SUMPRODUCT({weights},--ISNUMBER({values})),"")'


@dataclass(frozen=True, slots=True)
class AccountRows:
    """Where the accounts stand: the sheet's `name` in quotes, and the first of its rows, as Excel counts."""

    name: str
    sheet: Sheet
    first_row: int

    def column(self, column_id: str) -> str:
        """The cells of a column."""
        letter = xl_col_to_name([column.id for column in self.sheet.columns].index(column_id))
        return f"{self.name}!${letter}${self.first_row}:${letter}${self.first_row + len(self.sheet) - 1}"


def summary_formulas(
    live: LiveScore, summary: Sheet, accounts: AccountRows, *, first_row: int
) -> Mapping[str, list[str | None]]:
    """Formulas by column id for the rows that stand for a band, which begin at `first_row`; none if the sheet has other columns."""
    ids = [column.id for column in summary.columns]
    if ids[:2] != ["band", "accounts"] or not len(accounts.sheet):
        return {}
    known = {live.unknown_label, *(band.label for band in live.bands)}
    labels = summary.columns[0].labels
    is_band = [labels.get(str(name), name) in known for name in summary.values[0].tolist()]
    places = [row if found else None for row, found in enumerate(is_band, first_row)]

    def make(column_id: str) -> list[str | None]:
        values = summary.column(column_id)
        return [
            None if row is None else _band_formula(column_id, row, accounts, not np.isnan(value))
            for row, value in zip(places, values.tolist(), strict=True)
        ]

    there = {column.id for column in accounts.sheet.columns}
    wanted = [name for name in ids if name in ("accounts", "share") or (name in _SUMS and name in there)]
    return {name: make(name) for name in wanted}


def _band_formula(column_id: str, row: int, accounts: AccountRows, is_known: bool) -> str:
    bands = accounts.column("band")
    in_band = f"--({bands}=$A{row})"
    if column_id == "accounts":
        return f"SUMPRODUCT({in_band})"
    if column_id == "share":
        return f"$B{row}/ROWS({bands})"
    money = accounts.column(column_id)
    total = f"SUMPRODUCT({in_band},{money})"
    return total if is_known else f'IF(SUMPRODUCT({in_band},--ISNUMBER({money}))=0,"",{total})'
