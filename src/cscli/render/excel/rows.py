"""A worksheet whose table is written column by column: whole columns become cell XML, far faster than calls
to XlsxWriter for single cells.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import chain, repeat
from math import isfinite
from typing import Protocol

import numpy as np
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from cscli.render.text.cells import number_texts, without_controls
from cscli.reports.kit.model import Values

_LONGEST = 32_767
_CHUNK_ROWS = 4_096
_MANY_TEXTS, _SAMPLED, _DISTINCT = 1_000, 500, 0.8
_BETWEEN = "\n"
_NEEDS_A_LOOK = re.compile(r" \n|\n |_x[0-9a-fA-F]{4}_|<r>")
"""Spaces at an end, which a mark has to keep, and what Excel or XlsxWriter would take for more than a text."""
_EPOCH = np.datetime64("1899-12-30", "D")


class Cells(Protocol):
    """A column of cells, as XML for the rows `start` to `stop` (from 0), whose names are `rows`."""

    def xml(self, letter: str, rows: Sequence[str], start: int, stop: int) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers, or dates as the days that `day_numbers` gives; NaN is a blank cell."""

    style: int
    values: Values

    def xml(self, letter: str, rows: Sequence[str], start: int, stop: int) -> list[str]:
        head, middle, blank = f'<c r="{letter}', f'" s="{self.style}"><v>', f'" s="{self.style}"/>'
        texts = number_texts(self.values[start:stop], "")
        return [
            f"{head}{row}{middle}{text}</v></c>" if text else f"{head}{row}{blank}"
            for row, text in zip(rows, texts, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class MixedNumbers:
    """Numbers, each in a style of its own; NaN is a blank cell."""

    styles: Sequence[int]
    values: Values

    def xml(self, letter: str, rows: Sequence[str], start: int, stop: int) -> list[str]:
        texts = number_texts(self.values[start:stop], "")
        return [
            f'<c r="{letter}{row}" s="{style}">' + (f"<v>{text}</v></c>" if text else "</c>")
            for row, style, text in zip(rows, self.styles[start:stop], texts, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class MixedCells:
    """Numbers and texts in one column, each in a style of its own; a number in the workbook's table of shared texts, -1 for
    none.
    """

    styles: Sequence[int]
    values: Values
    numbers: Sequence[int]

    def xml(self, letter: str, rows: Sequence[str], start: int, stop: int) -> list[str]:
        cells = MixedNumbers(self.styles, self.values).xml(letter, rows, start, stop)
        return [
            cell if number < 0 else f'<c r="{letter}{row}" s="{style}" t="s"><v>{number}</v></c>'
            for cell, row, style, number in zip(
                cells, rows, self.styles[start:stop], self.numbers[start:stop], strict=True
            )
        ]


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as numbers in the workbook's table of shared texts; -1 is a blank cell."""

    style: int
    numbers: Sequence[int]

    def xml(self, letter: str, rows: Sequence[str], start: int, stop: int) -> list[str]:
        head, middle, blank = f'<c r="{letter}', f'" s="{self.style}" t="s"><v>', f'" s="{self.style}"/>'
        return [
            f"{head}{row}{middle}{number}</v></c>" if number >= 0 else f"{head}{row}{blank}"
            for row, number in zip(rows, self.numbers[start:stop], strict=True)
        ]


@dataclass(frozen=True, slots=True)
class InlineTexts:
    """Texts, escaped, that stand in their cells; None is a blank cell."""

    style: int
    texts: Sequence[str | None]

    def xml(self, letter: str, rows: Sequence[str], start: int, stop: int) -> list[str]:
        head, middle = f'<c r="{letter}', f'" s="{self.style}" t="inlineStr"><is><t>'
        blank = f'" s="{self.style}"/>'
        return [
            f"{head}{row}{blank}" if text is None else f"{head}{row}{middle}{text}</t></is></c>"
            for row, text in zip(rows, self.texts[start:stop], strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Formulas:
    """Formulas with the values that they have now. Where there is no formula, the cell is that of `plain`."""

    plain: Numbers | Texts | InlineTexts
    formulas: Sequence[str | None]
    shown: Sequence[str | float | None]

    def xml(self, letter: str, rows: Sequence[str], start: int, stop: int) -> list[str]:
        plain = self.plain.xml(letter, rows, start, stop)
        head, middle = f'<c r="{letter}', f'" s="{self.plain.style}"'
        cells = zip(plain, rows, self.formulas[start:stop], self.shown[start:stop], strict=True)
        return [
            cell if formula is None else f"{head}{row}{middle}{_formula(formula, shown)}"
            for cell, row, formula, shown in cells
        ]


def _formula(formula: str, shown: str | float | None) -> str:
    content = f"<f>{escape(formula, quote=False)}</f>"
    if isinstance(shown, float) and isfinite(shown):
        return f">{content}<v>{shown!r}</v></c>"
    return f' t="str">{content}<v>{_escaped(shown) if isinstance(shown, str) else ""}</v></c>'


@lru_cache(maxsize=4_096)
def _escaped(words: str) -> str:
    return escape(Worksheet._escape_control_characters(words), quote=False)  # noqa: SLF001 - XlsxWriter's own rule for `_x0041_` in text


class TableSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter is not typed
    """XlsxWriter's worksheet; `fill` gives it the rows below the header, which is written as usual. `top`: how many rows
    stand above the header.
    """

    top = 0
    _body: Sequence[Cells] = ()
    _body_rows = 0
    _heights: Sequence[float] = ()
    dim_rowmax: int | None

    def fill(self, columns: Sequence[Cells], rows: int, heights: Sequence[float] = ()) -> None:
        """`heights`: of the rows, in points, where they are not all as high as one line."""
        self._body, self._body_rows, self._heights = columns, rows, heights
        self._check_dimensions(self.top + rows, max(len(columns) - 1, 0))

    def text_numbers(self, texts: Sequence[str | None]) -> list[int]:
        """The number of each text, as `cell_text` makes it, in the workbook's table of shared texts, -1 for None."""
        distinct = [text for text in dict.fromkeys(texts) if text is not None]
        table = self.str_table  # as write_string does for each cell
        places: dict[str, int] = table.string_table
        cleaned = distinct if _are_clean(distinct) else list(map(cell_text, distinct))
        for text in cleaned:
            places.setdefault(text, len(places))
        table.unique_count = len(places)
        table.count += len(texts) - texts.count(None)
        known: dict[str | None, int] = dict(zip(distinct, map(places.__getitem__, cleaned), strict=True))
        known[None] = -1
        return list(map(known.__getitem__, texts))

    def _write_rows(self) -> None:
        last_row, self.dim_rowmax = self.dim_rowmax, self.top
        super()._write_rows()
        self.dim_rowmax = last_row
        letters = [xl_col_to_name(number) for number in range(len(self._body))]
        for start in range(0, self._body_rows, _CHUNK_ROWS):
            stop = min(start + _CHUNK_ROWS, self._body_rows)
            rows = [str(self.top + row + 2) for row in range(start, stop)]
            columns = [c.xml(a, rows, start, stop) for a, c in zip(letters, self._body, strict=True)]
            if self._heights:
                tall = zip(rows, self._heights[start:stop], strict=True)
                begins = [f'<row r="{row}" ht="{height:g}" customHeight="1">' for row, height in tall]
            else:
                begins = [f'<row r="{row}">' for row in rows]
            ends = repeat("</row>", len(rows))
            self.fh.write("".join(chain.from_iterable(zip(begins, *columns, ends, strict=True))))


def inline_texts(style: int, texts: Sequence[str | None]) -> InlineTexts | None:
    """The column with its texts in its cells, where there are many of which hardly two are the same (ids, names, reasons): each
    of them would be looked up, numbered and written twice to be shared. None where they are better shared, or where one has to be
    looked at.
    """
    sample = texts[:_SAMPLED]
    if len(texts) < _MANY_TEXTS or len(set(sample)) < _DISTINCT * len(sample):
        return None
    given = [text for text in texts if text is not None]
    together = _BETWEEN.join(given)
    if together.count(_BETWEEN) != len(given) - 1 or not together.replace(_BETWEEN, "").isprintable():
        return None
    is_short = max(map(len, given)) <= _LONGEST // 2
    if not is_short or "" in given or _NEEDS_A_LOOK.search(f"{_BETWEEN}{together}{_BETWEEN}"):
        return None
    escaped = iter(escape(together, quote=False).split(_BETWEEN))
    return InlineTexts(style, [None if text is None else next(escaped) for text in texts])


def day_numbers(values: Values) -> Values:
    """Dates as Excel's day numbers; missing is NaN."""
    days = (values.astype("datetime64[D]") - _EPOCH).astype(np.float64)
    return np.where(np.isnat(values), np.nan, days)


def _are_clean(texts: Sequence[str]) -> bool:
    """Whether `cell_text` would leave each as it is, which one look at all of them together mostly tells."""
    together = "".join(texts)
    return (
        together.isprintable() and "<r>" not in together and max(map(len, texts), default=0) <= _LONGEST // 2
    )


def cell_text(text: str) -> str:
    """What a cell can hold of the text: no control characters, and an ellipsis where it is too long."""
    text = without_controls(text)
    if len(text) > _LONGEST // 2 and len(text.encode("utf-16-le")) > 2 * _LONGEST:
        text = text.encode("utf-16-le")[: 2 * (_LONGEST - 1)].decode("utf-16-le", "ignore") + "…"
    # XlsxWriter takes such a text for XML of its own and would write it without escaping.
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text
