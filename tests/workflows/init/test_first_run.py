"""The first run on files that nobody has mapped. Oracle: what the exports say, by hand; the presets on known names."""

import csv
import datetime as dt
import shutil
from pathlib import Path

import pytest
import yaml

from cscli.errors import Severity
from cscli.texts import Language
from cscli.workflows.book.read import read_book
from cscli.workflows.book.request import Request
from cscli.workflows.init.making import MadeRules, make_rules
from cscli.workflows.init.reading import find_exports, read_exports
from cscli.workflows.init.write import NewRules, init
from cscli.workflows.scores.scoring import score
from cscli.workspace.rules import Rules, preset_text
from places import SAMPLE, SHARED_DATA, needs_shared_data

pytestmark = pytest.mark.whole  # each reads a book at least twice

NOW = dt.datetime(2026, 10, 31, 9, tzinfo=dt.UTC)
AS_OF = dt.date(2026, 10, 31)


def made(folder: Path, preset: str = "starter") -> MadeRules:
    return make_rules(read_exports(find_exports((), folder)), preset_text(preset), folder, NOW)


def request(folder: Path, rules: str, **further: object) -> Request:
    return Request(
        rules=Rules(name="cscli.yaml", text=rules, sources_folder=folder, workspace=folder, remembers=False),
        now=NOW,
        as_of=AS_OF,
        **further,  # type: ignore[arg-type]
    )


def scored(asked: Request, path: Path) -> dict[str, tuple[str, str]]:
    path.parent.mkdir(exist_ok=True)
    score(asked, path)
    rows = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    return {row["account_id"]: (row["score"], row["band"]) for row in rows}


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def test_a_log_of_churn_says_who_left_and_is_no_use(tmp_path: Path) -> None:
    write(
        tmp_path,
        accounts="account_id,name\nA1,One\nA2,Two\n",
        churn_events="account_id,date,reason\nA1,2026-10-30,price\n",
    )
    rules = yaml.safe_load(made(tmp_path).text)
    assert rules["sources"]["churn_events"]["rollup"] == {
        "churned_on": "max(date)",
        "churn_reason": "arg_max(reason, date)",
    }
    book = read_book(request(tmp_path, made(tmp_path).text))
    assert book.frame["account_id"].tolist() == ["A2"]


def test_our_own_calls_are_touches(tmp_path: Path) -> None:
    write(
        tmp_path,
        accounts="account_id,name,seats,active_users\nA1,One,10,9\nA2,Two,10,1\n",
        call_log="account_id,date,csm,result\nA1,2026-10-30,Kim,connected\nA2,2026-08-01,Lee,no answer\n",
    )
    rollup = yaml.safe_load(made(tmp_path).text)["sources"]["call_log"]["rollup"]
    assert set(rollup) == {"call_log_90d", "call_log_rows", "call_log_last_on"}


def test_people_give_last_logins_and_how_many_they_are(tmp_path: Path) -> None:
    write(
        tmp_path,
        organizations="id,name\n1,Acme\n2,Beta\n",
        users="id,organization_id,name,email,last_login_at\n11,1,Ann,a@a.example,2026-10-30T08:00:00Z\n12,1,Bob,b@a.example,2026-09-01T08:00:00Z\n",
    )
    found = made(tmp_path)
    assert yaml.safe_load(found.text)["sources"]["users"]["kind"] == "contacts"
    frame = read_book(request(tmp_path, found.text)).frame.set_index("account_id")
    assert (frame["seats"]["1"], frame["active_users"]["1"]) == (2, 1)
    assert str(frame["last_login_on"]["1"])[:10] == "2026-10-30"


def test_use_by_subscription_finds_its_account(tmp_path: Path) -> None:
    """A1 has S1 and S2: 5 and 2 uses in the last 28 days; S3 of A2 was used in June."""
    write(
        tmp_path,
        accounts="account_id,name,seats\nA1,Acme,10\nA2,Beta,10\n",
        subscriptions="subscription_id,account_id,start_date,end_date,mrr\nS1,A1,2025-01-01,,100\nS2,A1,2025-06-01,,50\nS3,A2,2025-01-01,,70\n",
        feature_usage="usage_id,subscription_id,usage_date,usage_count\n1,S1,2026-10-20,5\n2,S2,2026-10-21,2\n3,S3,2026-06-01,1\n",
    )
    found = made(tmp_path)
    assert yaml.safe_load(found.text)["sources"]["feature_usage"]["via"] == "subscriptions"
    uses = read_book(request(tmp_path, found.text)).frame.set_index("account_id")["usage_count_28d"]
    assert uses["A1"] == 7
    assert uses.isna()["A2"]


