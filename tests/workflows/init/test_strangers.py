"""Exports as systems write them, given without rules; right figures worked out by hand from the rows."""

import datetime as dt
import json
import math
from pathlib import Path

import pytest

from cscli.errors import Problem, Severity
from cscli.texts import Language
from cscli.workflows import RevenueOptions, ltv_report
from cscli.workflows.book.read import read_book
from cscli.workflows.book.request import Request
from cscli.workflows.init.in_memory import with_rules_for
from cscli.workspace.rules import find_rules

AS_OF = dt.date(2026, 10, 31)


def asked(folder: Path, text: str, name: str = "accounts.csv") -> Request:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    now = dt.datetime(2026, 10, 31, 12, tzinfo=dt.UTC)
    bare = Request(rules=find_rules(None, folder), now=now, as_of=AS_OF, remember=False)
    return with_rules_for(bare, (file,))


def mrr_of(folder: Path, text: str) -> tuple[dict[str, float], set[str]]:
    """The MRR of every account, and what was said as more than a note."""
    request = asked(folder, text)
    book = read_book(request)
    frame = book.frame
    return dict(zip(frame["account_id"], frame["mrr"], strict=True)), loud((*request.made, *book.problems))


def loud(problems: tuple[Problem, ...]) -> set[str]:
    return {problem.code for problem in problems if problem.severity is not Severity.NOTE}


def course_of(folder: Path, text: str) -> tuple[dict[str, float], float, set[str]]:
    """Closing MRR by month, money that ever churned, and what was said as more than a note."""
    report = ltv_report(asked(folder, text, "subscriptions.csv"), RevenueOptions(), folder / "ltv.json")
    months = json.loads((folder / "ltv.json").read_text(encoding="utf-8"))["sheets"]["movements"]
    closing = {month["month"]: month["closing"] for month in months}
    return closing, sum(month["churn"] for month in months), loud(report.problems)


HEAD = "Account ID,Account name,MRR,Seats,Active users\n"


@pytest.mark.whole
@pytest.mark.parametrize(
    ("text", "right", "said"),
    [
        (HEAD + '="00123",Acme,100,10,5\n="00124",Beta,200,10,5\n', {"00123": 100, "00124": 200}, set()),
        (HEAD + "A1,Acme,100,10,5\nA2,Beta,200,10,5\nA2,Beta,350,10,5\nA3,C,10,9,9\n", {"A1": 100, "A2": 200, "A3": 10}, {"data.duplicate_id"}),
        (HEAD + "A1,Acme,100,10,5\na1,Acme,100,10,5\n", {"A1": 100, "a1": 100}, {"data.ids_differ_in_case"}),
        (HEAD + "A1,Acme,100,10,5\na1,Acme,90,10,5\n", {"A1": 100, "a1": 90}, {"data.ids_differ_in_case"}),
        (HEAD + "A1,Acme,100,10,5\nA2,Beta,200,10,5\nTotal,,300,20,10\n", {"A1": 100, "A2": 200}, set()),
        ("No.,顧客コード,会社名,月額\n1,K-1,甲,100\n2,K-2,乙,200\n合計,,,300\n", {"K-1": 100, "K-2": 200}, set()),
        (
            "顧客番号,会社名,月額,契約フェーズ状態,契約ID数\n1,甲,100,契約中,5\n2,乙,200,解約,5\n3,丙,300,トライアル,5\n", {"1": 100, "3": 0},
            {"data.status_found", "data.left_without_date", "data.status_counts_nothing"},
        ),
        ("顧客ID,会社名,月額,通貨\nC1,甲,100,円\nC2,乙,200,円\nC3,丙,10,米ドル\n", {"C1": 100, "C2": 200, "C3": 1500}, {"init.rate_of_preset"}),
        ("Customer,Monthly recurring revenue,Licenses,Last seen\nAcme,$5,10,2026-10-29\nBeta,$7,5,2026-07-01\n", {"Acme": 5, "Beta": 7}, {"init.id_assumed"}),
    ],
)  # fmt: skip
def test_accounts_and_their_money(tmp_path: Path, text: str, right: dict[str, float], said: set[str]) -> None:
    assert mrr_of(tmp_path, text) == (right, said)


