"""The self-check to the card with its radar."""

import numpy as np

from cscli.reports.dashboard.model import Json, Material
from cscli.reports.practice.selfcheck import axis_label
from cscli.texts import text


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
