"""What the sheets of the report `ltv` are made of: the study, names of accounts and segments, and words for remarks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.lifetime.departures import Departures
from cscli.analysis.lifetime.ltv import ALL, LtvEstimate
from cscli.analysis.lifetime.revenue_study import Study
from cscli.analysis.revenue.estimate import Remark
from cscli.reports.kit.model import Chart, Column, Meaning, Sheet, Values
from cscli.texts import Language, label, text

Meanings = Mapping[str, Meaning]


@dataclass(frozen=True, eq=False, kw_only=True)
class Spoken:
    """The language of labels, `by`, the label of the segmentation (None: none), and `segments`, those of its names."""

    language: Language
    by: str | None = None
    segments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, kw_only=True)
class Subject(Spoken):
    """`study` and what its figures rest on: `source`, the kind of
    table that MRR came from; `names`: of accounts by id; `departures`: who has left by each thing that tells;
    `by_band`: as `tabulate_retention`, a row a band of a year ago, None where no run is stored; `bands`: their labels. `products`: as
    `tabulate_products` gives them, and `product`, what a product is here.
    """

    study: Study
    source: str
    names: Mapping[str, str | None]
    margin_given: bool = False
    departures: Departures | None = None
    by_band: pd.DataFrame | None = None
    bands: Mapping[str, str] = field(default_factory=dict)
    products: pd.DataFrame | None = None
    product: str | None = None

    @property
    def whole(self) -> LtvEstimate:
        """The estimate of all accounts."""
        return self.study.estimates[0]

    def words(self, remarks: Iterable[Remark]) -> str:
        """The remarks in words, in one text; empty without any."""
        join = text("remark.join", self.language)
        return join.join(text(f"remark.{remark.value}", self.language) for remark in self._true(remarks))

    def _true(self, remarks: Iterable[Remark]) -> Iterator[Remark]:
        """Where accounts pay and no lifetime is known, that is what is missing, not accounts and not their MRR."""
        movements = self.study.movements
        pays = len(movements) > 0 and int(movements.iloc[-1]["accounts_closing"]) > 0
        for remark in remarks:
            if remark is Remark.NO_ACCOUNTS and pays:
                yield Remark.NO_LIFETIMES
            elif remark is not Remark.NO_MRR or self.whole.accounts or not pays:
                yield remark

    def note(self, remarks: Iterable[Remark]) -> str | None:
        """The same for a cell."""
        return self.words(remarks) or None


def tabulate(
    subject: Spoken,
    sheet_id: str,
    frame: pd.DataFrame,
    meanings: Meanings,
    charts: Sequence[Chart] = (),
    heat: tuple[str, ...] = (),
) -> Sheet:
    """The columns of `frame` that `meanings` names, in its order, under their labels."""
    columns = tuple(column_of(subject, name, meaning) for name, meaning in meanings.items())
    values = tuple(values_of(frame[name], meaning) for name, meaning in meanings.items())
    return Sheet(
        id=sheet_id,
        title=text(f"sheet.{sheet_id}", subject.language),
        columns=columns,
        values=values,
        charts=tuple(charts),
        heat=heat,
    )


def column_of(subject: Spoken, name: str, meaning: Meaning) -> Column:
    """A column under its label of this report, else that of its name; `all` has its own word among segments and products."""
    shown = label(f"ltv.{name}", subject.language)
    shown = label(name, subject.language) if shown == f"ltv.{name}" else shown
    if name in ("segment", "product"):
        words = {**subject.segments, ALL: text("label.ltv.all", subject.language)}
        return Column(id=name, label=subject.by or shown, meaning=meaning, labels=words)
    return Column(id=name, label=shown, meaning=meaning)


_NUMERIC = (Meaning.MONEY, Meaning.SHARE, Meaning.RATE, Meaning.COUNT, Meaning.NUMBER, Meaning.DAYS)


def values_of(series: "pd.Series[Any]", meaning: Meaning) -> Values:
    """The values as reports hold them."""
    if meaning in _NUMERIC:
        numbers = series.to_numpy(np.float64, na_value=np.nan)
        return np.where(np.isfinite(numbers), numbers, np.nan)
    if meaning is Meaning.DATE:
        return pd.to_datetime(series).to_numpy().astype("datetime64[us]")
    return series.astype(object).where(series.notna(), None).to_numpy(dtype=object)
