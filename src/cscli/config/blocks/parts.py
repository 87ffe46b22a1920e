"""What the models of the config are built from: their strictness, formulas, names and texts in two languages."""

from typing import Annotated, Any

import pydantic_core
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
)
from pydantic.json_schema import JsonSchemaValue

from cscli.expressions import Expression, ExpressionError, parse_expression
from cscli.fields import is_plain_name


class Model(BaseModel):
    """Frozen, and nothing unknown accepted."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, arbitrary_types_allowed=True, populate_by_name=True
    )


class _FormulaSchema:
    """Formulas are text, or a plain number, in the JSON Schema for editors."""

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


_as_text = PlainSerializer(lambda formula: formula.text, return_type=str)
RowFormula = Annotated[Expression, BeforeValidator(_parse_row_formula), _FormulaSchema(), _as_text]
AggregateFormula = Annotated[Expression, BeforeValidator(_parse_aggregate), _FormulaSchema(), _as_text]


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
