"""What the YAML file may say about revenue: rates of exchange, and what a lifetime value is subject to."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

import pydantic_core
from pydantic import AfterValidator, Field

from cscli.config.blocks.parts import Model, NonEmpty, Text


def _check_currency(code: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise pydantic_core.PydanticCustomError("config.not_a_currency", "{found}", {"found": code})
    return code


Currency = Annotated[str, AfterValidator(_check_currency), Field(json_schema_extra={"pattern": "^[A-Z]{3}$"})]
Rate = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
_MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"


def _check_month(text: str) -> str:
    if not re.fullmatch(_MONTH, text):
        raise pydantic_core.PydanticCustomError("config.not_a_month", "{found}", {"found": text})
    return text


Month = Annotated[str, AfterValidator(_check_month), Field(json_schema_extra={"pattern": _MONTH})]
Measure = Literal[
    "nrr_12m", "grr_12m", "logo_churn_12m", "monthly_churn", "ltv_cac", "payback_months", "payback_adjusted"
]
Published = Literal[
    "nrr_japan_mean", "nrr_us_mean", "nrr_private_saas_mean", "nrr_top_quarter_2018", "nrr_top_quarter_2019",
    "nrr_others",
]  # fmt: skip

PUBLISHED: Mapping[str, tuple[float, str, str]] = MappingProxyType(
    {
        "nrr_japan_mean": (1.09, "cs_performance", "2018"),
        "nrr_us_mean": (1.17, "cs_performance", "2018"),
        "nrr_private_saas_mean": (1.01, "cs_performance", "2018"),
        "nrr_top_quarter_2018": (1.23, "cs_performance", "2018"),
        "nrr_top_quarter_2019": (1.40, "cs_performance", "2019"),
        "nrr_others": (0.86, "cs_performance", "2018, 2019"),
    }
)
"""NRR of 12 months as published: value, survey (`label.ltv.survey_NAME`), year. 2018: preliminary report, about 200 companies."""


class MonthlyRates(Model):
    """A currency whose month-end rates are known: the difference to the constant rate is the fx line."""

    constant: Rate = Field(description="The rate at which movements are counted")
    by_month: dict[NonEmpty, Rate] = Field(
        {}, description="YYYY-MM: the rate at the end of that month; others: the constant one"
    )


class Benchmark(Model):
    """A figure to compare with, shown below the book's own."""

    measure: Measure = Field(description="What it is compared with, as in the sheet `summary`")
    value: float = Field(description="Shares as 0 to 1: an NRR of 109% is 1.09")
    source: Text = Field(description="Where the figure comes from, with its year")


class Ltv(Model):
    """What `cscli ltv-report` reckons with."""

    horizon_months: Annotated[int, Field(ge=1, le=600)] = Field(
        60, description="A lifetime counts up to so many months"
    )
    discount_rate_annual: Annotated[float, Field(ge=0, le=1)] = Field(
        0.10, description="By how much money a year later is worth less, as a share"
    )
    gross_margin: Share | None = Field(None, description="For the accounts that have none of their own")
    churn_known_from: Month | None = Field(
        None,
        description="YYYY-MM: the first month in which the exports know who left; what customers lived before it is no time at risk; default: found from the churn dates, and said",
    )
    by: NonEmpty | None = Field(
        None,
        description="The segmentation, `team` or text column by which figures are split; it needs no score",
    )
    hourly_cost: Annotated[float, Field(ge=0)] | None = Field(
        None, description="Money an hour: with `effort`, what it costs to keep an account"
    )
    benchmarks: list[Benchmark] = Field([], description="Figures of your own choice to compare with")
    published_benchmarks: list[Published] = Field([], description="Figures of published surveys")
