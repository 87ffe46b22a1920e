"""The file of a dashboard as bytes: its policy, its data, its size, who may read it, and that it is the same each time."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from books.shown_book import AS_OF, lay, material_of, request_in, show, usual_book
from cscli import __version__, workflows
from cscli.render.dashboard.page import data_json, page_html
from cscli.reports.dashboard.report import PANELS, make_dashboard
from cscli.workflows import Choice, DashboardOptions
from places import SOURCE, TESTS

pytestmark = pytest.mark.whole
HTML = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)


def data_of(page: Path) -> dict[str, object]:
    found = HTML.search(page.read_text(encoding="utf-8"))
    assert found
    data: dict[str, object] = json.loads(found[1])
    return data


def digest_of(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


def test_the_policy_names_what_stands_in_the_page(page_en: Path) -> None:
    """Oracle: SHA-256 of what stands between the tags, as the specification of CSP says."""
    html = page_en.read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert policy[1] == (
        f"default-src 'none'; style-src '{digest_of(style)}'; script-src '{digest_of(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"\sstyle=|\son\w+=|https?://(?!www\.w3\.org/2000/svg)|innerHTML|eval\(", html)


def test_the_same_inputs_give_the_same_bytes(usual: Path, page_en: Path) -> None:
    again = show(usual, "en")
    assert page_en.read_bytes() == again.read_bytes()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_data_are_the_same_text_as_ever(language: str, tmp_path: Path, update_golden: bool) -> None:
    """What the scripts show of four accounts, a line a value; read by eye once."""
    book = usual_book()
    book.rows, book.before = book.rows[:4], book.before[-1:]
    data = data_of(show(lay(tmp_path / "book", book), language))
    found = (
        json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True).replace(__version__, "VERSION") + "\n"
    )
    kept = TESTS / "golden" / f"dashboard.{language}.json"
    if update_golden:
        kept.write_text(found, encoding="utf-8", newline="\n")
    assert found == kept.read_text(encoding="utf-8")


def test_only_its_owner_may_read_it(page_en: Path) -> None:
    assert page_en.stat().st_mode & 0o777 == 0o600


def test_the_page_without_its_data_is_small(page_en: Path) -> None:
    """Budget of html, style and scripts, as they stand in it: 80 kB."""
    html = page_en.read_text(encoding="utf-8")
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert not re.search(r"^\s*(//|$)", script.rstrip("\n"), re.MULTILINE)
    without = re.sub(r"<noscript>.*?</noscript>", "", HTML.sub("", html), flags=re.DOTALL)
    assert len(without.encode()) <= 80_000


def test_every_panel_has_its_script() -> None:
    folder = SOURCE / "render" / "dashboard" / "panels"
    assert {panel.name for panel in PANELS} == {path.stem for path in folder.glob("*.js")}
    assert {panel.column for panel in PANELS} <= {"main", "side", "third"}


def test_scripts_can_be_stripped_line_by_line() -> None:
    """No template literal goes over the end of a line, where leaving out indentation would change it."""
    for path in (SOURCE / "render" / "dashboard").rglob("*.js"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.strip().startswith("//"):
                assert line.count("`") % 2 == 0, (path.name, line)


def test_scripts_are_short() -> None:
    scripts = [*(SOURCE / "render" / "dashboard").rglob("*.js")]
    assert len(scripts) > 10
    assert {path.name: lines for path in scripts if (lines := len(path.read_text().splitlines())) > 250} == {}


def test_nothing_in_the_data_ends_its_element(tmp_path: Path) -> None:
    """Also the separators that end a line in a script, and a lone surrogate, which UTF-8 has not."""
    book = usual_book(3)
    book.rows[0][1] = "</script><!--<script>\u2028\u2029 & \ud800"  # type: ignore[index] # a list
    book.before = ()
    folder = lay_quietly(tmp_path / "book", book)
    page = make_dashboard(material_of(folder))
    dumped = data_json(page.data)
    assert "<" not in dumped
    assert not {"\u2028", "\u2029"} & set(dumped)
    assert "</script><!--" not in page_html(page).split('id="data">')[1].split("</script>")[0]


def lay_quietly(folder: Path, book: object) -> Path:
    """A name of lone surrogates cannot be written: it comes in by another way, so here without it."""
    book.rows[0][1] = str(book.rows[0][1]).replace("\ud800", "")  # type: ignore[attr-defined] # a Book
    return lay(folder, book)  # type: ignore[arg-type] # as above


def test_each_owner_has_a_file_with_these_accounts_alone(usual: Path) -> None:
    """Oracle: the column of the export; others are nowhere in the bytes."""
    options = DashboardOptions(each="owner")
    shown = workflows.dashboard(request_in(usual), options, usual / "out" / "each.html")
    names = {page.path.name: page.accounts for page in shown.pages}
    assert names == {"each-Abe.html": 10, "each-Ito.html": 10, "each-Ueda.html": 10, "each-none.html": 10}
    text = (usual / "out" / "each-Abe.html").read_text(encoding="utf-8")
    assert all((f'"Company {number}"' in text) == (number % 4 == 1) for number in range(40))
    assert "Ueda" not in text


def test_a_condition_chooses_the_accounts(usual: Path) -> None:
    options = DashboardOptions(choice=Choice(where="nps >= 50 AND touch = 'tech'"))
    shown = workflows.dashboard(request_in(usual), options, usual / "out" / "where.html")
    expected = [
        n for n in range(40) if (n * 29) % 101 >= 50 and (n % 7 == 6 or 1000 * (n + 1) ** 2 < 400_000)
    ]
    assert data_of(shown.pages[0].path)["id"] == [f"A{n:03}" for n in expected]


def test_fewer_runs_and_pages_are_in_it_when_asked(usual: Path) -> None:
    path = usual / "out" / "small.html"
    workflows.dashboard(request_in(usual), DashboardOptions(last=2, briefs="calls"), path)
    data = data_of(path)
    assert data["runs"] == ["2026-10-24", AS_OF.isoformat()]
    detailed = data["detailed"]
    assert isinstance(detailed, list)
    assert 0 < len(detailed) < 40
    assert all(len(column) == len(detailed) for column in data["points"])  # type: ignore[attr-defined] # lists
    workflows.dashboard(request_in(usual), DashboardOptions(briefs="none"), path)
    assert data_of(path)["detailed"] == []


def test_the_history_is_only_read(usual: Path) -> None:
    before = (usual / ".cscli" / "history.db").read_bytes()
    show(usual, "en")
    assert (usual / ".cscli" / "history.db").read_bytes() == before
