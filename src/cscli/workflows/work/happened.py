"""What the rows of exports tell that was done with the accounts."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.conversations.clock import clock_times, without_zone
from cscli.analysis.conversations.timeline import COLUMNS, no_events
from cscli.analysis.tables.conform import TypedTable
from cscli.analysis.tables.expression_faults import keyed
from cscli.config.schema import Config
from cscli.config.work.timeline import TimelineEvents
from cscli.errors import ConfigError, Location, Problem, Severity
from cscli.expressions import Expression, evaluate
from cscli.texts import Phrase

if TYPE_CHECKING:
    from cscli.analysis.tables.raw import RawTable

Cells = NDArray[Any]
_LONGEST = 500
_MARK = "…"


def events_of(
    config: Config,
    tables: Mapping[str, TypedTable],
    raw: "Mapping[str, RawTable]",
    zone: ZoneInfo | None,
    as_of: dt.date,
) -> tuple[pd.DataFrame, list[Problem]]:
    """The events of the rules' sources up to `as_of`, `COLUMNS` of the timeline; and what is to be said. `tables`: with ids of accounts. Raises ConfigError for a rule
    that does not fit its rows.
    """
    parts: list[pd.DataFrame] = []
    problems: list[Problem] = []
    for number, rule in enumerate(config.timeline.events if config.timeline else ()):
        table = tables.get(rule.source)
        if table is None:
            problems += list(_absent(rule, f"timeline.events[{number}]", config))
            continue
        cells = _cells(rule.at, table, raw.get(rule.source))
        found = _events(rule, f"timeline.events[{number}]", table, cells, zone, as_of)
        problems += list(_say(found, rule, table))
        parts.append(found)
    parts = [part for part in parts if len(part)]
    return (pd.concat(parts, ignore_index=True) if parts else no_events()), problems


def _absent(rule: TimelineEvents, key: str, config: Config) -> Iterator[Problem]:
    if rule.source not in config.sources:
        details: dict[str, object] = {"known": ", ".join(config.sources)}
        raise ConfigError(
            Problem(
                "timeline.no_source", where=Location(key=f"{key}.source"), value=rule.source, details=details
            )
        )
    yield Problem("timeline.no_rows", severity=Severity.NOTE, value=rule.source)


def _events(
    rule: TimelineEvents,
    key: str,
    table: TypedTable,
    cells: Cells,
    zone: ZoneInfo | None,
    as_of: dt.date,
) -> pd.DataFrame:
    frame = table.frame
    if rule.at not in frame or frame[rule.at].dtype.kind != "M":
        raise ConfigError(Problem("journey.not_a_date", where=Location(key=f"{key}.at"), value=rule.at))
    formulas: dict[str, Expression] = {"event_kind": rule.kind}
    formulas |= {
        f"event_{name}": each
        for name, each in (("text", rule.text), ("two_way", rule.two_way))
        if each is not None
    }
    with keyed({"event_kind": f"{key}.kind", "event_text": f"{key}.text", "event_two_way": f"{key}.two_way"}):
        found = evaluate(frame, [formulas], as_of)
    two_way = found["event_two_way"] if rule.two_way is not None else pd.Series(False, index=frame.index)
    if not pd.api.types.is_bool_dtype(two_way.dtype) and two_way.notna().any():
        raise ConfigError(Problem("config.not_a_condition", where=Location(key=f"{key}.two_way")))
    clocks = clock_times(cells, zone) if len(cells) else [""] * len(frame)
    texts = found["event_text"] if rule.text is not None else pd.Series("", index=frame.index)
    events = pd.DataFrame({
        "account_id": frame["account_id"], "at": frame[rule.at], "clock": pd.Series(clocks, index=frame.index, dtype=object),
        "department": rule.department, "kind": _texts(found["event_kind"]), "text": _texts(texts),
        "two_way": two_way.fillna(value=False).astype(bool),
    })  # fmt: skip
    counts = (events["account_id"].notna() & (events["at"] <= pd.Timestamp(as_of))).to_numpy(bool)
    return events[counts].reset_index(drop=True)[list(COLUMNS)]


def _texts(values: Any) -> "pd.Series[Any]":
    """Of a series of texts, none missing."""
    return pd.Series(
        ["" if pd.isna(each) else str(each) for each in values], index=values.index, dtype=object
    )


def _cells(at: str, table: TypedTable, raw: "RawTable | None") -> Cells:
    """The cells of the days as they stand in the file; none where the rows were not read into memory."""
    if raw is None or at not in table.frame:
        return np.array([], dtype=object)
    return raw.column(table.header(at))[np.searchsorted(raw.lines, table.lines)]


def say_zones(
    config: Config,
    tables: Mapping[str, TypedTable],
    raw: "Mapping[str, RawTable]",
    zone: ZoneInfo | None,
) -> Iterator[Problem]:
    """Of each source of events, how many times bear no zone, and are taken as of that of the rules."""
    for rule in config.timeline.events if config.timeline else ():
        table = tables.get(rule.source)
        count = 0 if table is None else without_zone(_cells(rule.at, table, raw.get(rule.source)))
        if table is not None and count:
            where = Location(file=table.facts.file, sheet=table.facts.sheet, column=table.header(rule.at))
            shown = str(zone) if zone else Phrase("zone_here")
            details: dict[str, object] = {"count": f"{count:,}", "zone": shown}
            yield Problem("timeline.no_zone", severity=Severity.NOTE, where=where, details=details)


def _say(events: pd.DataFrame, rule: TimelineEvents, table: TypedTable) -> Iterator[Problem]:
    """Texts that are cut, in place."""
    long = (events["text"].str.len() > _LONGEST).to_numpy(bool)
    if long.any():
        events["text"] = events["text"].where(~long, events["text"].str.slice(0, _LONGEST) + _MARK)
        where = Location(file=table.facts.file, sheet=table.facts.sheet)
        yield Problem(
            "timeline.cut",
            severity=Severity.NOTE,
            where=where,
            details={"count": int(long.sum()), "most": _LONGEST, "source": rule.source},
        )
