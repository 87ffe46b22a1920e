"""What the YAML file may say about findings: those that are known and accepted."""

from typing import Annotated

from pydantic import Field

from cscli.config.blocks.parts import Model, NonEmpty


class Accepted(Model):
    """A finding that stays in `check` and About only, until its facts change."""

    code: NonEmpty = Field(description="The code of the finding, as `cscli check --acknowledge` prints it")
    source: NonEmpty | None = Field(None, description="The source it is about; default: any")
    column: NonEmpty | None = Field(None, description="The header it is about; default: any")
    values: list[NonEmpty] = Field([], description="The values that are accepted; default: any")
    at_most: Annotated[int, Field(ge=0)] | None = Field(
        None, description="How many rows it may be about before it is told again; default: any number"
    )
