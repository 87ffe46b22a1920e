"""`check` against the commands themselves: its exit code is the worst of those whose needs the rules meet.

The oracle is each command, run on the same rules and exports.
"""

import datetime as dt
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from cscli import workflows
from cscli.errors import CscliError, ExitCode, worst_code
from cscli.workflows.book.request import Request
from cscli.workflows.data.checking import check
from cscli.workflows.whole.book import WholeBook
from cscli.workflows.whole.steps import STEPS
from cscli.workspace.rules import find_rules, presets
from places import SAMPLE, TESTS

NOW = dt.datetime(2026, 10, 31, 7, tzinfo=dt.UTC)
COMMANDS: dict[str, Callable[[Request, Path], object]] = {
    "score": workflows.score,
    "segment": workflows.segment,
    "at-risk": workflows.at_risk,
    "opportunities": workflows.opportunities,
    "ltv-report": lambda request, path: workflows.ltv_report(request, workflows.RevenueOptions(), path),
    "renewals": lambda request, path: workflows.renewals(request, None, path),
    "ledger": workflows.ledger,
    "alerts": workflows.alerts,
    "journey": workflows.journey,
    "timeline": workflows.timeline,
    "voice": workflows.voice,
    "content": workflows.content,
    "outreach": workflows.preview_messages,
}
ACCOUNTS = """account_id,name,owner,plan,mrr,seats,active_users,nps,started_on,renews_on
A1,Aoba,Sato,pro,100,10,9,50,2024-01-15,2026-12-01
A2,Birch,Sato,free,0,5,1,-20,2025-03-01,2027-02-01
A3,Cedar,Ito,pro,300,40,10,,2023-07-10,2026-11-15
"""
TICKETS = "account_id,opened_on,priority\nA1,2026-10-01,P1\nA3,2026-09-01,P2\n"
LINES = "account_id,started_on,ended_on,mrr\nA1,2024-01-15,,100\nA3,2023-07-10,,300\n"
METRICS = ("nps", "sentiment", "active_users / seats", "tenure_months", "CAST(plan AS DOUBLE)")
FAULTY = ("name", "plan || 'x'", "score", "nope")
FIT = (
    "mrr > 100",
    "sentiment <= 2",
    "owner = 'Sato'",
    "seats / (seats - 10) > 1",
    "CASE WHEN nps > 0 THEN true END",
)
FIT_LATE = ("band = 'healthy'", "score < 50", "score_change < 0", "notice_given")
CONDITIONS = (
    *(
        "name > 3",
        "as_of > 5",
        "nope = 1",
        "size > 3",
        "size = 'large'",
        "touch = 'high'",
        "team = 'Ours'",
        "1 = 1",
    ),
    *FIT_LATE,
)
ROWS: dict[str, object] = {"kind": "rows", "rollup": {"n": "count(*)"}}
SOURCES: tuple[dict[str, object], ...] = (
    {},
    {"tickets": {"file": "tickets.csv", **ROWS}},
    {"tickets": {"file": "gone.csv", **ROWS}},
    {"tickets": {"file": "gone.csv", "optional": True, **ROWS}},
    {"tickets": {"file": "tickets.csv", "kind": "rows", "rollup": {"n": "sum(priority)"}}},
    {"lines": {"file": "lines.csv", "kind": "subscriptions"}},
    {"empty": {"file": "empty.csv"}},
)
SCALE = {"kind": "linear", "zero": -100, "full": 100}


def rules_of(metric: str, source: dict[str, object], **more: object) -> dict[str, object]:
    """Rules with a metric of one's own beside NPS."""
    metrics = {"m": {"value": metric, "points": SCALE}, "nps_points": {"value": "nps", "points": SCALE}}
    return {
        "version": 1,
        "sources": {"accounts": {"file": "accounts.csv"}, **source},
        "metrics": metrics,
        "scorecards": [{"name": "s", "groups": {"g": {"weight": 1, "metrics": {"m": 1, "nps_points": 1}}}}],
        "bands": [
            {"name": "healthy", "from": 70},
            {"name": "watch", "from": 40},
            {"name": "at_risk", "from": 0},
        ],
        **more,
    }


def made_rules(seed: int) -> dict[str, object]:
    """Rules of which any part may not fit its columns."""
    pick = random.Random(seed)  # noqa: S311 - no secret

    doubtful = pick.random() * 0.3

    def when() -> str:
        return pick.choice(CONDITIONS if pick.random() < doubtful else FIT)

    def late() -> str:
        return pick.choice(CONDITIONS if pick.random() < doubtful else (*FIT, *FIT_LATE))

    def one_of(fit: object, *others: object) -> object:
        return pick.choice(others) if pick.random() < doubtful else fit

    touch = [{"name": "high", "when": late()}, {"name": "low"}]
    blocks: dict[str, object] = {
        "derived": {"size": one_of("seats * 2", "name || plan", "size + 1", "nope", "days_to_renewal")},
        "segments": {"touch": touch},
        "teams": [{"name": "Ours", "when": late()}, {"name": "Theirs"}],
        "at_risk": {"when": late()},
        "playbooks": [{"name": "p", "when": late(), "hours": 1, "due_days": 5, "text": "Call"}],
        "opportunities": [
            {"name": "o", "kind": "upsell", "when": late(), "potential_mrr": one_of("0.2 * mrr", "name")}
        ],
        "alerts": [{"name": "a", "when": late()}],
        "ltv": {"by": one_of("plan", "touch", "nope", "mrr")},
        "inputs": {"file": one_of("gone.xlsx", "broken.xlsx")},
    }
    chosen = {key: block for key, block in blocks.items() if pick.random() < 0.5}
    if "segments" in chosen:
        hours = {"high": 4, "low": one_of(1, -1)}
        chosen["effort"] = {"by": one_of("touch", "nope"), "hours_per_month": hours}
    rules = rules_of(str(one_of(pick.choice(METRICS), *FAULTY)), pick.choice(SOURCES), **chosen)
    (card,) = cast("list[dict[str, object]]", rules["scorecards"])
    return rules | {"scorecards": [card | {"caps": [{"when": when(), "at_most": 39, "reason": "Capped"}]}]}


