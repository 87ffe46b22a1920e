"""The dashboard in Chromium: figures on the screen, addresses, keys, hostile exports, accessibility, paper."""

import re
import subprocess
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from books.shown_book import AS_OF, Book, lay, material_of, show, usual_book, usual_row, usual_rules
from books.shown_pages import Look

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from cscli.reports.dashboard.model import Material

VIEWS = ("#/", "#/accounts", "#/a/A004", "#/revenue", "#/data")


@pytest.mark.parametrize("width", [1440, 768, 390, 320])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_view_is_shown_without_a_fault(
    language: str, width: int, look: Look, page_en: Path, page_ja: Path
) -> None:
    """No error, no dialog and no request, which the fixture asserts; nothing beyond the width of the screen."""
    looked = look(width)
    for address in VIEWS:
        page = looked.at(page_ja if language == "ja" else page_en, address)
        assert page.locator("main").inner_text().strip()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert "undefined" not in page.locator("body").inner_text()
        assert "NaN" not in page.locator("body").inner_text()


def compact(amount: float) -> str:
    """Three digits, a half going up: the oracle of amounts in tiles, in English."""
    steps = ((1e9, "B"), (1e6, "M"), (1e3, "K"), (1.0, ""))
    step, unit = next(each for each in steps if amount >= each[0] * 0.9995 or each[0] == 1.0)
    value = Decimal(amount / step)
    places = 0 if value >= 100 else 1 if value >= 10 else 2
    shown = f"{value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):,}"
    return "¥" + (shown.rstrip("0").rstrip(".") if "." in shown else shown) + unit


def tiles_of(page: "Page") -> dict[str, tuple[str, str]]:
    made = page.evaluate(
        "[...document.querySelectorAll('.tile')].map((e) => [...e.children].map((c) => c.textContent))"
    )
    return {label: (value, note) for label, value, note in made}


