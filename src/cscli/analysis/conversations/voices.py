"""Texts with their themes to what each theme is worth: who asks for it, how much ARR, who has left, who is to be told."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.comparing.difference import Difference
from cscli.analysis.comparing.groups import compare_at_landmark, landmark_of

RELEASED, DECLINED = "released", "declined"
SETTLED = (RELEASED, DECLINED)
TOLD, TO_TELL = "told", "to_tell"
TEXTS = ("account_id", "at", "source", "text", "code")
"""Of a text: at (datetime64, the day), code (a reason code, or None)."""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Voices:
    """`texts`: `TEXTS`; `hits`: whether each (rows) belongs to each of `themes` (columns). `accounts`: account_id, arr (NaN: not known), churned_on; every account, those too
    that have left. `day`, `window_days`: the window is the days up to and including `day`.
    """

    texts: pd.DataFrame
    hits: NDArray[np.bool_]
    themes: tuple[str, ...]
    accounts: pd.DataFrame
    day: pd.Timestamp
    window_days: int

    @property
    def live(self) -> "pd.Series[float]":
        """ARR by account_id of those that are customers on the day; 0 where it is not known."""
        left = (self.accounts["churned_on"] <= self.day).to_numpy(bool)
        return self.accounts[~left].set_index("account_id")["arr"].fillna(0.0)

    def within(self, windows_ago: int = 0) -> NDArray[np.bool_]:
        """Which texts lie in the window, or in the one so many windows before."""
        end = self.day - pd.Timedelta(days=self.window_days * windows_ago)
        start = end - pd.Timedelta(days=self.window_days)
        return ((self.texts["at"] > start) & (self.texts["at"] <= end)).to_numpy(bool)


def theme_table(voices: Voices) -> pd.DataFrame:
    """By theme: voices (texts in the window), accounts, arr (of live ones), share_of_arr, largest_share (of one account), lost_accounts, lost_arr (who left in the window and spoke within it
    before), accounts_before, trend. Most ARR first, then most accounts.
    """
    seen = _Seen(voices.live, voices.within(), voices.within(1))
    rows = [_theme_row(voices, seen, number, name) for number, name in enumerate(voices.themes)]
    table = pd.DataFrame(rows)
    return table.sort_values(
        ["arr", "accounts", "theme"], ascending=[False, False, True], kind="stable", ignore_index=True
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Seen:
    """What every theme is judged by: ARR of live accounts, and which texts lie in the window and in the one before."""

    live: "pd.Series[float]"
    now: NDArray[np.bool_]
    before: NDArray[np.bool_]


def _theme_row(voices: Voices, seen: _Seen, number: int, name: str) -> dict[str, object]:
    hit, ids, live = voices.hits[:, number], voices.texts["account_id"], seen.live
    now = hit & seen.now
    accounts = ids[now].unique()
    before = ids[hit & seen.before].unique()
    money = live.reindex(accounts).dropna()
    total = float(money.sum())
    lost = _lost(voices, hit)
    book = float(live.sum())
    return {
        "theme": name, "voices": float(now.sum()), "accounts": float(len(accounts)), "arr": total,
        "share_of_arr": total / book if book else np.nan, "largest_share": float(money.max()) / total if total else np.nan,
        "lost_accounts": float(len(lost)), "lost_arr": float(lost.sum()), "accounts_before": float(len(before)),
        "trend": float(len(accounts) - len(before)),
    }  # fmt: skip


def _lost(voices: Voices, hit: NDArray[np.bool_]) -> "pd.Series[float]":
    """ARR by account of those that left in the window and spoke of the theme in so many days before."""
    start = voices.day - pd.Timedelta(days=voices.window_days)
    gone = voices.accounts[
        (voices.accounts["churned_on"] > start) & (voices.accounts["churned_on"] <= voices.day)
    ]
    left = gone.set_index("account_id")
    spoken = voices.texts[hit & voices.texts["account_id"].isin(left.index).to_numpy(bool)]
    days = (
        left["churned_on"].reindex(spoken["account_id"]).to_numpy("datetime64[D]")
        - spoken["at"].to_numpy("datetime64[D]")
    ).astype(np.int64)
    ids = spoken["account_id"][(days >= 0) & (days <= voices.window_days)].unique()
    return left["arr"].reindex(ids).fillna(0.0)


def account_table(voices: Voices, ranked: Sequence[str]) -> pd.DataFrame:
    """By theme and account, of the window: theme, account_id, arr (NaN of one that left), voices, first_on, last_on, text (the latest). `ranked`: the themes in
    their order.
    """
    within = voices.within()
    parts = []
    for number, name in enumerate(voices.themes):
        mine = voices.texts[voices.hits[:, number] & within].sort_values("at", kind="stable")
        grouped = mine.groupby("account_id", sort=True)
        table = grouped["at"].agg(["size", "min", "max"]).set_axis(["voices", "first_on", "last_on"], axis=1)
        parts.append(table.assign(text=grouped["text"].last(), theme=name).reset_index())
    table = pd.concat(parts, ignore_index=True)
    arr = voices.live.reindex(table["account_id"]).to_numpy(np.float64)
    table = table.assign(arr=arr, voices=table["voices"].astype(np.float64))
    order = {name: place for place, name in enumerate(ranked)}
    table = table.assign(place=table["theme"].map(order))
    ordered = table.sort_values(
        ["place", "arr", "account_id"], ascending=[True, False, True], na_position="last", ignore_index=True
    )
    return ordered.drop(columns="place")


def spoken_of(voices: Voices) -> pd.DataFrame:
    """Who spoke of which theme in the window: theme, account_id, each pair once."""
    within = voices.within()
    parts = [
        pd.DataFrame(
            {
                "theme": name,
                "account_id": np.sort(voices.texts["account_id"][voices.hits[:, number] & within].unique()),
            }
        )
        for number, name in enumerate(voices.themes)
    ]
    return pd.concat(parts, ignore_index=True)


def leaving_after(voices: Voices, frame: pd.DataFrame, strata: "pd.Series[str]") -> list[Difference]:
    """Of each theme: who spoke of it in the window before the landmark against who did not, by how many left after it. `frame`: account_id, started_on,
    churned_on of all accounts, those too that have left.
    """
    as_of, days, ids = voices.day.date(), voices.texts["at"], voices.texts["account_id"]
    mark = landmark_of(as_of)
    before = ((days > mark - pd.Timedelta(days=voices.window_days)) & (days <= mark)).to_numpy(bool)
    spoke = (
        frame["account_id"].isin(ids[voices.hits[:, number] & before].unique()).to_numpy(bool)
        for number in range(len(voices.themes))
    )
    return compare_at_landmark(frame, spoke, strata, as_of)


def tell_table(voices: Voices, statuses: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """Who is to be told, and who was: theme, status, status_on, account_id, arr, told_on, loop (to_tell, told). Of themes that are released or declined, each live account that spoke of them up
    to that day; untold first, most ARR first. `statuses`: theme, status, status_on; `told`: theme, account_id, told_on. Told before the status does not count.
    """
    live = voices.live
    parts = []
    for row in statuses[statuses["status"].isin(SETTLED)].to_dict("records"):
        name, since = str(row["theme"]), row["status_on"]
        if name not in voices.themes or pd.isna(since):
            continue
        hit = voices.hits[:, voices.themes.index(name)]
        spoke = voices.texts["account_id"][hit & (voices.texts["at"] <= since).to_numpy(bool)].unique()
        ids = [each for each in spoke if each in live.index]
        parts.append(
            pd.DataFrame(
                {
                    "theme": name,
                    "status": row["status"],
                    "status_on": since,
                    "account_id": pd.Series(ids, dtype=object),
                }
            )
        )
    if not parts:
        return pd.DataFrame(columns=["theme", "status", "status_on", "account_id", "arr", "told_on", "loop"])
    table = pd.concat(parts, ignore_index=True)
    last = told.dropna(subset=["told_on"]).groupby(["theme", "account_id"])["told_on"].max()
    days = last.reindex(pd.MultiIndex.from_frame(table[["theme", "account_id"]])).to_numpy("datetime64[us]")
    counts = days >= table["status_on"].to_numpy("datetime64[us]")
    table = table.assign(
        arr=live.reindex(table["account_id"]).to_numpy(np.float64),
        told_on=pd.Series(np.where(counts, days, np.datetime64("NaT")), dtype="datetime64[us]"),
        loop=pd.Series(np.where(counts, TOLD, TO_TELL), dtype=object),
    )
    return (
        table.assign(done=counts)
        .sort_values(
            ["done", "arr", "account_id"], ascending=[True, False, True], kind="stable", ignore_index=True
        )
        .drop(columns="done")
    )


def unmatched(voices: Voices) -> pd.DataFrame:
    """Texts of the window without a theme: account_id, at, text, arr; most ARR first."""
    rows = voices.texts[voices.within() & ~voices.hits.any(axis=1)]
    arr = voices.live.reindex(rows["account_id"]).to_numpy(np.float64)
    return (
        rows[["account_id", "at", "text"]]
        .assign(arr=arr)
        .sort_values(
            ["arr", "account_id", "at"], ascending=[False, True, True], na_position="last", ignore_index=True
        )
    )


def voice_columns(voices: Voices, ids: "pd.Series[str]") -> pd.DataFrame:
    """For each of `ids`, how many texts of the window: voices_{N}d, and voice_THEME_{N}d of each theme."""
    within = voices.within()
    texts, days = voices.texts["account_id"], voices.window_days
    chosen = {f"voices_{days}d": within}
    chosen |= {
        f"voice_{name}_{days}d": within & voices.hits[:, number] for number, name in enumerate(voices.themes)
    }
    counts = {
        name: texts[mask].value_counts().reindex(ids).fillna(0.0).to_numpy(np.float64)
        for name, mask in chosen.items()
    }
    return pd.DataFrame(counts, index=ids.index)


def segment_table(table: pd.DataFrame, segments: Sequence["pd.Series[str]"]) -> pd.DataFrame:
    """By theme and value of each segmentation: theme, segment, value, accounts, arr. `table`: as `account_table` gives it; `segments`: by account_id."""
    rows = []
    for segment in segments:
        value = segment.reindex(table["account_id"]).to_numpy(dtype=object)
        sums = (
            table.assign(value=value)
            .groupby(["theme", "value"], sort=False)["arr"]
            .agg(["size", "sum"])
            .reset_index()
        )
        rows.append(
            sums.set_axis(["theme", "value", "accounts", "arr"], axis=1).assign(segment=str(segment.name))
        )
    if not rows:
        return pd.DataFrame(columns=["theme", "segment", "value", "accounts", "arr"])
    return pd.concat(rows, ignore_index=True)[["theme", "segment", "value", "accounts", "arr"]]
