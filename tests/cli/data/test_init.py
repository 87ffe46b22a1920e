"""`cscli init`, run as a user runs it: what it writes loads, runs, and says why."""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from cscli.workspace.rules import presets
from places import CONFIGS, SAMPLE, SHARED_DATA, needs_shared_data

CRM = SHARED_DATA / "crm-exports"
FILES = ("accounts.xlsx", "usage.csv", "tickets.csv", "survey.csv", "touches.csv", "subscriptions.csv")


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


@pytest.mark.slow
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


def test_a_file_that_is_no_table_and_a_twin_of_the_accounts_do_no_harm(workspace: Path) -> None:
    (workspace / "exports" / "backup.csv.gz").write_bytes(gzip.compress(b"no,log\n1,2\n"))
    exports = [f"exports/{name}" for name in (*FILES, "accounts_ja.csv", "backup.csv.gz")]
    made = cscli(workspace, "init", "-o", "all.yaml", *exports)
    assert made.returncode == 0, made.stderr
    assert "warning  backup.csv.gz" in made.stderr
    sources = rules(workspace / "all.yaml")["sources"]
    assert sources["subscriptions"]["file"] == "exports/subscriptions.csv"
    assert "exports/accounts_ja.csv" not in [source["file"] for source in sources.values()]


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


@pytest.mark.slow
def test_columns_of_people_are_said_to_be_for_outreach_and_others_unused(tmp_path: Path) -> None:
    """Oracle: `outreach` knows a mail address and a role by their headers, and no shoe size."""
    accounts = "account_id,name,mrr,seats\n" + "".join(f"A{at},Company {at},100,{at}\n" for at in range(9))
    people = "account_id,email,role,shoe size\n" + "".join(
        f"A{at},p{at}@c{at}.example,admin,{40 + at}\n" for at in range(9)
    )
    exports = [write(tmp_path, accounts), write(tmp_path, people, "contacts.csv")]
    assert cscli(tmp_path, "init", "--lang", "en", *exports).returncode == 0
    written = (tmp_path / "cscli.yaml").read_text(encoding="utf-8")
    assert "# Of each person, for `cscli outreach`: email, role\n" in written
    assert "# Not used: shoe size\n" in written


def test_japanese_headers_make_a_japanese_report(workspace: Path) -> None:
    made = cscli(
        workspace, "init", "--preset", "depth-breadth-maturity", "-o", "ja.yaml", "exports/accounts_ja.csv"
    )
    assert "次は" in made.stdout
    written = rules(workspace / "ja.yaml")
    assert str(written["language"]) == "ja"
    columns = written["sources"]["accounts"]["columns"]
    assert isinstance(columns, dict)
    assert columns["mrr"] == "月額"
    assert columns["maturity"] == "成熟度"
    run = cscli(workspace, "score", "-c", "ja.yaml", "--as-of", "2026-10-31", "-o", "ja.csv", "--no-history")
    assert run.returncode == 0, run.stderr


@pytest.mark.slow
def test_a_table_of_many_rows_becomes_a_source_with_a_rollup(tmp_path: Path) -> None:
    """Oracle: by hand. On 2026-10-31 A1 was used 1 day ago and has one ticket open, A2 60 days ago and none."""
    write(tmp_path, "id,name\nA1,One\nA2,Two\nA3,Three\n", "company_data.csv")
    tickets = "id,company_id,status,created_at\n1,A1,closed,2026-10-01\n2,A1,open,2026-10-20\n3,A2,closed,2026-10-02\n"
    write(tmp_path, tickets, "tickets.csv")
    write(
        tmp_path,
        "company_id,visitor_id,timestamp\nA1,u1,2026-10-30 10:00:00\nA1,u2,2026-10-29 10:00:00\nA2,u3,2026-09-01 10:00:00\n",
        "events.csv",
    )
    made = cscli(tmp_path, "init", "tickets.csv", "events.csv", "company_data.csv")
    assert made.returncode == 0, made.stderr
    written = rules(tmp_path / "cscli.yaml")
    assert list(written["sources"]) == ["accounts", "events", "tickets", "subscriptions"]
    assert written["sources"]["accounts"]["file"] == "company_data.csv"
    rollup = written["sources"]["tickets"]["rollup"]
    assert (
        rollup["open_tickets"] == "count(*) FILTER (WHERE created_at <= as_of AND status NOT IN ('closed'))"  # type: ignore[index]
    )
    waiting = {name for name, metric in written["metrics"].items() if metric.get("optional")}
    assert {"idle", "open_tickets"}.isdisjoint(waiting)
    assert "seat_use" in waiting
    run = cscli(tmp_path, "score", "--as-of", "2026-10-31", "-o", "out.json")
    assert run.returncode == 0, run.stderr
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["sheets"]["metrics"]
    values = {row["account_id"]: (row["idle"], row["open_tickets"]) for row in found}
    assert values["A1"][1] == 1
    assert values["A2"][0] == 60


