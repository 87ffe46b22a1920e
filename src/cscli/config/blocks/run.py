"""What the YAML file may say about `cscli run`."""

from typing import Annotated, Literal

from pydantic import Field

from cscli.config.blocks.parts import Model, NonEmpty

StepName = Literal[
    "check",
    "score",
    "segment",
    "at-risk",
    "opportunities",
    "ltv-report",
    "diff",
    "dashboard",
    "renewals",
    "ledger",
    "journey",
    "timeline",
    "voice",
    "content",
    "outreach",
    "monday",
    "alerts",
]
Form = Literal["xlsx", "csv", "json", "md"]


class MondaySettings(Model):
    """What becomes of the Monday page beside its files."""

    channels: Annotated[list[NonEmpty], Field(min_length=1)] | None = Field(
        None,
        description="Names of channels that get the page, once a date; to a channel without `include_names` go counts and money only",
    )


class RunSettings(Model):
    """What a run makes, and in which forms."""

    steps: Annotated[list[StepName], Field(min_length=1)] | None = Field(
        None, description="What is made; default: every step that these rules have what it needs for"
    )
    forms: Annotated[list[Form], Field(min_length=1)] = Field(["xlsx"], description="Each report's files")
    monday: MondaySettings = Field(MondaySettings(), description="The Monday page")
