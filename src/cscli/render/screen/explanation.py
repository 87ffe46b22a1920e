"""The report of one account on a terminal: bars of what makes its score, what holds it, its course, and what would help."""

from collections.abc import Sequence

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cscli.render.screen.sparkline import sparkline
from cscli.render.screen.terminal import plain, show_sentence, show_sheet
from cscli.render.text.bands import band_tones
from cscli.render.text.display import display_texts
from cscli.reports.kit.looks import show_date
from cscli.reports.kit.model import Report, Sheet
from cscli.texts import text
from cscli.texts.columns import in_two_columns, wrapped

_BAR = 20
_HEAD = 12
_COURSE = 52
_LIFTS = 5
_FACTS = ("owner", "team", "scorecard", "arr", "renews_on", "days_to_renewal")


def show_explanation(report: Report, console: Console) -> None:
    """Prints the report `explain`, as wide as the console."""
    sheets = {sheet.id: sheet for sheet in report.sheets}
    has_unicode = console.encoding.lower().startswith("utf")
    _show_facts(report, sheets["account"], console)
    if "known" in sheets:
        _show_known(report, sheets["known"], console)
    _show_bars(report, sheets["contributions"], console, has_unicode=has_unicode)
    _show_limits(report, sheets["limits"], console)
    _show_peers(report, sheets["account"], console)
    if "course" in sheets:
        line = sparkline(sheets["course"].column("score").tolist(), _COURSE, has_unicode=has_unicode)
        latest = " ".join(_cells(report, sheets["course"], "score")[-4:])
        console.print(Text(f"\n{plain(sheets['course'].title)}  {line}  {latest}"))
        _show_trend(report, sheets["account"], console)
    lines = _lift_lines(report, sheets["lift"])
    if lines:
        console.print(Text("\n" + plain(sheets["lift"].title), style="bold"))
    for line in lines:
        console.print(Text(f"  {plain(line)}"))
    console.print()
    show_sentence(report.headline, console)


def _show_known(report: Report, sheet: Sheet, console: Console) -> None:
    """What was promised, the last contact, what people typed."""
    what, value = (map(plain, _cells(report, sheet, name)) for name in ("what", "value"))
    lines = in_two_columns(tuple(zip(what, value, strict=True)), console.width)
    console.print(Text("\n" + "\n".join(lines)))


def _show_trend(report: Report, account: Sheet, console: Console) -> None:
    """Where the score has been going, where enough runs tell it."""
    word, points = (_cells(report, account, name)[0] for name in ("trend", "trend_change"))
    found = account.column("trend")[0]
    if found is not None:
        key = "explain.trend_steady" if found == "steady" else "explain.trend"
        console.print(Text(plain(text(key, report.language, trend=word, points=points))))


def _lift_lines(report: Report, sheet: Sheet) -> list[str]:
    """A line for each metric that can do it, and together those that cannot, the nearest first. Nothing while a
    limit holds for all: the sentence below says so.
    """
    lines: list[str] = []
    falling_short: list[tuple[float, str]] = []
    held: dict[str, list[str]] = {}
    rows = zip(
        _cells(report, sheet, "what"),
        _cells(report, sheet, "how"),
        sheet.column("score_at_best").tolist(),
        sheet.column("value_needed"),
        strict=True,
    )
    for what, how, score_at_best, needed in rows:
        if not np.isnan(score_at_best):
            falling_short.append((-score_at_best, f"{what} ({score_at_best:.1f})"))
        elif needed is None:
            held.setdefault(how, []).append(what)
        else:
            lines.append(how if how.startswith(what) else f"{what}: {how}")
    if lines or falling_short or len(held) > 1:
        lines += [f"{', '.join(names)}: {how}" for how, names in held.items()]
    if falling_short:
        names = ", ".join(name for _, name in sorted(falling_short))
        lines.append(text("explain.falling_short", report.language, metrics=names))
    return lines


def _show_facts(report: Report, account: Sheet, console: Console) -> None:
    name, account_id = (_cells(report, account, column)[0] for column in ("name", "account_id"))
    who = text("explain.who", report.language, name=name, account=account_id) if name else account_id
    line = Text(plain(f"{who}  {show_date(report.as_of, report.language)}  "), style="bold")
    column = next(each for each in account.columns if each.id == "band")
    band = str(account.column("band")[0])
    tone = band_tones(report, column)[band].solid
    shown = plain(column.labels.get(band, band))
    line.append(f"{_cells(report, account, 'score')[0]} {shown}".strip(), style=f"bold {tone}")
    console.print(line)
    labels = {each.id: each.label for each in account.columns}
    facts = [f"{labels[each]} {value}" for each in _FACTS if (value := _cells(report, account, each)[0])]
    if facts:
        _show_line(" · ".join(facts), console)


def _show_bars(report: Report, sheet: Sheet, console: Console, *, has_unicode: bool) -> None:
    """Each metric with its points' share of the score: full for what it gives, empty for what it loses."""
    if not len(sheet):
        return
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    heads = {each.id: each.label for each in sheet.columns}
    shown = ("what", "value", "usual", "points", "contribution")
    table.add_column(heads["what"], no_wrap=True, overflow="ellipsis", ratio=1)
    for name in shown[1:]:
        head = "\n".join(wrapped(heads[name], _HEAD))
        table.add_column(head, justify="right", no_wrap=True, overflow="ellipsis", max_width=_HEAD)
    table.add_column("", no_wrap=True)
    given, lost = (np.nan_to_num(sheet.column(name)) for name in ("contribution", "lost"))
    most = max(float((given + lost).max()), 1e-9)
    cells = [_cells(report, sheet, name) for name in shown]
    groups = _cells(report, sheet, "group")
    several = len(set(groups)) > 1
    full, empty = ("█", "░") if has_unicode else ("#", ".")
    for row in range(len(sheet)):
        if several and (row == 0 or groups[row] != groups[row - 1]):
            table.add_row(Text(plain(groups[row]), style="dim"))
        filled, whole = round(given[row] / most * _BAR), round((given[row] + lost[row]) / most * _BAR)
        texts = [Text(plain(column[row])) for column in cells]
        table.add_row(*texts, Text(full * filled + empty * (whole - filled)))
    console.print()
    console.print(table)


def _show_limits(report: Report, sheet: Sheet, console: Console) -> None:
    columns = ("limit_kind", "bound", "reason", "changed_score")
    if len(sheet):
        console.print()
        show_sheet(report, sheet, columns, console, rows=len(sheet))


def _show_peers(report: Report, account: Sheet, console: Console) -> None:
    labels = {each.id: each.label for each in account.columns}
    said = [
        f"{labels[name]} {_cells(report, account, name)[0]}"
        for name in ("data_coverage", "score_before_caps")
    ]
    peers = text(
        "explain.peers.line",
        report.language,
        of=_cells(report, account, "peers_of")[0],
        count=_cells(report, account, "peers")[0],
        median=_cells(report, account, "peers_median")[0],
        rank=_cells(report, account, "peers_rank")[0] or "-",
    )
    console.print()
    _show_line(" · ".join([*said, peers]), console)


def _show_line(words: str, console: Console) -> None:
    for part in wrapped(plain(words), console.width):
        console.print(Text(part, style="dim"))


def _cells(report: Report, sheet: Sheet, name: str) -> Sequence[str]:
    column = next(each for each in sheet.columns if each.id == name)
    return display_texts(column, sheet.column(name), report.currency, report.language)
