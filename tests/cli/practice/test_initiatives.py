"""`cscli initiatives` over the worked example. Oracle: the expected tables of `tests/oracles/practice`, made by plain loops."""

from pathlib import Path

import pandas as pd
import pytest

from books.practice_books import AS_OF, cscli, cscli_here, example, refusals, same, sheets_of

SCORES = """metrics:
  use: {value: coverage, points: {kind: linear, zero: 0, full: 1}}
scorecards: [{name: standard, groups: {use: {weight: 1, metrics: {use: 1}}}}]
"""


def rules_of_example(steps: pd.DataFrame) -> str:
    """Each actual value of the example is a column of the accounts, which have one row."""
    rules = "version: 1\nsources:\n  accounts: {file: accounts.csv, columns: {"
    names = [f"{row['initiative']}_{row['step']}" for row in steps.to_dict("records")]
    rules += ", ".join(f"{name}: {name}" for name in names) + "}}\ninitiatives:\n"
    for name, mine in steps.groupby("initiative", sort=False):
        rules += f"  - name: {name}\n    started_on: {mine['started_on'].iloc[0]}\n    chain:\n"
        for row in mine.to_dict("records"):
            rules += (
                f"      - {{step: {row['step']}, measure: max({name}_{row['step']}), baseline: {row['baseline']}, "
                f"target: {row['target']}, after_days: {row['expect_after_days']}}}\n"
            )
    return rules


@pytest.fixture
def example_book(tmp_path: Path) -> Path:
    steps = example("initiative_steps")
    values = {f"{row['initiative']}_{row['step']}": [row["actual"]] for row in steps.to_dict("records")}
    account = {"account_id": ["A1"], "started_on": ["2025-01-01"], "mrr": [1000]}
    pd.DataFrame({**account, **values}).to_csv(tmp_path / "accounts.csv", index=False)
    (tmp_path / "cscli.yaml").write_text(rules_of_example(steps), encoding="utf-8")
    return tmp_path


def test_links_and_chains_are_those_of_the_example(example_book: Path) -> None:
    sheets = sheets_of(example_book, "initiatives")
    same(sheets["initiative_steps"], example("initiative_expected_steps"))
    same(sheets["initiatives"], example("initiative_expected"))
    assert sheets["initiative_balance"].to_numpy(dtype=object).tolist() == [
        ["short", 1, None],
        ["medium", 0, None],
        ["long", 2, None],
    ]
    assert sheets["initiative_steps"]["caution"].str.contains("does not show that it was the cause").all()


def test_the_sentence_names_where_chains_break(example_book: Path) -> None:
    """Oracle: the expected chains."""
    said = " ".join(cscli_here(example_book, "initiatives", "--as-of", AS_OF).split())
    assert "kickoff video breaks between Output and Outcome." in said
    assert "price talk reached its Impact without what comes before: not this initiative's doing?" in said
    japanese = cscli_here(example_book, "initiatives", "--as-of", AS_OF, "--lang", "ja")
    assert "アウトプットとアウトカムの間" in japanese.replace("\n", "")
    assert "overdue" not in japanese


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Four accounts, two of them with low touch; their use was stored on 2026-03-20 and on 2026-06-01, and one of each kind left in between."""
    rules = f"""version: 1
sources:
  accounts: {{file: accounts.csv, columns: {{touch_in: touch_in, coverage: coverage}}}}
history: {{url: 'sqlite:///history.db'}}
segments:
  touch: [{{name: low, when: touch_in = 'low'}}, {{name: high}}]
{SCORES}initiatives:
  - name: video
    started_on: 2026-04-01
    for: touch = 'low'
    chain:
      - {{step: activity, measure: count(*) FILTER (WHERE coverage > 0.4), target: 2, after_days: 30}}
      - {{step: outcome, measure: avg(coverage), target: 0.6, after_days: 200}}
      - {{step: impact, measure: avg(CASE WHEN churned_on IS NULL THEN 1.0 ELSE 0 END), baseline: 0.5, target: 1, after_days: 365}}
