"""What the YAML file may say about our own practice: content and whom it is for."""

from typing import Annotated, Literal

import pydantic_core
from pydantic import Field, model_validator

from cscli.config.blocks.parts import Model, Name, NonEmpty, RowFormula

Level = Annotated[int, Field(ge=1, le=5)]
Abstraction = Annotated[int, Field(ge=1, le=3)]
Delivery = Literal["tech", "low", "high"]


class ContentUse(Model):
    """The log of who used which piece."""

    source: Name = Field(description="A source of `kind: rows`")
    content_id: Name = Field(description="The column with the id of the piece")
    at: Name = Field(description="The column of the day")
    when: RowFormula | None = Field(
        None, description="Which rows are use, over that source's columns; default: all"
    )


class Content(Model):
    """Which content whom serves; the inventory is what people type in `content.xlsx`."""

    use: ContentUse | None = Field(None, description="Who used what, and when")
    maturity: RowFormula = Field(description="How far an account is, 1 to 5: a column or an expression")
    by: Name = Field("touch", description="The segmentation whose names `delivery` has")
    need: dict[Level, Annotated[list[Abstraction], Field(min_length=1)]] = Field(
        {1: [1], 2: [1, 2], 3: [2], 4: [2, 3], 5: [3]},
        description="Maturity: what it needs. 1 how-to, 2 practice, 3 strategy",
    )
    delivery: dict[NonEmpty, Annotated[list[Delivery], Field(min_length=1)]] = Field(
        {"tech": ["tech"], "low": ["tech", "low"], "high": ["tech", "low", "high"]},
        description="Segment: the ways in which content may be brought to it",
    )
    review_days: Annotated[int, Field(ge=1, le=3650)] = Field(
        365, description="A piece looked at longer ago is stale"
    )

    @model_validator(mode="after")
    def _has_needs(self) -> "Content":
        if not self.need or not self.delivery:
            raise pydantic_core.PydanticCustomError("config.content_empty", "need")
        return self