def test_a_metric_of_the_preset_comes_alive_when_its_column_appears(tmp_path: Path) -> None:
    """Oracle: by hand. Before, nps weighs nothing: use alone is the score; then use has 60 of 80 and nps -100 has none."""
    write(tmp_path, accounts="account_id,name,seats,active_users\nA1,One,100,85\nA2,Two,100,85\n")
    rules = made(tmp_path).text
    assert scored(request(tmp_path, rules), tmp_path / "out" / "before.csv")["A1"] == ("100", "healthy")
    write(tmp_path, accounts="account_id,name,seats,active_users,nps\nA1,One,100,85,-100\nA2,Two,100,85,50\n")
    after = scored(request(tmp_path, rules), tmp_path / "out" / "after.csv")
    assert after == {"A1": ("75", "healthy"), "A2": ("100", "healthy")}


def test_init_and_then_score_is_score_without_a_config(tmp_path: Path) -> None:
    write(
        tmp_path,
        accounts="customer,Weekly sessions,Complaints\n"
        + "".join(f"C{n},{n % 7},{n % 3}\n" for n in range(20)),
    )
    found = made(tmp_path)
    later = scored(request(tmp_path, found.text), tmp_path / "out" / "later.csv")
    at_once = scored(request(tmp_path, found.text, reader=found.reader), tmp_path / "out" / "now.csv")
    assert later == at_once
    assert all(band != "unknown" for _, band in later.values())


