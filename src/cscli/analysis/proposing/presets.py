"""Files to the sources of a preset that they can serve: those that have the columns which its roll-ups read."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import PurePath

from cscli.analysis.recognising.facts import ColumnFacts, TableFacts
from cscli.analysis.recognising.plan import Plan
from cscli.config.schema import Source
from cscli.header_keys import header_key

_ENOUGH = 0.6
"""Share of the columns that a source's roll-up reads which a file must have to serve it."""


@dataclass(frozen=True, eq=False)
class PresetUse:
    """The source `name` of a preset, and the column for each name that it reads (None: the file does not have it)."""

    name: str
    source: Source
    columns: Mapping[str, ColumnFacts | None]


def serve(plan: Plan, rules: Mapping[str, Source]) -> dict[int, PresetUse]:
    """By id() of the taken file, the source that it serves."""
    found: dict[int, PresetUse] = {}
    for name, source in rules.items():
        best: tuple[float, int, PresetUse] | None = None
        for each in plan.every:
            if id(each) in found or each.via is not None:
                continue
            score, use = _use_of(each.facts, each.kind, name, source)
            if use is not None and (best is None or score > best[0]):
                best = (score, id(each), use)
        if best is not None:
            found[best[1]] = best[2]
    return found


def _use_of(facts: TableFacts, kind: str, name: str, source: Source) -> tuple[float, PresetUse | None]:
    if name == "accounts" or source.of_revenue:
        fits = kind == ("accounts" if name == "accounts" else source.kind)
        columns = {each: _column(facts, each, source) for each in source.columns if each != "account_id"}
        return float(fits), PresetUse(name, source, columns) if fits and (
            name != "accounts" or source.columns
        ) else None
    if source.kind != "rows" or kind in ("accounts", "subscriptions", "mrr", "bridge", "churn"):
        return 0.0, None
    needed = _needed(source)
    columns = {
        each: _column(facts, each, source)
        for each in dict.fromkeys([*source.columns, *needed])
        if each != "account_id"
    }
    share = sum(columns[each] is not None for each in needed) / len(needed) if needed else 0.0
    named = source.file is not None and fnmatch(facts.file, PurePath(source.file).name)
    if share < _ENOUGH or not (named or share == 1):
        return 0.0, None
    return share + named, PresetUse(name, source, columns)


def _needed(source: Source) -> list[str]:
    names = (name for rollup in source.rollup.values() for name in sorted(rollup.value.names))
    return [name for name in dict.fromkeys(names) if name not in ("as_of", "account_id")]


def _column(facts: TableFacts, name: str, source: Source) -> ColumnFacts | None:
    accepted = source.columns.get(name, [])
    keys = {header_key(choice) for choice in ([accepted] if isinstance(accepted, str) else accepted)}
    return facts.first(lambda c: c.key in keys) or facts.first(lambda c: name in {c.header, c.field})
