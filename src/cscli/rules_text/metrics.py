"""The text of a config to the same with metrics left out that have no data, or with one of what there is."""

import json
import re
from collections.abc import Mapping, Sequence


def leave_out_metrics(text: str, reasons: Mapping[str, str], formulas: Mapping[str, str]) -> str:
    """`text` with the metrics in `reasons` as comments that say why, and without them in the scorecards. A group
    that loses all its metrics becomes a comment too. `formulas`: of metrics whose name other rules may use; they
    become derived columns.
    """
    lines = _with_derived(text.splitlines(), {name: formulas[name] for name in reasons if name in formulas})
    start, end = _section(lines, "metrics")
    metrics = _commented_metrics(lines[start:end], reasons)
    cards_start, cards_end = _section(lines, "scorecards")
    cards = _without_metrics(lines[cards_start:cards_end], frozenset(reasons))
    parts = [*lines[:start], *metrics, *lines[end:cards_start], *cards, *lines[cards_end:]]
    return "\n".join(parts) + "\n"


def add_activity(text: str, last_days: Sequence[str], why: str) -> str:
    """`text` with a metric `activity` over the latest of `last_days`, in a group of its own in every scorecard."""
    value = last_days[0] if len(last_days) == 1 else f"greatest({', '.join(last_days)})"
    metric = [
        f"  # Proposed: {why}",
        "  activity:",
        "    label: {en: Days since the last activity, ja: 最終活動からの日数}",
        f"    value: as_of - {value}",
        "    points: {kind: linear, zero: 90, full: 7}         # a quarter of silence: 0; somebody this week: 100",
    ]
    group = "      activity: {label: {en: Activity, ja: 活動}, weight: 10, metrics: {activity: 100}}   # proposed, see above"
    lines = text.splitlines()
    start, _ = _section(lines, "metrics")
    cards, end = _section(lines, "scorecards")
    after = [
        part for line in lines[cards:end] for part in ([line, group] if line == "    groups:" else [line])
    ]
    return "\n".join([*lines[:start], *metric, *lines[start:cards], *after, *lines[end:]]) + "\n"


def _section(lines: Sequence[str], key: str) -> tuple[int, int]:
    """The first line below `key:` and the first that is no longer its."""
    start = lines.index(f"{key}:") + 1
    end = next((at for at in range(start, len(lines)) if re.match(r"\w", lines[at])), len(lines))
    return start, end


def _with_derived(lines: list[str], formulas: Mapping[str, str]) -> list[str]:
    if not formulas:
        return lines
    if "derived:" not in lines:
        at = lines.index("metrics:")
        lines = [*lines[:at], "derived:", "", *lines[at:]]
    _, end = _section(lines, "derived")
    while not lines[end - 1].strip() or lines[end - 1].startswith("#"):
        end -= 1
    added = [
        f"  {name}: {json.dumps(formula, ensure_ascii=False)}   # for rules that name it; its metric is left out"
        for name, formula in formulas.items()
    ]
    return [*lines[:end], *added, *lines[end:]]


def _commented_metrics(lines: Sequence[str], reasons: Mapping[str, str]) -> list[str]:
    found = []
    dropping = False
    for line in lines:
        if match := re.match(r"  (\w+):", line):
            dropping = match[1] in reasons
            if dropping:
                found.append(f"  # Left out: {reasons[match[1]]}")
        found.append(f"  # {line[2:]}" if dropping and line.strip() else line)
    return found


def _without_metrics(lines: Sequence[str], names: frozenset[str]) -> list[str]:
    found: list[str] = []
    for group in _groups(lines):
        changed = [_without(line, names) for line in group]
        if any("metrics: {}" in line for line in changed):
            changed = [f"      # {line[6:]}" for line in group]
        found += changed
    return found


def _groups(lines: Sequence[str]) -> list[list[str]]:
    """The lines, those of each group of a scorecard together."""
    found: list[list[str]] = []
    inside = False
    for line in lines:
        begins = re.match(r" {6}\w+:", line) is not None
        inside = begins or (inside and line.startswith(" " * 7))
        if begins or not inside:
            found.append([line])
        else:
            found[-1].append(line)
    return found


def _without(line: str, names: frozenset[str]) -> str:
    match = re.search(r"metrics: \{([^{}]*)\}", line)
    if not match:
        return line
    kept = [part.strip() for part in match[1].split(",") if part.split(":")[0].strip() not in names]
    return line[: match.start()] + "metrics: {" + ", ".join(kept) + "}" + line[match.end() :]
