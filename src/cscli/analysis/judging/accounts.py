"""Joined accounts to what they are at a date: one currency, no date after it, who has left, who is back, money once."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.judging.searching import rows_with
from cscli.analysis.judging.status_words import Status
from cscli.analysis.judging.statuses import COUNTS_AS
from cscli.analysis.judging.values import listed
from cscli.analysis.tables.numbers import currency_named
from cscli.errors import Location, Problem, Severity

_BACK_AFTER_DAYS = 31
_MONTHS_A_YEAR = 12
_TEN_THOUSANDTH = 1e-4
_FAR_OVER = 5
_HALF = 0.5
_CODE = re.compile("[A-Z]{3}")
_TEST_WORDS = (
    "test",
    "テスト",
    "dummy",
    "ダミー",
    "sample account",
    "サンプル",
    "do not use",
    "使用禁止",
    "検証用",
)
_TEST = re.compile(rf"\W*(?:{'|'.join(_TEST_WORDS)})(?![a-z])", re.IGNORECASE)
Rows = NDArray[np.bool_]


@dataclass(frozen=True)
class BookFacts:
    """`base`: the currency of the book. `rates`: what one unit of another is worth in it. `where`: the accounts' file."""

    as_of: dt.date
    base: str | None
    rates: Mapping[str, float]
    where: Location = field(default_factory=Location)


@dataclass(frozen=True, eq=False)
class _Says:
    facts: BookFacts
    ids: "pd.Series[str]"
    found: list[Problem] = field(default_factory=list)

    def note(self, code: str, rows: Rows, severity: Severity = Severity.WARNING, **details: object) -> None:
        """One problem for all `rows`, with the first accounts as the value."""
        count = int(np.count_nonzero(rows))
        if count:
            shown = listed(self.ids[rows].dropna())
            facts = {"count": count, **details}
            self.found.append(
                Problem(code, severity=severity, where=self.facts.where, value=shown, details=facts)
            )


def settle_accounts(frame: pd.DataFrame, facts: BookFacts) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """`frame` (every canonical column) with money in one currency, mrr and arr from each other, dates that are known
    at `as_of`, `notice_given`, and churned_on missing for those that are here; and what was decided.
    """
    says = _Says(facts, frame["account_id"])
    steps: tuple[Callable[[pd.DataFrame, _Says], pd.DataFrame], ...] = (
        _convert,
        _complete_money,
        _settle_departures,
        _drop_later_dates,
        _judge_use,
        _count_children_once,
    )
    for step in steps:
        frame = step(frame, says)
    says.note("data.ids_differ_in_case", _same_but_for_case(frame), Severity.WARNING)
    tests = _tests(frame)
    says.note("data.may_be_test", tests & (tests.mean() <= _HALF), Severity.WARNING)
    says.found.extend(_past_renewals(frame, says))
    return frame, tuple(says.found)


def main_currency(frame: pd.DataFrame) -> str | None:
    """The currency of most accounts, as far as columns, headers or cells name one."""
    if "currency" not in frame.columns:
        return None
    codes, seen = _currencies(frame)
    counts = np.bincount(codes[codes >= 0], minlength=len(seen))
    named = [
        (count, -at)
        for at, (count, name) in enumerate(zip(counts.tolist(), seen, strict=True))
        if _CODE.fullmatch(name)
    ]
    return seen[-max(named)[1]] if named else None


def _currencies(frame: pd.DataFrame) -> tuple[NDArray[np.intp], list[str]]:
    """The currency of each row, as an index (-1: none) into their codes in capitals."""
    codes, written = pd.factorize(frame["currency"].to_numpy(dtype=object))
    return codes, [currency_named(str(name)) for name in written]


def _convert(frame: pd.DataFrame, says: _Says) -> pd.DataFrame:
    """Money in the book's currency; missing where no rate is known."""
    base = says.facts.base
    at, names_of = _currencies(frame)
    if base is None or all(name == base for name in names_of):
        return frame
    codes = pd.Series(np.array([*names_of, None], dtype=object)[at], index=frame.index, dtype=object)
    money = [name for name in ("mrr", "arr", "cac") if name in frame.columns]
    other = (codes.notna() & (codes != base)).to_numpy(dtype=bool)
    rate = codes.map({base: 1.0, **says.facts.rates}).to_numpy(np.float64)
    has_money = frame[money].notna().any(axis=1).to_numpy()
    unknown = other & np.isnan(rate) & has_money
    names = ", ".join(sorted(set(codes[unknown])))
    says.note(
        "data.no_rate",
        unknown,
        Severity.ERROR,
        currencies=names,
        base=base,
        rates=names.replace(", ", ": …, "),
    )
    known = other & ~np.isnan(rate) & has_money
    rates = ", ".join(f"{name} {says.facts.rates[name]:g}" for name in sorted(set(codes[known])))
    says.note("data.converted", known, Severity.NOTE, rates=rates, base=base)
    factor = np.where(other, rate, 1.0)
    return frame.assign(**{name: frame[name] * factor for name in money})


