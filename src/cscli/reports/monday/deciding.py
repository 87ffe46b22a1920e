"""The one thing to decide: of what the call list leaves open, that which weighs most."""

import numpy as np

from cscli.reports.dashboard.model import Material
from cscli.reports.dashboard.words import long_day
from cscli.reports.kit.labels import own_label
from cscli.reports.monday.material import MondayMaterial
from cscli.reports.monday.naming import Rows, say_accounts
from cscli.texts import text


def decision(told: MondayMaterial) -> str:
    """Which of these has the largest expected loss (without any ARR: the most accounts), ties in this order: calls without
    an owner, overdue, beyond their owners' week, without an action. Where there is none, the first call of the list.
    """
    material = told.book
    calls, language = material.calls, material.language
    if not len(calls.rows):
        return text("monday.decide.nothing", language)
    open_things = {kind: mask for kind, mask in _open(material).items() if mask.any()}
    if not open_things:
        return _first_call(told)
    loss = np.nan_to_num(calls.arr_at_risk)
    kind = max(open_things, key=lambda name: (loss[open_things[name]].sum(), open_things[name].sum()))
    return _say(kind, told, calls.rows[open_things[kind]])


def _first_call(told: MondayMaterial) -> str:
    material = told.book
    calls, language = material.calls, material.language
    action = own_label(material.config.playbooks[int(calls.playbook[0])], language)
    due = calls.due_on[0]
    if np.isnat(due):
        return _say("first", told, calls.rows[:1], action=action)
    day = long_day(due.astype("datetime64[D]").item(), language)
    return _say("first_by", told, calls.rows[:1], action=action, due=day)


def _open(material: Material) -> dict[str, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    calls = material.calls
    return {
        "no_owner": material.scored.frame["owner"].iloc[calls.rows].isna().to_numpy(),
        "overdue": np.nan_to_num(calls.overdue_days) > 0,
        "capacity": calls.within_capacity == 0,
        "no_action": calls.playbook < 0,
    }


def _say(kind: str, told: MondayMaterial, rows: Rows, **values: object) -> str:
    end = "monday.decide.end"
    return say_accounts(f"decide.{kind}", told, rows, end=end, **values)
