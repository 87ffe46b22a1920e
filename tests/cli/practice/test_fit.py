"""`cscli fit` over the worked example. Oracle: the expected tables of `tests/oracles/practice`, made by plain loops."""

import json
from pathlib import Path

import pandas as pd
import pytest

from books.practice_books import AS_OF, cscli, cscli_here, example, refusals, same, sheets_of

RULES = """version: 1
currency: JPY
sources:
  accounts: {file: accounts.csv, columns: {size_in: size, clear: purpose_clear, sponsor: sponsor, crm: systems, sold_by: sold_by}, types: {size_in: text, clear: text, sponsor: text, crm: text}}
fit:
  criteria:
    - {name: size, points: 30, when: size_in = 'yes'}
    - {name: purpose_clear, points: 30, when: clear = 'yes'}
    - {name: sponsored, points: 20, when: sponsor = 'yes'}
    - {name: systems, points: 20, when: crm = 'yes'}
  sold_by: sold_by
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    example("fit_accounts").to_csv(tmp_path / "accounts.csv", index=False)
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    return tmp_path


def test_fit_and_what_became_of_it_are_those_of_the_example(workspace: Path) -> None:
    sheets = sheets_of(workspace, "fit")
    accounts = sheets["fit_accounts"].replace({"yes": "true", "no": "false"})
    same(accounts, example("fit_expected_accounts"))
    bands = sheets["fit_bands"].rename(columns={"left": "left_in_first_year", "arr": "arr_at_signing"})
    same(bands, example("fit_expected"))
    assert sheets["fit_criteria"]["verdict"].tolist() == ["too_few"] * 4
    # who of the last four quarters is poor: F10 alone; F07 started before
    assert sheets["fit_should_not"][["account_id", "state"]].to_numpy().tolist() == [["F10", "left"]]
    assert sheets["fit_sales"].to_numpy(dtype=object).tolist() == [["Kato", 5, None], ["Mori", 5, None]]


def test_the_sentence_says_what_became_of_poor_fit(workspace: Path) -> None:
    """Oracle: the expected tables: three of three poor accounts left, none of two good ones."""
    done = cscli_here(workspace, "fit", "--as-of", AS_OF)
    said = " ".join(done.split())
    assert "Of 2 accounts won in the last four quarters, 1 is of poor fit (¥840,000 ARR)." in said
    assert "Of 3 accounts of poor fit whose first year is over, 100% (95%: 44% to 100%) left in it." in said
    assert "Of 2 of good fit: 0% (95%: 0% to 66%)." in said
    caution = sheets_of(workspace, "fit")["fit_criteria"]["caution"]
    assert caution.str.startswith("Accounts that met it differ in other ways too").all()
    japanese = cscli_here(workspace, "fit", "--as-of", AS_OF, "--lang", "ja")
    assert "「不適合」の3社では100%（95%区間44%〜100%）" in "".join(japanese.split())
    assert "poor" not in japanese


def test_ltv_is_split_by_fit(workspace: Path) -> None:
    """Oracle: the accounts of each band in the expected table."""
    segments = sheets_of(workspace, "ltv-report", "--by", "fit")["segments"].set_index("segment")["accounts"]
    right = example("fit_expected").set_index("fit")["accounts"].astype(int)
    assert {name: segments[name] for name in right.index} == right.to_dict()


def test_what_was_known_at_signing_counts_and_not_what_is_known_today(workspace: Path) -> None:
    """Oracle: by hand. F09 (2025-11-15) had neither size nor systems when a run of 2025-12-01 first saw it: 50 of 100, stretch, no hindsight; F01 had
    started long before that run, so today's values count, in hindsight.
    """
    rules = RULES + (
        "metrics:\n  size_now: {value: mrr, points: {kind: linear, zero: 0, full: 200000}}\n"
        "scorecards: [{name: standard, groups: {size: {weight: 1, metrics: {size_now: 1}}}}]\n"
        "history: {url: 'sqlite:///history.db'}\n"
    )
    (workspace / "cscli.yaml").write_text(rules, encoding="utf-8")
    today = example("fit_accounts")
    then = today[today["account_id"].isin(["F01", "F09"])].copy()
    then.loc[then["account_id"] == "F09", ["size", "systems"]] = "no"
    then.loc[then["account_id"] == "F09", "purpose_clear"] = "yes"
    then.to_csv(workspace / "accounts.csv", index=False)
    assert cscli(workspace, "score", "--as-of", "2025-12-01", "-q").returncode == 0
    today.to_csv(workspace / "accounts.csv", index=False)
    accounts = sheets_of(workspace, "fit")["fit_accounts"].set_index("account_id")
    found = accounts.loc[["F09", "F01"], ["fit_score", "fit", "hindsight"]].to_numpy().tolist()
    assert found == [[50, "stretch", "no"], [100, "good", "yes"]]


@pytest.mark.parametrize(
    ("formula", "column"),
    [
        ("active_users > 3", "active_users"),
        ("mrr > 0 AND used > 1", "active_users"),
        ("score > 50", "score"),
        ("sentiment > 2", "sentiment"),
    ],
)
def test_what_comes_later_is_no_criterion(formula: str, column: str) -> None:
    rules = RULES.replace("size_in = 'yes'", formula) + "derived: {used: 'active_users / seats'}\n"
    said = refusals(rules, ("account_id", "mrr", "size", "purpose_clear", "sponsor", "systems", "sold_by"))
    line = (
        "cscli.yaml:7 · fit.criteria[0].when · A criterion of fit may read what was known at signing alone; "
    )
    assert line + column in said


def test_the_share_judged_afterwards_is_said(workspace: Path) -> None:
    """Oracle: no run is stored, and every account started more than 60 days ago: all are judged by what is known today."""
    assert cscli(workspace, "fit", "--as-of", AS_OF, "-o", "fit.json", "-q").returncode == 0
    report = json.loads((workspace / "fit.json").read_text(encoding="utf-8"))
    assert {row["hindsight"] for row in report["sheets"]["fit_bands"]} == {1}


def test_a_criterion_that_tells_nobody_apart_is_said(workspace: Path) -> None:
    (workspace / "cscli.yaml").write_text(RULES.replace("crm = 'yes'", "mrr > 0"), encoding="utf-8")
    said = cscli_here(workspace, "fit", "--as-of", AS_OF, "--verbose")
    assert "fit.criteria[3].when · Every account meets systems: it tells nobody apart" in said


def test_without_a_start_nothing_is_told(workspace: Path) -> None:
    pd.read_csv(workspace / "accounts.csv", dtype=object).drop(columns="started_on").to_csv(
        workspace / "accounts.csv", index=False
    )
    done = cscli(workspace, "fit", "--as-of", AS_OF)
    assert (done.returncode, "No account has a start date" in done.stderr) == (4, True)


def test_fit_and_its_score_are_columns_for_rules(workspace: Path) -> None:
    """Oracle: the expected table: of the live accounts F01, F05, F09 are good, F02 and F06 stretch (F06 has left), F08 unknown."""
    rules = RULES + (
        "segments:\n  right: [{name: sure, when: fit = 'good' AND fit_score >= 80}, {name: fair, when: fit_score >= 60 AND fit <> 'unknown'}, {name: other}]\n"
        "metrics: {size_now: {value: mrr, points: {kind: linear, zero: 0, full: 200000}}}\n"
        "scorecards: [{name: standard, groups: {size: {weight: 1, metrics: {size_now: 1}}}}]\n"
    )
    (workspace / "cscli.yaml").write_text(rules, encoding="utf-8")
    accounts = sheets_of(workspace, "score")["accounts"].set_index("account_id")["right"].to_dict()
    assert accounts == {"F01": "sure", "F02": "fair", "F05": "sure", "F08": "other", "F09": "fair"}