def expected_tiles(material: "Material", chosen: np.ndarray) -> dict[str, str]:
    """From the columns of the reports, by pandas and numpy alone."""
    frame = material.scored.frame[chosen]
    arr, days = frame["arr"], frame["days_to_renewal"]
    worst = frame["band"] == "at_risk"
    listed = np.isin(material.calls.rows, np.flatnonzero(chosen))
    points = [Decimal(f"{each:.1f}") for each in frame["score"].dropna()]
    score = (sum(points, Decimal()) / len(points)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return {
        "ARR": compact(arr.sum()),
        "Mean score": str(score),
        "ARR in band: At risk": compact(arr[worst].sum()),
        "Expected loss, 12 months": compact(np.nansum(material.calls.arr_at_risk[listed])),
        "Renewals in 90 days": compact(arr[(days >= 0) & (days <= 90)].sum()),
    }


def test_figures_are_those_of_the_reports_under_every_filter(look: Look, usual: Path, page_en: Path) -> None:
    material = material_of(usual)
    frame = material.scored.frame
    everyone = np.ones(len(frame), dtype=bool)
    cases = [("#/", everyone)]
    cases += [
        (f"#/?owner={name}", (frame["owner"] == name).to_numpy(bool)) for name in ("Ito", "Abe", "Ueda")
    ]
    cases += [(f"#/?touch={name}", (frame["touch"] == name).to_numpy(bool)) for name in ("high", "tech")]
    cases += [
        (f"#/?phase={name}", (frame["phase"] == name).to_numpy(bool)) for name in ("renewal", "adoption")
    ]
    bands = {"healthy": "Healthy", "watch": "Watch", "at_risk": "At+risk"}
    cases += [(f"#/?band={shown}", (frame["band"] == name).to_numpy(bool)) for name, shown in bands.items()]
    looked = look()
    for address, chosen in cases:
        page = looked.at(page_en, address)
        assert page.locator("[role=status]").inner_text() == f"{chosen.sum()} of 40 accounts", address
        shown = {label: value for label, (value, _) in tiles_of(page).items()}
        assert shown == expected_tiles(material, chosen), address
        headline = page.locator(".headline").inner_text()
        worst, calls = int((frame["band"] == "at_risk")[chosen].sum()), int(chosen[material.calls.rows].sum())
        assert re.match(rf"{worst} of {chosen.sum()} accounts (is|are) at risk", headline), address
        assert f" {calls} to call" in headline, address


def test_changes_and_losses_are_those_of_the_reports(look: Look, usual: Path, page_en: Path) -> None:
    """Oracle: `diff` of the two runs counts who fell and rose; lost points are weight x (100 - points)."""
    material = material_of(usual)
    assert material.comparison is not None
    kinds = material.comparison.kinds()
    page = look().at(page_en)
    counts = page.locator(".card.changes .counts").inner_text()
    assert f"{(kinds == 'down').sum()} fell a band" in counts
    assert f"{(kinds == 'up').sum()} rose" in counts
    assert (kinds == "down").any()
    assert (kinds == "up").any()
    rows = page.evaluate(
        "[...document.querySelectorAll('.card.costs tbody tr')].map((r) => [...r.children].map((c) => c.textContent))"
    )
    before, score = material.scored.scores.score_before_caps, material.scored.scores.score
    total = sum(float(row[2].replace("\u2212", "")) for row in rows)
    assert total == pytest.approx(100 - np.nanmean(before), abs=0.06 * len(rows))
    assert len(rows) == 3
    assert not np.isnan(score).all()


def test_the_account_page_tells_what_explain_tells(look: Look, usual: Path, page_en: Path) -> None:
    """A004 has an open P1 ticket: its score is capped at 39.0 since this run."""
    material = material_of(usual)
    row = list(material.scored.frame["account_id"]).index("A004")
    page = look().at(page_en, "#/a/A004")
    words = page.locator("main").inner_text()
    assert "39.0" in words
    assert "Held at 39.0 by: Open P1 ticket." in words
    assert "¥300,000" in page.locator(".facts").inner_text()
    shown = page.evaluate(
        "[...document.querySelectorAll('.scorecard tbody tr:not(.group)')].map((r) => [...r.children].map((c) => c.textContent))"
    )
    points = {line[0]: float(line[5]) for line in shown}
    names = {"Use": 0, "NPS": 1, "Plan points": 2}
    for label, at in names.items():
        assert points[label] == pytest.approx(material.scored.scores.points[row, at], abs=0.5)
    assert page.locator(".line .mark-text").all_text_contents() == ["Open P1 ticket"]


ADDRESSES = (
    "#/?q=company+1&owner=Abe",
    "#/accounts?touch=tech&sort=-score",
    "#/accounts?band=Watch&sort=renews",
    "#/a/A007?owner=Ueda",
    "#/accounts?renews=2026-12",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_address_holds_all(address: str, look: Look, page_en: Path) -> None:
    from playwright.sync_api import expect  # noqa: PLC0415 - where there is a browser

    page = look().at(page_en, address)
    first = page.locator("main").inner_text()
    page.reload()
    assert page.locator("main").inner_text() == first
    title = page.locator("h1")
    was = title.inner_text()
    page.locator("#nav a").nth(3).click()
    expect(title).to_have_text("Data")
    page.go_back()
    expect(title).to_have_text(was)
    assert page.locator("main").inner_text() == first
    assert page.evaluate("location.hash") == address


def test_what_an_address_names_and_there_is_not(look: Look, page_en: Path) -> None:
    looked = look()
    page = looked.at(page_en, "#/?owner=Nobody&colour=red")
    assert "No account matches these filters." in page.locator("main").inner_text()
    page.locator("main a").click()
    assert page.locator("[role=status]").inner_text() == "40 of 40 accounts"
    assert "There is no account X1 here." in looked.at(page_en, "#/a/X1").locator("main").inner_text()
    for address in (
        "#/nowhere",
        "#/accounts?sort=__proto__&page=-3",
        "#/?band=__proto__",
        "#/a/__proto__",
        "#/a/%",
    ):
        assert looked.at(page_en, address).locator("main").inner_text().strip()


def test_the_keyboard_alone(look: Look, page_en: Path) -> None:
    from playwright.sync_api import expect  # noqa: PLC0415 - where there is a browser

    page = look().at(page_en, "#/accounts")
    status, title = page.locator("[role=status]"), page.locator("h1")
    page.keyboard.press("/")
    page.keyboard.type("company 3")
    expect(status).to_have_text("13 of 40 accounts")
    page.keyboard.press("Escape")
    expect(status).to_have_text("40 of 40 accounts")
    page.locator("th button").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"#/accounts\?sort=score$"))
    expect(page.locator("th[aria-sort=ascending]")).to_have_text(re.compile("^Score"))
    scores = [
        float(each)
        for each in re.findall(
            r"(?m)^(?:\W )?(?:At risk|Watch|Healthy) ([\d.]+)", page.locator("tbody").inner_text()
        )
    ]
    assert scores == sorted(scores)
    of_all = title.inner_text()
    page.locator("tbody a").first.focus()
    page.keyboard.press("Enter")
    expect(title).not_to_have_text(of_all)
    first = title.inner_text()
    page.keyboard.press("j")
    expect(title).not_to_have_text(first)
    page.keyboard.press("k")
    expect(title).to_have_text(first)
    assert page.evaluate("document.activeElement.id") == "main"


