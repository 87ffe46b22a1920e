"""A raw table to what can be told of its columns one by one: filled, distinct, of what type, like an id or not."""

import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from cscli.analysis.recognising.words import is_history, things_in, without_history, words_of, words_of_file
from cscli.analysis.tables.dates import parse_dates
from cscli.analysis.tables.numbers import parse_numbers
from cscli.analysis.tables.raw import RawTable
from cscli.analysis.tables.word_cells import FALSE_WORDS, TRUE_WORDS
from cscli.fields import known_field
from cscli.header_keys import header_key, without_remark

Type = Literal["blank", "number", "date", "truth", "text"]
_SAMPLE = 400
_ENOUGH = 0.95
_FEW = 4
_TIMES = frozenset({"date", "at", "on", "time", "start", "end", "created", "canceled", "cancelled"})
_YEAR_2000, _YEAR_2100, _MILLISECONDS = 946_684_800, 4_102_444_800, 1e11
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\Z")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)|[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|io|example|jp|de|fr|co)\b", re.IGNORECASE
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_ID_SHAPE = re.compile(r"[^\s@,、。()（）]{1,64}\Z")
_ID_WORDS = frozenset({"id", "key", "code", "no", "number", "num", "uid", "uuid", "guid", "vid", "ref"})
_ID_ENDS = ("id", "コード", "番号", "ｺｰﾄﾞ", "no", "№")
_NO_IDS = frozenset({
    "phone", "tel", "fax", "mobile", "zip", "postal", "postcode", "post", "vat", "tax", "area", "country", "currency", "account_number",
    "sic", "promo", "coupon", "discount", "language", "po", "status", "state", "error", "activity", "invoice_no",
})  # fmt: skip
_NO_IDS_JA = ("電話", "郵便", "ファックス", "携帯", "内線", "法人番号", "国コード", "通貨")


