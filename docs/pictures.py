"""Makes the pictures of both READMEs from the sample: the workbook of `cscli score`, as LibreOffice prints it.

`python docs/pictures.py` writes `score-en.png` and `score-ja.png` beside this script. It needs LibreOffice, pdftoppm,
pdftotext and Chromium, and playwright of `cscli[dev]`.
"""

import base64
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from cscli.texts import LANGUAGES, Language, label

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "sample_data"
EXPORTS: dict[Language, str] = {"en": "accounts.xlsx", "ja": "accounts_ja.csv"}
DAY = "2026-10-31"
WIDTH, ACCOUNTS_HEIGHT, SUMMARY_HEIGHT = 1400, 529, 392
PAGE = """<style>body {{ margin: 0; background: white }} div {{ width: {width}px; overflow: hidden }}
img {{ width: {width}px; display: block; margin-top: -{above}px }}</style>
<div style="height: {first}px"><img src="{accounts}"></div>
<div style="height: {second}px"><img src="{summary}"></div>"""


def main() -> None:
    """Writes both pictures."""
    for language in LANGUAGES:
        with tempfile.TemporaryDirectory() as name:
            draw(language, Path(name), HERE / f"score-{language}.png")


def draw(language: Language, folder: Path, picture: Path) -> None:
    """The first accounts, and below them the sheet by band."""
    run(
        sys.executable,
        "-m",
        "cscli",
        "score",
        str(SAMPLE / EXPORTS[language]),
        "--as-of",
        DAY,
        "--lang",
        language,
        folder=folder,
    )
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run("soffice", profile, "--headless", "--convert-to", "pdf", "out/scored.xlsx", folder=folder)
    band = label("band", language)
    summary = next(page for page in range(2, 99) if text_of(folder, page).startswith(band))
    html = PAGE.format(
        width=WIDTH, above=52, first=ACCOUNTS_HEIGHT, second=SUMMARY_HEIGHT,
        accounts=page_of(folder, 1), summary=page_of(folder, summary),
    )  # fmt: skip
    (folder / "page.html").write_text(html, encoding="utf-8")
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": ACCOUNTS_HEIGHT + SUMMARY_HEIGHT})
        page.goto((folder / "page.html").as_uri())
        page.screenshot(path=picture)
        browser.close()


def text_of(folder: Path, page: int) -> str:
    """What a page of the PDF says."""
    return run("pdftotext", "-f", str(page), "-l", str(page), "scored.pdf", "-", folder=folder)


def page_of(folder: Path, page: int) -> str:
    """A page of the PDF as the address of its picture."""
    run(
        "pdftoppm",
        "-r",
        "150",
        "-png",
        "-singlefile",
        "-f",
        str(page),
        "scored.pdf",
        f"page{page}",
        folder=folder,
    )
    return "data:image/png;base64," + base64.b64encode((folder / f"page{page}.png").read_bytes()).decode()


def run(*command: str, folder: Path) -> str:
    """What a program prints."""
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, encoding="utf-8").stdout


if __name__ == "__main__":
    main()
