"""What the YAML file may say about `cscli backtest`."""

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from cscli.config.blocks.parts import Model, NonEmpty

Outcome = Literal["churned_on", "subscription_ended", "mrr_zero", "left_export", "contraction", "non_renewal"]
OUTCOMES: tuple[str, ...] = (
    "churned_on", "subscription_ended", "mrr_zero", "left_export", "contraction", "non_renewal",
)  # fmt: skip
COLUMN = "column:"


def _check_months(text: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]?m", text):
        raise PydanticCustomError("config.not_months", "{found}", {"found": text})
    return text


Months = Annotated[str, AfterValidator(_check_months), Field(json_schema_extra={"pattern": "^[1-9][0-9]?m$"})]
Days = Annotated[int, Field(ge=0, le=3650)]


class Backtest(Model):
    """How `cscli backtest` judges the score by who left afterwards."""

    from_: dt.date | None = Field(
        None,
        alias="from",
        description="The first date; default: the first quarter end that the exports reach back to",
    )
    to: dt.date | None = Field(None, description="The last date; default: as late as its window is over")
    every: Months = Field("3m", description="So many months apart, such as 3m")
    lead: Days = Field(
        30, description="Who leaves within so many days is too late to help, and does not count"
    )
    horizon: Annotated[int, Field(ge=1, le=3650)] = Field(
        180, description="Who leaves within so many days counts"
    )
    min_tenure: Days = Field(0, description="Only accounts that are there so many days")
    by: NonEmpty = Field("scorecard", description="The segmentation inside which accounts are compared")
    outcome: NonEmpty | None = Field(
        None,
        description="churned_on, subscription_ended, mrr_zero, left_export, contraction, non_renewal, or column:NAME; default: the first that the exports have",
    )
    source: Literal["auto", "history", "exports"] = Field(
        "auto", description="Where scores of then come from"
    )
    rules: Literal["today", "stored"] = Field(
        "today", description="Of scores from the history: under today's rules, or as they were"
    )
    absent_means: Literal["unknown", "churned"] = Field(
        "unknown",
        description="Of accounts that later exports have no more and that have no churn date: nobody knows, or they left, in the middle of the last run that had them and the next",
    )
    per_week: Annotated[int, Field(ge=1)] | None = Field(
        None, description="Accounts that can be called; default: from `effort` and playbooks"
    )

    @model_validator(mode="after")
    def _open_window(self) -> "Backtest":
        if self.horizon <= self.lead:
            raise PydanticCustomError(
                "config.window_closed", "{horizon}", {"horizon": self.horizon, "lead": self.lead}
            )
        if self.from_ and self.to and self.from_ > self.to:
            raise PydanticCustomError(
                "config.dates_reversed", "{first}", {"first": str(self.from_), "last": str(self.to)}
            )
        if self.outcome and self.outcome not in OUTCOMES and not self.outcome.startswith(COLUMN):
            raise PydanticCustomError(
                "config.unknown_outcome",
                "{found}",
                {"found": self.outcome, "known": ", ".join([*OUTCOMES, COLUMN + "NAME"])},
            )
        return self

    @property
    def months(self) -> int:
        """Between two dates."""
        return int(self.every.removesuffix("m"))

    @property
    def column(self) -> str | None:
        """The column that tells who has left, in one snapshot."""
        return self.outcome.removeprefix(COLUMN) if self.outcome and self.outcome.startswith(COLUMN) else None