def test_a_file_that_knows_no_account_gives_no_count_to_the_score(tmp_path: Path) -> None:
    """Nobody knows how many tickets these companies have: 0 would be a guess."""
    write(tmp_path, "id,name\nA1,One\nA2,Two\n", "company_data.csv")
    write(tmp_path, "id,company_id,status\n1,X1,closed\n2,X2,open\n", "tickets.csv")
    assert cscli(tmp_path, "init", "company_data.csv", "tickets.csv").returncode == 0
    assert rules(tmp_path / "cscli.yaml")["sources"]["tickets"]["rollup"] == {"tickets_rows": "count(*)"}


@pytest.mark.slow
def test_without_any_known_metric_the_last_activity_is_one(tmp_path: Path) -> None:
    write(tmp_path, "id,name\nA1,One\nA2,Two\n", "company_data.csv")
    write(tmp_path, "id,company_id,amount,created_at\n1,A1,5,2026-10-01\n2,A2,6,2026-10-20\n", "orders.csv")
    assert cscli(tmp_path, "init", "company_data.csv", "orders.csv").returncode == 0
    written = rules(tmp_path / "cscli.yaml")
    corners = written["metrics"]["orders_days_since"]["points"]["at"]  # type: ignore[index]
    assert [points for _, points in corners] == [95, 65, 20]
    assert corners[2][0] - corners[0][0] == pytest.approx(0.8 * 19, abs=0.2), (
        "from the 10th to the 90th percentile"
    )
    run = cscli(tmp_path, "score", "--as-of", "2026-10-31", "-o", "out.csv")
    assert run.returncode == 0, run.stderr


@pytest.mark.slow
def test_columns_that_the_export_lacks_stay_missing_and_are_said(tmp_path: Path) -> None:
    write(tmp_path, "Account ID,Company,Seats,Active users\nA1,One,10,5\nA2,Two,10,9\n")
    made = cscli(tmp_path, "init", "--preset", "depth-breadth-maturity", "accounts.csv")
    assert made.returncode == 0, made.stderr
    columns = rules(tmp_path / "cscli.yaml")["sources"]["accounts"]["columns"]
    assert isinstance(columns, dict)
    assert columns["maturity"] == []
    text = (tmp_path / "cscli.yaml").read_text(encoding="utf-8")
    assert "features:\n    label: {en: Share of features used, ja: 機能利用率}\n    optional: true" in text
    assert cscli(tmp_path, "score", "-o", "out.csv").returncode == 0


@pytest.mark.slow
def test_names_that_the_preset_defines_itself_are_renamed(tmp_path: Path) -> None:
    write(tmp_path, "account_id,name,seats,active_users,idle,touch\nA1,One,10,5,3,x\nA2,Two,10,9,4,y\n")
    assert cscli(tmp_path, "init", "accounts.csv").returncode == 0
    columns = rules(tmp_path / "cscli.yaml")["sources"]["accounts"]["columns"]
    assert isinstance(columns, dict)
    assert columns["idle_exported"] == "idle"
    assert columns["touch_exported"] == "touch"
    run = cscli(tmp_path, "score", "-o", "out.csv")
    assert run.returncode == 0, run.stderr


@pytest.mark.slow
def test_headers_that_yaml_could_misread_survive(tmp_path: Path) -> None:
    header = 'Account ID,Company,"MRR (JPY)","Key: value # x","line\nbreak",yes,12,"quo""te"'
    write(tmp_path, header + "\nA1,One,10,a,b,c,d,e\nA2,Two,20,a,b,c,d,e\n")
    assert cscli(tmp_path, "init", "accounts.csv").returncode == 0
    columns = rules(tmp_path / "cscli.yaml")["sources"]["accounts"]["columns"]
    assert isinstance(columns, dict)
    assert columns["mrr"] == "MRR (JPY)"
    assert "# Not used: Key: value # x, line break, 12, quo" in (tmp_path / "cscli.yaml").read_text(
        encoding="utf-8"
    )
    assert cscli(tmp_path, "ltv-report", "-o", "out.csv").returncode == 0


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
    assert "# its name, and a value of its own in each row" in text
    assert "mrr" not in columns


