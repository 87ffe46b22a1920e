"""`cscli check --acknowledge`: what is known and accepted leaves the terminal, cron's mail and `--fail-on`."""

from pathlib import Path

import pytest

from books.small_book import MONDAY, RULES, cscli, make_book, write_accounts

TAIL = "# the end, without a line break"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A00 has an NPS that cannot be."""
    folder = make_book(tmp_path / "book", TAIL)
    write_accounts(folder, lowest=140)
    return folder


def test_the_lines_are_printed_and_nothing_is_written(book: Path) -> None:
    printed = cscli(book, "check", "--as-of", MONDAY, "--acknowledge").stdout
    assert printed.startswith("acknowledge:\n  - {code: ")
    assert '  - {code: data.out_of_range, source: "accounts", column: "nps", values: ["140"]}\n' in printed
    assert (book / "cscli.yaml").read_text(encoding="utf-8") == RULES + TAIL


@pytest.mark.slow
def test_a_cron_run_says_nothing_of_what_is_acknowledged(book: Path) -> None:
    assert "140 cannot be" in cscli(book, "run", "--as-of", MONDAY, "--no-history").stderr
    cscli(book, "check", "--as-of", MONDAY, "--acknowledge", "--write")
    written = (book / "cscli.yaml").read_text(encoding="utf-8")
    assert written.startswith(RULES + TAIL + "\nacknowledge:\n  - {code: ")
    done = cscli(book, "run", "--as-of", MONDAY, "--fail-on", "warning")
    assert (done.stdout, done.stderr) == ("", "")
    for command in ("score", "check"):
        cscli(book, command, "--as-of", MONDAY, "--fail-on", "warning")
    assert "140 cannot be" in cscli(book, "check", "--as-of", MONDAY).stdout
    assert "accept already" in cscli(book, "check", "--as-of", MONDAY, "--acknowledge", "--write").stdout


@pytest.mark.slow
def test_a_finding_comes_back_when_its_facts_change(book: Path) -> None:
    cscli(book, "check", "--as-of", MONDAY, "--acknowledge", "--write")
    write_accounts(book, lowest=150)
    assert "150 cannot be" in cscli(book, "run", "--as-of", MONDAY, "--fail-on", "error", code=10).stderr


@pytest.mark.slow
def test_a_second_run_on_unchanged_exports_says_one_line_of_what_is_known(book: Path) -> None:
    assert "140 cannot be" in cscli(book, "run", "--as-of", MONDAY).stderr
    again = cscli(book, "run", "--as-of", MONDAY)
    assert again.stderr == "1 finding of earlier runs still holds: cscli check\n"


def test_a_preset_has_no_file_to_write_to(tmp_path: Path) -> None:
    folder = make_book(tmp_path / "book")
    (folder / "cscli.yaml").unlink()
    done = cscli(folder, "check", "accounts.csv", "--as-of", MONDAY, "--acknowledge", "--write", code=2)
    assert "cscli init" in done.stderr
