"""The only statement of what the YAML file may say: frozen models, nothing unknown accepted."""

from typing import Annotated, Any, Literal

import pydantic_core
from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from cscli.config.blocks.actions import AtRisk, Effort, Opportunity, Playbook, Renewals
from cscli.config.blocks.alerts import AlertRule, Channel
from cscli.config.blocks.backtest import Backtest
from cscli.config.blocks.brief import BriefSettings
from cscli.config.blocks.events import ONLY_OF_EVENTS, Engine, WindowDays, check_events
from cscli.config.blocks.findings import Accepted
from cscli.config.blocks.kinds import APART_KINDS, MAIL_LOG, REVENUE_KINDS
from cscli.config.blocks.parts import Model, Name, NonEmpty, RowFormula, Text
from cscli.config.blocks.revenue import Currency, Ltv, MonthlyRates, Rate
from cscli.config.blocks.run import RunSettings
from cscli.config.blocks.shown import (
    LABEL,
    Cap,
    Floor,
    Rule,
    ShortDerived,
    ShortFeature,
    ShortFormat,
    ShortRollup,
    ShortSegmentation,
)
from cscli.config.blocks.status import StatusWords
from cscli.config.blocks.stores import HistorySettings, InputSettings
from cscli.config.blocks.zones import Zone
from cscli.config.work.initiatives import Initiative
from cscli.config.work.journey import Goals, Journey
from cscli.config.work.outreach import Outreach
from cscli.config.work.practice import Content, Fit, Selfcheck
from cscli.config.work.timeline import RecordRule, Timeline
from cscli.config.work.voice import Voice
from cscli.expressions import Expression
from cscli.normalizers import AnyNormalizer
from cscli.points import Points

Language = Literal["en", "ja"]
SourceKind = Literal["accounts", "rows", "events", "subscriptions", "mrr", "orders", "contacts", "bridge"]
Weight = Annotated[float, Field(ge=0)]
Scale = Literal["share", "percent", "score", "answers", "points"]


