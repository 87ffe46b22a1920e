"""What the YAML file may say about initiatives: from activity to impact, with targets that stand before the result is known."""

import datetime as dt
from typing import Annotated, Literal, get_args

import pydantic_core
from pydantic import AfterValidator, Field, model_validator

from cscli.config.blocks.parts import AggregateFormula, Model, Name, NonEmpty, RowFormula, Text
from cscli.config.blocks.shown import LABEL

StepKind = Literal["activity", "output", "outcome", "impact"]
STEP_KINDS: tuple[StepKind, ...] = get_args(StepKind)


def _check_day(text: str) -> str:
    try:
        dt.date.fromisoformat(text)
    except ValueError as error:
        raise pydantic_core.PydanticCustomError("config.not_a_day", "{found}", {"found": text}) from error
    return text


Day = Annotated[str, AfterValidator(_check_day), Field(json_schema_extra={"format": "date"})]


class ChainStep(Model):
    """One link of the chain."""

    step: StepKind = Field(description="In this order, each once at most")
    measure: AggregateFormula = Field(
        description="An aggregate over the accounts; one that reads churned_on counts those too that left in the 12 months before"
    )
    baseline: float | None = Field(
        None, description="The value before; default: that of the stored run nearest before the start"
    )
    target: float = Field(description="The value to be reached; it may be lower than the baseline")
    after_days: Annotated[int, Field(ge=1, le=3650)] = Field(description="So many days after the start")

    @model_validator(mode="after")
    def _moves(self) -> "ChainStep":
        if self.baseline is not None and self.baseline == self.target:
            raise pydantic_core.PydanticCustomError(
                "config.target_is_baseline", "{found}", {"found": self.step}
            )
        return self


class Initiative(Model):
    """Something that we do for some accounts, and what should come of it."""

    name: Name = Field(description="Of all initiatives, no two are called the same")
    label: Text | None = Field(None, description=LABEL)
    owner: NonEmpty | None = Field(None, description="Who answers for it")
    hours_per_month: Annotated[float, Field(ge=0)] | None = Field(None, description="What it costs")
    started_on: Day = Field(description="Its first day, YYYY-MM-DD")
    for_: RowFormula | None = Field(None, alias="for", description="Whom it is for; default: every account")
    chain: list[ChainStep] = Field(min_length=1, description="Activity, output, outcome, impact")

    @model_validator(mode="after")
    def _goes_on(self) -> "Initiative":
        places = [STEP_KINDS.index(each.step) for each in self.chain]
        days = [each.after_days for each in self.chain]
        if places != sorted(set(places)):
            raise pydantic_core.PydanticCustomError(
                "config.steps_out_of_order", "{found}", {"found": self.name}
            )
        if days != sorted(days):
            raise pydantic_core.PydanticCustomError("config.days_fall", "{found}", {"found": self.name})
        return self

    @property
    def start(self) -> dt.date:
        """Its first day."""
        return dt.date.fromisoformat(self.started_on)
