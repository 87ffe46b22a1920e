"""Whether a raw table holds subscriptions or MRR by month, told by its headers."""

from typing import Literal

from cscli.analysis.tables.raw import RawTable
from cscli.fields import known_field

RevenueKind = Literal["subscriptions", "mrr"]


def revenue_kind(table: RawTable) -> RevenueKind | None:
    """`subscriptions`: begins, ends and what is paid, by subscription or period; `mrr`: a month and its figure; None:
    neither. A list of accounts has a start, a churn date and MRR as well, but no subscription and no period.
    """
    fields = (known_field(header, of_revenue=True) for header in table.headers)
    names = {field.name for field in fields if field is not None}
    money = "mrr" in names or "amount" in names
    if {"started_on", "ended_on"} <= names and money and names & {"subscription_id", "period_months"}:
        return "subscriptions"
    return "mrr" if {"month", "mrr"} <= names else None