class Source(Model):
    """One export: which file, how to read it, which header is which column."""

    file: NonEmpty | None = Field(
        None, description="A path or a glob, from this file's folder: the newest match"
    )
    files: Literal["newest", "all"] = Field(
        "newest", description="Of a glob. `all`: its files are one table in parts; an event log always is"
    )
    kind: SourceKind = Field(
        "accounts",
        description="One row an account, or many; or the product's event log; or the accounts' subscriptions, or their MRR by month, for `cscli ltv-report`; or their orders; or their people; or a bridge: which id of another table is which account's",
    )
    via: Name | None = Field(
        None,
        description="The source that knows whose row it is, where `account_id` is an id of that one: a bridge (its `other_id`), subscriptions (`subscription_id`), contacts (`contact_id`) or orders (`order_id`)",
    )
    optional: bool = Field(
        False, description="If there is no such file, its columns are missing, and it is said"
    )
    sheet: str | None = Field(None, description="Default: the first visible sheet with data")
    header: int | None = Field(None, ge=1, description="Row of the header; default: found, and said")
    encoding: str | None = Field(None, description="Default: found, and said")
    delimiter: str | None = Field(None, min_length=1, max_length=1, description="Default: found, and said")
    columns: dict[Name, NonEmpty | list[NonEmpty]] = Field({}, description="Column: its header, or several")
    types: dict[Name, Literal["number", "date", "text", "boolean"]] = Field(
        {}, description="Pins a column's type"
    )
    dates: dict[Name, NonEmpty] = Field({}, description="Column: its date format, such as %d-%m-%Y")
    unit: dict[Name, Annotated[float, Field(gt=0)]] = Field(
        {},
        description="Column: what one of it is worth (thousands: 1000, cents: 0.01); default: found, and said",
    )
    scale: dict[Name, Scale] = Field(
        {},
        description="Column: how it is written. `share`: 0.72, `percent`: 72; nps `score`: -100 to 100, `answers`: 0 to 10; csat `points`: 1 to 5, `percent`; default: found, and said",
    )
    status: StatusWords | None = Field(None, description="What the words of a status column mean")
    ends: Literal["last_day", "first_day_without"] | None = Field(
        None,
        description="Of subscriptions: what an end date is; default: found from the whole column, and said",
    )
    skip_rows_matching: dict[Name, NonEmpty] = Field(
        {}, description="Column: a pattern of rows that are no accounts, beyond what is seen by itself"
    )
    keep: RowFormula | None = Field(None, description="A condition: the rows that are accounts at all")
    months: Literal["rows", "wide"] | None = Field(
        None, description="Of `mrr`: a row a month, or a column a month; default: found, and said"
    )
    fresh_within_days: int | None = Field(None, ge=0, description="A file older than this is a problem")
    max_row_drop: float | None = Field(
        None, ge=0, le=1, description="More rows fewer than at the last run, as a share, are a problem"
    )
    at: Name | None = Field(None, description="Of rows: the column of their day; later ones do not count")
    rollup: dict[Name, ShortRollup] = Field(
        {}, description="Column: SQL aggregate over the rows of an account"
    )
    engine: Engine | None = Field(
        None, description="What adds up a log (`events`) or many rows (`rows`) that do not fit into memory"
    )
    table: NonEmpty | None = Field(
        None, description="In place of `file`, with Spark: a table, such as catalog.schema.name"
    )
    naive_times_are: Zone | None = Field(
        None, description="Of events: the zone of times that bear none; without it they are an error"
    )
    windows: Annotated[list[WindowDays], Field(min_length=1)] = Field(
        [7, 28, 90], description="Of events: windows in days, up to and including the as-of date"
    )
    features: dict[Name, ShortFeature] = Field(
        {}, description="Of events: the names of the events that count as NAME"
    )
    max_bad_lines: float = Field(
        0.01, ge=0, le=1, description="Of events: a larger share of lines that cannot be read ends the run"
    )

    @property
    def aggregates(self) -> dict[str, Expression]:
        """What each roll-up computes."""
        return {name: rollup.value for name, rollup in self.rollup.items()}

    @property
    def of_revenue(self) -> bool:
        """Whether it holds subscriptions or MRR by month, which do not join the accounts' columns."""
        return self.kind in REVENUE_KINDS

    @property
    def rolls_up(self) -> bool:
        """Whether many rows an account are added up to columns of the account."""
        return bool(self.rollup) or (self.kind == "rows" and not self.is_mail_log)

    @property
    def day_column(self) -> str | None:
        """The column with the day of each row, where rows are added up; of orders it has its name without being named."""
        if not self.rolls_up:
            return None
        return self.at or ("at" if self.kind == "orders" else None)

    @property
    def stands_apart(self) -> bool:
        """Whether it joins no columns to the accounts."""
        return self.of_revenue or self.is_mail_log or (self.kind in APART_KINDS and not self.rollup)

    @property
    def is_mail_log(self) -> bool:
        """Whether it is what a mail server said of addresses, which are no accounts."""
        return self.kind == "rows" and not self.rollup and self.columns.keys() >= MAIL_LOG

    @property
    def by_engine(self) -> bool:
        """Whether an engine adds its rows up, which are never read into memory."""
        return self.kind == "events" or (self.kind == "rows" and self.engine is not None)

    @model_validator(mode="after")
    def _roll_up_rows(self) -> "Source":
        if self.is_mail_log:
            return self
        if self.kind not in ("orders", "contacts") and (self.kind == "rows") != bool(self.rollup):
            code = "config.rows_without_rollup" if self.kind == "rows" else "config.rollup_without_rows"
            raise pydantic_core.PydanticCustomError(code, "rollup")
        if self.at is not None and not self.rolls_up:
            raise pydantic_core.PydanticCustomError("config.at_without_rollup", "at")
        return self

    @model_validator(mode="after")
    def _fit_events(self) -> "Source":
        check_events(self.kind, self.model_fields_set, self.engine, self.file)
        return self

    @model_serializer(mode="wrap")
    def _leave_out_other_kinds(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Keys that only an event log may have are not shown of another source."""
        shown: dict[str, Any] = serialize(self)
        of_others = () if self.kind == "events" else ONLY_OF_EVENTS
        return {key: value for key, value in shown.items() if key not in of_others}


class Metric(Model):
    """One raw value and how it becomes points."""

    label: Text | None = Field(None, description=LABEL)
    value: RowFormula = Field(description="The raw value, from columns")
    format: ShortFormat | None = Field(None, description="How its values are written; default: as they look")
    points: AnyNormalizer = Field(description="How the raw value becomes 0 to 100")
    missing: Literal["skip"] | Points = Field(
        "skip", description="No value: leave it out, or count so many points"
    )
    optional: bool = Field(
        False, description="Counts only while some account has a value: without its column it weighs nothing"
    )


class Group(Model):
    """Metrics that count together; weights are relative."""

    weight: Weight = Field(description="Against the other groups")
    metrics: dict[Name, Weight] = Field(min_length=1, description="Metric: its weight inside the group")
    label: Text | None = Field(None, description=LABEL)


class Scorecard(Model):
    """How points become one score, for the accounts for which `when` holds."""

    name: NonEmpty = Field(description="Stands in the column `scorecard`")
    label: Text | None = Field(None, description=LABEL)
    when: RowFormula | None = Field(None, description="Whom it judges; default: every account that is left")
    groups: dict[Name, Group] = Field(min_length=1, description="What counts, in groups")
    caps: list[Cap] = Field([], description="Conditions under which the score cannot be high")
    floors: list[Floor] = Field(
        [], description="Conditions under which the score cannot be low; after the caps"
    )


class Band(Model):
    """A range of scores; the lower edge belongs to it."""

    name: NonEmpty = Field(description="Stands in the column `band`; `unknown` is taken")
    from_: Points = Field(alias="from", description="The lowest score in it; the lowest band begins at 0")
    label: Text | None = Field(None, description=LABEL)


DEFAULT_BANDS = (("healthy", 70), ("watch", 40), ("at_risk", 0))


class Config(Model):
    """The rules of one book of business."""

    version: Literal[1] = Field(description="The form of this file")
    language: Language = Field("en", description="Language of reports")
    currency: Currency | None = Field(None, description="ISO code, such as JPY")
    timezone: Zone | None = Field(
        None, description="IANA name; decides what day today is; default: this computer's"
    )
    sources: dict[Name, Source] = Field({}, description="The exports; `accounts` has one row an account")
    derived: dict[Name, ShortDerived] = Field({}, description="New columns from columns")
    metrics: dict[Name, Metric] = Field({}, description="What is measured")
    segments: dict[Name, ShortSegmentation] = Field(
        {}, description="Columns of names: of each, the first rule that holds wins"
    )
    teams: list[Rule] = Field([], description="Who looks after the account: the first rule that holds")
    scorecards: list[Scorecard] = Field([], description="The first whose `when` holds judges the account")
    min_data_coverage: Annotated[float, Field(ge=0, le=1)] = Field(
        0.5, description="With less of the score's weight in data, the band is `unknown`"
    )
    bands: list[Band] = Field(
        [Band.model_validate({"name": name, "from": edge}) for name, edge in DEFAULT_BANDS],
        min_length=1,
        description="Ranges of the score, highest first or lowest first",
    )
    effort: Effort | None = Field(None, description="Hours that accounts should get, and that owners have")
    at_risk: AtRisk = Field(AtRisk(), description="Whom to call")
    playbooks: list[Playbook] = Field(
        [], description="What to do with an account at risk: the first that holds is the next action"
    )
    opportunities: list[Opportunity] = Field([], description="Whom to offer more, or to ask for a favour")
    alerts: list[AlertRule] = Field([], description="What must be told, by `cscli alerts`")
    channels: list[Channel] = Field([], description="Where alerts go; without one, nothing is sent")
    journey: Journey | None = Field(None, description="What we promise each customer, by when")
    goals: Goals | None = Field(None, description="Goals of the customers, agreed with them")
    timeline: Timeline | None = Field(None, description="What every department did with an account")
    records: list[RecordRule] = Field([], description="What must be written down of an account, and by whom")
    voice: Voice | None = Field(None, description="What customers ask for, by theme")
    fit: Fit | None = Field(None, description="Who is the right customer, by what was known at signing")
    selfcheck: Selfcheck | None = Field(None, description="How good our own practice is")
    initiatives: list[Initiative] = Field([], description="What we try, from activity to impact")
    content: Content | None = Field(None, description="Which content serves whom")
    outreach: Outreach | None = Field(None, description="Messages to customers, and who gets which")
    fiscal_year_start: Annotated[int, Field(ge=1, le=12)] = Field(
        1, description="The month in which the fiscal year begins"
    )
    exchange_rates: dict[Currency, Rate | MonthlyRates] = Field(
        {}, description="What one unit of another currency is worth in `currency`"
    )
    renewals: Renewals = Field(Renewals(), description="What comes up for renewal, and what is kept of it")
    backtest: Backtest = Field(Backtest(), description="Whether the score tells who leaves")
    ltv: Ltv = Field(Ltv(), description="Revenue, retention and lifetime value")
    acknowledge: list[Accepted] = Field(
        [], description="Findings that are known and accepted; they stay in `check` and About only"
    )
    brief: BriefSettings = Field(BriefSettings(), description="What the page for a customer shows")
    run: RunSettings = Field(RunSettings(), description="What `cscli run` makes")
    inputs: InputSettings | None = Field(None, description="What people type: sentiment, overrides, notes")
    history: HistorySettings | None = Field(None, description="Where snapshots are kept")

    @property
    def derived_values(self) -> dict[str, Expression]:
        """What each derived column computes."""
        return {name: column.value for name, column in self.derived.items()}

    @property
    def segment_rules(self) -> dict[str, list[Rule]]:
        """The rules of each segmentation."""
        return {name: segmentation.values for name, segmentation in self.segments.items()}