BAD = "</script><img src=x onerror=alert(1)>\"'<!--<script>"


def hostile_book() -> Book:
    """Every text that a person or an export gives is markup that would run."""
    rows = [usual_row(number) for number in range(6)]
    for row in rows:
        row[1], row[2], row[10] = f"{BAD}{row[0]}", BAD, BAD
    text = {"en": BAD, "ja": BAD}
    rules = usual_rules()
    rules["metrics"]["plan_points"] |= {"label": text}  # type: ignore[index] # a mapping
    rules["metrics"]["plan_points"]["points"]["map"] = {BAD: 50}  # type: ignore[index] # as above
    rules["playbooks"] = [{"name": BAD, "hours": 1, "due_days": 2, "text": text}]
    rules["segments"] = {"touch": {"label": text, "values": [{"name": "high", "label": text}]}}
    rules["effort"] = {"by": "touch", "hours_per_month": {"high": 4}}
    rules["bands"] = [{"name": "good", "from": 90, "label": text}, {"name": "poor", "from": 0, "label": text}]
    rules["scorecards"] = [
        {"name": BAD, "groups": {"all": {"weight": 1, "label": text, "metrics": {"use": 1, "plan_points": 1}}},
         "caps": [{"when": "open_p1 > 0", "at_most": 39, "reason": text}]}
    ]  # fmt: skip
    rules["opportunities"] = [{"name": BAD, "kind": "upsell", "when": "mrr > 0", "potential_mrr": "mrr"}]
    return Book([*rows, ["x", BAD, "", "abc", "1", "", "", "", "", "", ""]], rules)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ja"])
def test_markup_in_exports_and_rules_stays_text(language: str, look: Look, tmp_path: Path) -> None:
    page_file = show(lay(tmp_path / "book", hostile_book()), language)
    looked = look()
    for address in (*VIEWS, f"#/?q={BAD}", f"#/a/{BAD}", f"#/accounts?sort={BAD}&owner={BAD}&renews={BAD}"):
        page = looked.at(page_file, address)
        assert page.locator("img").count() == 0
        assert page.locator("script").count() == 2
        assert page.evaluate("Object.prototype.polluted === undefined")
    assert BAD in looked.at(page_file, "#/accounts").locator("tbody").inner_text()


@pytest.mark.slow
def test_accessibility_has_no_violation(look: Look, page_en: Path, page_ja: Path) -> None:
    """Oracle: axe-core, WCAG 2.2 A and AA with its best practices."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - where there is a browser

    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    for width, path in ((1440, page_en), (390, page_ja)):
        looked = look(width)
        for address in VIEWS:
            page = looked.at(path, address)
            found = Axe().run(page, options={"runOnly": tags}).response["violations"]
            told = [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found]
            assert told == [], (width, address)


def test_without_scripts_the_calls_are_a_table(look: Look, usual: Path, page_en: Path) -> None:
    page = look(scripts=False).at(page_en)
    material = material_of(usual)
    assert page.locator("table tbody tr").count() == min(20, len(material.calls.rows))
    first = str(material.scored.frame["name"].iloc[material.calls.rows[0]])
    assert page.locator("table tbody tr").first.inner_text().startswith(first)
    assert "at risk" in page.locator(".headline").inner_text()


Lacking = Callable[[Book], Book]
LACKING: dict[str, Lacking] = {}


def lacking(make: Lacking) -> Lacking:
    """A book that lacks something, by the name of the function that takes it away."""
    LACKING[make.__name__] = make
    return make


def without(book: Book, *names: str) -> Book:
    at = [book.heads.index(name) for name in names]
    book.heads = [each for place, each in enumerate(book.heads) if place not in at]
    book.rows = [[cell for place, cell in enumerate(row) if place not in at] for row in book.rows]
    book.before = ()
    return book


@lacking
def one_account(book: Book) -> Book:
    book.rows, book.before = book.rows[:1], ()
    return book


@lacking
def no_history(book: Book) -> Book:
    book.before = ()
    return book


@lacking
def no_money(book: Book) -> Book:
    book.rules["segments"] = {}
    book.rules["opportunities"] = []
    del book.rules["effort"]
    return without(book, "mrr")


@lacking
def one_mrr_missing(book: Book) -> Book:
    return book


@lacking
def no_owner(book: Book) -> Book:
    return without(book, "owner")


@lacking
def no_segments(book: Book) -> Book:
    book.rules["segments"] = {}
    del book.rules["effort"]
    return book


@lacking
def two_bands(book: Book) -> Book:
    book.rules["bands"] = [{"name": "good", "from": 50}, {"name": "poor", "from": 0}]
    book.rules["opportunities"] = []
    return book


@lacking
def nine_bands(book: Book) -> Book:
    book.rules["bands"] = [{"name": f"b{edge}", "from": edge} for edge in range(80, -1, -10)]
    book.rules["opportunities"] = []
    return book


@lacking
def all_unknown(book: Book) -> Book:
    book.rows = [[*row[:7], "", "", 0, ""] for row in book.rows]
    book.before = ()
    return book


@lacking
def long_names(book: Book) -> Book:
    book.rows = [[row[0], "株式会社" * 75, "x" * 300, *row[3:]] for row in book.rows]
    book.before = ()
    return book


def test_a_name_of_300_characters_takes_three_lines_of_a_list(look: Look, tmp_path: Path) -> None:
    """On the account's own page it is whole."""
    page_file = show(lay(tmp_path / "book", long_names(usual_book(12))))
    for width in (1440, 390):
        page = look(width).at(page_file)
        name = page.locator(".calls .of-account > a").first
        height = "each => each.clientHeight / parseFloat(getComputedStyle(each).lineHeight)"
        assert round(name.evaluate(height), 1) == 3
        name.click()
        heading = page.locator("main h1")
        assert heading.inner_text() == "株式会社" * 75
        assert heading.evaluate("each => each.scrollHeight <= each.clientHeight + 1")


