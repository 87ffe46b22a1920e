"""A hint leads somewhere: whoever does what it says is rid of the problem, and has no new error.

The oracle is the program itself, asked again after the hint was followed to the letter. A case stands in a file
of its topic beside this, as `cases.py` tells.
"""

import re
from pathlib import Path

import pytest

from cscli.errors import Severity
from cscli.texts import catalogue
from hints.cases import Case, cases, lay_out
from hints.telling import do, hints_of, mend, told_in

CODE = re.compile(r"`([^`]*)`|(?<![\w-])(--[a-z][a-z-]+)")
WORD = re.compile(r"[A-Za-z_][\w-]*")
WITHOUT_CASE = {
    "another program has to be in the way at the very moment": (
        "history.locked", "match.crosswalk_changed", "outreach.ledger_changed", "people.changed_meanwhile",
        "people.open_elsewhere", "run.locked", "run.locked_by_unknown",
    ),
    "the disk, the rights or the clock of the computer have to be at fault": (
        "history.clock_back", "history.no_space", "history.read_only", "reading.no_current_folder",
        "reading.not_readable", "run.no_lock", "schedule.control_character", "writing.failed",
        "writing.is_folder", "writing.no_permission", "writing.no_space",
    ),
    "Spark, Java, a driver or a cluster has to be missing, or there": (
        "history.no_driver", "rows.not_on_spark", "spark.java_home", "spark.master_silent", "spark.no_executors",
        "spark.no_java", "spark.no_master", "spark.no_table", "spark.not_installed", "spark.packed_name",
    ),
    "a file has to be damaged inside, in a way that only another program can mend": (
        "address-hashes.key_unusable", "events.rows_lost", "history.damaged", "people.not_extendable",
        "people.not_verified", "reading.damaged_sheet", "reading.errors_unchecked", "reading.out_of_time",
        "reading.readers_differ", "reading.rows_missing",
    ),
    "another version of cscli wrote it, or has to be installed": (
        "history.newer", "history.old_form", "recall.no_columns", "recall.rules_unreadable",
        "upgrade.accounts_gone", "upgrade.accounts_new", "upgrade.read_otherwise",
    ),
    "it takes more than fits into a workbook, a page or the memory": (
        "events.out_of_memory", "history.too_long", "showing.large", "showing.too_large", "writing.text_cut",
        "writing.too_large", "writing.too_many_rows",
    ),
    "a server, a mail program or a person has to answer": (
        "alerts.expired", "alerts.refused", "outreach.file_gone", "outreach.many_more", "outreach.other_key", "outreach.resolve_how",
        "outreach.send_left", "outreach.send_unknown", "outreach.stopped_sending", "outreach.opt_outs_changed", "outreach.unfinished",
        "outreach.unknown_key", "outreach.unsettled",
    ),
    "weeks have to go by: tests of their command do what it says": (
        "backtest.absent", "outreach.no_longer_stopped", "outreach.no_longer_stopped_going", "outreach.stale", "plan.no_backtest", "run.input_new",
    ),
}  # fmt: skip
"""Problems whose hint nobody follows here, by the reason."""


def params() -> list[object]:
    return [
        pytest.param(each, id=f"{number}-{each.code}", marks=pytest.mark.slow if each.slow else ())
        for number, each in enumerate(cases())
    ]


@pytest.mark.parametrize("case", params())
def test_who_does_what_the_hint_says_is_rid_of_the_problem(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "book"
    lay_out(case, folder)
    for step in case.first:
        do(folder, step)
    for name, value in case.env.items():
        monkeypatch.setenv(name, value)
    before = told_in(folder, case.command)
    assert case.code in {each.code for each in before}, [each.code for each in before]
    if case.choice is None:
        assert does_what_is_said(case, hints_of(case, before)), hints_of(case, before)
    for name, value in case.then.env.items():
        monkeypatch.setenv(name, value)
    mend(folder, case.then)
    after = told_in(folder, case.then.ask or case.command)
    assert case.code not in {each.code for each in after}
    known = {*case.leaves, *(each.code for each in before)}
    assert [each for each in after if each.severity is Severity.ERROR and each.code not in known] == []


def test_every_hint_has_a_case_or_a_reason() -> None:
    hinted = {key[8:-5] for key in catalogue("en") if re.fullmatch(r"problem\..*\.hint", key)}
    tried, reasons = (
        {each.code for each in cases()},
        [each for many in WITHOUT_CASE.values() for each in many],
    )
    assert hinted - tried - set(reasons) == set()
    assert {*tried, *reasons} - hinted == set()
    assert tried & set(reasons) == set()
    assert len(reasons) == len(set(reasons))
    assert len(reasons) < len(hinted) / 5


def test_hints_name_the_same_keys_commands_and_options_in_both_languages() -> None:
    english, japanese = catalogue("en"), catalogue("ja")
    hints = [key for key in english if key.endswith(".hint")]
    assert [key for key in hints if words_in(english[key]) != words_in(japanese[key])] == []
    assert len({word for key in hints for word in words_in(english[key])}) > 150


def does_what_is_said(case: Case, hints: list[str]) -> bool:
    """Whether a key, an option or a command that a hint names stands in what is done; or it names none."""
    done = set(WORD.findall(case.then.words))
    codes = [code for hint in hints for code in codes_in(hint)]
    return not codes or any(_names(code) <= done for code in codes)


def words_in(hint: str) -> set[str]:
    """The words of what stands in backticks, and of options; without texts in quotes, and what is to be filled in."""
    codes = " ".join(re.sub(r"'[^']*'|\"[^\"]*\"", " ", code) for code in codes_in(hint))
    return {word for word in re.findall(r"[A-Za-z_][A-Za-z_0-9-]*", codes) if word != word.upper()}


def codes_in(hint: str) -> list[str]:
    """What stands in backticks, and options, sorted."""
    return sorted(code or option for code, option in CODE.findall(hint))


def _names(code: str) -> set[str]:
    """The keys of a piece of YAML, the command and options of a command line, else its words; what stands in capitals
    or is one letter is to be filled in.
    """
    if code.startswith("cscli "):
        return {code.split()[1], *re.findall(r"--([a-z][\w-]*)", code)} - {"FILE"}
    keys = set(re.findall(r"([a-z_]\w*):", code))
    return keys or {word for word in WORD.findall(code) if len(word) > 1 and not word.isupper()}
