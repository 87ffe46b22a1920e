"""The preview of messages in Chromium, as the dashboard is looked at: nothing leaves it, nothing runs in it, filters hold."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from books.shown_pages import Looked
from cscli.render.dashboard.page import source_hash
from cscli.workflows.book.request import Request
from cscli.workflows.outreach.previewing import preview_messages
from cscli.workspace.rules import find_rules

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog

HOSTILE = "</script><img src=x onerror=alert(1)>\"'<!--<script>"
RULES = """version: 1
sources: {accounts: {file: accounts.csv}, contacts: {file: contacts.csv, kind: contacts}}
metrics: {use: {value: active_users / seats, points: {kind: linear, zero: 0, full: 1}}}
scorecards: [{name: standard, groups: {usage: {weight: 100, metrics: {use: 100}}}}]
outreach:
  sender: {organisation: Example K.K., from: cs@example.com, domains: [example.com]}
  may_show: [name, contact_name, seats]
  limits: {run: 3}
  messages:
    - {name: few, kind: service, when: seats < 50, subject: {en: "Few {{name}}"}, text: {en: ["Dear {{contact_name}}", "https://example.com/x", "- a\\n- b"]}}
    - {name: many, kind: service, when: seats >= 50, subject: {en: "Many {{name}}"}, text: {en: ["{{contact_name}}"]}}
"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("messages")
    (folder / "cscli.yaml").write_text(RULES, encoding="utf-8")
    quoted = HOSTILE.replace('"', '""')
    rows = [f'A{n},"{quoted if n == 1 else f"Name {n}"}",10,{n * 10},5,a{n}.example,"{"Ken" if n % 2 else quoted}"' for n in range(1, 160)]  # fmt: skip
    (folder / "accounts.csv").write_text("\n".join(["account_id,name,mrr,seats,active_users,domain,owner", *rows, ""]), encoding="utf-8")  # fmt: skip
    people = [f'A{n},p@a{n}.example,"{quoted if n == 1 else "Aoi"}",en' for n in range(1, 160)]
    (folder / "contacts.csv").write_text("\n".join(["account_id,email,contact_name,language", *people, ""]), encoding="utf-8")  # fmt: skip
    now = dt.datetime(2026, 10, 30, 12, tzinfo=dt.UTC)
    request = Request(rules=find_rules(None, folder), now=now, as_of=dt.date(2026, 10, 30))
    preview_messages(request, folder / "p.html")
    return folder / "p.html"


def test_the_policy_names_what_the_page_holds(page_file: Path) -> None:
    html = page_file.read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    script = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert style is not None
    assert f"style-src '{source_hash(style[1])}'" in policy[1]
    assert f"script-src '{source_hash(script[-1])}'" in policy[1]
    assert "default-src 'none'" in policy[1]
    assert not re.findall(r'\shref="(?!#|data:)', html), "no link leads out"
    assert page_file.stat().st_mode & 0o077 == 0


@pytest.fixture
def looked(chromium: "Browser", page_file: Path) -> Iterator[Looked]:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    found = Looked(page)

    def refuse(dialog: "Dialog") -> None:
        found.errors.append(dialog.message)
        dialog.dismiss()

    page.on("pageerror", lambda error: found.errors.append(str(error)))
    page.on("console", lambda message: found.errors.append(message.text) if message.type == "error" else None)
    page.on("dialog", refuse)
    page.on("request", lambda request: found.requests.append(request.url))
    found.at(page_file, "")
    yield found
    page.close()


def test_a_hostile_name_stays_text(looked: Looked, page_file: Path) -> None:
    page = looked.page
    assert page.locator("img").count() == 0
    assert page.locator(".mail h3").first.inner_text() == f"Few {HOSTILE}"
    assert looked.errors == []
    assert {url for url in looked.requests if not url.startswith(("about:", "data:"))} == {page_file.as_uri()}


def test_filters_hold_for_mails_and_for_those_that_get_nothing(looked: Looked) -> None:
    """Three mails to A1, A10, A100 (by id); 159 accounts less three get nothing, a hundred a page."""
    page = looked.page
    assert (page.locator("#count").inner_text(), page.locator("#rest").inner_text()) == ("3", "156")
    assert page.locator("#table tbody tr").count() == 100
    page.locator(".pager button").last.click()
    assert page.locator("#table tbody tr").count() == 56
    page.select_option("#owner", "Ken")
    shown = [each for each in page.locator(".mail").all() if each.is_visible()]
    assert len(shown) == int(page.locator("#count").inner_text())
    page.fill("#q", "name 159")
    assert (page.locator("#count").inner_text(), page.locator("#rest").inner_text()) == ("0", "1")
    page.click("#clear")
    assert (page.locator("#count").inner_text(), page.locator("#rest").inner_text()) == ("3", "156")


@pytest.mark.parametrize("width", [1440, 768, 390, 320])
def test_nothing_sticks_out(looked: Looked, width: int) -> None:
    looked.page.set_viewport_size({"width": width, "height": 800})
    assert looked.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(looked: Looked, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only where there is a browser

    looked.page.set_viewport_size({"width": width, "height": 800})
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(looked.page, options=options)
    assert found.response["violations"] == []
