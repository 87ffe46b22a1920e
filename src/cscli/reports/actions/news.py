"""Who has come onto the call list, in one sentence with names and money."""

import numpy as np
import pandas as pd

from cscli.analysis.acting.risk import CallList
from cscli.analysis.acting.status import BACK, NEW
from cscli.reports.kit.compact import compact_money, short_name
from cscli.reports.kit.context import Context
from cscli.texts import text

_NAMED = 3


def say_new(frame: pd.DataFrame, calls: CallList, context: Context) -> str | None:
    """How many accounts of `frame` (account_id, name, arr) are new on the list, with what ARR, and which, in the order
    of the list; None where there is none.
    """
    new = calls.rows[np.isin(calls.status.astype(str), (NEW, BACK))]
    if not len(new):
        return None
    language = context.language

    def money(amount: float) -> str:
        return compact_money(amount, context.currency, language)

    accounts, arr = frame.iloc[new], frame["arr"].to_numpy(np.float64)[new]
    names = accounts["name"].astype(object).where(accounts["name"].notna(), accounts["account_id"])
    pairs = list(zip(names.astype(str).map(short_name), arr.tolist(), strict=True))
    told = [
        name if np.isnan(amount) else text("run.account_with_arr", language, name=name, arr=money(amount))
        for name, amount in pairs[:_NAMED]
    ]
    if len(pairs) > _NAMED:
        told.append(text("run.more_accounts", language, count=len(pairs) - _NAMED))
    accounts_told = text("run.list_join", language).join(told)
    if np.isnan(arr).all():
        return text("run.new_at_risk", language, count=len(pairs), accounts=accounts_told)
    total = money(float(np.nansum(arr)))
    return text("run.new_at_risk_arr", language, count=len(pairs), arr=total, accounts=accounts_told)