@pytest.mark.whole
def test_the_order_that_one_column_of_dates_tells_serves_the_other(tmp_path: Path) -> None:
    text = "Account ID,Account name,MRR,Start date,Last login\nA0,N0,10,25/12/25,1/5/26\nA1,N1,10,26/12/25,2/5/26\n"
    frame = read_book(asked(tmp_path, text)).frame
    assert [str(day.date()) for day in frame["last_login_on"]] == ["2026-05-01", "2026-05-02"]


@pytest.mark.whole
def test_percent_of_people_is_nobody(tmp_path: Path) -> None:
    request = asked(tmp_path, HEAD + "A1,Acme,100,10,50%\nA2,Beta,200,20,75%\n")
    book = read_book(request)
    assert book.frame["active_users"].isna().all()
    assert "data.share_of_what" in loud(book.problems)


AMOUNTS = (100, 250, 300, 120, 480, 90, 310, 75, 205, 330, 140, 600)


def listed(header: str, *rows: str, form: str = "{}") -> str:
    """Twelve accounts with the amounts above, MRR 3,000 in all, and further rows."""
    accounts = [f"T{at},Firm {at},{form.format(amount)}" for at, amount in enumerate(AMOUNTS)]
    return "\n".join((f"Account ID,Account,{header}", *accounts, *rows)) + "\n"


@pytest.mark.whole
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (listed("MRR", "TTL,Everything,3000"), False),
        (listed("MRR", "9999,Book of 2026,3000"), True),
        (listed("MRR", "12,Accounts,3000"), True),
        (listed("MRR", "Result,Result,3000"), False),
        (listed("MRR (annualised)").replace(",100\n", ",1200\n").replace(",250\n", ",3000\n"), None),
        (listed("MRR '000"), None),
    ],
)
def test_sums_and_units_whatever_they_are_called(tmp_path: Path, text: str, said: bool | None) -> None:
    """None: the table is as it is, its unit is another; False: sums under a word for one; True: under an id, warned of."""
    found, loudly = mrr_of(tmp_path, text)
    assert list(found) == [f"T{at}" for at in range(12)]
    if said is None:
        factor = 1000 if "'000" in text else 1 / 12
        assert found["T11"] == pytest.approx(600 * factor)
    else:
        assert sum(found.values()) == 3000
        assert ("data.rows_left_out_money" in loudly) == said


@pytest.mark.whole
def test_groups_that_add_up_are_taken_out_with_their_sums(tmp_path: Path) -> None:
    rows = listed("MRR").splitlines()
    text = "\n".join([*rows[:7], "SUB-1,Section A,1340", *rows[7:], "SUB-2,Section B,1660", "SUM,All,3000"])
    found, loudly = mrr_of(tmp_path, text + "\n")
    assert list(found) == [f"T{at}" for at in range(12)]
    assert "data.rows_left_out_money" in loudly


@pytest.mark.whole
def test_an_account_as_large_as_few_others_together_stays(tmp_path: Path) -> None:
    found, _ = mrr_of(tmp_path, "Account ID,Account,MRR\nA,X,10\nB,Y,20\nC,Z,30\nD,W,60\n")
    assert found == {"A": 10, "B": 20, "C": 30, "D": 60}


@pytest.mark.whole
@pytest.mark.parametrize(
    ("form", "total", "said"),
    [
        ("1.{:03}", None, "data.points_undecided"),
        ("{}", 3000, None),
    ],
)
def test_points_before_three_digits_are_asked_about(
    tmp_path: Path, form: str, total: float | None, said: str | None
) -> None:
    found, loudly = mrr_of(tmp_path, listed("MRR", form=form))
    sure, warned = mrr_of(tmp_path, listed("MRR", "T12,Firm 12,800", form=form))
    if said is None:
        assert (sum(found.values()), sum(sure.values())) == (total, 3800)
        return
    assert all(math.isnan(value) for value in found.values())
    assert said in loudly
    assert (sum(sure.values()), "data.points_are_thousands" in warned) == (15_800, True)


