"""What people define by a formula or by rules, with what people read for it: a label, and how its values are written.

Each may be written short, as its formula, rules or names alone: `days_idle: as_of - last_seen_on`.
"""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function

from cscli.config.blocks.parts import AggregateFormula, Model, NonEmpty, RowFormula, Text
from cscli.config.document import Document, Path
from cscli.points import Points

LABEL = "What people see; default: the name"
Kind = Literal["number", "percent", "money", "date", "days"]


class Short:
    """Beside a model in `Annotated`: editors may also be given a value of this `form`, told as `schema`."""

    def __init__(self, form: Any, schema: JsonSchemaValue | None = None) -> None:
        self._form, self._schema = form, schema

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        short, long = handler.generate_schema(self._form), handler(source)
        return no_info_after_validator_function(
            _as_it_is, long, metadata={"pydantic_js_functions": [_either(short, self._schema)]}
        )


def _as_it_is(value: Any) -> Any:
    return value


def _either(
    short: CoreSchema, shown: JsonSchemaValue | None
) -> Callable[[CoreSchema, GetJsonSchemaHandler], JsonSchemaValue]:
    def schema(core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        found = shown or handler(short)
        return {"anyOf": [*found.get("anyOf", [found]), handler(core)]}

    return schema


class Shortened(Model):
    """A model that may be written as the value of its key `alone`, and is shown so while it says nothing else."""

    alone: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _from_alone(cls, data: Any) -> Any:
        return data if isinstance(data, dict | cls) else {cls.alone: data}

    @model_serializer(mode="wrap")
    def _to_alone(self, serialize: SerializerFunctionWrapHandler) -> Any:
        shown: dict[str, Any] = serialize(self)
        says_more = any(value is not None for key, value in shown.items() if key != self.alone)
        return shown if says_more else shown[self.alone]


class Format(Shortened):
    """How values are written where people read them."""

    alone: ClassVar[str] = "kind"
    kind: Kind = Field(description="`percent`: 0.72 as 72%; `money`: in `currency`; `days`: whole days")
    decimals: int | None = Field(None, ge=0, le=6, description="Decimals; default: as many as tell something")


_FORMULA: JsonSchemaValue = {"type": ["string", "number"], "format": "sql"}
ShortFormat = Annotated[Format, Short(Kind)]


class Derived(Shortened):
    """A new column from columns."""

    alone: ClassVar[str] = "value"
    value: RowFormula = Field(description="An expression over columns")
    label: Text | None = Field(None, description=LABEL)
    format: ShortFormat | None = Field(None, description="How its values are written; default: as they look")


class Rollup(Shortened):
    """A column of the account from its rows in a table."""

    alone: ClassVar[str] = "value"
    value: AggregateFormula = Field(description="An SQL aggregate over the rows of an account")
    label: Text | None = Field(None, description=LABEL)
    format: ShortFormat | None = Field(None, description="How its values are written; default: as they look")


ShortDerived = Annotated[Derived, Short(str, _FORMULA)]
ShortRollup = Annotated[Rollup, Short(str, _FORMULA)]


_Names = NonEmpty | Annotated[list[NonEmpty], Field(min_length=1)]


class Feature(Shortened):
    """Events that are counted together."""

    alone: ClassVar[str] = "events"
    events: _Names = Field(description="The names of the events that count")
    label: Text | None = Field(None, description=LABEL)


ShortFeature = Annotated[Feature, Short(_Names)]


class Rule(Model):
    """A name for the accounts for which `when` holds; without `when`, for all that are left."""

    name: NonEmpty = Field(description="What the accounts are called for which it holds")
    label: Text | None = Field(None, description=LABEL)
    when: RowFormula | None = Field(None, description="A condition; default: every account that is left")


class Segmentation(Shortened):
    """A column of names: the first rule that holds wins."""

    alone: ClassVar[str] = "values"
    values: list[Rule] = Field(min_length=1, description="The names, in the order in which they are tried")
    label: Text | None = Field(None, description=LABEL)


ShortSegmentation = Annotated[Segmentation, Short(Annotated[list[Rule], Field(min_length=1)])]


def formula_path(document: Document, path: Path) -> Path:
    """Where the formula of a derived column or a roll-up stands: at its name, or below it at `value`."""
    return (*path, "value") if isinstance(document.at(*path), dict) else path


def rules_path(document: Document, name: str) -> Path:
    """Where the rules of a segmentation stand: at its name, or below it at `values`."""
    path: Path = ("segments", name)
    return (*path, "values") if isinstance(document.at(*path), dict) else path


def long_path(document: Document, path: Path) -> Path:
    """Where `path` of a segmentation's rule, as in the short form, stands in this file."""
    if path[:1] != ("segments",) or len(path) < 3 or not isinstance(path[2], int):
        return path
    return (*rules_path(document, str(path[1])), *path[2:])


class Cap(Model):
    """While `when` holds, the score is at most `at_most`."""

    when: RowFormula = Field(description="A condition")
    at_most: Points = Field(description="The highest score while it holds")
    reason: Text = Field(description="Stands beside the score where it changed it")
    label: Text | None = Field(None, description="What people see instead of the reason")


class Floor(Model):
    """While `when` holds, the score is at least `at_least`."""

    when: RowFormula = Field(description="A condition")
    at_least: Points = Field(description="The lowest score while it holds")
    reason: Text = Field(description="Stands beside the score where it changed it")
    label: Text | None = Field(None, description="What people see instead of the reason")
