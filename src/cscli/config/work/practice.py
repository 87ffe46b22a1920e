"""What the YAML file may say about our own practice: content and whom it is for, who is the right customer, how good we are."""

from typing import Annotated, Literal

import pydantic_core
from pydantic import Field, model_validator

from cscli.config.blocks.parts import Model, Name, NonEmpty, RowFormula, Text
from cscli.config.blocks.shown import LABEL
from cscli.points import Points

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


DEFAULT_FIT_BANDS = {"good": 70, "stretch": 40, "poor": 0}


class FitCriterion(Model):
    """Something that is known when a customer signs."""

    name: Name = Field(description="Of all criteria, no two are called the same")
    label: Text | None = Field(None, description=LABEL)
    points: Annotated[float, Field(gt=0)] = Field(description="Against the other criteria")
    when: RowFormula = Field(description="Met where it holds; where its columns are missing, not known")


class FitBand(Model):
    """A range of the fit score; the lower edge belongs to it."""

    name: NonEmpty = Field(description="Stands in the column `fit`; `unknown` is taken")
    from_: Points = Field(alias="from", description="The lowest score in it; the lowest band begins at 0")
    label: Text | None = Field(None, description=LABEL)


class Fit(Model):
    """Who is the right customer, by what was known at signing."""

    criteria: list[FitCriterion] = Field(min_length=1, description="What was known at signing")
    bands: list[FitBand] = Field(
        [FitBand.model_validate({"name": name, "from": edge}) for name, edge in DEFAULT_FIT_BANDS.items()],
        min_length=2,
        description="Ranges of the fit score, highest first",
    )
    sold_by: Name | None = Field(None, description="The column of who sold it, for the table of sales")

    @model_validator(mode="after")
    def _is_whole(self) -> "Fit":
        names = [criterion.name for criterion in self.criteria]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise pydantic_core.PydanticCustomError("config.criterion_twice", "{found}", {"found": twice})
        edges = [band.from_ for band in self.bands]
        if (
            edges != sorted(set(edges), reverse=True)
            or edges[-1] != 0
            or "unknown" in (band.name for band in self.bands)
        ):
            raise pydantic_core.PydanticCustomError("config.fit_bands", "bands")
        return self


class Selfcheck(Model):
    """The self-check of our own practice; its answers are workbooks beside what people type."""

    questions: NonEmpty | None = Field(
        None,
        description="A CSV of your own questions, from this file's folder; default: those that come with cscli",
    )
    targets: dict[Name, Points] = Field({}, description="Axis: the points that it should have")