def _complete_money(frame: pd.DataFrame, says: _Says) -> pd.DataFrame:
    """Mrr as a twelfth of arr where it is missing; says where both are given and disagree."""
    mrr, arr = frame["mrr"], frame["arr"]
    filled = (mrr.isna() & arr.notna()).to_numpy()
    says.note("data.mrr_from_arr", filled, Severity.NOTE)
    both = mrr.notna() & arr.notna() & (mrr != 0)
    same = (both & (mrr == arr)).to_numpy()
    says.note("data.mrr_equals_arr", same)
    differ = (both & ((arr - _MONTHS_A_YEAR * mrr).abs() > 0.01 * arr.abs() + 1)).to_numpy() & ~same
    says.note("data.arr_disagrees", differ)
    return frame.assign(mrr=mrr.where(~filled, arr / _MONTHS_A_YEAR))


def _settle_departures(frame: pd.DataFrame, says: _Says) -> pd.DataFrame:
    """Who has left: by date, or by status; a date before a later start or use is one of before they came back."""
    day = pd.Timestamp(says.facts.as_of)
    churned, started, login = frame["churned_on"], frame["started_on"], frame["last_login_on"]
    came_back = (churned < started) & (started <= day)
    used_after = (login > churned + pd.Timedelta(days=_BACK_AFTER_DAYS)) & (login <= day)
    is_back = (came_back | used_after).fillna(value=False).to_numpy(dtype=bool) & ~left_by_status(frame)
    says.note("data.came_back", is_back)
    churned = churned.where(~is_back)
    notice = (churned > day).to_numpy(dtype=bool)
    left = left_by_status(frame) & churned.isna().to_numpy()
    money = float(frame["mrr"].to_numpy(np.float64)[left].sum()) if left.any() else 0.0
    says.note("data.left_without_date", left, money="-" if np.isnan(money) else f"{money:,.0f}")
    differs = (churned <= day).to_numpy(dtype=bool) & (_statuses(frame) == Status.PAYING)
    says.note("data.status_and_date", differs)
    return frame.assign(churned_on=churned.where(~notice), notice_given=notice)


def has_left(frame: pd.DataFrame, as_of: dt.date) -> Rows:
    """Which accounts of a settled frame are customers no more, by date or by status."""
    by_date = (frame["churned_on"] <= pd.Timestamp(as_of)).to_numpy(dtype=bool)
    return np.asarray(by_date | left_without_date(frame), dtype=bool)


def left_without_date(frame: pd.DataFrame) -> Rows:
    """Which have left by their status, nobody knows when."""
    return np.asarray(
        left_by_status(frame) & frame["churned_on"].isna().to_numpy() & ~_notice(frame), dtype=bool
    )


def knows_who_left(frame: pd.DataFrame) -> bool:
    """Whether the accounts tell by a date or a status who has left."""
    return bool(frame["churned_on"].notna().any() or left_by_status(frame).any())


def _notice(frame: pd.DataFrame) -> Rows:
    return (
        frame["notice_given"].to_numpy(dtype=bool)
        if "notice_given" in frame
        else np.zeros(len(frame), dtype=bool)
    )


def left_by_status(frame: pd.DataFrame) -> Rows:
    """Which have left by the words of their status."""
    return np.asarray(_statuses(frame) == Status.LEFT, dtype=bool)


def _statuses(frame: pd.DataFrame) -> NDArray[np.object_]:
    if COUNTS_AS not in frame.columns:
        return np.full(len(frame), None, dtype=object)
    return frame[COUNTS_AS].to_numpy(dtype=object)