@pytest.mark.whole
def test_trials_by_plan_and_those_who_left_by_stage(tmp_path: Path) -> None:
    text = listed("MRR,Plan,Stage").splitlines()
    plans = ["Free trial" if at in {3, 6} else "Pro" for at in range(12)]
    stages = ["Closed - lost" if at == 2 else "Live" for at in range(12)]
    rows = [f"{row},{plan},{stage}" for row, plan, stage in zip(text[1:], plans, stages, strict=True)]
    found, loudly = mrr_of(tmp_path, "\n".join([text[0], *rows]) + "\n")
    assert "T2" not in found
    assert sum(found.values()) == 3000 - 300 - 120 - 310
    assert {"data.status_found", "data.status_counts_nothing", "data.left_without_date"} <= loudly


LAST_DAYS = """契約番号,顧客コード,契約開始日,{end},月額
K1,C1,2024/4/1,2025/3/31,100
K2,C1,2025/4/1,2026/3/31,100
K3,C1,2026/4/1,2027/3/31,100
K4,C2,2025/7/1,2026/6/30,50
K5,C2,2026/7/1,2027/6/30,60
"""
CHARGEBEE = """subscription_id,customer_id,status,plan_quantity,plan_unit_price,billing_period,billing_period_unit,currency_code,started_at,cancelled_at
s1,c1,active,2,300,3,month,EUR,2025-01-01,
s2,c2,non_renewing,1,1200,1,year,EUR,2025-01-01,
s3,c3,cancelled,1,70,1,month,EUR,2025-01-01,2026-05-15
"""
STRIPE_API = """id,customer,status,plan_amount,plan_interval,plan_interval_count,quantity,currency,start_date
sub_1,cus_A,active,10000,month,1,1,usd,1735689600
sub_2,cus_B,active,120000,year,1,1,usd,1735689600
sub_3,cus_C,active,30000,month,3,1,usd,1735689600
"""
TRIALS = """Subscription ID,Account ID,Start,Trial ends,End,MRR
s1,A,2025-01-01,2025-01-31,,100
s2,B,2026-10-01,2026-12-31,,50
"""


@pytest.mark.whole
@pytest.mark.parametrize(
    ("text", "closing", "churned", "said"),
    [
        (LAST_DAYS.format(end="契約満了日"), 160, 0, set()),
        (LAST_DAYS.format(end="更新前契約終了"), 410, 0, {"revenue.end_not_read"}),
        (CHARGEBEE, 300, 70, set()),
        (STRIPE_API, 300, 0, {"data.minor_units"}),
        (TRIALS, 100, 0, {"revenue.trial_first"}),
    ],
)
def test_subscriptions_and_their_course(
    tmp_path: Path, text: str, closing: float, churned: float, said: set[str]
) -> None:
    months, churn, loudly = course_of(tmp_path, text)
    assert (months["2026-10"], churn) == (closing, churned)
    assert said <= loudly


def made(folder: Path, **files: str) -> Request:
    """Files of several tables, as `cscli score FILES` takes them."""
    paths = tuple(folder / f"{name}.csv" for name in files)
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    now = dt.datetime(2026, 10, 31, 12, tzinfo=dt.UTC)
    bare = Request(rules=find_rules(None, folder), now=now, as_of=AS_OF, remember=False)
    return with_rules_for(bare, paths)


@pytest.mark.whole
def test_whose_lines_have_all_ended_has_left(tmp_path: Path) -> None:
    accounts = "Account ID,Account name,Owner,Plan,Seats\n" + "".join(
        f"A{at},Firm {at},Ann,Pro,10\n" for at in range(6)
    )
    lines = "Subscription ID,Account ID,Start,End,MRR\n" + "".join(
        f"s{at},A{at},2025-01-01,{'2026-05-31' if at == 2 else ''},100\n" for at in range(6)
    )
    book = read_book(made(tmp_path, accounts=accounts, subscriptions=lines))
    assert list(book.frame.loc[book.frame["churned_on"].isna(), "account_id"]) == [
        "A0",
        "A1",
        "A3",
        "A4",
        "A5",
    ]
    assert "ltv.churned_on_from_mrr" in {problem.code for problem in book.problems}


