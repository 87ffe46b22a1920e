"""A plugin of the tests: Chromium, dashboards that are made once, and pages that tell of everything that should not be."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from books.shown_book import lay, show, usual_book

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page


@dataclass
class Looked:
    """What a page did beside being shown."""

    page: "Page"
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def at(self, path: Path, address: str = "#/") -> "Page":
        """The file at that address, loaded anew."""
        self.page.goto("about:blank")
        self.page.goto(path.as_uri() + address)
        return self.page


Look = Callable[..., Looked]


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """The Chromium of this computer."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        if "CI" in os.environ:
            pytest.fail("Chromium is not installed")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of the usual book."""
    return lay(tmp_path_factory.mktemp("usual") / "book", usual_book())


@pytest.fixture(scope="session")
def page_en(usual: Path) -> Path:
    """Its dashboard in English."""
    return show(usual)


@pytest.fixture(scope="session")
def page_ja(usual: Path) -> Path:
    """Its dashboard in Japanese."""
    return show(usual, "ja")


@pytest.fixture
def look(chromium: "Browser") -> Iterator[Look]:
    """Opens a page of that width; when the test ends, nothing may have gone wrong in it."""
    opened: list[Looked] = []

    def open_page(width: int = 1440, *, scripts: bool = True) -> Looked:
        context = chromium.new_context(viewport={"width": width, "height": 1000}, java_script_enabled=scripts)
        looked = Looked(context.new_page())
        page = looked.page
        page.on("console", lambda said: looked.errors.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: looked.errors.append(str(error)))
        page.on("dialog", lambda dialog: refuse(dialog, looked))
        page.on("request", lambda request: looked.requests.append(request.url))
        opened.append(looked)
        return looked

    def refuse(dialog: "Dialog", looked: Looked) -> None:
        looked.errors.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    yield open_page
    for looked in opened:
        looked.page.context.close()
        assert looked.errors == []
        assert [url for url in looked.requests if not url.startswith(("file:", "data:", "about:"))] == []
