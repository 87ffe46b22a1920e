"""Actions of stored call lists against what people wrote down as done: which were due, and done by their day."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.acting.business_days import due_dates
from cscli.config.blocks.actions import Playbook
from cscli.config.blocks.parts import text_in
from cscli.texts import LANGUAGES

ACTIONS = ("account_id", "since", "playbook", "due_from", "last_on", "gone_on")
"""Columns of the actions of call lists: of a stay on the list (`since`) one playbook, the day from which its due date counts, the last
list on which it was the action, and the first one after that (NaT: there is none yet)."""
PLAY_COLUMNS = _PLAY, _DAY = ("play_done", "play_done_on")


def typed_plays(frame: pd.DataFrame, names: Mapping[str, str]) -> Iterator[tuple[str, str, dt.date]]:
    """Account, playbook and day of what people typed as done; `names`: playbooks by what they may be called, in lower case."""
    if _PLAY not in frame or _DAY not in frame:
        return
    there = frame[frame[_PLAY].notna() & frame[_DAY].notna()]
    for account, play, day in zip(
        there["account_id"], there[_PLAY], pd.to_datetime(there[_DAY]), strict=True
    ):
        name = names.get(str(play).strip().casefold())
        if name is not None:
            yield str(account), name, day.date()


def done_since(
    frame: pd.DataFrame, plays: Iterable[str | None], since: NDArray[np.datetime64], names: Mapping[str, str]
) -> NDArray[np.bool_]:
    """Of each account of `frame`, whether its play of `plays` was done on its day of `since` or after; `names` as of `typed_plays`."""
    done = {(account, play): day for account, play, day in typed_plays(frame, names)}
    wanted = zip(frame["account_id"], plays, since.astype("datetime64[D]").tolist(), strict=True)
    never = dt.date.min
    return np.array(
        [
            begun is not None and done.get((account, play or ""), never) >= begun
            for account, play, begun in wanted
        ],
        dtype=bool,
    )


def done_in_time(
    actions: pd.DataFrame,
    due_days: Mapping[str, float],
    done: AbstractSet[tuple[str, str, dt.date]],
    window: tuple[dt.date, dt.date],
    *,
    japanese: bool,
) -> "pd.Series[bool]":
    """Of each action that was due in `window` (after the first day, up to the last), whether its playbook was done between the day from
    which it counted and its due date. `actions`: `ACTIONS`; `due_days`: business days by playbook; `done`: account, playbook, day.

    An action that had gone from the list by its due date, undone, was not due: its reason was gone.
    """
    known = actions[actions["playbook"].isin(list(due_days)).to_numpy(bool)].reset_index(drop=True)
    begun = known["due_from"].to_numpy().astype("datetime64[D]")
    days = np.asarray(known["playbook"].map(due_days), dtype=np.float64)
    due = pd.Series(due_dates(begun, days, japanese=japanese), dtype="datetime64[us]")
    first, last = (pd.Timestamp(day) for day in window)
    in_time = pd.Series(
        [
            any((account, play, day.date()) in done for day in pd.date_range(start, end))
            for account, play, start, end in zip(known["account_id"], known["playbook"], known["due_from"], due, strict=True)
        ],
        dtype=bool,
    )  # fmt: skip
    stood = known["gone_on"].isna() | (due < known["gone_on"])
    return in_time[((due > first) & (due <= last) & (stood | in_time)).to_numpy(bool)]


def names_of_plays(playbooks: Iterable[Playbook]) -> dict[str, str]:
    """The name of each playbook by what it may be called, in lower case: name, and what people read for it in each language."""
    return {
        said.casefold(): book.name
        for book in playbooks
        for said in (book.name, *(text_in(book.label, to, book.name.replace("_", " ")) for to in LANGUAGES))
    }
