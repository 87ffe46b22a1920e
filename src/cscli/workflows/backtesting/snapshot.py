"""One snapshot with a column that tells who has left: columns of the accounts file as it has them, read for what they say."""

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from cscli.analysis.backtesting.outcomes import MONTHLY
from cscli.analysis.backtesting.panel import ScoredDate
from cscli.analysis.scoring.provenance import Provenance, find_provenances
from cscli.analysis.tables.word_cells import FALSE_WORDS, TRUE_WORDS
from cscli.config.schema import Config
from cscli.errors import DataError, Location, Problem
from cscli.nearest import nearest_name
from cscli.workflows.backtesting.scored import SNAPSHOT, Then, as_of_then, no_terms
from cscli.workflows.book.read import Book

if TYPE_CHECKING:
    import pandas as pd

_CONTRACT = re.compile(
    r"^(contract|contract[ _]?(type|term|period|length)|契約(形態|期間|種別|プラン))$", re.IGNORECASE
)
_MOST_TERMS = 8
_SHOWN = 3


def then_of_today(book: Book) -> Then:
    """Every account of the exports, whether it has left or not."""
    import pandas as pd

    columns = as_of_then(book.frame.drop_duplicates("account_id").reset_index(drop=True))
    terms = no_terms()
    found = _contract_terms(book)
    if found is not None:
        terms = pd.DataFrame(
            {"term": found, "renews_on": pd.Series(pd.NaT, index=found.index, dtype="datetime64[us]")}
        )
    return Then(
        t0=pd.Timestamp(book.as_of),
        source=SNAPSHOT,
        columns=columns,
        config=book.config,
        terms=terms,
        told=frozenset(),
    )


def read_column(book: Book, name: str) -> "pd.Series[Any]":
    """The cells of a column of the accounts file under its header, or of the accounts under their name, by account_id. Raises
    DataError with the nearest name.
    """
    import pandas as pd

    typed, raw = book.typed["accounts"], book.tables.raw.get("accounts")
    if raw is not None:
        header = next((each for each in raw.headers if each.casefold() == name.casefold()), None)
        if header is not None:
            cells = pd.Series(raw.column(header), index=raw.lines, dtype=object).reindex(typed.lines)
            ids = pd.Index(typed.frame["account_id"], name="account_id")
            found = pd.Series(cells.to_numpy(object), index=ids)
            return found[~found.index.duplicated() & found.index.notna()]
    if name in book.frame:
        frame = book.frame.drop_duplicates("account_id")
        return pd.Series(frame[name].to_numpy(object), index=pd.Index(frame["account_id"], name="account_id"))
    known = [*(raw.headers if raw is not None else ()), *map(str, book.frame.columns)]
    near = nearest_name(name, known)
    details = {"nearest": near or "-"}
    raise DataError(
        Problem("backtest.no_column", value=name, where=Location(file=typed.facts.file), details=details)
    )


def read_outcome(book: Book, name: str) -> "tuple[pd.Series[bool], pd.Series[pd.Timestamp]]":
    """Who has left, by account_id (missing: the cell is blank), and when, where the column has dates. Raises DataError for a
    column that is neither yes and no, 1 and 0, nor dates.
    """
    import pandas as pd

    cells = read_column(book, name)
    shown = cells.map(_as_text)
    filled = shown[shown != ""]
    answers = filled.map(_answer)
    when = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[us]")
    if len(filled) and answers.notna().all():
        return answers.reindex(cells.index), when
    dates = filled.map(_date)
    if len(filled) and dates.notna().all():
        found = pd.to_datetime(dates)
        when.loc[found.index] = found.to_numpy()
        return when.notna() & (when <= pd.Timestamp(book.as_of)), when
    strange = filled[answers.isna() & dates.isna()].drop_duplicates().head(_SHOWN)
    place = Location(file=book.typed["accounts"].facts.file, column=name)
    raise DataError(
        Problem(
            "backtest.not_an_outcome", value=", ".join(strange) or "-", where=place, details={"column": name}
        )
    )


def with_scores(date: ScoredDate, book: Book, name: str) -> ScoredDate:
    """`date` with the scores of a column of the export. Raises DataError for one without numbers."""
    from dataclasses import replace

    import pandas as pd

    cells = read_column(book, name)
    numbers = pd.to_numeric(
        cells.map(lambda cell: _as_text(cell).replace(",", "").removesuffix("%") or None), errors="coerce"
    )
    strange = cells[numbers.isna() & (cells.map(_as_text) != "")]
    if numbers.notna().sum() < 2 or len(strange) > len(cells) / 2:
        place = Location(file=book.typed["accounts"].facts.file, column=name)
        shown = ", ".join(map(_as_text, strange.drop_duplicates().head(_SHOWN))) or "-"
        raise DataError(Problem("backtest.not_a_score", value=shown, where=place, details={"column": name}))
    score = numbers.reindex(date.frame["account_id"]).to_numpy(np.float64)
    frame = date.frame.assign(score=score, before=score, band=_bands(score, book.config))
    return replace(date, frame=frame)


def fits_bands(score: "np.typing.NDArray[np.float64]") -> bool:
    """Whether a column of scores runs from 0 to 100, as bands do."""
    known = score[~np.isnan(score)]
    return bool(len(known)) and known.min() >= 0 and 1 < known.max() <= 100


def provenances_with_outcome(book: Book, name: str) -> dict[str, Provenance]:
    """Of one snapshot everything is of its day, but what reads the outcome itself is known later."""
    headers = {column.mapped.name: column.mapped.header for column in book.typed["accounts"].columns}
    own = {column for column, header in headers.items() if str(header).casefold() == name.casefold()} | {name}
    known = find_provenances(book.config, book.typed, of_later=frozenset(own)).metrics
    later = Provenance.KNOWN_LATER
    return {metric: later if each is later else Provenance.SNAPSHOT for metric, each in known.items()}


def _bands(score: "np.typing.NDArray[np.float64]", config: Config) -> "np.typing.NDArray[np.object_]":
    from cscli.analysis.scoring.health import UNKNOWN, assign_bands

    if not fits_bands(score):
        return np.full(len(score), UNKNOWN, dtype=object)
    return assign_bands(score, np.ones(len(score)), config.bands, 0.0)


def _contract_terms(book: Book) -> "pd.Series[str] | None":
    """What a column on the contract says, where there are few such terms."""
    raw = book.tables.raw.get("accounts")
    header = (
        next((each for each in raw.headers if _CONTRACT.match(each.strip())), None)
        if raw is not None
        else None
    )
    if header is None:
        return None
    found = read_column(book, header).map(_as_text).astype(object)
    return found.where(found != "", MONTHLY) if 2 <= found.nunique() <= _MOST_TERMS else None


def _as_text(cell: object) -> str:
    if cell is None or cell is False or cell is True:
        return "" if cell is None else str(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float):
        return "" if np.isnan(cell) else f"{cell:g}"
    text = str(cell).strip()
    return "" if text in {"NaT", "nan", "None", "<NA>"} else text


def _answer(text: str) -> bool | None:
    word = text.casefold().removesuffix(".0")
    return True if word in TRUE_WORDS else False if word in FALSE_WORDS else None


def _date(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
