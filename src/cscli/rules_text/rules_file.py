"""A preset and what was found of the exports to the text of a commented config file."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from cscli.analysis.proposing.own_metrics import OwnMetric
from cscli.analysis.proposing.proposed import ProposedColumn, ProposedSource
from cscli.analysis.recognising.kinds import Why
from cscli.config.schema import Source
from cscli.rules_text.scalars import formula
from cscli.rules_text.scoring import grown_scorecards, marked_metrics, own_metric_lines, with_thresholds
from cscli.rules_text.sections import Sections, body_of, split_sections
from cscli.rules_text.sources import left_lines, say, source_lines
from cscli.texts import Language, text
from cscli.texts.usage.presets import commented_in_japanese

_SCORING = (
    "metrics",
    "scorecards",
    "min_data_coverage",
    "bands",
    "at_risk",
    "playbooks",
    "opportunities",
    "segments",
    "teams",
    "effort",
    "derived",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """What frames the rules. `currency`: None where the exports name none. `thresholds`: conditions of segments, old and
    new, at quantiles of this book.
    """

    language: Language
    currency: str | None
    timezone: str
    fiscal_year_start: int
    thresholds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class NewFile:
    """`paths`: by name of the source; `left`: why by path. `derived`: formula and reason by name. `idle`: metrics that wait
    for their column. `waiting`: sources of the preset without a file. `scores`: whether anything can be scored by.
    """

    preset: str
    sources: Sequence[ProposedSource]
    paths: Mapping[str, str]
    left: Mapping[str, str]
    frame: Frame
    derived: Mapping[str, tuple[str, Why]] = field(default_factory=dict)
    idle: Sequence[str] = ()
    own: Sequence[OwnMetric] = ()
    waiting: Mapping[str, Source] = field(default_factory=dict)
    scores: bool = True


def rules_text(new: NewFile) -> str:
    """The whole text."""
    sections = split_sections(new.preset)
    parts = {name: part for name, part in sections.parts.items() if new.scores or name not in _SCORING}
    parts = _framed(parts, new.frame)
    parts["sources"] = _sources(parts["sources"], new)
    if "metrics" in parts:
        depth = _depth(parts["metrics"], "metrics:")
        own = "".join(f"{depth}{line[2:]}\n" for line in own_metric_lines(new.own, new.frame.language))
        parts["metrics"] = body_of(marked_metrics(parts["metrics"], new.idle)) + own + "\n"
        parts["scorecards"] = grown_scorecards(parts["scorecards"], new.own)
    if "segments" in parts:
        parts["segments"] = with_thresholds(parts["segments"], new.frame.thresholds)
    if new.derived:
        parts = _with_derived(parts, new)
    return _commented(Sections(sections.head, parts), new.frame.language)


def framed_preset(preset: str, frame: Frame) -> str:
    """The text of a preset in the frame, where there are no exports yet."""
    sections = split_sections(preset)
    return _commented(Sections(sections.head, _framed(sections.parts, frame)), frame.language)


def _commented(sections: Sections, language: Language) -> str:
    return commented_in_japanese(sections.text()) if language == "ja" else sections.text()


def _framed(parts: Mapping[str, str], frame: Frame) -> dict[str, str]:
    """`parts` with the frame's language, currency, zone and fiscal year."""
    said = {
        "language": f"language: {frame.language}\n",
        "currency": f"currency: {frame.currency}\n"
        if frame.currency
        else f"# {text('init.comment.currency', frame.language)}\n",
        "timezone": f"timezone: {frame.timezone}\nfiscal_year_start: {frame.fiscal_year_start}\n",
    }
    found: dict[str, str] = {}
    for name, part in parts.items():
        if name == "exchange_rates" and frame.currency != "JPY":
            continue
        if name == "fiscal_year_start":
            continue
        found[name] = said[name] + "\n" * part.endswith("\n\n") if name in said else part
    missing = [said[name] for name in said if name not in found]
    if missing:
        found["version"] = body_of(found["version"]) + "".join(missing)
    return found