def code_of(work: Callable[[], object]) -> ExitCode:
    try:
        work()
    except CscliError as error:
        return error.exit_code
    return ExitCode.DONE


def wanted(request: Request) -> set[str]:
    """The commands whose needs the rules meet; of a book that cannot be read, the score at least."""
    try:
        whole = WholeBook(request)
        return {step.name for step in STEPS if step.is_wanted(whole)}
    except CscliError:
        return {
            "score" if "metrics:" in request.rules.text or '"metrics"' in request.rules.text else "ltv-report"
        }


def assert_agrees(request: Request, folder: Path) -> None:
    def run(name: str) -> ExitCode:
        return code_of(lambda: COMMANDS[name](request, folder / f"{name}.json"))

    codes = {name: run(name) for name in sorted(wanted(request))}
    found = ExitCode.DONE
    try:
        found = check(request).code
    except CscliError as error:
        found = error.exit_code
    assert found == worst_code(codes.values()), codes


def make_book(folder: Path, rules: dict[str, object]) -> Request:
    for name, text in {"accounts": ACCOUNTS, "tickets": TICKETS, "lines": LINES, "empty": ""}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "broken.xlsx").write_text("no workbook", encoding="utf-8")
    (folder / "cscli.yaml").write_text(json.dumps(rules), encoding="utf-8")
    return Request(rules=find_rules("cscli.yaml", folder), now=NOW, as_of=dt.date(2026, 10, 31))


@pytest.mark.parametrize("seed", range(20))
def test_of_made_rules(seed: int, tmp_path: Path) -> None:
    assert_agrees(make_book(tmp_path, made_rules(seed)), tmp_path)


@pytest.mark.slow
def test_of_two_hundred_made_rules(tmp_path: Path) -> None:
    for seed in range(20, 220):
        folder = tmp_path / str(seed)
        folder.mkdir()
        assert_agrees(make_book(folder, made_rules(seed)), folder)


@pytest.mark.slow
@pytest.mark.parametrize("preset", sorted(presets()))
def test_of_presets(preset: str, tmp_path: Path) -> None:
    request = Request(
        rules=find_rules(preset, SAMPLE),
        now=NOW,
        as_of=dt.date(2026, 10, 31),
        accounts=SAMPLE / "accounts.xlsx",
    )
    assert_agrees(request, tmp_path)


@pytest.mark.parametrize(
    "case",
    [path for path in sorted((TESTS / "errors").iterdir()) if (path / "cscli.yaml").exists()],
    ids=lambda path: path.name,
)
def test_of_every_error(case: Path, tmp_path: Path) -> None:
    shutil.copytree(case, tmp_path, dirs_exist_ok=True)
    if not (tmp_path / "accounts.csv").exists():
        (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    rules = find_rules("cscli.yaml", tmp_path)
    assert_agrees(
        Request(rules=rules, now=NOW, as_of=dt.date(2026, 10, 31), remember=False), tmp_path / "out"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "case",
    [path for path in sorted((TESTS / "errors").iterdir()) if not (path / "cscli.yaml").exists()],
    ids=lambda path: path.name,
)
def test_of_every_error_without_rules(case: Path, tmp_path: Path) -> None:
    """Under the preset that holds where nobody has written rules."""
    shutil.copytree(case, tmp_path, dirs_exist_ok=True)
    given = [path for path in sorted(tmp_path.iterdir()) if path.suffix in {".csv", ".xlsx"}]
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8") if not given else None
    request = Request(
        rules=find_rules(None, tmp_path),
        now=NOW,
        as_of=dt.date(2026, 10, 31),
        accounts=(given or [tmp_path / "accounts.csv"])[0],
        remember=False,
    )
    assert_agrees(request, tmp_path / "out")


def test_a_metric_over_sentiment_is_no_mistake(tmp_path: Path) -> None:
    request = make_book(tmp_path, rules_of("sentiment", {}))
    assert check(request).code == ExitCode.DONE
    assert_agrees(request, tmp_path)


@pytest.mark.parametrize(
    ("key", "block"),
    [
        ("segments", {"late": [{"name": "x", "when": "score > 1 AND name > 3"}, {"name": "y"}]}),
        ("playbooks", [{"name": "p", "when": "name > 3", "hours": 1, "due_days": 5, "text": "Call"}]),
        ("opportunities", [{"name": "o", "kind": "upsell", "when": "name > 3"}]),
        ("alerts", [{"name": "a", "when": "name > 3"}]),
    ],
)
def test_a_rule_of_one_command_alone_is_checked(key: str, block: object, tmp_path: Path) -> None:
    request = make_book(tmp_path, rules_of("nps", {}, **{key: block}))
    assert check(request).code == ExitCode.CONFIG
    assert_agrees(request, tmp_path)
