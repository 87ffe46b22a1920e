"""Both catalogues say the same things: the same keys, the same fields; and the code says nothing else."""

import ast
import datetime as dt
import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from string import Formatter

import pytest

from books.latin import english_in
from cscli.analysis.outreach.sent import State
from cscli.errors import Location, Problem
from cscli.texts import LANGUAGES, Choices, Language, Phrase, catalogue, problem_message, text
from places import SOURCE

CODE = re.compile(r"[a-z_]+\.[a-z_]+\Z")
FILES = (".xlsx", ".csv", ".html", ".json", ".yaml", ".log", ".xml")  # names of files look like codes
TOPICS = {key.split(".")[1] for key in catalogue("en") if key.startswith("problem.")}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@cache
def literals() -> frozenset[str]:
    """Every text literal of the program outside the catalogues."""
    files = [path for path in SOURCE.rglob("*.py") if "texts" not in path.relative_to(SOURCE).parts]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    constants = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return frozenset(node.value for node in constants if isinstance(node.value, str))


def problem_codes() -> Iterator[str]:
    """Literals that look like a problem's code, or the beginning of one: `topic.name`, of a topic that has problems.
    Some name a module of a wing.
    """
    modules = {".".join(path.with_suffix("").parts[-2:]) for path in SOURCE.rglob("*.py")}
    for literal in literals():
        if (
            CODE.match(literal)
            and not literal.endswith(FILES)
            and literal.split(".")[0] in TOPICS
            and literal not in catalogue("en")
            and literal not in modules
        ):
            yield literal


def of_many(language: Language) -> dict[str, str]:
    """The texts without those about one thing, which English alone has."""
    return {key: text for key, text in catalogue(language).items() if not key.endswith(".one")}


def test_both_languages_have_the_same_keys() -> None:
    assert set(of_many("ja")) ^ set(of_many("en")) == set()


def test_a_text_about_one_thing_stands_in_for_one_about_many() -> None:
    singular = {key: text for key, text in catalogue("en").items() if key.endswith(".one")}
    of = {key: catalogue("en").get(key.removesuffix(".one"), "") for key in singular}
    assert [key for key, text in singular.items() if not fields(text) <= fields(of[key])] == []
    assert text("headline.history_no_score", "en", who="A1", count=1) == "A1: no score in 1 run."
    assert text("headline.history_no_score", "en", who="A1", count=2) == "A1: no score in 2 runs."
    assert text("headline.history_no_score", "ja", who="A1", count=1)


NEVER_ONE = {
    "init.sample_wrote",  # the sample has twelve files
    "problem.check.date_forms",  # said of several forms
    "problem.data.ids_differ_in_case",  # said of two or more
    "problem.data.months_wide",  # recognised by several months
    "problem.history.too_long",  # beyond a million
    "problem.init.newest_of",  # of several
    "problem.init.parts_joined",  # of several
    "problem.reading.newest_taken",  # of several
}


