"""What the models of the config are built from: their strictness, formulas, names and texts in two languages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import pydantic_core
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import (
    CoreSchema,
    no_info_plain_validator_function,
    plain_serializer_function_ser_schema,
    str_schema,
)

from cscli.expressions import Expression, ExpressionError, parse_expression
from cscli.fields import is_plain_name


class Model(BaseModel):
    """Frozen, and nothing unknown accepted. What checks a block is built with what holds it, not once for itself."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        arbitrary_types_allowed=True,
        populate_by_name=True,
        defer_build=True,
    )


@dataclass(frozen=True)
class _FormulaSchema:
    """Formulas are text, or a plain number, in the JSON Schema for editors; and text again when they are written. What an
    `Expression` has inside is nobody's to check.
    """

    parse: Callable[[object], Expression]

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        as_text = plain_serializer_function_ser_schema(
            lambda formula: formula.text, return_schema=str_schema()
        )
        return no_info_plain_validator_function(self.parse, serialization=as_text)

    def __get_pydantic_json_schema__(self, _core: Any, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": ["string", "number"], "format": "sql"}


def _parse(value: object, *, aggregate: bool) -> Expression:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise pydantic_core.PydanticCustomError("config.not_an_expression", "formula")
    try:
        return parse_expression(str(value), aggregate=aggregate)
    except ExpressionError as error:
        context = {"found": error.value, **error.details}
        raise pydantic_core.PydanticCustomError(error.code, "{found}", context) from error


def _parse_row_formula(value: object) -> Expression:
    return _parse(value, aggregate=False)


def _parse_aggregate(value: object) -> Expression:
    return _parse(value, aggregate=True)


RowFormula = Annotated[Expression, _FormulaSchema(_parse_row_formula)]
AggregateFormula = Annotated[Expression, _FormulaSchema(_parse_aggregate)]


def _check_name(name: str) -> str:
    if not is_plain_name(name):
        raise pydantic_core.PydanticCustomError("config.not_a_name", "{found}", {"found": name})
    return name


Name = Annotated[str, AfterValidator(_check_name)]


NonEmpty = Annotated[str, Field(min_length=1)]


class BothLanguages(Model):
    """A text in English and Japanese; a language left out falls back to the other."""

    en: str | None = Field(None, description="In English reports")
    ja: str | None = Field(None, description="In Japanese reports")


Text = NonEmpty | BothLanguages


def text_in(text: Text | None, language: str, default: str) -> str:
    """`text` in `language`, else in the other language, else `default`."""
    if text is None or isinstance(text, str):
        return text or default
    first, second = (text.ja, text.en) if language == "ja" else (text.en, text.ja)
    return first or second or default
