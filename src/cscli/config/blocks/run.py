"""What the YAML file may say about `cscli run`."""

from typing import Annotated, Literal

from pydantic import Field

from cscli.config.blocks.parts import Model

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


class RunSettings(Model):
    """What a run makes, and in which forms."""

    steps: Annotated[list[StepName], Field(min_length=1)] | None = Field(
        None, description="What is made; default: every step that these rules have what it needs for"
    )
    forms: Annotated[list[Form], Field(min_length=1)] = Field(["xlsx"], description="Each report's files")
