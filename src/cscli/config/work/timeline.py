"""What the YAML file may say about the shared history: which rows are events, and what must be written down."""

from typing import Annotated

import pydantic_core
from pydantic import Field, model_validator

from cscli.config.blocks.parts import Model, Name, NonEmpty, RowFormula, Text
from cscli.config.blocks.shown import LABEL

DEPARTMENTS = ("sales", "cs", "support", "product", "finance")
OURS = ("cscli", "people")
"""What adds events by itself: runs, and what people typed."""
Days = Annotated[int, Field(ge=0, le=3650)]


class TimelineEvents(Model):
    """The rows of a source as events. Expressions read that source's columns."""

    source: Name = Field(description="A source of `kind: rows`")
    department: Name = Field(description="Who did it, one of `departments`")
    at: Name = Field(description="The column of the day, or of day and time")
    kind: RowFormula = Field(description="What it was: a column, or a word in quotes")
    text: RowFormula | None = Field(None, description="What people read")
    two_way: RowFormula | None = Field(None, description="Whether the customer took part; default: no")
    fold: list[NonEmpty] = Field(
        [], description="Kinds of which neighbours within seven days become one line"
    )


class Timeline(Model):
    """What every department did with an account."""

    departments: list[Name] = Field(list(DEPARTMENTS), description="Who does something with customers")
    events: list[TimelineEvents] = Field([], description="Which rows are events")
    labels: dict[NonEmpty, Text] = Field(
        {},
        description="What people read for a word of an export: a kind of event, or a text that is that word alone",
    )
    silent_after_days: Days = Field(45, description="No two-way contact for longer is silence")

    @model_validator(mode="after")
    def _departments_are_known(self) -> "Timeline":
        known = (*self.departments, *OURS)
        wrong = next((each.department for each in self.events if each.department not in known), None)
        if wrong is not None:
            details = {"found": wrong, "known": ", ".join(self.departments)}
            raise pydantic_core.PydanticCustomError("config.unknown_department", "{found}", details)
        return self


class RecordRule(Model):
    """Something that must be written down."""

    name: Name = Field(description="A column, or what `present` tells of")
    label: Text | None = Field(None, description=LABEL)
    by: Name = Field(description="The department that owes it")
    days: Days = Field(description="So many days after `from`")
    from_: Name = Field("started_on", alias="from", description="The date column from which the days count")
    present: RowFormula | None = Field(None, description="Whether it is there; default: NAME IS NOT NULL")
    when: RowFormula | None = Field(None, description="Of whom; default: of everyone")
