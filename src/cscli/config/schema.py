"""The only statement of what the YAML file may say: frozen models, nothing unknown accepted."""

from typing import Annotated, Any, Literal

import pydantic_core
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue

from cscli.expressions import Expression, ExpressionError, parse_expression
from cscli.fields import is_plain_name
from cscli.normalizers import AnyNormalizer, Points

Language = Literal["en", "ja"]


class _Model(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, arbitrary_types_allowed=True, populate_by_name=True
    )


class _FormulaSchema:
    """Formulas are text, or a plain number, in the JSON Schema for editors."""

    def __get_pydantic_json_schema__(self, _core: Any, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": ["string", "number"], "description": "An SQL expression"}


def _parse(value: object, *, aggregate: bool) -> Expression:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise pydantic_core.PydanticCustomError("config.not_an_expression", "{found}", {"found": repr(value)})
    try:
        return parse_expression(str(value), aggregate=aggregate)
    except ExpressionError as error:
        context = {"found": error.value, **error.details}
        raise pydantic_core.PydanticCustomError(error.code, "{found}", context) from error  # type: ignore[arg-type]


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


def _check_zone(zone: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 - only where a zone is given

    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise pydantic_core.PydanticCustomError("config.unknown_zone", "{found}", {"found": zone}) from error
    return zone


Zone = Annotated[str, AfterValidator(_check_zone)]
Weight = Annotated[float, Field(ge=0)]
NonEmpty = Annotated[str, Field(min_length=1)]


class BothLanguages(_Model):
    """A text in English and Japanese; a language left out falls back to the other."""

    en: str | None = None
    ja: str | None = None


Text = NonEmpty | BothLanguages


class Source(_Model):
    """One export: which file, how to read it, which header is which column."""

    file: NonEmpty | None = Field(None, description="A path or a glob, from this file's folder: the newest match")
    kind: Literal["accounts", "rows"] = Field("accounts", description="One row an account, or many")
    optional: bool = Field(False, description="If there is no such file, its columns are missing, and it is said")
    sheet: str | None = Field(None, description="Default: the first visible sheet with data")
    header: int | None = Field(None, ge=1, description="Row of the header; default: found, and said")
    encoding: str | None = Field(None, description="Default: found, and said")
    delimiter: str | None = Field(None, min_length=1, max_length=1, description="Default: found, and said")
    columns: dict[Name, NonEmpty | list[NonEmpty]] = Field({}, description="Column: its header, or several")
    types: dict[Name, Literal["number", "date", "text", "boolean"]] = Field({}, description="Pins a column's type")
    dates: dict[Name, NonEmpty] = Field({}, description="Column: its date format, such as %d-%m-%Y")
    fresh_within_days: int | None = Field(None, ge=0, description="A file older than this is a problem")
    rollup: dict[Name, AggregateFormula] = Field({}, description="Column: SQL aggregate over the rows of an account")

    @model_validator(mode="after")
    def _roll_up_rows(self) -> "Source":
        if (self.kind == "rows") != bool(self.rollup):
            code = "config.rows_without_rollup" if self.kind == "rows" else "config.rollup_without_rows"
            raise pydantic_core.PydanticCustomError(code, "rollup")  # type: ignore[arg-type]
        return self


class Metric(_Model):
    """One raw value and how it becomes points."""

    label: Text | None = None
    value: RowFormula
    points: AnyNormalizer
    missing: Literal["skip"] | Points = Field("skip", description="No value: leave it out, or count so many points")


class Rule(_Model):
    """A name for the accounts for which `when` holds; without `when`, for all that are left."""

    name: NonEmpty
    when: RowFormula | None = None


class Group(_Model):
    """Metrics that count together; weights are relative."""

    weight: Weight
    metrics: dict[Name, Weight] = Field(min_length=1)
    label: Text | None = None


class Cap(_Model):
    """While `when` holds, the score is at most `at_most`."""

    when: RowFormula
    at_most: Points
    reason: Text


class Floor(_Model):
    """While `when` holds, the score is at least `at_least`."""

    when: RowFormula
    at_least: Points
    reason: Text


class Scorecard(_Model):
    """How points become one score, for the accounts for which `when` holds."""

    name: NonEmpty
    when: RowFormula | None = None
    groups: dict[Name, Group] = Field(min_length=1)
    caps: list[Cap] = []
    floors: list[Floor] = []


class Band(_Model):
    """A range of scores; the lower edge belongs to it."""

    name: NonEmpty
    from_: Points = Field(alias="from")
    label: Text | None = None


class HistorySettings(_Model):
    """Where snapshots are kept."""

    url: NonEmpty = "sqlite:///.cscli/history.db"


class Config(_Model):
    """The rules of one book of business."""

    version: Literal[1]
    language: Language = "en"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = Field(None, description="ISO code, such as JPY")
    timezone: Zone | None = Field(None, description="IANA name; decides what day today is; default: this computer's")
    sources: dict[Name, Source] = {}
    derived: dict[Name, RowFormula] = Field({}, description="New columns from columns")
    metrics: dict[Name, Metric] = Field(min_length=1)
    segments: dict[Name, Annotated[list[Rule], Field(min_length=1)]] = {}
    teams: list[Rule] = []
    scorecards: list[Scorecard] = Field(min_length=1)
    min_data_coverage: Annotated[float, Field(ge=0, le=1)] = 0.5
    bands: list[Band] = Field(
        [Band(name="healthy", from_=70), Band(name="watch", from_=40), Band(name="at_risk", from_=0)],
        min_length=1,
    )
    history: HistorySettings | None = None


def text_in(text: Text | None, language: str, default: str) -> str:
    """`text` in `language`, else in the other language, else `default`."""
    if text is None or isinstance(text, str):
        return text or default
    first, second = (text.ja, text.en) if language == "ja" else (text.en, text.ja)
    return first or second or default
