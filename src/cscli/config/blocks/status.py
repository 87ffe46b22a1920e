"""What the YAML file may say about the words of a status column."""

from pydantic import Field

from cscli.config.blocks.parts import Model, NonEmpty


class StatusWords(Model):
    """Words of a status column, by what they mean; known words need no entry."""

    column: NonEmpty | None = Field(None, description="The header of the column; default: found")
    paying: list[NonEmpty] = Field([], description="A customer that pays")
    left: list[NonEmpty] = Field([], description="No customer any more")
    trial: list[NonEmpty] = Field([], description="Tries it: counts 0")
    paused: list[NonEmpty] = Field([], description="Pays nothing for now: counts 0")
    future: list[NonEmpty] = Field([], description="Not yet a customer: counts 0")
    internal: list[NonEmpty] = Field([], description="A test, or ourselves: counts 0")
