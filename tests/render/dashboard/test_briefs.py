"""One page an account: for the team what the dashboard tells, for the customer nothing but what the rules name."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from books.shown_book import AS_OF, lay, material_of, request_in, usual_book, usual_rules
from books.shown_pages import Look
from books.typed_book import type_in
from cscli import workflows
from cscli.reports.kit.compact import compact_money
from cscli.workflows.showing.brief import Reader

pytestmark = pytest.mark.whole
DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
READERS: tuple[Reader, ...] = ("internal", "customer")
SETTINGS = {"customer_shows": ["use", "active_users", "plan_points"], "customer_goals": True}
TYPED = {
    "A012": {
        "sentiment": 2,
        "sentiment_on": "2026-10-20",
        "next_step": "Training for the sales team",
        "note": "Champion is leaving",
        "override_score": 61.7,
        "override_reason": "New sponsor",
        "override_until": "2026-11-30",
    }
}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The usual book, with settings for the pages of customers and with what people typed."""
    folder = tmp_path_factory.mktemp("briefs") / "book"
    type_in(folder / "csm.xlsx", TYPED)
    return lay(folder, usual_book(brief=SETTINGS, inputs={"file": "csm.xlsx"}))


def test_the_pages_have_the_accounts_in_their_order_and_no_others(company: Path) -> None:
    """Oracle: the ids asked for, one by its name and one twice; names of others are nowhere in the bytes."""
    asked = ["A012", "Company 4", "A030", "A012"]
    written = workflows.brief(request_in(company), asked, company / "out" / "briefs")
    assert written.paths == (company / "out" / "briefs" / "briefs.html",)
    html = written.paths[0].read_text(encoding="utf-8")
    found = DATA.search(html)
    assert found
    assert json.loads(found[1])["id"] == ["A012", "A004", "A030"]
    assert {int(number) for number in re.findall(r"Company (\d+)", html)} == {4, 12, 30}
    assert len(written.lines) == 3
    assert written.paths[0].stat().st_mode & 0o777 == 0o600


def test_one_account_names_its_file(company: Path) -> None:
    written = workflows.brief(request_in(company), ["A004"], company / "out" / "briefs")
    assert [path.name for path in written.paths] == ["A004.html"]
    assert written.lines == ("Company 4 (A004): 39.0, at risk",)


@pytest.mark.parametrize(("width", "language"), [(1440, "en"), (390, "ja")])
def test_a_page_says_what_the_dashboard_says(language: str, width: int, look: Look, company: Path) -> None:
    """Oracle: the account's page in the dashboard, which is tested against the reports."""
    request = request_in(company, language=language)
    page = workflows.brief(request, ["A012", "A004"], company / "out" / "both.html").paths[0]
    whole = company / "out" / "whole.html"
    workflows.dashboard(request, workflows.DashboardOptions(), whole)
    looked = look(width)
    shown = looked.at(page, "")
    briefs = [each.inner_text() for each in shown.locator("article.brief").all()]
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    for account, told in zip(("A012", "A004"), briefs, strict=True):
        same = looked.at(whole, f"#/a/{account}").locator("article.brief").inner_text()
        assert told == same
        assert len(told) > 400


