"""Whether a raw table holds subscriptions or MRR by month, told by its headers."""

from typing import Literal

from cscli.analysis.tables import RawTable
from cscli.fields import known_field

RevenueKind = Literal["subscriptions", "mrr"]


def revenue_kind(table: RawTable) -> RevenueKind | None:
    """`subscriptions`: begins, ends and what is paid; `mrr`: a month and its figure; None: neither."""
    fields = (known_field(header, of_revenue=True) for header in table.headers)
    names = {field.name for field in fields if field is not None}
    if {"started_on", "ended_on"} <= names and ("mrr" in names or {"amount", "period_months"} <= names):
        return "subscriptions"
    return "mrr" if {"month", "mrr"} <= names else None