@pytest.mark.slow
def test_dates_that_fit_both_orders_are_left_to_people(tmp_path: Path) -> None:
    write(
        tmp_path,
        "Account ID,Company,Start date,Seats,Active users\nA1,One,01/02/2024,5,4\nA2,Two,03/04/2024,6,4\n",
    )
    made = cscli(tmp_path, "init", "accounts.csv")
    assert made.returncode == 0
    path = tmp_path / "cscli.yaml"
    text = path.read_text(encoding="utf-8")
    assert "dates such as 01/02/2024 fit both orders" in text
    assert rules(path)["sources"]["accounts"]["columns"]["started_on"] == []  # type: ignore[index]
    assert cscli(tmp_path, "score", "-o", "out.csv").returncode == 0  # without these dates
    answered = text.replace('# dates: {started_on: "%d/', 'dates: {started_on: "%d/').replace(
        "started_on: []", "started_on: Start date"
    )
    path.write_text(answered, encoding="utf-8")
    assert cscli(tmp_path, "score", "-o", "out.csv").returncode == 0


@pytest.mark.slow
def test_without_exports_the_preset_is_written_as_it_is_but_for_its_frame(tmp_path: Path) -> None:
    """Language, currency, time zone and fiscal year are the reader's; no currency is made up."""
    made = cscli(tmp_path, "init", "--preset", "profile-usage-satisfaction")
    assert made.returncode == 0
    frame = ("currency:", "# currency:", "timezone:", "fiscal_year_start:")
    written, preset = (
        [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(frame)]
        for path in (tmp_path / "cscli.yaml", CONFIGS / "profile-usage-satisfaction.yaml")
    )
    assert written == preset
    assert "\ncurrency:" not in (tmp_path / "cscli.yaml").read_text(encoding="utf-8")
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


def test_the_list_tells_of_each_preset(tmp_path: Path) -> None:
    lines = cscli(tmp_path, "init", "--list").stdout.splitlines()
    assert [line.split()[0] for line in lines if line[2] != " "] == list(presets())
    assert max(map(len, lines)) <= 80
    japanese = cscli(tmp_path, "init", "--list", "--lang", "ja").stdout
    assert "見出しの分かる列を使い" in "".join(japanese.split())


def test_a_missing_export_is_said_and_nothing_written(tmp_path: Path) -> None:
    refused = cscli(tmp_path, "init", "nowhere.csv")
    assert refused.returncode == 5
    assert "nowhere.csv" in refused.stderr
    assert not (tmp_path / "cscli.yaml").exists()


@pytest.mark.slow
@needs_shared_data
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
    assert "nothing to score by" in made.stdout or "will have a band" in made.stdout
    run = cscli(tmp_path, "check")
    assert run.returncode == 0, run.stderr


@pytest.mark.slow
@needs_shared_data
@pytest.mark.parametrize(
    ("folder", "accounts", "further"),
    [
        ("dbt_hubspot", "company_data", ["deal_company_data", "ticket_company_data", "deal_data"]),
        ("dbt_salesforce", "sf_account_data", ["sf_opportunity_data", "sf_task_data", "sf_event_data"]),
        ("dbt_zendesk", "organization_data", ["ticket_data", "user_data"]),
        ("dbt_stripe", "customer_data", ["subscription_data", "invoice_data"]),
        ("dbt_pendo", "account_history", ["event", "feature_event", "poll_event"]),
    ],
)
def test_exports_of_real_systems_run_together(
    tmp_path: Path, folder: str, accounts: str, further: list[str]
) -> None:
    """Oracle: which of the tables holds the accounts is known from the systems' manuals; it is given last."""
    files = [str(CRM / folder / f"{name}.csv") for name in (*further, accounts)]
    made = cscli(tmp_path, "init", *files)
    assert made.returncode == 0, made.stderr
    sources = rules(tmp_path / "cscli.yaml")["sources"]
    assert str(sources["accounts"]["file"]).endswith(f"{accounts}.csv")
    assert any(source.get("kind") in ("rows", "orders", "events") for source in sources.values())
    run = cscli(tmp_path, "check")
    assert run.returncode == 0, run.stderr
