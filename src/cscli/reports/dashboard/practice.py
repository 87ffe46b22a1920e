"""The work with customers to its cards: late promises, silent accounts, themes, and the radar of the self-check."""

import numpy as np
import pandas as pd

from cscli.analysis.inputs.books import THEME_STATUSES
from cscli.reports.dashboard.encoding import day_numbers, numbers
from cscli.reports.dashboard.model import Json, Material
from cscli.reports.kit.families import choice_column
from cscli.reports.practice.columns import department_column, milestone_labels, promise_texts, status_column
from cscli.reports.practice.selfcheck import axis_label
from cscli.reports.practice.voice import theme_labels
from cscli.texts import text


def late_part(material: Material) -> Json:
    """The promises that are late, in the order of the report `journey`: the account's place, promise, status, days late (None before the limit); None where the rules promise nothing."""
    late = material.work.late
    if late is None:
        return None
    journey = material.config.journey
    labels = milestone_labels(journey.standards if journey else (), material.language)
    statuses = status_column(material.language).labels
    late, places = _on_page(material, late)
    return {
        "row": places,
        "promise": promise_texts(late, labels),
        "status": [statuses.get(str(each), str(each)) for each in late["status"]],
        "days": numbers(late["days_late"].to_numpy(np.float64), 0),
    }


def silent_part(material: Material) -> Json:
    """Who has been silent for longer than `longer` days, most ARR first: the account's place, day and department of the last contact (None: there is none on record); None where the
    rules have no events.
    """
    silent, timeline = material.work.silent, material.config.timeline
    if silent is None or timeline is None:
        return None
    silent, places = _on_page(material, silent)
    departments = department_column("department", silent["department"], material.language).labels
    return {
        "row": places,
        "last": day_numbers(silent["last_two_way_on"].to_numpy("datetime64[us]"), material.context.as_of),
        "department": [departments.get(str(each)) for each in silent["department"]],
        "longer": timeline.silent_after_days,
    }


def themes_part(material: Material) -> Json:
    """The themes with label and status, and who spoke of which (its place among `themes`) in the last `days`; None where the rules have no themes."""
    spoken, statuses = material.work.spoken, material.work.statuses
    if spoken is None or material.config.voice is None:
        return None
    labels = theme_labels(material.config, material.language)
    said = choice_column("themes", "status", THEME_STATUSES, material.language).labels
    names = list(statuses)
    themes: list[Json] = [{"label": labels[name], "status": said[statuses[name]]} for name in names]
    spoken, places = _on_page(material, spoken)
    return {
        "themes": themes,
        "row": places,
        "theme": [names.index(str(each)) for each in spoken["theme"]],
        "days": material.config.voice.window_days,
    }


def _on_page(material: Material, table: pd.DataFrame) -> tuple[pd.DataFrame, list[Json]]:
    """The rows of `table` whose account is on the page, and its place there."""
    ids = pd.Index(material.frame["account_id"])
    places = ids.get_indexer(pd.Index(table["account_id"]))
    return table[places >= 0], places[places >= 0].tolist()


def selfcheck_part(material: Material) -> Json:
    """The axes with points, target and what was felt before (each may be missing), their sum, and what this is not; None without a round."""
    check = material.check
    if check is None:
        return None
    language = material.language
    axes: list[Json] = [
        {
            "label": axis_label(str(row["axis"]), language),
            **{name: _known(float(row[name])) for name in ("points", "target", "before")},
        }
        for row in check.axes.to_dict("records")
    ]
    has = {name: bool(check.axes[name].notna().any()) for name in ("target", "before")}
    return {
        "axes": axes, "total": _known(check.total), "round": check.round_name, "said": text("selfcheck.own", language),
        "target_is": has["target"], "before_is": has["before"],
    }  # fmt: skip


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
