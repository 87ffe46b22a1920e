"""Where each column and metric comes from in time, told by the rules before anything is scored: what was known at a date."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cscli.analysis.scoring.columns import segment_rules
from cscli.analysis.scoring.rescore import scorecard_formulas
from cscli.analysis.tables.conform import TypedTable
from cscli.config.blocks.events import event_columns
from cscli.config.linting.given import RFM_COLUMNS
from cscli.config.linting.taken import AFTER_SCORE, BUILT_IN, PEOPLE
from cscli.config.schema import Config, Metric, Source
from cscli.expressions import Expression, held_against_as_of
from cscli.fields import FIELDS

MONEY = frozenset({"mrr", "arr"})
_OF_LATER = frozenset({"churned_on", "churn_reason", "notice_given"})
_ALWAYS_SO = frozenset({"account_id", "as_of", "started_on"})
_FROM_START = frozenset({"tenure_days", "tenure_months"})
_STATE_WORDS = frozenset(
    {"status", "state", "stage", "resolution", "open", "closed", "solved", "resolved", "done", "paid", "unpaid", "balance",
     "outstanding", "overdue", "ステータス", "状態", "対応状況", "残高", "未入金額", "入金状況", "支払状況"}
)  # fmt: skip


class Provenance(StrEnum):
    """What of a value was known at an earlier date, the surest first: `DATED`, computed from rows that bear their day, so
    the same from today's exports; `SNAPSHOT`, of the day of the export; `KNOWN_LATER`, of how it ended.
    """

    DATED = "dated"
    SNAPSHOT = "snapshot"
    KNOWN_LATER = "known_later"


_FROM_SUREST = tuple(Provenance)


def worst(found: Iterable[Provenance]) -> Provenance:
    """The least sure of them; of none, `DATED`."""
    return max(found, key=_FROM_SUREST.index, default=Provenance.DATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenances:
    """`columns`: of every column that the rules read or make, metrics and segments among them. `because`: for each metric
    that is not dated, the columns that exports and people give and that make it so.
    """

    columns: Mapping[str, Provenance]
    metrics: Mapping[str, Provenance]
    because: Mapping[str, tuple[str, ...]]

    def of(self, formulas: Iterable[Expression]) -> Provenance:
        """The worst of the columns that the formulas read."""
        names = (name for formula in formulas for name in formula.names)
        return worst(self.columns.get(name, Provenance.SNAPSHOT) for name in names)

    @property
    def undated(self) -> tuple[str, ...]:
        """The metrics that are not dated."""
        return tuple(self.because)


def find_provenances(
    config: Config,
    tables: Mapping[str, TypedTable],
    of_lines: frozenset[str] = frozenset(),
    of_later: frozenset[str] = frozenset(),
) -> Provenances:
    """The provenance of everything in `config`. `tables`: of the sources that were read, by name; what a file would hold
    otherwise is what the rules say of it. `of_lines`: the columns (mrr, arr) that subscriptions give the accounts; `of_later`: further ones
    that tell how it ended.
    """
    known = _Known(config)
    for name, source in config.sources.items():
        known.add(_of_source(source, tables.get(name)))
    known.add(dict.fromkeys(of_lines, Provenance.DATED))
    known.add_built_ins(of_later)
    return Provenances(
        columns={name: known.of(name) for name in known.every_name()},
        metrics={name: known.of_metric(metric) for name, metric in config.metrics.items()},
        because={
            name: tuple(sorted(known.undated(known.reads_of_metric(metric))))
            for name, metric in config.metrics.items()
            if known.of_metric(metric) is not Provenance.DATED
        },
    )


def columns_behind(config: Config, names: Iterable[str]) -> set[str]:
    """The columns that exports, people and the calendar give and that `names` are made of, through whatever the rules make of them."""
    return _Known(config).behind(names)


@dataclass(eq=False)
class _Known:
    """What exports give, by name, and through it whatever the rules make of that."""

    config: Config
    given: dict[str, Provenance] = field(default_factory=dict)
    found: dict[str, Provenance] = field(default_factory=dict)

    def add(self, columns: Mapping[str, Provenance]) -> None:
        """The first source that has a column gives it."""
        for name, provenance in columns.items():
            self.given.setdefault(name, provenance)

    def add_built_ins(self, of_later: frozenset[str]) -> None:
        started = Provenance.SNAPSHOT if "tenure_months" in self.given else Provenance.DATED
        money = self.given.get("mrr", Provenance.SNAPSHOT)
        built_in = {
            **dict.fromkeys(_OF_LATER | of_later, Provenance.KNOWN_LATER),
            **dict.fromkeys(_ALWAYS_SO, Provenance.DATED),
            **dict.fromkeys(_FROM_START, started),
            **dict.fromkeys(PEOPLE, Provenance.SNAPSHOT),
        }
        self.given |= built_in
        self.given.setdefault("arr", money)
        for name in (*BUILT_IN, *(each.name for each in FIELDS)):
            self.given.setdefault(name, Provenance.SNAPSHOT)

    def every_name(self) -> dict[str, None]:
        made = (*self.config.derived, *self.config.metrics, *segment_rules(self.config), *AFTER_SCORE)
        return dict.fromkeys((*self.given, *made))

    def of(self, name: str) -> Provenance:
        """Of a column by its name; one that nobody knows is of the day of the export."""
        if name not in self.found:
            self.found[name] = self.given.get(name, Provenance.SNAPSHOT)  # where the column reads itself
            reads = self._reads(name)
            if reads is not None:
                later = (Provenance.KNOWN_LATER,) if name in _OF_LATER else ()
                self.found[name] = worst((*map(self.of, reads - {name}), *later))
        return self.found[name]

    def of_metric(self, metric: Metric) -> Provenance:
        return worst(map(self.of, self.reads_of_metric(metric)))

    def reads_of_metric(self, metric: Metric) -> set[str]:
        """The columns of its value, and those that its points depend on."""
        return {*metric.value.names, *metric.points.columns_read}

    def undated(self, names: Iterable[str]) -> set[str]:
        """The columns of exports behind `names` that are not dated."""
        return {name for name in self.behind(names) if self.of(name) is not Provenance.DATED}

    def behind(self, names: Iterable[str]) -> set[str]:
        """The columns that exports, people and the calendar give and that `names` are made of."""
        found: set[str] = set()
        seen: set[str] = set()
        waiting = set(names)
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            reads = self._reads(name)
            if reads is None or reads <= {name}:
                found.add(name)
            else:
                waiting |= reads - seen
        return found

    def _reads(self, name: str) -> set[str] | None:
        """What a column that the rules make is made of; None of what exports, people and the calendar give."""
        config = self.config
        if name in config.derived:
            return set(config.derived[name].value.names)
        if name in config.metrics and name not in self.given:
            return self.reads_of_metric(config.metrics[name])
        rules = segment_rules(config)
        if name in rules:
            return {read for rule in rules[name] if rule.when for read in rule.when.names}
        if name in AFTER_SCORE:
            conditions = {
                read for card in config.scorecards for rule in scorecard_formulas(card) for read in rule.names
            }
            return {*config.metrics, *conditions}
        return None


def _of_source(source: Source, table: TypedTable | None) -> dict[str, Provenance]:
    """What a source adds to the accounts."""
    if source.kind == "events":
        return dict.fromkeys(event_columns(source.windows, source.features), Provenance.DATED)
    if source.kind == "orders":
        rolled = {name: _of_rollup(formula, source, table) for name, formula in source.aggregates.items()}
        return {**dict.fromkeys(RFM_COLUMNS, Provenance.DATED), **rolled}
    if source.rolls_up:
        return {name: _of_rollup(formula, source, table) for name, formula in source.aggregates.items()}
    if source.stands_apart:
        return {}
    names = set(source.columns) if table is None else set(map(str, table.frame.columns))
    return dict.fromkeys(names, Provenance.SNAPSHOT)


def _of_rollup(formula: Expression, source: Source, table: TypedTable | None) -> Provenance:
    """Dated where every row bears its day and no state of it is read that changes afterwards."""
    if source.day_column is None:
        return Provenance.SNAPSHOT
    rest = set(formula.names) - {source.day_column} - held_against_as_of(formula)
    changing = any(_is_date(name, source, table) or _is_state(name, source) for name in rest)
    return Provenance.SNAPSHOT if changing else Provenance.DATED


def _is_date(name: str, source: Source, table: TypedTable | None) -> bool:
    if source.types.get(name) == "date" or name in source.dates:
        return True
    if table is not None and name in table.frame:
        return table.frame[name].dtype.kind == "M"
    return name.endswith(("_at", "_on", "_date"))


def _is_state(name: str, source: Source) -> bool:
    headers = source.columns.get(name, [])
    texts = (name, *([headers] if isinstance(headers, str) else headers))
    words = {word for text in texts for word in text.casefold().replace("_", " ").replace("-", " ").split()}
    return not words.isdisjoint(_STATE_WORDS)
