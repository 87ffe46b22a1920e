"""Help and faults of usage in both languages. Oracle: the command line as it is declared; the terminal's 80 cells."""

import re
import unicodedata
from pathlib import Path

import pytest
from command_reference import EVERY

from cscli.cli import make_app
from cscli.cli.manual.page import help_page
from cscli.cli.reader import find_language
from cscli.texts import Language
from cscli.texts.columns import width, wrapped
from cscli.texts.usage import commands, fault_in, options, said_in

_LATIN = re.compile(r"[A-Za-z]{2,}")


def sentences() -> set[str]:
    """All that commands and their parameters say of themselves."""
    found = set()
    for command, context in EVERY:
        paragraphs = [*(command.help or "").split("\n\n"), *(command.epilog or "").split("\n\n")]
        found |= {" ".join(each.split()) for each in paragraphs if not each.startswith("Example: ")}
        found |= {
            " ".join((getattr(each, "help", None) or "").split()) for each in command.get_params(context)
        }
    return found - {""}


def test_every_sentence_is_said_in_japanese_and_none_besides() -> None:
    known = {**commands.JAPANESE, **options.JAPANESE}
    assert sorted(sentences() - set(known)) == []
    assert sorted(set(known) - sentences() - {"Show this message and exit."}) == []
    assert [said for said in known.values() if not re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", said)] == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_page_is_wider_than_80_cells(language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    wide = [
        line
        for command, context in EVERY
        for line in help_page(command, context, language).splitlines()
        if width(line) > 80 and not line.strip().startswith(("Example:", "例:"))
    ]
    assert wide == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_first_page_has_every_command_with_its_whole_summary(language: Language) -> None:
    command, context = EVERY[0]
    page = "".join(help_page(command, context, language).split())
    for name, each in command.commands.items():
        summary = said_in(" ".join((each.help or "").split("\n\n")[0].split()), language)
        assert name + "".join(summary.split()) in page


def test_a_page_in_japanese_says_all_but_names_in_japanese() -> None:
    command, context = next(each for each in EVERY if each[1].command_path == "cscli score")
    page = help_page(command, context, "ja")
    latin = {
        word for line in page.splitlines() for word in _LATIN.findall(re.sub(r"^  \S.*?\s{2,}", "", line))
    }
    names = {
        "cscli",
        "score",
        "OPTIONS",
        "ACCOUNTS",
        "sources",
        "accounts",
        "file",
        "yaml",
        "starter",
        "xlsx",
        "csv",
        "json",
    }
    assert latin - names <= {"md", "as", "of", "sample", "data", "allow", "future", "fail", "on"}


FAULTS = {
    "No such command 'scor'. Did you mean 'score'?": "コマンド「scor」はありません。 もしかして: score",
    "No such option: --asof Did you mean --as-of?": "オプション --asof はありません。 もしかして: --as-of",
    "Missing argument 'ACCOUNT_ID'.": "引数 ACCOUNT_ID を指定してください。",
    "Option '--share' requires an argument.": "オプション --share には値が必要です。",
    "Invalid value for --months: Input should be a valid integer, unable to parse string as an integer": "--months の値が正しくありません: 整数を指定してください",
    "Invalid value: give either --keep N or --since DATE": "--keep N か --since DATE のどちらかを指定してください",
    "Got unexpected extra argument (x)": "余分な引数があります: x",
}


@pytest.mark.parametrize("message", FAULTS)
def test_faults_are_told_in_japanese(message: str) -> None:
    assert fault_in(message, "ja") == FAULTS[message]


def test_every_fault_of_our_own_has_its_form() -> None:
    """Oracle: the places that raise it."""
    source = Path(make_app().__class__.__module__ and __import__("cscli.cli").cli.__file__).parent
    raised = re.findall(
        r'BadParameter\(\s*"([^"]+)"', "\n".join(p.read_text(encoding="utf-8") for p in source.rglob("*.py"))
    )
    assert len(raised) > 6
    for message in raised:
        assert _LATIN.sub("", fault_in(f"Invalid value: {message}", "ja")) != _LATIN.sub(
            "", f"Invalid value: {message}"
        )
        assert any(
            unicodedata.name(letter).startswith(("CJK", "HIRAGANA"))
            for letter in fault_in(f"Invalid value: {message}", "ja")
        )


def test_library_words_are_not_told_in_english_either() -> None:
    assert fault_in("Invalid value for --lang: Value error, 'fr' is not one of 'en', 'ja'.", "en") == (
        "Invalid value for --lang: 'fr' is not one of 'en', 'ja'."
    )


@pytest.mark.parametrize(
    ("arguments", "environment", "rules", "expected"),
    [
        ([], {}, "", "en"),
        ([], {"LANG": "ja_JP.UTF-8"}, "", "ja"),
        ([], {"LC_ALL": "C", "LANG": "ja_JP.UTF-8"}, "", "en"),
        ([], {"LANG": "C.UTF-8"}, "version: 1\nlanguage: ja\n", "ja"),
        (["--lang", "en"], {"LANG": "ja_JP.UTF-8"}, "language: ja", "en"),
        (["score", "--lang=ja"], {}, "language: en", "ja"),
    ],
)
def test_the_language_of_the_reader(
    arguments: list[str], environment: dict[str, str], rules: str, expected: str, tmp_path: Path
) -> None:
    """Oracle: `--lang`, then the system's language, then the rules'."""
    (tmp_path / "cscli.yaml").write_text(rules, encoding="utf-8")
    assert find_language(arguments, environment, tmp_path) == expected


def test_lines_break_between_words_and_keep_marks() -> None:
    assert wrapped("aaa bbb ccc", 7) == ["aaa bbb", "ccc"]
    assert wrapped("日本語、です。", 8) == ["日本語、", "です。"]
    assert wrapped("日本（東京）", 6) == ["日本", "（東", "京）"]
