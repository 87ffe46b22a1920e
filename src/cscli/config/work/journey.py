"""What the YAML file may say about promises: the standards of a journey, and whom we expect to have goals."""

from typing import Annotated

import pydantic_core
from pydantic import Field, model_validator

from cscli.config.blocks.parts import Model, Name, RowFormula, Text
from cscli.config.blocks.shown import LABEL

Days = Annotated[int, Field(ge=0, le=3650)]


class Milestone(Model):
    """Something that should have happened so many days after the start. Without `on` and `when` people type when it did."""

    name: Name = Field(description="Of all standards, no two are called the same")
    label: Text | None = Field(None, description=LABEL)
    days: Days = Field(description="Calendar days from the start to the limit, which belongs to it")
    on: Name | None = Field(None, description="A date column: the day on which it happened")
    when: RowFormula | None = Field(
        None, description="A condition: it happened on the day of the first run in which it held"
    )
    for_: RowFormula | None = Field(
        None, alias="for", description="Whom it concerns; default: everyone of the standard"
    )

    @model_validator(mode="after")
    def _one_way(self) -> "Milestone":
        if self.on is not None and self.when is not None:
            raise pydantic_core.PydanticCustomError("config.milestone_twice", "{found}", {"found": self.name})
        return self

    @property
    def is_typed(self) -> bool:
        """Whether people type when it happened."""
        return self.on is None and self.when is None


class Standard(Model):
    """What every account may expect from a day on, such as onboarding."""

    name: Name = Field(description="Begins its columns: NAME_state, NAME_overdue, NAME_days_late")
    label: Text | None = Field(None, description=LABEL)
    start: RowFormula = Field(
        description="The first day: a date column, or an expression such as renews_on - 120"
    )
    when: RowFormula | None = Field(
        None,
        description="Whom it concerns, by the time since the start also of who has left; default: every account with a start",
    )
    milestones: list[Milestone] = Field(min_length=1, description="In their order")
    value: Name | None = Field(None, description="The milestone to which time to value is counted")

    @model_validator(mode="after")
    def _value_is_known(self) -> "Standard":
        if self.value is not None and all(each.name != self.value for each in self.milestones):
            raise pydantic_core.PydanticCustomError(
                "config.unknown_milestone", "{found}", {"found": self.value}
            )
        return self


class Journey(Model):
    """What we promise each customer, by when."""

    standards: list[Standard] = Field(min_length=1, description="Onboarding, repeat onboarding, renewal")
    soon_days: Days = Field(7, description="A milestone is soon due so many days before its limit")

    @model_validator(mode="after")
    def _names_once(self) -> "Journey":
        names = [standard.name for standard in self.standards]
        names += [milestone.name for standard in self.standards for milestone in standard.milestones]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise pydantic_core.PydanticCustomError("config.promise_twice", "{found}", {"found": twice})
        return self

    @property
    def milestones(self) -> list[tuple[Standard, Milestone]]:
        """Every milestone with its standard."""
        return [(standard, each) for standard in self.standards for each in standard.milestones]


class Goals(Model):
    """Goals of the customers, which people agree with them and write down."""

    when: RowFormula | None = Field(None, description="Whom we expect to have goals; default: everyone")
    review_days: Days = Field(100, description="An open goal looked at longer ago has to be reviewed")
    actual_days: Days = Field(100, description="A typed value older than this does not count")
    behind_by: Annotated[float, Field(ge=0, le=1)] = Field(
        0.2, description="How far progress may lag behind the time that is over, as a share"
    )