@pytest.mark.whole
def test_tables_of_weeks_give_means_of_opinions_and_the_latest_people(tmp_path: Path) -> None:
    accounts = "Account ID,Account,Owner,MRR,Last Activity\n" + "".join(
        f"A{at},Firm {at},Ann,{100 + at},2026-10-30\n" for at in range(6)
    )
    weeks = "Account ID,Week,Active users,Sessions,Satisfaction\n" + "".join(
        f"A{at},2026-10-{day},{at + day},{10 * at + day},{2 + at / 4 + day / 100}\n"
        for at in range(6)
        for day in (12, 19, 26)
    )
    frame = read_book(made(tmp_path, crm=accounts, weekly_usage=weeks)).frame.set_index("account_id")
    assert frame["active_users"].to_dict() == {f"A{at}": at + 26 for at in range(6)}
    assert frame["csat_mean_28d"].to_dict() == pytest.approx({f"A{at}": 2 + at / 4 + 0.19 for at in range(6)})
    assert frame["sessions_28d"]["A1"] == 10 * 3 + 12 + 19 + 26
    assert {str(day.date()) for day in frame["last_login_on"]} == {"2026-10-26"}, "not our own activity"


@pytest.mark.whole
def test_ids_of_digits_a_snapshot_of_use_and_answers_in_words(tmp_path: Path) -> None:
    accounts = "顧客コード,会社名,担当CSM,月額\n" + "".join(
        f"{at:05},会社{at},山田,{1000 * at}\n" for at in range(1, 9)
    )
    use = "顧客コード,ログイン回数,最終ログイン日,利用ID数\n" + "".join(
        f"{at:05},{at * 10},2026-0{at}-10,{at}\n" for at in range(1, 9)
    )
    tickets = "受付番号,顧客コード,受付日,満足度\n" + "".join(
        f"Q{at},{1 + at % 2:05},2026-10-{at + 1:02},{'Good' if at < 6 else 'Bad'}\n" for at in range(8)
    )
    frame = read_book(made(tmp_path, accounts=accounts, usage=use, tickets=tickets)).frame.set_index(
        "account_id"
    )
    assert frame["logins"].to_dict() == {f"{at:05}": at * 10 for at in range(1, 9)}, (
        "however long ago the last login"
    )
    assert frame["active_users"]["00001"] == 1
    assert frame["tickets_good"].dropna().to_dict() == {"00001": 75, "00002": 75}


@pytest.mark.whole
def test_a_file_that_serves_nothing_is_told(tmp_path: Path) -> None:
    accounts = HEAD + "".join(f"A{at},Firm {at},{at},10,5\n" for at in range(5))
    request = made(tmp_path, accounts=accounts, colours="Colour,Shade\nred,dark\nblue,light\n")
    assert [(each.code, each.where.file) for each in request.made if each.code == "init.file_left"] == [
        ("init.file_left", "colours.csv")
    ]


def test_lines_of_a_payment_system_start_when_they_were_made(tmp_path: Path) -> None:
    """Oracle: closing MRR by hand; the file's name says nothing, its ids are sub_1, the customers stand beside them."""
    lines = (
        "sub_1,cus_1,active,1200,month,2025-01-05 10:00,\nsub_2,cus_2,canceled,900,month,2025-01-15 10:00,2025-03-04 12:11\n"
        "sub_3,cus_3,active,300,month,2025-02-05 10:00,\n"
    )
    text = "id,Customer ID,Status,Amount,Interval,Created (UTC),Canceled At (UTC)\n" + lines
    closing, churned, _ = course_of(tmp_path, text)
    assert [closing[f"2025-0{month}"] for month in (1, 2, 3)] == [2100, 2400, 1500]
    assert churned == 900