def _drop_later_dates(frame: pd.DataFrame, says: _Says) -> pd.DataFrame:
    day = pd.Timestamp(says.facts.as_of)
    later = (frame["last_login_on"] >= day + pd.Timedelta(days=1)).to_numpy(dtype=bool)
    latest = "" if not later.any() else str(frame["last_login_on"].max().date())
    says.note("data.date_after_as_of", later, column="last_login_on", latest=latest)
    return frame.assign(last_login_on=frame["last_login_on"].mask(later))


def _judge_use(frame: pd.DataFrame, says: _Says) -> pd.DataFrame:
    """Active users above the seats: the best sign for more seats, unless it cannot be."""
    users, seats = frame["active_users"], frame["seats"]
    both = (users.notna() & seats.notna() & (seats > 0)).to_numpy()
    over = both & (users > seats).to_numpy()
    far = both & (users > _FAR_OVER * seats).to_numpy()
    if not over.any():
        return frame
    if over.sum() * 2 > both.sum() and both.sum() > 2:
        says.note("data.seats_other_unit", over, of=int(both.sum()))
        return frame
    largest = f"{(users / seats)[over].max():.1f}"
    says.note("data.users_over_seats", over & ~far, largest=largest)
    says.note("data.users_far_over_seats", far, Severity.ERROR, largest=largest)
    return frame.assign(active_users=users.mask(far))


def _count_children_once(frame: pd.DataFrame, says: _Says) -> pd.DataFrame:
    """The money of a parent that is the sum of its children's is 0 at the parent."""
    if frame["parent_id"].isna().all() or frame["mrr"].isna().all():
        return frame
    parents = _parents_by_id(frame)
    children = frame[parents.notna() & (parents != frame["account_id"])]
    sums = children.groupby(parents[children.index])["mrr"].agg(["sum", "size"])
    own = frame["account_id"].map(sums["sum"]).to_numpy(np.float64)
    many = frame["account_id"].map(sums["size"]).fillna(0).to_numpy(np.float64) > 1
    mrr = frame["mrr"].to_numpy(np.float64)
    twice = many & (mrr > 0) & (np.abs(own - mrr) <= _TEN_THOUSANDTH * mrr)
    says.note("data.parent_counted_once", twice, money=f"{mrr[twice].sum():,.0f}")
    return frame.assign(mrr=np.where(twice, 0.0, mrr), arr=frame["arr"].mask(twice, 0.0))


def _parents_by_id(frame: pd.DataFrame) -> "pd.Series[str]":
    """The id of each parent, also where the export gives its name; of a name that two accounts have, none."""
    parents = frame["parent_id"]
    named = frame[frame["name"].notna() & ~frame["name"].duplicated(keep=False)]
    ids = parents.map(pd.Series(named["account_id"].to_numpy(), index=named["name"].to_numpy()))
    return parents.where(parents.isin(frame["account_id"]) | ids.isna(), ids)


def _tests(frame: pd.DataFrame) -> Rows:
    found = np.zeros(len(frame), dtype=bool)
    names = frame["name"].to_numpy(dtype=object)
    at = rows_with(names, _TEST_WORDS)
    found[at] = [_TEST.match(unicodedata.normalize("NFKC", names[row])) is not None for row in at]
    return found


def _same_but_for_case(frame: pd.DataFrame) -> Rows:
    """Accounts of one name whose ids differ in nothing but case: 15 characters of a CRM may, most others are one account."""
    folded = frame["account_id"].str.casefold()
    again = folded.duplicated(keep=False).to_numpy(dtype=bool, copy=True)
    if not again.any():
        return again
    rows = frame.loc[again, ["name"]].assign(folded=folded[again])
    same = rows.duplicated(keep=False) & rows["name"].notna()
    again[again] = same.to_numpy(dtype=bool)
    return again


def _past_renewals(frame: pd.DataFrame, says: _Says) -> Iterator[Problem]:
    past = (frame["renews_on"] < pd.Timestamp(says.facts.as_of)).to_numpy(dtype=bool)
    past = past & ~has_left(frame, says.facts.as_of)
    if past.any():
        money = frame["mrr"].to_numpy(np.float64)[past]
        shown_money = "-" if np.isnan(money).all() else f"{np.nansum(money):,.0f}"
        details = {"count": int(past.sum()), "money": shown_money}
        shown = listed(frame["account_id"][past])
        yield Problem(
            "data.renewal_in_past",
            severity=Severity.WARNING,
            where=says.facts.where,
            value=shown,
            details=details,
        )
