"""The ConfigPlaces sheet of a live workbook: weights, limits and band edges to play with, and where each stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from cscli.render.excel.formats import Styles
from cscli.render.excel.paper import set_pages
from cscli.render.excel.rows import cell_text
from cscli.render.text.wide import text_width
from cscli.reports.kit.live import LiveScore, LiveScorecard
from cscli.texts import Language, text

_FIRST = 2  # the column of the first weight: scorecard and group stand before it


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigPlaces:
    """Where things stand on the sheet: rows from 0, by scorecard (and group, or limit)."""

    sheet: str
    metrics: int
    groups: int
    group_weights: tuple[int, ...]
    metric_weights: tuple[tuple[int | None, ...], ...]
    effective_weights: tuple[int, ...]
    limits: tuple[tuple[int, ...], ...]
    first_band: int
    last_band: int
    min_data_coverage: int
    unknown: int

    def cell(self, row: int, column: int) -> str:
        """An absolute reference."""
        return f"{self.sheet}!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"

    def weights(self, row: int, count: int) -> str:
        last = xl_rowcol_to_cell(row, _FIRST + count - 1, row_abs=True, col_abs=True)
        return f"{self.cell(row, _FIRST)}:{last}"

    def weight(self, row: int, number: int) -> str:
        return self.cell(row, _FIRST + number)

    def band_column(self, column: int) -> str:
        last = xl_rowcol_to_cell(self.last_band, column, row_abs=True, col_abs=True)
        return f"{self.cell(self.first_band, column)}:{last}"


def add_config(worksheet: Worksheet, live: LiveScore, styles: Styles, language: Language) -> ConfigPlaces:
    """Draws the sheet and says where everything stands."""
    pen = _Pen(worksheet, styles, language)
    pen.put(text("writing.config", language), styles.title)
    worksheet.merge_range(1, 0, 1, 8, text("writing.config.how", language), styles.subtitle)
    worksheet.set_row(1, 44)
    pen.row = 3
    cards = live.scorecards
    pen.head("writing.config.group_weights", ["scorecard", None], live.group_labels)
    group_rows = tuple(pen.weights((card.name, ""), card.group_weights) for card in cards)
    pen.head("writing.config.metric_weights", ["scorecard", "group"], live.metric_labels)
    metric_rows = tuple(
        tuple(
            pen.weights((card.name, label), weights) if group_weight is not None else None
            for label, group_weight, weights in zip(
                live.group_labels, card.group_weights, card.metric_weights, strict=True
            )
        )
        for card in cards
    )
    pen.head("writing.config.effective_weights", ["scorecard", None], live.metric_labels)
    effective = tuple(
        pen.effective(card, group_rows[number], metric_rows[number]) for number, card in enumerate(cards)
    )
    limits = pen.limits(live)
    pen.head("writing.config.bands", ["band", None, "from"], ())
    band_rows = [pen.labelled(band.label, band.lower_edge) for band in live.bands]
    pen.head("writing.config.coverage", [], ())
    coverage = pen.labelled(text("writing.config.minimum", language), live.min_data_coverage, is_share=True)
    unknown = pen.row
    pen.put(text("writing.config.unknown", language), styles.text)
    worksheet.write_string(unknown, 1, "", styles.text)
    worksheet.write_string(unknown, _FIRST, cell_text(live.unknown_label), styles.text)
    _set_view(worksheet, live)
    name = quote_sheet(worksheet.get_name())
    return ConfigPlaces(
        sheet=name,
        metrics=len(live.metrics),
        groups=len(live.groups),
        group_weights=group_rows,
        metric_weights=metric_rows,
        effective_weights=effective,
        limits=limits,
        first_band=band_rows[0],
        last_band=band_rows[-1],
        min_data_coverage=coverage,
        unknown=unknown,
    )


def quote_sheet(name: str) -> str:
    """The name of a worksheet as formulas refer to it."""
    return "'" + name.replace("'", "''") + "'"


def _set_view(worksheet: Worksheet, live: LiveScore) -> None:
    names = [card.name for card in live.scorecards] + [band.label for band in live.bands]
    widths = [_room([*names, " " * 24], 3, 50), _room([*live.group_labels, " " * 12], 3, 40)]
    for number in range(max(len(live.metrics), len(live.groups), 2)):
        labels = [*live.metric_labels[number : number + 1], *live.group_labels[number : number + 1], " " * 9]
        widths.append(_room(labels, 5, 40))
    for column, width in enumerate(widths):
        worksheet.set_column(column, column, width)
    worksheet.hide_gridlines(2)
    worksheet.repeat_columns(0, _FIRST - 1)
    set_pages(worksheet, widths)
    worksheet.set_tab_color("#E0A030")


def _room(texts: Sequence[str], beside: int, most: int) -> int:
    return min(max(map(text_width, texts)) + beside, most)


class _Pen:
    """Writes the sheet from top to bottom; `row` is the next one."""

    def __init__(self, worksheet: Worksheet, styles: Styles, language: Language) -> None:
        self.row = 0
        self._sheet, self._styles, self._language = worksheet, styles, language

    def put(self, words: str, style: object) -> None:
        self._sheet.write_string(self.row, 0, cell_text(words), style)
        self.row += 1

    def head(self, title: str, keys: Sequence[str | None], labels: Sequence[str]) -> None:
        self.row += 1
        self.put(text(title, self._language), self._styles.section)
        if not keys:
            return
        names = ["" if key is None else text(f"writing.config.{key}", self._language) for key in keys]
        for column, name in enumerate([*names, *labels]):
            is_text = column < _FIRST or (column > _FIRST and bool(names[_FIRST:]))
            style = self._styles.head if is_text else self._styles.head_right
            self._sheet.write_string(self.row, column, cell_text(name), style)
        self.row += 1

    def weights(self, names: tuple[str, str], weights: Sequence[float | None]) -> int:
        self._names(names)
        for number, weight in enumerate(weights):
            if weight is None:
                self._sheet.write_blank(self.row, _FIRST + number, None, self._styles.count)
            else:
                self._entry(_FIRST + number, weight)
        return self._next()

    def effective(self, card: LiveScorecard, group_row: int, metric_rows: Sequence[int | None]) -> int:
        """Share of the whole score: over the groups, group's share times metric's share in the group."""
        self._names((card.name, ""))
        groups = _row_range(group_row, len(metric_rows))
        metrics = len(card.metric_weights[0])
        for number in range(metrics):
            parts = [
                f"IFERROR({_at(group_row, _FIRST + group)}/SUM({groups})"
                f"*{_at(row, _FIRST + number)}/SUM({_row_range(row, metrics)}),0)"
                for group, row in enumerate(metric_rows)
                if row is not None
            ]
            formula, now = "=" + "+".join(parts), _effective_weight(card, number)
            self._sheet.write_formula(self.row, _FIRST + number, formula, self._styles.derived, now)
        return self._next()

    def limits(self, live: LiveScore) -> tuple[tuple[int, ...], ...]:
        """Rows of the limits by scorecard. Nothing is drawn if there are none."""
        if any(card.limits for card in live.scorecards):
            self.head("writing.config.limits", ["scorecard", "kind", "limit", "reason"], ())
        return tuple(
            tuple(self._limit(card.name, limit.kind, limit.value, limit.reason) for limit in card.limits)
            for card in live.scorecards
        )

    def labelled(self, label: str, value: float, *, is_share: bool = False) -> int:
        self._names((label, ""))
        self._entry(_FIRST, value, is_share=is_share)
        return self._next()

    def _limit(self, card: str, kind: str, value: float, reason: str) -> int:
        self._names((card, text(f"writing.config.{kind}", self._language)))
        self._entry(_FIRST, value)
        self._sheet.write_string(self.row, _FIRST + 1, cell_text(reason), self._styles.text)
        return self._next()

    def _names(self, names: tuple[str, str]) -> None:
        for column, name in enumerate(names):
            self._sheet.write_string(self.row, column, cell_text(name), self._styles.text)

    def _entry(self, column: int, value: float, *, is_share: bool = False) -> None:
        style = self._styles.entry_share if is_share else self._styles.entry
        self._sheet.write_number(self.row, column, value, style)
        rule = {
            "validate": "decimal",
            "criteria": "between",
            "minimum": 0,
            "maximum": 1 if is_share else 10**6,
        }
        message = text("writing.config.not_valid", self._language, most=f"{rule['maximum']:,}")
        self._sheet.data_validation(self.row, column, self.row, column, {**rule, "error_message": message})

    def _next(self) -> int:
        self.row += 1
        return self.row - 1


def _at(row: int, column: int) -> str:
    return str(xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))


def _row_range(row: int, count: int) -> str:
    return f"{_at(row, _FIRST)}:{_at(row, _FIRST + count - 1)}"


def _effective_weight(card: LiveScorecard, metric: int) -> float:
    """What Excel would show before anyone changes anything."""
    all_groups = sum(weight or 0 for weight in card.group_weights)
    total = 0.0
    for group_weight, weights in zip(card.group_weights, card.metric_weights, strict=True):
        in_group = sum(weight or 0 for weight in weights)
        if group_weight and in_group:
            total += group_weight / all_groups * (weights[metric] or 0) / in_group
    return total