RENAMED = {
    "usage.csv": (
        "monthly_product_use.csv",
        {"account_id": "Customer ID", "active_users": "Monthly active users", "cards_total": "Cards total"},
    ),
    "tickets.csv": (
        "helpdesk_export.csv",
        {"Organisation": "Organization ID", "Created at": "Created date", "Solved at": "Resolved at"},
    ),
    "touches.csv": ("csm_activities.csv", {"date": "Activity date", "kind": "Type", "result": "Outcome"}),
    "survey.csv": (
        "nps_responses.csv",
        {"account_id": "Customer ID", "answered_on": "Submitted at", "csat": "Satisfaction"},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("preset", ["starter", "coverage-database-activity"])
def test_other_names_and_headers_give_the_scores_of_the_preset(tmp_path: Path, preset: str) -> None:
    """Oracle: the preset on the sample's own names."""
    exports = tmp_path / "exports"
    exports.mkdir()
    shutil.copy(SAMPLE / "accounts.xlsx", exports / "CRM extract.xlsx")
    for name, (other, headers) in RENAMED.items():
        head, _, rest = (SAMPLE / name).read_text(encoding="utf-8-sig").partition("\n")
        line = ",".join(headers.get(header.strip(), header.strip()) for header in head.split(","))
        (exports / other).write_text(f"{line}\n{rest}", encoding="utf-8")
    of_preset = request(tmp_path, preset_text(preset), accounts=SAMPLE / "accounts.xlsx")
    known = scored(of_preset, tmp_path / "out" / "known.csv")
    assert scored(request(tmp_path, made(tmp_path, preset).text), tmp_path / "out" / "found.csv") == known


@needs_shared_data
@pytest.mark.slow
def test_six_japanese_tables_give_the_scores_of_the_english_ones(tmp_path: Path) -> None:
    """Oracle: the preset on the sample's own names. The tables are of the sample but for its cards, which are put in their place."""
    preset = "coverage-database-activity"
    for path in (SHARED_DATA / "cases" / "j20-six-tables").glob("*.csv"):
        shutil.copy(path, tmp_path)
    used = tmp_path / "月次利用.csv"
    header = used.read_text(encoding="cp932").splitlines()[0]
    rows = (SAMPLE / "usage.csv").read_text(encoding="utf-8").splitlines()[1:]
    used.write_text("\n".join([header, *rows]) + "\n", encoding="cp932")
    of_preset = request(tmp_path, preset_text(preset), accounts=SAMPLE / "accounts.xlsx")
    known = scored(of_preset, tmp_path / "out" / "known.csv")
    found = made(tmp_path, preset)
    assert found.language == "ja"
    assert found.new.idle == ("sentiment",)
    assert scored(request(tmp_path, found.text), tmp_path / "out" / "found.csv") == known


@needs_shared_data
@pytest.mark.slow
def test_a_churn_flag_says_who_left_and_is_no_metric(tmp_path: Path) -> None:
    """Oracle: the file has 7,043 customers, of whom 1,869 say Yes under Churn."""
    shutil.copy(SHARED_DATA / "telco" / "Telco-Customer-Churn.csv", tmp_path)
    found = made(tmp_path)
    assert all("churn" not in metric.value.casefold() for metric in found.new.own)
    assert len(scored(request(tmp_path, found.text), tmp_path / "out" / "found.csv")) == 7043 - 1869


def test_systems_with_ids_of_their_own_are_joined_by_company(tmp_path: Path) -> None:
    """Oracle: by hand. The prospect's ticket is nobody's, and no id without an account."""
    write(
        tmp_path,
        accounts="Record Id,Account Name,Account Type\nZ1,Aoba Inc.,Customer\nZ2,Hikari,Customer\nZ3,Sora,Prospect\n",
        organizations="id,name,created_at\n71,Aoba,2026-01-01\n72,HIKARI Ltd,2026-01-01\n73,Sora,2026-01-01\n",
        tickets="id,organization_id,status,created_at\n1,71,open,2026-10-01\n2,71,closed,2026-10-02\n3,72,closed,2026-10-02\n4,73,open,2026-10-02\n",
        invoices="invoice_number,customer_code,company,total,issued_on,due_on,state\n1,X-1,Aoba,10,2026-09-01,2026-09-30,past_due\n2,X-2,Hikari,10,2026-09-01,2026-09-30,paid\n",
    )
    rules = made(tmp_path)
    assert rules.problems == ()
    book = read_book(request(tmp_path, rules.text))
    figures = book.frame.set_index("account_id")[["open_tickets", "overdue_invoices"]]
    assert list(figures.loc["Z1"]) == [1, 1]
    assert list(figures.loc["Z2"]) == [0, 0]
    assert len(figures) == 2
    assert not [problem.code for problem in book.problems if problem.severity is Severity.ERROR]


def test_a_second_list_of_the_same_customers_is_left_with_its_reason(tmp_path: Path) -> None:
    """Oracle: the same figures under Japanese headers; a list that adds a column is read."""
    english = "Account ID,Account name,MRR,Seats,Training hours\nA1,One,1000,5,2\nA2,Two,2000,6,0\nA3,Three,500,9,7\n"
    japanese = "顧客ID,会社名,月額,契約ID数,研修時間\nA1,一,1000,5,2\nA2,二,2000,6,0\nA3,三,500,9,7\n"
    write(tmp_path, accounts=english, accounts_ja=japanese, scores="Account ID,NPS\nA1,50\nA2,0\nA3,-50\n")
    rules = made(tmp_path)
    assert [source.name for source in rules.new.sources] == ["accounts", "scores"]
    assert rules.left == {"accounts_ja.csv": "a second list of the same customers as accounts.csv"}


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (None, {"language": "en", "timezone": "Europe/Paris", "fiscal_year_start": 1}),
        ("ja", {"language": "ja", "currency": "JPY", "timezone": "Asia/Tokyo", "fiscal_year_start": 4}),
    ],
)
def test_without_exports_the_frame_is_that_of_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: Language | None, says: dict[str, object]
) -> None:
    monkeypatch.setenv("TZ", "Europe/Paris")
    path = tmp_path / "cscli.yaml"
    monkeypatch.chdir(tmp_path)
    init(NewRules(path=path, preset="starter", exports=(), now=NOW, language=language))
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    frame = ("language", "currency", "timezone", "fiscal_year_start")
    assert {name: found[name] for name in frame if name in found} == says