@dataclass(frozen=True, eq=False)
class ColumnFacts:
    """What is known of one column. `distinct`: of its filled cells; `examples`: some values, as they stand."""

    table: RawTable
    header: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        return words_of(self.header)

    @cached_property
    def key(self) -> str:
        return header_key(self.header)

    @cached_property
    def field(self) -> str | None:
        """The canonical field of an account that the header is known for."""
        found = known_field(self.header)
        return found.name if found else None

    @cached_property
    def _uniques(self) -> "np.ndarray":
        values = pd.unique(self.table.column(self.header))
        return values[pd.notna(values)]

    @cached_property
    def filled(self) -> int:
        return int(pd.notna(self.table.column(self.header)).sum())

    @property
    def distinct(self) -> int:
        return len(self._uniques)

    @property
    def share_filled(self) -> float:
        return self.filled / max(len(self.table.lines), 1)

    @property
    def share_distinct(self) -> float:
        return self.distinct / max(self.filled, 1)

    @cached_property
    def values(self) -> frozenset[str]:
        """The values as texts, as ids are compared."""
        return frozenset(str(value).strip().removesuffix(".0") for value in self._uniques)

    @cached_property
    def probe(self) -> tuple[str, ...]:
        """Some of `values`, from all over the column: enough to tell whether they are another column's."""
        return tuple(text.removesuffix(".0") for text in self.examples)

    def shared(self, ids: AbstractSet[str]) -> int:
        """How many of `probe` are among `ids`."""
        return sum(text in ids for text in self.probe)

    @cached_property
    def examples(self) -> tuple[str, ...]:
        """Some of the distinct values, from all over the column."""
        step = max(len(self._uniques) // _SAMPLE, 1)
        return tuple(str(value).strip() for value in self._uniques[::step][:_SAMPLE])

    @cached_property
    def _sample(self) -> "np.ndarray":
        step = max(len(self._uniques) // _SAMPLE, 1)
        return self._uniques[::step][:_SAMPLE]

    @cached_property
    def numbers(self) -> "np.ndarray":
        """The numbers of a sample of its values; empty where it does not hold numbers."""
        parsed = parse_numbers(self._sample)
        found = parsed.values[~np.isnan(parsed.values)]  # noqa: PD011 - not pandas
        enough = len(found) and len(found) >= _ENOUGH * (len(found) + int(parsed.bad.sum()))
        return found if enough else np.array([])

    @cached_property
    def type(self) -> Type:
        if not self.filled:
            return "blank"
        if self.distinct <= _FEW and self._says_yes_or_no():
            return "truth"
        if len(self.numbers) and not self._has_leading_zero():
            return "date" if self._counts_from_1970() else "number"
        if self.is_named_like_id and all(map(str.isdigit, self.examples)):
            return "text"  # 00021 is no day
        return "date" if self._are_dates() else "text"

    def _counts_from_1970(self) -> bool:
        """Whether they are times of an API: its header says so, and all are seconds or milliseconds of our years."""
        if not set(self.words) & _TIMES:
            return False
        seconds = np.where(self.numbers >= _MILLISECONDS, self.numbers / 1000, self.numbers)
        return bool(((seconds > _YEAR_2000) & (seconds < _YEAR_2100)).all())

    def _says_yes_or_no(self) -> bool:
        """Yes and no, also with a third value that is a kind of no: `No internet service`."""
        folded = {text.casefold() for text in self.examples}
        plain = {text for text in folded if not text.startswith("no ")}
        return bool(plain) and len(plain) <= 2 and plain <= TRUE_WORDS | FALSE_WORDS | {"0.0", "1.0"}

    def _has_leading_zero(self) -> bool:
        return any(len(text) > 1 and text[0] == "0" and text[1].isdigit() for text in self.examples)

    def _are_dates(self) -> bool:
        parsed = parse_dates(self._sample)
        good = int((~np.isnat(parsed.values)).sum()) + int(parsed.undecided.sum())
        wrong = int((parsed.bad & ~parsed.undecided).sum())
        return bool(good) and good >= _ENOUGH * (good + wrong)

    @cached_property
    def has_clock(self) -> bool:
        return any(_CLOCK.search(text) for text in self.examples[:20])

    @property
    def is_mail(self) -> bool:
        return bool(self.examples) and all(_MAIL.match(text) for text in self.examples[:20])

    @property
    def is_address(self) -> bool:
        return bool(self.examples) and all(_ADDRESS.match(text) for text in self.examples[:20])

    @cached_property
    def is_named_like_id(self) -> bool:
        """Whether the header says that it is an id, not a phone number and the like."""
        if self.field == "account_id":
            return True
        if set(self.words) & _NO_IDS or any(part in self.header for part in _NO_IDS_JA):
            return False
        last = next((word for word in reversed(self.words) if not word.isdigit()), "")
        return (
            last in _ID_WORDS
            or self._is_reference
            or (not last.isascii() and last.endswith(_ID_ENDS))
            or self.key.endswith(("コード", "番号"))
        )

    @property
    def _is_reference(self) -> bool:
        """Whether `customer` or `account` alone heads ids, as in an API's export: cus_A, acct_1."""
        return (
            things_in(self.words) == ("account",)
            and len(self.words) == 1
            and all("_" in text and " " not in text and text.isascii() for text in self.examples[:50])
        )

    @cached_property
    def is_id(self) -> bool:
        """Whether it is named like an id and its values look like ids."""
        shaped = all(_ID_SHAPE.match(text) for text in self.examples[:50])
        return self.is_named_like_id and self.filled > 0 and shaped and self.type != "date"

    @cached_property
    def of(self) -> str:
        """What the id is of, by its header: `company_id` is of company; empty for a bare `id`."""
        words = [word for word in self.words if word not in _ID_WORDS and not word.isdigit()]
        if words:
            return "_".join(words)
        stem = self.key
        for end in ("id", "コード", "番号", "no"):
            stem = stem.removesuffix(end)
        return stem


@dataclass(frozen=True, eq=False)
class TableFacts:
    """What is known of one table: its columns, and the words of the file's name."""

    table: RawTable
    columns: tuple[ColumnFacts, ...]

    @property
    def file(self) -> str:
        return self.table.facts.file

    @property
    def rows(self) -> int:
        return len(self.table.lines)

    @cached_property
    def words(self) -> tuple[str, ...]:
        return words_of_file(self.file)

    @cached_property
    def things(self) -> tuple[str, ...]:
        """What the file's name speaks of; the last word says most."""
        return things_in(without_history(self.words))

    @property
    def head(self) -> str:
        """The last word of the name that tells something."""
        return next((word for word in reversed(without_history(self.words))), "")

    @property
    def is_history(self) -> bool:
        return (
            is_history(self.words) and any(column.key.startswith("fivetran") for column in self.columns)
        ) or (is_history(self.words))

    @cached_property
    def ids(self) -> tuple[ColumnFacts, ...]:
        return tuple(column for column in self.columns if column.is_id)

    def first(self, test: Callable[[ColumnFacts], bool]) -> ColumnFacts | None:
        """The first column for which `test` holds."""
        return next((column for column in self.columns if test(column)), None)

    def named(self, keys: Sequence[str]) -> ColumnFacts | None:
        """The column of the first of `keys` that there is, filled; `Due Date (UTC)` is `duedate` too."""
        filled = [column for column in reversed(self.columns) if column.filled]
        by_key = {without_remark(column.header): column for column in filled}
        by_key |= {column.key: column for column in filled}
        return next((by_key[key] for key in keys if key in by_key), None)


def facts_of(table: RawTable) -> TableFacts:
    """The facts of `table`; each is found when it is first asked for."""
    return TableFacts(table, tuple(ColumnFacts(table, header) for header in table.headers))