"""
    (tmp_path / "cscli.yaml").write_text(rules, encoding="utf-8")
    return tmp_path


def export(folder: Path, coverage: tuple[float, ...], left: dict[str, str] | None = None) -> None:
    ids = ["L1", "L2", "L3", "H1", "H2", "H3"][: len(coverage)]
    frame = pd.DataFrame(
        {
            "account_id": ids,
            "touch_in": ["low", "low", "low", "high", "high", "high"][: len(ids)],
            "coverage": coverage,
        }
    )
    frame["churned_on"] = frame["account_id"].map(left or {})
    frame.assign(mrr=1000, started_on="2025-01-01").to_csv(folder / "accounts.csv", index=False)


def stored(folder: Path) -> None:
    export(folder, (0.2, 0.4, 0.3, 0.5, 0.5, 0.8))
    cscli_here(folder, "score", "--as-of", "2026-03-20", "-q")
    export(folder, (0.3, 0.5, 0.3, 0.5, 0.6, 0.8))
    cscli_here(folder, "score", "--as-of", "2026-06-01", "-q")
    export(folder, (0.5, 0.5, 0.3, 0.5, 0.7, 0.8), {"L3": "2026-07-01", "H3": "2026-08-01"})


def test_baselines_and_courses_are_those_of_the_stored_runs(workspace: Path) -> None:
    """Oracle: by hand. Low: mean of 0.2, 0.4, 0.3 before, of 0.5 and 0.5 now (L3 has left); high: 0.6 before, 0.6 now. Of three low accounts one left."""
    stored(workspace)
    sheets = sheets_of(workspace, "initiatives")
    steps = sheets["initiative_steps"].set_index("step")
    assert steps["baseline"].round(6).to_dict() == {"activity": 0, "outcome": 0.3, "impact": 0.5}
    assert steps["actual"].round(6).to_dict() == {"activity": 2, "outcome": 0.5, "impact": 0.666667}
    beside = steps.loc[["outcome"], ["others_then", "others_now", "more_than_others"]].to_numpy(float)
    assert beside.round(6).tolist() == [[0.6, 0.6, 0.2]]
    assert steps["status"].to_dict() == {"activity": "reached", "outcome": "overdue", "impact": "behind"}
    course = sheets["initiative_course"]
    outcome = course[course["step"] == "outcome"]
    assert outcome["as_of"].str[:10].tolist() == ["2026-06-01", "2026-10-31"]
    assert outcome["value"].round(6).tolist() == [0.366667, 0.5]
    assert sheets["initiatives"]["breaks_between"].tolist() == ["activity>outcome"]


def test_no_run_near_the_start_is_said_and_only_counts_begin_at_nothing(workspace: Path) -> None:
    """Oracle: by hand. The only run is of 2025-12-01, four months before the start."""
    export(workspace, (0.2, 0.4, 0.3, 0.5, 0.5, 0.8))
    cscli_here(workspace, "score", "--as-of", "2025-12-01", "-q")
    export(workspace, (0.5, 0.5, 0.3, 0.5, 0.7, 0.8))
    steps = sheets_of(workspace, "initiatives")["initiative_steps"].set_index("step")
    assert steps["status"].to_dict() == {"activity": "reached", "outcome": "no_data", "impact": "reached"}
    said = cscli_here(workspace, "initiatives", "--as-of", AS_OF, "-v")
    assert "video, Outcome: no run is stored within 45 days before 2026-04-01" in said


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("step: activity", "step: impact", "go activity, output, outcome, impact"),
        ("after_days: 30}", "after_days: 300}", "A later link of video is expected before an earlier one"),
        ("baseline: 0.5, target: 1,", "baseline: 1, target: 1,", "The target of impact is its baseline"),
        ("measure: avg(coverage)", "measure: coverage", "coverage"),
        ("2026-04-01", "2026-04-31", "expected a day, such as 2026-04-01"),
        ("touch = 'low'", "touch = 'lo'", "touch has no value lo. Nearest: low"),
        ("avg(coverage)", "avg(coverge)", "coverge"),
    ],
)  # fmt: skip
def test_what_cannot_be_in_the_rules_is_placed(
    before: str, after: str, sentence: str, workspace: Path
) -> None:
    text = (workspace / "cscli.yaml").read_text(encoding="utf-8")
    assert before in text
    headers = ("account_id", "touch_in", "coverage", "churned_on", "mrr")
    assert refusals(text, headers) == ""
    said = refusals(text.replace(before, after, 1), headers)
    assert "cscli.yaml:" in said
    assert sentence in said


def test_a_measure_must_be_a_number_and_nobody_is_no_number(workspace: Path) -> None:
    """Oracle: by hand. The latest name is no number; an initiative for nobody has counts alone."""
    export(workspace, (0.5, 0.5, 0.3))
    text = (workspace / "cscli.yaml").read_text(encoding="utf-8")
    (workspace / "cscli.yaml").write_text(text.replace("avg(coverage)", "max(account_id)"), encoding="utf-8")
    done = cscli(workspace, "initiatives", "--as-of", AS_OF)
    assert (done.returncode, "chain[1].measure · A measure must come to a number" in done.stderr) == (3, True)
    (workspace / "cscli.yaml").write_text(
        text.replace("for: touch = 'low'", "for: mrr > 5000"), encoding="utf-8"
    )
    steps = sheets_of(workspace, "initiatives")["initiative_steps"].set_index("step")
    assert steps["actual"].fillna(-1).to_dict() == {"activity": 0, "outcome": -1, "impact": -1}
    assert steps["status"].to_dict() == {"activity": "overdue", "outcome": "no_data", "impact": "no_data"}


def test_what_has_not_begun_has_reached_nothing_and_nobody_is_said(tmp_path: Path) -> None:
    """Oracle: by hand. The target of 1 account is passed by the two that are there, ten months before the start; 9,000 seats has none."""
    pd.DataFrame({"account_id": ["A1", "A2"], "seats": [10, 20]}).to_csv(
        tmp_path / "accounts.csv", index=False
    )
    link = "[{step: activity, measure: count(*), baseline: 0, target: 1, after_days: 30}]"
    rules = f"""version: 1
sources: {{accounts: {{file: accounts.csv}}}}
initiatives:
  - {{name: later, started_on: 2027-09-01, chain: {link}}}
  - {{name: giants, started_on: 2026-10-01, for: seats >= 9000, chain: {link}}}
"""
    (tmp_path / "cscli.yaml").write_text(rules, encoding="utf-8")
    steps = sheets_of(tmp_path, "initiatives")["initiative_steps"].set_index("initiative")
    assert steps.loc["later", "status"] == "too_early"
    for language, said in (
        ("en", "giants is for no account"),
        ("ja", "「giants」の対象となる顧客がありません"),
    ):
        assert said in cscli_here(tmp_path, "initiatives", "--as-of", AS_OF, "--lang", language, "-v")
