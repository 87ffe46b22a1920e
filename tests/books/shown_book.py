"""Workspaces whose dashboards are looked at: a small book with all that a page can show, and books that lack something."""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cscli import workflows
from cscli.reports.dashboard.model import Material
from cscli.workflows import DashboardOptions, Request
from cscli.workflows.showing.dashboard import gather
from cscli.workflows.whole.book import WholeBook
from cscli.workspace.rules import find_rules

AS_OF = dt.date(2026, 10, 31)
BEFORE = (dt.date(2026, 10, 17), dt.date(2026, 10, 24))
NOW = dt.datetime(2026, 11, 1, 7, tzinfo=dt.timezone(dt.timedelta(hours=9)))
HEADS = (
    "account_id",
    "name",
    "owner",
    "mrr",
    "seats",
    "started_on",
    "renews_on",
    "active_users",
    "nps",
    "open_p1",
    "plan",
)
OWNERS = ("Ito", "Abe", "Ueda", "")


@dataclass
class Book:
    """Columns, rules and what is different in each of the runs before. `rows`: of the last run; `earlier` makes those of
    a run so many weeks before.
    """

    rows: Sequence[Sequence[object]]
    rules: dict[str, object]
    heads: Sequence[str] = HEADS
    earlier: Callable[[Sequence[object], int], Sequence[object]] = lambda row, _weeks: row
    before: Sequence[dt.date] = field(default=BEFORE)


def usual_row(number: int) -> list[object]:
    """Account `number`: its use falls with it, every seventh has no MRR, every ninth an open P1 ticket."""
    renews = AS_OF + dt.timedelta(days=(number * 37) % 400 - 10)
    mrr = "" if number % 7 == 6 else 1000 * (number + 1) ** 2
    users = 100 - 2 * number if number % 11 else ""
    return [
        f"A{number:03}", f"Company {number}", OWNERS[number % 4], mrr, 100, f"202{number % 6}-0{number % 9 + 1}-15",
        renews.isoformat(), users, (number * 29) % 101, int(number % 9 == 4), "Pro" if number % 2 else "Basic",
    ]  # fmt: skip


def usual_rules(**more: object) -> dict[str, object]:
    """Rules with segments, a cap, playbooks, an opportunity, hours and two scorecards."""
    rules: dict[str, object] = {
        "version": 1,
        "currency": "JPY",
        "timezone": "Asia/Tokyo",
        "sources": {"accounts": {"file": "accounts.csv"}},
        "metrics": {
            "use": {"value": "active_users / seats", "points": {"kind": "linear", "zero": 0.1, "full": 0.9},
                    "label": {"en": "Use", "ja": "利用"}},
            "nps": {"value": "nps", "points": {"kind": "linear", "zero": 0, "full": 100}},
            "plan_points": {"value": "plan", "points": {"kind": "categories", "map": {"Pro": 90, "Basic": 40}}},
        },
        "segments": {
            "touch": [{"name": "high", "when": "mrr >= 400000"}, {"name": "tech"}],
            "phase": [{"name": "renewal", "when": "days_to_renewal BETWEEN 0 AND 90"}, {"name": "adoption"}],
        },
        "scorecards": [
            {"name": "young", "when": "tenure_months < 12", "groups": {"all": {"weight": 1, "metrics": {"use": 1}}}},
            {"name": "old", "groups": {
                "usage": {"weight": 70, "metrics": {"use": 3, "plan_points": 1}},
                "voice": {"weight": 30, "metrics": {"nps": 1}}},
             "caps": [{"when": "open_p1 > 0", "at_most": 39, "reason": {"en": "Open P1 ticket", "ja": "P1未解決"}}]},
        ],
        "bands": [{"name": "healthy", "from": 65}, {"name": "watch", "from": 45}, {"name": "at_risk", "from": 0}],
        "effort": {"by": "touch", "hours_per_month": {"high": 4, "tech": 0.5}},
        "playbooks": [
            {"name": "Close P1", "when": "open_p1 > 0", "hours": 2, "due_days": 1, "text": "Agree a date"},
            {"name": "Call", "hours": 1, "due_days": 5, "text": "Ask what changed"},
        ],
        "opportunities": [
            {"name": "More seats", "kind": "upsell", "when": "band = 'healthy' AND active_users > 90", "potential_mrr": "0.2 * mrr"},
        ],
    }  # fmt: skip
    return rules | more


def usual_earlier(row: Sequence[object], weeks: int) -> Sequence[object]:
    """The same account so many weeks before: a lower NPS for some, use that was higher for others, no open tickets."""
    number = int(str(row[0])[1:])
    nps = max(0, int(str(row[8])) - (number % 5) * 6 * weeks)
    users = row[7] if row[7] == "" or number % 3 else min(100, int(str(row[7])) + 15 * weeks)
    return [*row[:7], users, nps, 0, row[10]]


def usual_book(accounts: int = 40, **more: object) -> Book:
    """The book that most tests look at."""
    return Book([usual_row(number) for number in range(accounts)], usual_rules(**more), earlier=usual_earlier)


def lay(folder: Path, book: Book) -> Path:
    """The workspace in `folder`, with the history of its runs."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cscli.yaml").write_text(json.dumps(book.rules, ensure_ascii=False), encoding="utf-8")
    for day in book.before:
        weeks = (AS_OF - day).days // 7
        write_rows(folder, book.heads, [book.earlier(row, weeks) for row in book.rows])
        workflows.at_risk(request_in(folder, day), folder / "out" / "at-risk.xlsx")
    write_rows(folder, book.heads, book.rows)
    return folder


def write_rows(folder: Path, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """The export of the accounts, every cell quoted."""
    lines = [",".join('"' + str(cell).replace('"', '""') + '"' for cell in row) for row in (heads, *rows)]
    (folder / "accounts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def request_in(folder: Path, day: dt.date = AS_OF, language: str = "en") -> Request:
    """What is asked in that workspace, always at the same moment."""
    return Request(
        rules=find_rules(None, folder), now=NOW, as_of=day, language="ja" if language == "ja" else "en"
    )


def show(folder: Path, language: str = "en", **options: object) -> Path:
    """Its dashboard."""
    path = folder / "out" / f"dashboard-{language}.html"
    workflows.dashboard(request_in(folder, language=language), DashboardOptions(**options), path)  # type: ignore[arg-type] # as tests give them
    return path


def material_of(folder: Path, language: str = "en") -> Material:
    """What its dashboard is made of."""
    return gather(WholeBook(request_in(folder, language=language)), DashboardOptions())[0]