@lacking
def odd_ids(book: Book) -> Book:
    ids = ("../x", "#?&%", "__proto__", "日本語", "constructor", "a/b", "%41", "?q=1")
    book.rows = [[each, *row[1:]] for each, row in zip(ids, book.rows, strict=False)]
    book.before = ()
    return book


@pytest.mark.slow
@pytest.mark.parametrize("name", list(LACKING))
def test_a_book_that_lacks_something_is_shown(name: str, look: Look, tmp_path: Path) -> None:
    """Money that is not known is nowhere `¥0`; every account can be opened."""
    book = LACKING[name](usual_book(12))
    page_file = show(lay(tmp_path / "book", book))
    looked = look(390)
    for address in VIEWS:
        page = looked.at(page_file, address)
        words = page.locator("body").inner_text()
        assert words.strip()
        assert not re.search(r"undefined|NaN|\[object", words)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        if name == "no_money":
            assert "¥" not in words
    page = looked.at(page_file, "#/accounts")
    assert page.locator("tbody tr").count() == len(book.rows)
    hrefs = page.evaluate("[...document.querySelectorAll('tbody th a')].map((a) => a.getAttribute('href'))")
    for href in hrefs:
        assert looked.at(page_file, href).locator(".brief").count() == 1, href


def paper_of(page: "Page", folder: Path) -> Sequence[str]:
    """The text of each sheet of paper. Oracle: pdftotext."""
    path = folder / "page.pdf"
    page.pdf(path=str(path), prefer_css_page_size=True, print_background=True)
    text = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, encoding="utf-8", check=True
    )
    return text.stdout.split("\f")[:-1]


def test_paper(look: Look, page_en: Path, tmp_path: Path) -> None:
    looked = look()
    overview = paper_of(looked.at(page_en, "#/?owner=Abe"), tmp_path)
    assert len(overview) <= 2
    assert "Owner: Abe" in overview[0]
    assert "Figures as a table" not in "".join(overview)
    assert len(paper_of(looked.at(page_en, "#/a/A004"), tmp_path)) == 1
    accounts = paper_of(looked.at(page_en, "#/accounts"), tmp_path)
    assert len(accounts) <= 2
    assert all("Expected loss" in sheet for sheet in accounts)


def test_renewals_lead_to_the_accounts_of_their_month(look: Look, usual: Path, page_en: Path) -> None:
    """Oracle: the renewal dates of the export."""
    frame = material_of(usual).scored.frame
    days, months = frame["days_to_renewal"], frame["renews_on"].dt.strftime("%Y-%m")
    expected = {
        month: int(((months == month) & (days >= 0)).sum()) for month in months[(days >= 0) & (days <= 330)]
    }
    page = look().at(page_en)
    said = page.evaluate(
        "[...document.querySelectorAll('.renewals svg a')].map((a) => [a.getAttribute('href'), a.getAttribute('aria-label')])"
    )
    found = {
        "".join(re.findall(r"renews=([\d-]+)", href)): int("".join(re.findall(r"(\d+) account", label)))
        for href, label in said
    }
    assert {month: found[month] for month in expected} == expected
    assert AS_OF.strftime("%Y-%m") in expected or AS_OF.day == 31
