"""New files and columns into rules that a person has changed. Oracle: the lines that they wrote, and those that are new, by hand."""

import datetime as dt
from pathlib import Path

import pytest
import yaml

from cscli.rules_text.inserting import ColumnLine, with_columns
from cscli.workflows.init.updating import plan_update, write_update
from cscli.workflows.init.write import NewRules
from cscli.workspace.rules import preset_text

NOW = dt.datetime(2026, 10, 31, 9, tzinfo=dt.UTC)
ACCOUNTS = "Account ID,Account name,MRR\nA1,One,100\nA2,Two,200\n"


def wanted(folder: Path) -> NewRules:
    return NewRules(path=folder / "cscli.yaml", preset="starter", exports=(folder,), now=NOW)


def rules_of(folder: Path, sources: str) -> str:
    text = preset_text("starter")
    start, end = text.index("sources:"), text.index("derived:")
    written = text[:start] + sources + "\n" + text[end:]
    (folder / "cscli.yaml").write_text(written, encoding="utf-8")
    return written


@pytest.mark.parametrize(
    "sources",
    [
        "sources:\n  accounts:\n    file: accounts.csv   # mine\n    columns:\n      account_id: Account ID   # as we say\n      mrr: [MRR]\n",
        "sources:\n    accounts: {file: accounts.csv}   # all on one line\n",
        "sources:\n  accounts:\n    file: accounts.csv\n    columns: {account_id: Account ID}\n",
        "sources:\n  accounts:\n    columns: {}\n    file: accounts.csv\n",
    ],
)
def test_columns_and_files_are_added_and_what_a_person_wrote_stays(tmp_path: Path, sources: str) -> None:
    before = rules_of(tmp_path, sources)
    (tmp_path / "accounts.csv").write_text(
        "Account ID,Account name,MRR,NPS score,Training hours,Fax\nA1,One,100,50,3,1\nA2,Two,200,0,9,2\n",
        encoding="utf-8",
    )
    (tmp_path / "tickets.csv").write_text(
        "id,Account ID,status,created_at\n7,A1,open,2026-10-01\n8,A2,closed,2026-10-02\n", encoding="utf-8"
    )
    found = plan_update(wanted(tmp_path))
    assert (tmp_path / "cscli.yaml").read_text(encoding="utf-8") == before, (
        "nothing is written before it was shown"
    )
    assert "accounts.nps" in found.names
    assert "accounts.training_hours" in found.names
    assert "tickets" in found.names
    columns = yaml.safe_load(found.text)["sources"]["accounts"]["columns"]
    assert columns["nps"] == "NPS score"
    assert columns["training_hours"] == "Training hours"
    taken_away = [line for line in found.difference.splitlines()[2:] if line.startswith("-")]
    for line in taken_away:  # a line that was continued
        assert any(
            new.startswith("+" + line[1:].split("}")[0].rstrip()) for new in found.difference.splitlines()
        )
    write_update(found)
    again = plan_update(wanted(tmp_path))
    assert again.names == ()
    assert again.difference == ""


def test_a_column_that_the_rules_name_in_a_comment_is_not_new(tmp_path: Path) -> None:
    rules_of(
        tmp_path,
        "sources:\n  accounts:\n    file: accounts.csv\n    columns:\n      account_id: Account ID\n      name: Account name\n      mrr: MRR\n    # Not used: Training hours\n",
    )
    (tmp_path / "accounts.csv").write_text(
        "Account ID,Account name,MRR,Training hours\nA1,One,100,3\nA2,Two,200,9\n", encoding="utf-8"
    )
    assert plan_update(wanted(tmp_path)).names == ()


def test_headers_that_yaml_could_misread_are_quoted_in_either_style() -> None:
    line = ColumnLine("visits", "Visits, all: [30d]", "new")
    for sources in (
        "sources: {a: {file: x, columns: {}}}",
        "sources:\n  a:\n    file: x\n    columns:\n      b: c",
    ):
        added = with_columns(f"version: 1\n{sources}\n", "a", [line])
        assert yaml.safe_load(added)["sources"]["a"]["columns"]["visits"] == "Visits, all: [30d]"