@pytest.mark.parametrize(
    ("header", "of_system", "expected"),
    [
        ("Account ID,Account name,MRR,NPS", "en", "en"),
        ("Account ID,Account name,MRR,NPS", "ja", "ja"),
        ("顧客ID,会社名,月額,NPS", "en", "ja"),
    ],
)
def test_the_language_is_that_of_the_headers_or_of_the_computer(
    header: str, of_system: Language, expected: str, tmp_path: Path
) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text(header + "\nA1,One,100,9\nA2,Two,200,3\n", encoding="utf-8")
    now = dt.datetime(2026, 10, 31, 12, tzinfo=dt.UTC)
    bare = Request(
        rules=find_rules(None, tmp_path), now=now, as_of=AS_OF, remember=False, of_system=of_system
    )
    assert read_book(with_rules_for(bare, (file,))).language == expected


BILLING = """Subscription number,Account,Plan,Status,Current term start,Current term end,Billing frequency,Amount,Currency
S-1,Acme GmbH,Pro,Active,2025-04-01,2026-03-31,Every 3 months,"3,000.00",EUR
S-1,Acme GmbH,Pro,Active,2026-04-01,2027-03-31,Every 3 months,"3,300.00",EUR
S-3,Cargo SA,Pro,Past due,2026-02-01,2027-01-31,Monthly,"500.00",EUR
S-4,Dyna,Trial,In trial,2026-10-15,2026-11-14,Monthly,"0.00",EUR
S-6,Fox,Pro,Future,2027-01-01,2027-12-31,Monthly,"900.00",EUR
Total,,,,,,,"9,300.00",
"""


def test_lines_that_name_their_customers_alone(tmp_path: Path) -> None:
    """By hand: 3,300 a quarter and 500 a month; a trial and what begins next year are nothing yet."""
    closing, churned, _ = course_of(tmp_path, BILLING)
    assert (closing["2026-10"], closing["2026-01"], churned) == (1600, 1000, 0)


INVOICES = """得意先コード,得意先名,請求月,請求額（税込）,備考
0001,株式会社アオバ,2026年8月,110000,
0001,株式会社アオバ,2026年9月,110000,
0001,株式会社アオバ,2026年10月,110000,
0002,有限会社ミドリ,2026年8月,55000,
0002,有限会社ミドリ,2026年9月,55000,
小計,,,440000,
0003,キイロ商事,2026年10月,22000,初月
合計,,,462000,
"""


def test_a_bill_a_month_is_monthly_revenue(tmp_path: Path) -> None:
    """By hand: 0002 pays no more in October, 0003 begins; that tax is in the amounts is told."""
    report = ltv_report(asked(tmp_path, INVOICES, "売上.csv"), RevenueOptions(), tmp_path / "ltv.json")
    months = json.loads((tmp_path / "ltv.json").read_text(encoding="utf-8"))["sheets"]["movements"]
    assert [(m["month"], m["new"], m["churn"], m["closing"]) for m in months][-2:] == [
        ("2026-09", 0, 0, 165000), ("2026-10", 22000, 55000, 132000)
    ]  # fmt: skip
    assert "data.tax_included" in loud(report.problems)


def test_who_has_left_by_a_yes_beside_blanks(tmp_path: Path) -> None:
    text = (
        "Client code,Client,Monthly fee,Logins last 30 days,Left?\nC1,A,100,3,\nC2,B,200,5,\nC3,C,300,0,Yes\n"
    )
    book = read_book(asked(tmp_path, text, "clients.csv"))
    assert sorted(book.frame["account_id"]) == ["C1", "C2"]


def test_use_by_month_is_no_money(tmp_path: Path) -> None:
    """One figure an account and month, which a header calls a total, of things that are no money."""
    rows = "".join(f"C{at},2026-{month:02},{at * month}\n" for at in range(1, 6) for month in range(5, 11))
    request = asked(tmp_path, "Customer ID,Month,Cards total\n" + rows, "usage.csv")
    kinds = {
        source.kind for source in read_book(request).config.sources.values() if source.file == "usage.csv"
    }
    assert kinds == {"rows"}