def test_what_is_counted_can_be_one() -> None:
    """No `1 accounts have`: a text with a number before a word in the plural has its own text for one."""
    english = catalogue("en")
    plural = {key for key, said in english.items() if re.search(r"\{count[^}]*\} \w+s\b", said)}
    assert len(plural) > 50
    assert {key for key in plural if not key.endswith(".one") and f"{key}.one" not in english} == NEVER_ONE


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_stands_in_one_topic(language: Language) -> None:
    """Of two texts under one key, one would be lost without a word; and a topic that is not taken up, whole."""
    package = importlib.import_module(f"cscli.texts.{language}")
    names = [module.name for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")]
    topics = [importlib.import_module(name).TEXTS for name in names]
    keys = Counter(key for topic in topics for key in topic)
    assert {key: count for key, count in keys.items() if count > 1} == {}
    assert keys.keys() == catalogue(language).keys()


def test_both_languages_fill_in_the_same_fields() -> None:
    different = [key for key, text in of_many("en").items() if fields(text) != fields(catalogue("ja")[key])]
    assert different == []


def test_a_hint_belongs_to_a_message() -> None:
    hints = [key.removesuffix(".hint") for key in catalogue("en") if re.match(r"problem\..*\.hint$", key)]
    assert [key for key in hints if key not in catalogue("en")] == []


def test_japanese_is_japanese() -> None:
    """A text of several English words was forgotten; names such as NPS or SHA-256 stay."""
    prose = re.compile(r"[A-Za-z]+ [a-z]+ [a-z]+")
    assert [key for key, text in catalogue("ja").items() if prose.search(re.sub(r"`[^`]*`", "", text))] == []


def test_every_code_in_the_program_has_a_text() -> None:
    keys = tuple(catalogue("en"))
    without = [code for code in sorted(problem_codes()) if f"problem.{code}" not in keys]
    parts = {
        code
        for code in without
        if code.endswith("_") and any(key.startswith(f"problem.{code}") for key in keys)
    }
    assert [code for code in without if code not in parts] == []


def test_every_text_of_a_problem_is_used() -> None:
    """Codes that the program puts together from parts are found by their parts."""
    said = literals()
    codes = [key.removeprefix("problem.") for key in of_many("en") if key.startswith("problem.")]
    unused = [code for code in codes if not code.endswith(".hint") and code not in said]
    starts = {literal for literal in said if literal.endswith((".", "_")) and literal.split(".")[0] in TOPICS}
    assert [code for code in unused if not code.startswith(tuple(starts))] == []


@pytest.mark.parametrize("topic", ["comparing", "content", "fit", "initiatives", "selfcheck"])
def test_nothing_about_practice_claims_a_cause(topic: str) -> None:
    """Two groups differ; why, nobody knows. Where a text speaks of a cause, it says that none is shown."""
    claims = re.compile(
        r"\b(?:caus\w+|because of|led to|leads to|thanks to|due to|effect of|results? in|drives?|prevents?|reduces?|improves?)\b|によって|のおかげ|の効果で|原因",
        re.IGNORECASE,
    )
    denies = re.compile(r"not shown|does not show|nobody says|not this initiative|とは限りません")
    texts = {
        f"{language} {key}": said
        for language in LANGUAGES
        for key, said in importlib.import_module(f"cscli.texts.{language}.{topic}").TEXTS.items()
    }
    assert len(texts) > 10
    assert [key for key, said in texts.items() if claims.search(said) and not denies.search(said)] == []


def test_no_english_in_the_japanese_catalogue() -> None:
    found = {key: words for key, said in catalogue("ja").items() if (words := english_in(said))}
    assert found == {}


def test_what_may_stand_in_a_cell_is_told_as_the_book_in_that_language_has_it() -> None:
    keys = Choices(("themes.status.open", "themes.status.released"))
    wrong = Problem("inputs.not_a_choice", value="x", details={"account": "A1", "known": keys})
    assert "open, released" in problem_message(wrong, "en")
    assert "未検討、対応済み" in problem_message(wrong, "ja")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_a_message_is_told_in_words(language: Language) -> None:
    told = [
        problem_message(
            Problem("outreach.other_state", value="0a1b", details={"state": Phrase(f"message_{state}")}),
            language,
        )
        for state in State
    ]
    assert len({*told}) == len(State)


def test_days_of_a_problem_are_written_as_its_reader_does_but_for_cells() -> None:
    details = {"day": "2026-10-31", "as_of": dt.date(2026, 10, 31)}
    told = Problem("recall.no_columns", value="2026-10-31", details=details)
    assert "2026-10-31" in problem_message(told, "en")
    assert "2026/10/31" in problem_message(told, "ja")
    cell = Problem("data.not_a_number", where=Location(line=3), value="2026-10-31")
    assert "2026-10-31" in problem_message(cell, "ja")
