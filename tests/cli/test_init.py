"""`cscli init`, run as a user runs it: what it writes loads, runs, and says why."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from cscli.sources.workspace import presets

REPOSITORY = Path(__file__).parents[2]
SAMPLE = REPOSITORY / "sample_data"
CRM = REPOSITORY.parent / "shared" / "data" / "crm-exports"
FILES = ("accounts.xlsx", "usage.csv", "tickets.csv", "survey.csv", "touches.csv")
NO_HEALTH = "None of these metrics has data"


def cscli(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cscli", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    (folder / "exports").mkdir()
    for name in (*FILES, "accounts_ja.csv"):
        shutil.copy(SAMPLE / name, folder / "exports")
    return folder


def write(folder: Path, text: str, name: str = "accounts.csv") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return name


def rules(path: Path) -> dict[str, dict[str, dict[str, object]]]:
    found: dict[str, dict[str, dict[str, object]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("preset", presets())
def test_what_it_writes_from_the_sample_book_scores_without_config_problems(
    workspace: Path, preset: str
) -> None:
    exports = [f"exports/{name}" for name in FILES]
    made = cscli(workspace, "init", "--preset", preset, "-o", f"{preset}.yaml", *exports)
    assert made.returncode == 0, made.stderr
    assert f'cscli score -c "{preset}.yaml"' in made.stdout
    run = cscli(
        workspace,
        "score",
        "-c",
        f"{preset}.yaml",
        "--as-of",
        "2026-10-31",
        "-o",
        f"{preset}.csv",
        "--no-history",
    )
    assert run.returncode == 0, run.stderr
    assert f"{preset}.yaml" not in run.stderr
    assert len((workspace / f"{preset}.csv").read_text(encoding="utf-8-sig").splitlines()) > 166
    sources = rules(workspace / f"{preset}.yaml")["sources"]
    assert sources["accounts"]["file"] == "exports/accounts.xlsx"
    assert all("optional" not in source for source in sources.values())


def test_the_comments_say_why_each_column_is_what_it_is(workspace: Path) -> None:
    out = "why.yaml"
    exports = ["exports/accounts.xlsx", "exports/tickets.csv"]
    cscli(workspace, "init", "--preset", "depth-breadth-maturity", "-o", out, *exports)
    lines = (workspace / out).read_text(encoding="utf-8").splitlines()
    said = {
        line.split(":")[0].strip(): line.split("#")[-1].strip()
        for line in lines
        if line.startswith("      ") and "#" in line
    }
    assert said["mrr"] == "known header"
    assert said["maturity"] == "named in the preset"
    assert "    # Not used: Issued IDs, Seminars attended, Potential seats" in lines
    assert "    # read as: sheet Accounts, header in row 3, 241 rows" in lines


def test_japanese_headers_make_a_japanese_report(workspace: Path) -> None:
    made = cscli(
        workspace, "init", "--preset", "depth-breadth-maturity", "-o", "ja.yaml", "exports/accounts_ja.csv"
    )
    assert "次の手順" in made.stdout
    written = rules(workspace / "ja.yaml")
    assert str(written["language"]) == "ja"
    columns = written["sources"]["accounts"]["columns"]
    assert isinstance(columns, dict)
    assert columns["mrr"] == "月額"
    assert columns["maturity"] == "成熟度"
    run = cscli(workspace, "score", "-c", "ja.yaml", "--as-of", "2026-10-31", "-o", "ja.csv", "--no-history")
    assert run.returncode == 0, run.stderr


def test_files_without_use_are_proposed_in_comments_that_can_be_taken_off(workspace: Path) -> None:
    cscli(workspace, "init", "-o", "left.yaml", "exports/accounts.xlsx", "exports/tickets.csv")
    text = (workspace / "left.yaml").read_text(encoding="utf-8")
    assert list(rules(workspace / "left.yaml")["sources"]) == ["accounts"]
    taken_off = "\n".join(
        line.replace("  # ", "  ", 1).replace("  #   ", "    ", 1)
        if "tickets" in line or line.startswith("  #   ")
        else line
        for line in text.splitlines()
        if "Columns:" not in line
    )
    source = yaml.safe_load(taken_off)["sources"]["tickets"]
    assert source["kind"] == "rows"
    assert source["columns"] == {"account_id": "Organisation"}
    assert source["rollup"] == {"tickets_rows": "count(*)"}


def test_columns_that_the_export_lacks_stay_missing_and_are_said(tmp_path: Path) -> None:
    write(tmp_path, "Account ID,Company,Seats,Active users\nA1,One,10,5\nA2,Two,10,9\n")
    made = cscli(tmp_path, "init", "--preset", "depth-breadth-maturity", "accounts.csv")
    assert made.returncode == 0, made.stderr
    columns = rules(tmp_path / "cscli.yaml")["sources"]["accounts"]["columns"]
    assert isinstance(columns, dict)
    assert columns["maturity"] == []
    text = (tmp_path / "cscli.yaml").read_text(encoding="utf-8")
    assert "# Without data in these exports, so not counted: features, services, power_users" in text
    assert cscli(tmp_path, "score", "-o", "out.csv").returncode == 0


def test_names_that_the_preset_defines_itself_are_renamed(tmp_path: Path) -> None:
    write(tmp_path, "account_id,name,seats,active_users,idle,touch\nA1,One,10,5,3,x\nA2,Two,10,9,4,y\n")
    assert cscli(tmp_path, "init", "accounts.csv").returncode == 0
    columns = rules(tmp_path / "cscli.yaml")["sources"]["accounts"]["columns"]
    assert isinstance(columns, dict)
    assert columns["idle_exported"] == "idle"
    assert columns["touch_exported"] == "touch"
    run = cscli(tmp_path, "score", "-o", "out.csv")
    assert run.returncode == 0, run.stderr


def test_headers_that_yaml_could_misread_survive(tmp_path: Path) -> None:
    header = 'Account ID,Company,"MRR (JPY)","Key: value # x","line\nbreak",yes,12,"quo""te"'
    write(tmp_path, header + "\nA1,One,10,a,b,c,d,e\nA2,Two,20,a,b,c,d,e\n")
    assert cscli(tmp_path, "init", "accounts.csv").returncode == 0
    columns = rules(tmp_path / "cscli.yaml")["sources"]["accounts"]["columns"]
    assert isinstance(columns, dict)
    assert columns["mrr"] == "MRR (JPY)"
    assert columns["yes"] == "yes"
    assert cscli(tmp_path, "score", "-o", "out.csv").returncode == 0


def test_an_id_column_without_a_known_header_is_proposed(tmp_path: Path) -> None:
    """Oracle: `code` repeats, `score_of_fit` is unique by chance, `crm_id` is the id; revenue is no MRR."""
    write(
        tmp_path,
        "code,score_of_fit,crm_id,name,annual_revenue\nx,0.1,C1,One,5\nx,0.2,C2,Two,6\ny,0.3,C3,Three,7\n",
    )
    assert cscli(tmp_path, "init", "accounts.csv").returncode == 0
    text = (tmp_path / "cscli.yaml").read_text(encoding="utf-8")
    columns = rules(tmp_path / "cscli.yaml")["sources"]["accounts"]["columns"]
    assert isinstance(columns, dict)
    assert columns["account_id"] == "crm_id"
    assert "# proposed: the only column with unique values and a name like an id" in text
    assert "mrr" not in columns
    assert NO_HEALTH in text


def test_dates_that_fit_both_orders_are_left_to_people(tmp_path: Path) -> None:
    write(
        tmp_path,
        "Account ID,Company,Start date,Seats,Active users\nA1,One,01/02/2024,5,4\nA2,Two,03/04/2024,6,4\n",
    )
    made = cscli(tmp_path, "init", "accounts.csv")
    assert made.returncode == 0
    assert "mend what is said above" in made.stdout
    path = tmp_path / "cscli.yaml"
    text = path.read_text(encoding="utf-8")
    assert "# Dates such as 01/02/2024 fit both orders" in text
    assert cscli(tmp_path, "score", "-o", "out.csv").returncode == 4
    path.write_text(text.replace('# dates: {started_on: "%d/', 'dates: {started_on: "%d/'), encoding="utf-8")
    assert cscli(tmp_path, "score", "-o", "out.csv").returncode == 0


def test_without_exports_the_preset_is_written_as_it_is(tmp_path: Path) -> None:
    made = cscli(tmp_path, "init", "--preset", "profile-usage-satisfaction")
    assert made.returncode == 0
    expected = (REPOSITORY / "configs" / "profile-usage-satisfaction.yaml").read_bytes()
    assert (tmp_path / "cscli.yaml").read_bytes() == expected
    (tmp_path / "exports").mkdir()
    for name in FILES:
        shutil.copy(SAMPLE / name, tmp_path / "exports")
    run = cscli(tmp_path, "score", "--as-of", "2026-10-31", "-o", "out.csv")
    assert run.returncode == 0, run.stderr


def test_an_existing_file_is_left_alone_without_force(tmp_path: Path) -> None:
    write(tmp_path, "mine", "cscli.yaml")
    refused = cscli(tmp_path, "init")
    assert refused.returncode == 5
    assert "--force" in refused.stderr
    assert (tmp_path / "cscli.yaml").read_text() == "mine"
    assert cscli(tmp_path, "init", "--force").returncode == 0
    assert (tmp_path / "cscli.yaml").read_text() != "mine"


def test_an_unknown_preset_is_wrong_usage_with_the_nearest_named(tmp_path: Path) -> None:
    refused = cscli(tmp_path, "init", "--preset", "depth-bredth-maturity")
    assert refused.returncode == 2
    assert "Nearest: depth-breadth-maturity" in refused.stderr
    assert not (tmp_path / "cscli.yaml").exists()


def test_the_list_has_a_line_for_each_preset(tmp_path: Path) -> None:
    lines = cscli(tmp_path, "init", "--list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(presets())


def test_a_missing_export_is_said_and_nothing_written(tmp_path: Path) -> None:
    refused = cscli(tmp_path, "init", "nowhere.csv")
    assert refused.returncode == 5
    assert "nowhere.csv" in refused.stderr
    assert not (tmp_path / "cscli.yaml").exists()


@pytest.mark.skipif(not CRM.is_dir(), reason="exports of real systems are not beside the repository")
@pytest.mark.parametrize(
    "export",
    [
        "dbt_hubspot/company_data.csv", "dbt_salesforce/sf_account_data.csv", "dbt_zendesk/organization_data.csv",
        "dbt_stripe/customer_data.csv", "dbt_pendo/account_history.csv",
    ],
)  # fmt: skip
def test_exports_of_real_systems_are_mapped_and_run(tmp_path: Path, export: str) -> None:
    """Oracle: the systems' manuals: the key of each of these tables is `id`. None has a metric of the starter."""
    made = cscli(tmp_path, "init", str(CRM / export))
    assert made.returncode == 0, made.stderr
    columns = rules(tmp_path / "cscli.yaml")["sources"]["accounts"]["columns"]
    assert isinstance(columns, dict)
    assert columns["account_id"] == "id"
    assert "mrr" not in columns
    assert NO_HEALTH in (tmp_path / "cscli.yaml").read_text(encoding="utf-8")
    assert "every account will be unknown" in made.stdout
    run = cscli(tmp_path, "score", "-o", "out.csv")
    assert run.returncode == 0, run.stderr