def test_a_page_of_paper_each(look: Look, company: Path, tmp_path: Path) -> None:
    path = workflows.brief(request_in(company), ["A012", "A004", "A020"], tmp_path / "b.html").paths[0]
    printed = tmp_path / "b.pdf"
    look().at(path, "").pdf(path=str(printed), prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", str(printed), "-"], check=True, capture_output=True).stdout.decode()
    sheets = text.split("\f")[:-1]
    assert [re.findall(r"A0\d\d", sheet)[0] for sheet in sheets] == ["A012", "A004", "A020"]


def test_accessibility_of_both_pages(look: Look, company: Path) -> None:
    """Oracle: axe-core, as for the dashboard."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - where there is a browser

    request = request_in(company)
    pages = [
        *workflows.brief(request, ["A012", "A004"], company / "out" / "axe").paths,
        *workflows.brief(request, ["A012"], company / "out" / "axe", "customer").paths,
    ]
    for path in pages:
        found = Axe().run(look().at(path, ""))
        assert found.violations_count == 0, found.generate_report()


def test_without_scripts_the_accounts_are_a_table(look: Look, company: Path) -> None:
    path = workflows.brief(request_in(company), ["A012", "A004"], company / "out" / "plain.html").paths[0]
    page = look(scripts=False).at(path, "")
    rows = [row.inner_text().split("\t") for row in page.locator("tbody tr").all()]
    assert [row[:2] for row in rows] == [["Company 12", "A012"], ["Company 4", "A004"]]
    assert rows[1][3:5] == ["at risk", "39.0"]


def test_a_customer_sees_what_the_rules_name(look: Look, company: Path) -> None:
    """Oracle: by hand. Account 12 had 100 - 2 x 12 = 76 users, and 15 and 30 more before (at most 100) of 100 seats in each run; 0.9 gives 100 points."""
    written = workflows.brief(request_in(company), ["A012"], company / "out" / "review", "customer")
    assert [path.name for path in written.paths] == ["A012-customer.html"]
    page = look().at(written.paths[0], "")
    assert page.locator("h1").inner_text() == "Company 12"
    rows = [row.inner_text().split("\t") for row in page.locator("tbody tr").all()]
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["Use", "76%", "100% on 17 Oct 2026", "90%"],
        ["Active users", "76", "100 on 17 Oct 2026", "–"],
        ["Plan points", "Basic", "", "–"],
    ]
    contract = [each.inner_text().split("\n") for each in page.locator("dl div").all()]
    assert dict(contract)["Seats"] == "100"
    assert dict(contract)["Plan"] == "Basic"
    assert page.locator("svg").count() == 2


def test_the_course_of_a_figure_is_drawn(company: Path) -> None:
    """Oracle: by hand. Account 3 had 100, 100, then 94 users: two corners at the top, the last below."""
    written = workflows.brief(request_in(company), ["A003"], company / "out" / "review", "customer")
    html = written.paths[0].read_text(encoding="utf-8")
    assert html.count('<polyline points="2,2 80,2 158,32"/>') == 2
    assert "<span>100% on 17 Oct 2026</span>" in html


@pytest.mark.parametrize(("number", "language"), [(12, "en"), (12, "ja"), (4, "en")])
def test_nothing_of_ours_is_in_the_file_of_a_customer(number: int, company: Path, language: str) -> None:
    """Oracle: every value of the reports that is not for customers, as they write it; none is in the bytes. A score that
    a person set (12), and an account on the call list, held down by a cap (4).
    """
    material = material_of(company, language)
    scores, frame, calls = material.scored.scores, material.scored.frame.iloc[number], material.calls
    account = str(frame["account_id"])
    request = request_in(company, language=language)
    path = workflows.brief(request, [account], company / "out" / "review", "customer").paths[0]
    html = path.read_text(encoding="utf-8")
    assert scores.score[number] == {12: 61.7, 4: 39.0}[number]
    own = [f"{scores.score[number]:.1f}", f"{scores.score_before_caps[number]:.1f}"]
    own += [f">{points:.0f}<" for points in scores.points[number] if points < 100]
    own += [str(frame[name]) for name in ("owner", "band", "touch", "phase", "scorecard", "account_id")]
    own += ["watch", "At risk", "要対応", "Open P1", "New sponsor", "Close P1", "Company 13", "Company 40"]
    own += [f"{frame['mrr']:,.0f}", f"{frame['arr']:,.0f}", compact_money(frame["arr"], "JPY", "ja")]
    own += [str(value) for name, value in TYPED["A012"].items() if name != "sentiment"]
    own += ["accounts.csv", material.context.config_digest]
    if number == 4:
        at = calls.rows.tolist().index(4)
        own += [f"{calls.arr_at_risk[at]:,.0f}", f">{calls.churn_probability[at]:.0%}<"]
    assert [each for each in own if each in html[html.index("<body>") :]] == []
    assert "<script" not in html
    assert "script-src" not in html


def test_the_next_step_is_shown_where_the_rules_say_so(company: Path) -> None:
    request = request_in(company)
    rules = usual_rules(brief=SETTINGS | {"customer_next_step": True}, inputs={"file": "csm.xlsx"})
    (company / "cscli.yaml").write_text(json.dumps(rules), encoding="utf-8")
    written = workflows.brief(request_in(company), ["A012"], company / "out" / "next", "customer")
    (company / "cscli.yaml").write_text(request.rules.text, encoding="utf-8")
    html = written.paths[0].read_text(encoding="utf-8")
    assert "Training for the sales team" in html
    assert "Champion is leaving" not in html


def test_markup_stays_text_for_customers_too(look: Look, tmp_path: Path) -> None:
    hostile = "</title><img src=x onerror=alert(1)>"
    book = usual_book(3, brief={"customer_shows": ["plan"]})
    book.rows[1][1] = book.rows[1][10] = hostile  # type: ignore[index] # a list
    book.before = ()
    folder = lay(tmp_path / "book", book)
    for reader in READERS:
        written = workflows.brief(request_in(folder), ["A001"], folder / "out", reader)
        page = look().at(written.paths[0], "")
        assert page.locator("img").count() == 0
        assert hostile in page.locator("h1").first.inner_text()


def test_the_same_accounts_give_the_same_bytes(company: Path) -> None:
    for reader in READERS:
        first, second = (
            workflows.brief(request_in(company), ["A012"], company / "out" / name, reader)
            .paths[0]
            .read_bytes()
            for name in ("one", "two")
        )
        assert first == second


def test_the_day_is_that_of_the_run(company: Path) -> None:
    written = workflows.brief(request_in(company), ["A012"], company / "out" / "day", "customer")
    assert f"as of {AS_OF.day} Oct 2026" in written.paths[0].read_text(encoding="utf-8")
