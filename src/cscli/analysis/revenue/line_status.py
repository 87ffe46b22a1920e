"""Lines that stand twice, and lines that do not count for what they are: trials, pauses, one-off fees, the cancelled."""

import unicodedata

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.judging.status_words import Status, read_status
from cscli.analysis.revenue.line_faults import LineFaults, days_of, numbers_of
from cscli.config.blocks.status import StatusWords
from cscli.errors import Severity

_NOT_RECURRING = frozenset(
    {
        "trial", "freetrial", "free", "freemium", "freeplan", "oneoff", "onetime", "setup", "setupfee", "tax", "vat", "implementation",
        "onboardingfee", "service", "professionalservices", "試用", "トライアル", "無料", "無償", "フリー", "無料プラン", "一時", "一回", "単発",
        "スポット", "初期費用", "税", "消費税", "お試し", "無料トライアル", "導入費", "導入支援", "一時金", "初期費", "導入費用",
    }
)  # fmt: skip
_RECURRING = frozenset(
    {
        "paid", "recurring", "subscription", "renewal", "new", "newbusiness", "upsell", "addon", "base", "discount", "credit", "license",
        "licence", "seat", "seats", "plan", "usage", "有償", "有料", "継続", "新規", "更新", "追加", "基本", "値引き", "割引", "本契約", "月額", "年額",
        "オプション", "アップセル", "定期",
    }
)  # fmt: skip
Rows = NDArray[np.bool_]


def drop_repeated(frame: pd.DataFrame, kind: str, faults: LineFaults) -> Rows:
    """Which rows to keep: of one subscription whose lines overlap the last, of one month's equal figures the first."""
    repeated = _repeated_months(frame, faults) if kind == "mrr" else _repeated_subscriptions(frame, faults)
    return np.asarray(~repeated, dtype=bool)


def _repeated_months(frame: pd.DataFrame, faults: LineFaults) -> Rows:
    if "subscription_id" in frame.columns:
        return np.zeros(len(frame), dtype=bool)
    month = pd.to_datetime(frame["month"]).dt.to_period("M")
    keys = frame.assign(month=month)[["account_id", "month", "mrr"]]
    repeated = np.asarray(keys.duplicated()) & np.asarray(keys.notna().all(axis=1))
    faults.note("revenue.month_again", repeated, Severity.WARNING)
    return np.asarray(repeated, dtype=bool)


def _repeated_subscriptions(frame: pd.DataFrame, faults: LineFaults) -> Rows:
    nothing = np.zeros(len(frame), dtype=bool)
    if "subscription_id" not in frame.columns:
        return nothing
    named = frame["subscription_id"].notna().to_numpy()
    keys = frame[["account_id", "subscription_id"]]
    if not (keys.duplicated().to_numpy() & named).any():
        return nothing
    table = pd.DataFrame(
        {
            "key": keys.groupby(["account_id", "subscription_id"], dropna=False).ngroup(),
            "begin": days_of(frame, "started_on"),
            "end": days_of(frame, "ended_on"),
            "row": np.arange(len(frame)),
        }
    )
    forever = np.datetime64("2262-01-01", "D").astype("datetime64[s]")
    table["end"] = table["end"].fillna(pd.Timestamp(forever))
    ordered = table[named].sort_values(["key", "begin", "row"])
    following = ordered.groupby("key")[["begin", "row"]].shift(-1)
    overlaps = (following["begin"] < ordered["end"]) & following["begin"].notna()
    pairs = ordered.assign(other=following["row"])[overlaps]
    earlier = pairs[["row", "other"]].min(axis=1).to_numpy(np.int64)
    repeated = nothing.copy()
    repeated[earlier] = True
    amounts = np.where(
        np.isnan(numbers_of(frame, "mrr")), numbers_of(frame, "amount"), numbers_of(frame, "mrr")
    )
    other = following["row"][overlaps].astype(int).to_numpy()
    differs = nothing.copy()
    differs[earlier] = amounts[ordered["row"][overlaps].to_numpy()] != amounts[other]
    faults.note("revenue.line_again", repeated & ~differs, Severity.WARNING)
    faults.note("revenue.line_again_differs", differs, Severity.WARNING)
    return repeated


def begin_after_trial(frame: pd.DataFrame, faults: LineFaults) -> pd.DataFrame:
    """`frame` with lines that begin with a trial starting at its end: nobody pays before."""
    if "trial_ends_on" not in frame.columns or "started_on" not in frame.columns:
        return frame
    begin, trial = days_of(frame, "started_on"), days_of(frame, "trial_ends_on")
    tries = ~np.isnat(begin) & ~np.isnat(trial) & (trial > begin)
    faults.note("revenue.trial_first", tries, Severity.WARNING)
    return frame.assign(started_on=np.where(tries, trial, begin)) if tries.any() else frame


def says_left(frame: pd.DataFrame, pinned: StatusWords | None = None, header: str = "") -> Rows:
    """Which lines say by their status that they have ended: those renew by themselves no more."""
    if "status" not in frame.columns:
        return np.zeros(len(frame), dtype=bool)
    codes, words = pd.factorize(frame["status"].to_numpy(dtype=object))
    left = [read_status(str(word), header, pinned) is Status.LEFT for word in words]
    return np.array([*left, False], dtype=bool)[codes]


def does_not_recur(
    frame: pd.DataFrame, faults: LineFaults, pinned: StatusWords | None = None, header: str = ""
) -> Rows:
    """Which lines count 0: trials, free plans, one-off fees, tax, and those whose status is no paying one. A line that
    is cancelled with an end counts until then.
    """
    found = np.zeros(len(frame), dtype=bool)
    if "trial" in frame.columns:
        found |= frame["trial"].astype("boolean").fillna(value=False).to_numpy(bool)
    ended = ~np.isnat(days_of(frame, "ended_on"))
    for column in ("kind", "plan", "status"):
        if column in frame.columns:
            found |= _by_word(frame, column, ended, faults, pinned, header)
    amounts = np.nan_to_num(numbers_of(frame, "amount")) + np.nan_to_num(numbers_of(frame, "mrr"))
    faults.note("revenue.not_recurring", found & (amounts != 0), Severity.NOTE)
    return found


def _by_word(
    frame: pd.DataFrame, column: str, ended: Rows, faults: LineFaults, pinned: StatusWords | None, header: str
) -> Rows:
    codes, words = pd.factorize(frame[column])
    free = np.array([_folded(word) in _NOT_RECURRING for word in words] + [False])[codes]
    if column == "plan":
        return free
    meanings = [read_status(str(word), header or column, pinned) for word in words]
    is_known = [
        meaning is not None or _folded(word) in _RECURRING | _NOT_RECURRING
        for word, meaning in zip(words, meanings, strict=True)
    ]
    if any(is_known):
        unknown = np.array([not known for known in is_known] + [False])[codes]
        listed = ", ".join(str(word) for word, known in zip(words, is_known, strict=True) if not known)
        faults.note("revenue.kind_unknown", unknown, Severity.WARNING, words=listed)
    status = np.array([*meanings, None], dtype=object)[codes]
    nothing = np.isin(status.astype(str), (Status.TRIAL, Status.PAUSED, Status.FUTURE, Status.INTERNAL))
    left = (status == Status.LEFT) & ~ended
    faults.note("revenue.ended_without_date", left, Severity.WARNING)
    return np.asarray(free | nothing | left, dtype=bool)


def _folded(name: object) -> str:
    folded = unicodedata.normalize("NFKC", str(name)).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
