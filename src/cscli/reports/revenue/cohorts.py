"""Cohorts of accounts by the month in which they began to the long sheet cohorts and the wide cohort_map."""

from dataclasses import replace

import numpy as np
import pandas as pd

from cscli.reports.kit.model import Column, Meaning, Sheet
from cscli.reports.revenue.parts import Subject, column_of, tabulate
from cscli.texts import text

_COHORTS = {
    "cohort": Meaning.TEXT,
    "month_number": Meaning.COUNT,
    "accounts": Meaning.COUNT,
    "logo_retention": Meaning.SHARE,
    "mrr_retention": Meaning.SHARE,
}
_MOST_ROWS = 24
_STEP_MONTHS = 3


def cohorts_sheet(subject: Subject) -> Sheet:
    """One row a cohort and month since its start."""
    return replace(tabulate(subject, "cohorts", _cohorts(subject), _COHORTS), is_for_paper=False)


def _cohorts(subject: Subject) -> pd.DataFrame:
    """None where nobody knows when MRR moved."""
    table = subject.study.cohorts
    return table if subject.study.knows_moves else table.iloc[:0]


def cohort_map_sheet(subject: Subject) -> Sheet:
    """One row a cohort, one column every third month: the share of its first MRR that is there. Of more than 24
    months of cohorts, those that began in one calendar quarter are taken together.
    """
    cohorts = _cohorts(subject)
    whole = cohorts.assign(group=_groups(cohorts["cohort"]))
    sizes = cohorts[cohorts["month_number"] == 0].assign(group=_groups(cohorts["cohort"]))
    shares = _shares(whole)
    step = _STEP_MONTHS if shares.shape[1] > _MOST_ROWS / 2 else 1
    numbers = [int(number) for number in shares.columns if int(number) % step == 0]
    names = [f"month_{number}" for number in numbers]
    columns = [column_of(subject, "cohort", Meaning.TEXT), column_of(subject, "accounts", Meaning.COUNT)]
    columns += [
        Column(
            id=name, label=text("label.ltv.month_n", subject.language, number=number), meaning=Meaning.SHARE
        )
        for name, number in zip(names, numbers, strict=True)
    ]
    accounts = sizes.groupby("group")["accounts"].sum().to_numpy(np.float64)
    values = [shares.index.to_numpy(dtype=object), accounts]
    values += [shares[number].to_numpy(np.float64) for number in numbers]
    title = text("sheet.cohort_map", subject.language)
    return Sheet(
        id="cohort_map", title=title, columns=tuple(columns), values=tuple(values), heat=tuple(names)
    )


def _groups(cohorts: "pd.Series[str]") -> "pd.Series[str]":
    if cohorts.nunique() <= _MOST_ROWS:
        return cohorts
    month = cohorts.str[5:7].astype(int)
    return cohorts.str[:4] + "-Q" + ((month - 1) // 3 + 1).astype(str)


def _shares(cohorts: pd.DataFrame) -> pd.DataFrame:
    """Groups x month numbers, up to the last month that all cohorts of a group have reached."""
    reached = cohorts.groupby(["group", "cohort"])["month_number"].max().groupby("group").min()
    common = cohorts[cohorts["month_number"] <= cohorts["group"].map(reached)]
    money = common.pivot_table(index="group", columns="month_number", values="mrr", aggfunc="sum")
    return money.div(money[0], axis=0) if len(money) else pd.DataFrame(index=pd.Index([], dtype=object))
