"""What the YAML file may say about what customers say: where it stands, and by which words it belongs to a theme."""

from typing import Annotated, Literal

import pydantic_core
from pydantic import Field, model_validator

from cscli.config.blocks.parts import Model, Name, NonEmpty, Text
from cscli.config.blocks.shown import LABEL


class VoiceTexts(Model):
    """Texts of a source of `kind: rows`, or what people noted in their workbook."""

    source: Name | None = Field(None, description="A source of `kind: rows`")
    at: Name | None = Field(None, description="The column of its day")
    text: Name | list[Name] | None = Field(None, description="The column of the text, or several")
    code: Name | None = Field(None, description="A column with a reason code, to be compared with the text")
    people: Literal["note", "next_step"] | None = Field(
        None, description="In place of a source: a column of people's workbook"
    )

    @model_validator(mode="after")
    def _one_place(self) -> "VoiceTexts":
        if (self.source is None) == (self.people is None) or (self.source and not (self.at and self.text)):
            raise pydantic_core.PydanticCustomError("config.voice_texts", "texts")
        return self

    @property
    def columns(self) -> list[str]:
        """The columns of the text."""
        return [self.text] if isinstance(self.text, str) else self.text or []


class Theme(Model):
    """What is spoken of, known by its words: a Latin word as a whole, with `*` a beginning; Japanese anywhere; `/.../` is a regular expression."""

    name: Name = Field(description="Begins its column: voice_NAME_180d")
    label: Text | None = Field(None, description=LABEL)
    any: list[NonEmpty] = Field(min_length=1, description="One of these must be there")
    not_: list[NonEmpty] = Field(
        [], alias="not", description="Taken out of the text before it is looked through"
    )
    owner: NonEmpty | None = Field(None, description="Who answers for it")


class Voice(Model):
    """What customers ask for, by theme."""

    texts: list[VoiceTexts] = Field(min_length=1, description="Where they say it")
    window_days: Annotated[int, Field(ge=1, le=3650)] = Field(180, description="How far back it counts")
    themes: list[Theme] = Field(
        min_length=1, description="A text may belong to several; their order does not matter"
    )

    @model_validator(mode="after")
    def _names_once(self) -> "Voice":
        names = [theme.name for theme in self.themes]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise pydantic_core.PydanticCustomError("config.theme_twice", "{found}", {"found": twice})
        return self
