"""What the run before knew of promises, and what this one knows, for the next."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.promises.earlier import NOTHING_EARLIER, EarlierPromises
from cscli.analysis.promises.goals import goals_of_accounts
from cscli.analysis.promises.kept import promises_to_keep
from cscli.analysis.promises.overview import Overview, with_days_late
from cscli.analysis.promises.standards import Followed, follow_standard
from cscli.analysis.promises.typed_goals import goal_setting, judge_typed
from cscli.analysis.scoring.columns import evaluate_rules
from cscli.config.schema import Config
from cscli.workflows.work.practice import Practice


def promises_before(url: str | None, workspace: Path, config: Config, as_of: dt.date) -> EarlierPromises:
    """The promises of the newest earlier run that knew any, from the history at `url`; nothing where the rules promise nothing, or keep nothing."""
    if url is None or (config.journey is None and config.goals is None):
        return NOTHING_EARLIER
    from cscli.history import earlier_promises, first_followed

    found = earlier_promises(url, workspace, as_of)
    if found is None:
        return NOTHING_EARLIER
    conditions = (
        [each.name for _, each in config.journey.milestones if each.when is not None]
        if config.journey
        else []
    )
    return EarlierPromises(found[1], found[0], first_followed(url, workspace, conditions, as_of))


def overview_of(frame: pd.DataFrame, config: Config, practice: Practice, as_of: dt.date) -> Overview:
    """What is known of promises on a day. `frame`: the accounts with every column that can be computed before the score. Raises ConfigError for a
    rule that does not fit its columns.
    """
    churned = frame["churned_on"].to_numpy("datetime64[D]")
    live = ~(churned <= np.datetime64(as_of))
    goals = practice.goals
    if goals is None:
        raise TypeError("goals are read wherever promises are")
    judged = judge_typed(goals, frame, config, goal_setting(config.goals, as_of), practice.earlier)
    judged = judged[judged["account_id"].isin(frame["account_id"][live])].reset_index(drop=True)
    return Overview(
        frame=frame, live=live, followed=_follow(frame, config, practice, as_of), goals=with_days_late(judged, pd.Timestamp(as_of)),
        counts=goals_of_accounts(judged, frame["account_id"]), expected=_expected(frame, config, as_of),
    )  # fmt: skip


def promises_of_run(
    frame: pd.DataFrame, config: Config, practice: Practice, as_of: dt.date
) -> pd.DataFrame | None:
    """What the history keeps of promises; None where the rules promise nothing."""
    if config.journey is None and config.goals is None:
        return None
    return promises_to_keep(overview_of(frame, config, practice, as_of))


def _expected(frame: pd.DataFrame, config: Config, as_of: dt.date) -> NDArray[np.bool_]:
    """Whom the rules expect to have goals; nobody where they do not speak of goals."""
    settings, block = config.goals, "goals"
    if settings is None or settings.when is None:
        return np.full(len(frame), settings is not None)
    key = f"{block}.when"
    return evaluate_rules(frame, {key: settings.when}, as_of)[key]


def _follow(frame: pd.DataFrame, config: Config, practice: Practice, as_of: dt.date) -> tuple[Followed, ...]:
    known = practice.known(config)
    standards = config.journey.standards if config.journey else ()
    return tuple(
        follow_standard(standard, f"journey.standards[{number}]", frame, known, as_of)
        for number, standard in enumerate(standards)
    )
