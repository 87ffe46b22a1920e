"""A sentence of the Monday page: what, how much ARR, and which accounts."""

import numpy as np
from numpy.typing import NDArray

from cscli.reports.dashboard.model import Material
from cscli.reports.kit.compact import compact_money, short_name
from cscli.reports.monday.material import MondayMaterial
from cscli.texts import text

Rows = NDArray[np.intp]
_NAMED = 3


def most_arr_first(material: Material, rows: Rows) -> Rows:
    """The rows by ARR, the largest first, those without last; ties by id."""
    frame = material.scored.frame.iloc[rows]
    order = np.lexsort((frame["account_id"].to_numpy(str), -frame["arr"].fillna(-1.0).to_numpy(np.float64)))
    return rows[order]


def say_accounts(
    key: str, told: MondayMaterial, rows: Rows, *, end: str = "monday.end", **values: object
) -> str:
    """The text `monday.KEY` of these rows of the frame: how many, with what ARR (and of how many it is not known), and
    the first three in their order, each with its ARR; a single one has it with its name alone. Where accounts are
    not named, it ends before them.
    """
    material = told.book
    language = material.language
    arr = material.scored.frame["arr"].to_numpy(np.float64)[rows]
    missing = int(np.isnan(arr).sum())
    parts = [text(f"monday.{key}", language, count=len(rows), **values)]
    if missing < len(rows) and (len(rows) > 1 or not told.with_names):
        parts.append(text("monday.arr", language, arr=money(material, float(np.nansum(arr)))))
        parts.append(text("monday.no_arr", language, count=missing) if missing else "")
    if told.with_names:
        parts.append(text("monday.names", language, accounts=_names(material, rows)))
    return "".join((*parts, text(end, language)))


def money(material: Material, amount: float) -> str:
    """An amount in few digits."""
    return compact_money(amount, material.context.currency, material.language)


def _names(material: Material, rows: Rows) -> str:
    language = material.language
    frame = material.scored.frame.iloc[rows[:_NAMED]]
    known = frame["name"].astype(object).where(frame["name"].notna(), frame["account_id"])
    told = [
        name
        if np.isnan(amount)
        else text("run.account_with_arr", language, name=name, arr=money(material, amount))
        for name, amount in zip(known.astype(str).map(short_name), frame["arr"].astype(float), strict=True)
    ]
    if len(rows) > _NAMED:
        told.append(text("run.more_accounts", language, count=len(rows) - _NAMED))
    return text("run.list_join", language).join(told)