def _sources(part: str, new: NewFile) -> str:
    comments = part[: part.index("sources:")]
    lines = ["sources:"]
    for source in new.sources:
        kept = _kept_rollup(part, source)
        shown = _with_own_columns(source, new.own)
        lines += source_lines(shown, new.paths[source.name], new.frame.language, new.frame.timezone, kept)
    for name, waiting in new.waiting.items():
        lines += _waiting(part, name, waiting, new.frame.language)
    lines += left_lines(new.left)
    return comments + "\n".join(lines) + "\n\n"


def _with_own_columns(source: ProposedSource, own: Sequence[OwnMetric]) -> ProposedSource:
    """The accounts with a line for each column that a metric of the user's own reads."""
    reads = [metric.reads for metric in own if metric.reads and metric.source == source.name]
    if not reads:
        return source
    extra = tuple(ProposedColumn(name, header, Why("for_metric")) for name, header in reads)
    used = {header for _, header in reads}
    return replace(
        source, columns=(*source.columns, *extra), unused=tuple(h for h in source.unused if h not in used)
    )


def _depth(part: str, key: str) -> str:
    """The indentation of the keys below `key`."""
    inner = [
        line
        for line in part[part.index(key) :].splitlines()[1:]
        if line.strip() and not line.lstrip().startswith("#")
    ]
    return " " * (len(inner[0]) - len(inner[0].lstrip())) if inner else "  "


def _source_block(part: str, name: str) -> str:
    """The lines of the preset's own source `name`, below its name."""
    inner = split_sections(_dedented(part)).parts
    block = inner.get(name, "")
    return "\n".join(f"  {line}" if line else line for line in block.rstrip("\n").split("\n"))


def _dedented(part: str) -> str:
    lines = part[part.index("sources:") :].splitlines()[1:]
    kept = [line for line in lines if line.strip()]
    depth = min(len(line) - len(line.lstrip()) for line in kept)
    return "\n".join(line[depth:] for line in kept) + "\n"


def _kept_rollup(part: str, source: ProposedSource) -> str:
    """What the preset says of the source beside file, kind and columns."""
    if source.preset is None or source.kind == "accounts":
        return ""
    inner = split_sections(_dedented(part)).parts[source.preset]
    keys = split_sections(_dedented(f"sources:\n{inner.partition(chr(10))[2]}")).parts
    kept = [block for key, block in keys.items() if key not in ("file", "optional", "kind", "columns")]
    return "\n".join(f"    {line}" for block in kept for line in block.rstrip("\n").split("\n"))


def _waiting(part: str, name: str, source: Source, language: Language) -> list[str]:
    block = _source_block(part, name).split("\n")
    said = f"    # {text('init.comment.waiting', language)}"
    rest = block[1:]
    if not source.optional:
        rest = [*rest[:1], "    optional: true", *rest[1:]]
    return [re.sub(r"\s*#.*$", "", block[0]), said, *rest]


def _with_derived(parts: Mapping[str, str], new: NewFile) -> dict[str, str]:
    lines = "".join(
        f"  {name}: {formula(value)}   # {say(why, new.frame.language)}\n"
        for name, (value, why) in new.derived.items()
    )
    if "derived" in parts:
        depth = _depth(parts["derived"], "derived:")
        added = "".join(f"{depth}{line[2:]}\n" for line in lines.splitlines())
        return {**parts, "derived": body_of(parts["derived"]) + added + "\n"}
    found: dict[str, str] = {}
    for name, part in parts.items():
        found[name] = part
        if name == "sources":
            found["derived"] = f"derived:\n{lines}\n"
    return found


def file_path(file: str, folder: str) -> str:
    """How the config in `folder` names `file` (both absolute): with forward slashes, relative unless all that
    the two have in common is the root, or not even a drive.
    """
    try:
        common = PurePath(os.path.commonpath([file, folder]))
    except ValueError:  # two drives of Windows
        common = PurePath(file).parents[-1]
    shown = file if common == common.parent else os.path.relpath(file, folder)
    return PurePath(shown).as_posix()
