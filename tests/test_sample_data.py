"""The sample data is what its script makes, carries the dirt its README lists, and its churn can be found."""

import gzip
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from places import SAMPLE

PEOPLE = ("Mizuki Tanabe", "Ren Asakura", "Daichi Moriya")
FILES = (
    "accounts.xlsx", "accounts_ja.csv", "usage.csv", "tickets.csv", "survey.csv", "touches.csv",
    "subscriptions.csv", "events.csv.gz", "cancellations.csv", "contacts.csv", "mail_log.csv",
    "content_views.csv", "inputs/optout.csv", "shop/orders.csv",
    *(f"inputs_{language}/{book}.xlsx" for language in ("en", "ja") for book in ("handover", "journey", "content")),
    *(
        f"inputs_{language}/selfcheck/{round_name}/{name}.v1.xlsx"
        for language in ("en", "ja")
        for round_name in ("2026H1", "2026H2")
        for name in PEOPLE
    ),
)  # fmt: skip
AS_OF = pd.Timestamp("2026-10-31")


def make_into(*arguments: str | Path) -> None:
    subprocess.run([sys.executable, "-B", SAMPLE / "make.py", *arguments], check=True)


def unpack(path: Path) -> dict[str, bytes]:
    """Contents without compression, of which the bytes hang on the build of zlib."""
    if path.suffix == ".gz":
        return {"": gzip.decompress(path.read_bytes())}
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return {name: book.read(name) for name in book.namelist()}
    return {"": path.read_bytes()}


def read(name: str, encoding: str = "utf-8") -> pd.DataFrame:
    return pd.read_csv(SAMPLE / name, dtype=str, keep_default_na=False, encoding=encoding)


@pytest.fixture(scope="module")
def accounts() -> pd.DataFrame:
    """Each row of the sheet, the repeated one too, without the total."""
    sheet = load_workbook(SAMPLE / "accounts.xlsx")["Accounts"]
    header, *rows = sheet.iter_rows(min_row=3, values_only=True)
    frame = pd.DataFrame(rows, columns=list(header), dtype=object)
    assert frame["Account ID"].iloc[-1] == "Total"
    return frame.iloc[:-1]


@pytest.fixture(scope="module")
def twin() -> pd.DataFrame:
    frame = read("accounts_ja.csv", "cp932")
    assert frame["顧客ID"].iloc[-1] == "合計"
    return frame.iloc[:-1]


def coverage_of(accounts: pd.DataFrame) -> pd.DataFrame:
    """account_id, churned, coverage: three months before the end, or in October for the live."""
    usage = read("usage.csv").assign(account_id=lambda rows: rows["account_id"].str.strip())
    book = accounts.drop_duplicates("Account ID").set_index("Account ID")
    usage = usage.join(book[["Churn date", "Seats"]], on="account_id", how="inner")
    ends = pd.to_datetime(usage["Churn date"])
    wanted = (ends - pd.DateOffset(months=3)).fillna(pd.Timestamp("2026-10-01"))
    rows = usage[pd.to_datetime(usage["month"]) == wanted]
    coverage = rows["active_users"].astype(float) / rows["Seats"].astype(float)
    return pd.DataFrame({"churned": rows["Churn date"].notna(), "coverage": coverage})


def auc(positive: pd.Series, negative: pd.Series) -> float:
    """The definition: how often a positive outranks a negative, ties counting half."""
    gaps = positive.to_numpy()[:, None] - negative.to_numpy()[None, :]
    return float(np.mean((gaps > 0) + 0.5 * (gaps == 0)))


@pytest.mark.slow
def test_the_script_makes_the_files_and_twice_the_same_bytes(tmp_path: Path) -> None:
    make_into(tmp_path / "first")
    make_into(tmp_path / "second")
    made = [path for path in (tmp_path / "first").rglob("*") if path.is_file()]
    assert sorted(path.relative_to(tmp_path / "first").as_posix() for path in made) == sorted(FILES)
    for name in FILES:
        first, second = tmp_path / "first" / name, tmp_path / "second" / name
        assert first.read_bytes() == second.read_bytes(), name
        assert unpack(first) == unpack(SAMPLE / name), name


def test_the_files_stay_small() -> None:
    assert sum((SAMPLE / name).stat().st_size for name in FILES) < 3_000_000
    assert (SAMPLE / "events.csv.gz").stat().st_size < 900_000


def test_the_workbook_has_titles_a_hidden_sheet_and_real_dates(accounts: pd.DataFrame) -> None:
    book = load_workbook(SAMPLE / "accounts.xlsx")
    assert [sheet.title for sheet in book] == ["Accounts", "Lists"]
    assert book["Lists"].sheet_state == "hidden"
    assert book["Accounts"]["A1"].value == "Customer list"
    assert book["Accounts"]["I4"].is_date
    assert len(accounts) == 241
    assert accounts["Account ID"].nunique() == 240


def test_the_dirt_of_the_accounts_is_there(accounts: pd.DataFrame) -> None:
    ids = accounts["Account ID"]
    cells = accounts.drop_duplicates("Account ID").set_index("Account ID")
    assert ids[ids.duplicated()].tolist() == ["A0012"]
    assert ids.iloc[-1] == "A0012"
    assert cells.loc[["A0021", "A0009", "A0025"], "MRR"].tolist() == ["n/a", "４０，８００", "２０，７００"]
    assert [type(value) for value in cells["MRR"]].count(str) == 3
    assert cells.loc["A0010", "Start date"] == "2021/12/01"
    assert cells.loc["A0017", ["Active users", "Logins", "Last login", "Usage minutes"]].isna().all()
    assert cells.loc[["A0017", "A0021"], "Churn date"].isna().all()
    assert 0.35 < cells["NPS"].isna().mean() < 0.5
    assert ids.str.match(r"00\d{3}$").sum() == 10


def test_the_dirt_of_the_other_tables_is_there(accounts: pd.DataFrame) -> None:
    known = set(accounts["Account ID"])
    usage, tickets = read("usage.csv"), read("tickets.csv", "utf-8-sig")
    assert set(usage["account_id"]) - known == {"A9001", "A9002", "TEST-01", "A0024 "}
    assert known - set(usage["account_id"]) == {"A0017", "A0024"}
    assert set(tickets["Organisation"]) - known == {"A9003", "demo"}
    assert (SAMPLE / "tickets.csv").read_bytes().startswith(b"\xef\xbb\xbfTicket,")
    for name in ("survey.csv", "touches.csv", "subscriptions.csv", "events.csv.gz"):
        assert set(read(name)["account_id"]) <= known, name
    assert "A0017" not in set(read("events.csv.gz")["account_id"])


def test_the_twin_holds_the_same_values(accounts: pd.DataFrame, twin: pd.DataFrame) -> None:
    plain = str.maketrans("０１２３４５６７８９，年月", "0123456789,//", "￥日")
    places = {"Account ID": "顧客ID", "MRR": "月額", "Seats": "契約ID数", "NPS": "NPS", "CSAT": "CSAT"}
    for english, japanese in (places | {"Logins": "ログイン数", "Gross margin": "粗利率"}).items():
        sheet = accounts[english].map(lambda value: "" if value is None else str(value).translate(plain))
        numbers = [pd.to_numeric(column.str.replace(",", ""), errors="coerce") for column in (
            sheet, twin[japanese].str.translate(plain),
        )]  # fmt: skip
        np.testing.assert_array_equal(numbers[0].to_numpy(), numbers[1].to_numpy(), japanese)
    for english, japanese in {
        "Start date": "契約開始日",
        "Renewal date": "更新日",
        "Churn date": "解約日",
    }.items():
        dates = pd.to_datetime(twin[japanese].str.translate(plain).replace("", None), format="%Y/%m/%d")
        stated = pd.to_datetime(accounts[english])
        np.testing.assert_array_equal(dates.to_numpy("M8[D]"), stated.to_numpy("M8[D]"), japanese)
    assert twin["契約ID数"].str.contains("[０-９]").sum() == 3
    assert twin["契約開始日"].str.contains("年").sum() > 20


def test_mrr_is_the_sum_of_the_live_subscriptions(accounts: pd.DataFrame) -> None:
    rows = pd.read_csv(SAMPLE / "subscriptions.csv", dtype={"account_id": str})
    ends = pd.to_datetime(rows["ended_on"])
    live = rows[(pd.to_datetime(rows["started_on"]) <= AS_OF) & (ends.isna() | (ends > AS_OF))]
    live = live[live["kind"] == "paid"]
    monthly = live["amount"] / live["period_months"] * live["currency"].map({"JPY": 1, "USD": 150})
    sums = monthly.groupby(live["account_id"]).sum()
    cells = accounts[accounts["Churn date"].isna()].drop_duplicates("Account ID").set_index("Account ID")
    assert set(cells.index) == set(sums.index)
    numeric = cells[cells["MRR"].map(lambda value: isinstance(value, int))]
    assert numeric["MRR"].astype(float).to_dict() == sums[numeric.index].to_dict()
    assert sums["A0009"] == 40_800
    assert rows.loc[rows["currency"] == "USD", "account_id"].nunique() == 6


def test_events_of_28_days_count_the_active_users_of_october(accounts: pd.DataFrame) -> None:
    events = read("events.csv.gz")
    days = pd.to_datetime(events["at"].str[:10])
    assert days.min() >= AS_OF - pd.Timedelta(days=199)
    assert days.max() <= AS_OF
    window = events[days > AS_OF - pd.Timedelta(days=28)]
    counted = window.groupby("account_id")["user_id"].nunique()
    live = accounts[accounts["Churn date"].isna()].drop_duplicates("Account ID").set_index("Account ID")
    stated = live["Active users"].dropna().astype(int)
    assert counted.reindex(stated.index, fill_value=0).to_dict() == stated.to_dict()


def test_low_coverage_finds_churn_but_not_perfectly(accounts: pd.DataFrame) -> None:
    state = coverage_of(accounts)
    churned, live = state[state["churned"]], state[~state["churned"]]
    assert len(churned) > 60
    assert 0.7 < auc(-churned["coverage"], -live["coverage"]) < 0.88


def test_poor_contact_goes_with_churn(accounts: pd.DataFrame) -> None:
    touches = read("touches.csv")
    reached = touches["result"].isin(["opened", "connected"])[touches["kind"] != "elearning"]
    shares = reached.groupby(touches["account_id"]).mean()
    gone = accounts.drop_duplicates("Account ID").set_index("Account ID")["Churn date"].notna()
    is_gone = gone.reindex(shares.index)
    assert auc(-shares[is_gone], -shares[~is_gone]) > 0.55


def test_the_live_accounts_show_a_believable_spread(accounts: pd.DataFrame) -> None:
    live = accounts[accounts["Churn date"].isna()].drop_duplicates("Account ID")
    coverage = live["Active users"].astype(float) / live["Seats"].astype(float)
    assert len(live) == 166
    assert 0.5 < (coverage >= 0.6).mean() < 0.65
    assert 0.1 < (coverage < 0.45).mean() < 0.25
    assert (coverage >= 0.9).sum() >= 5
    assert (pd.to_datetime(live["Start date"]) > pd.Timestamp("2026-07-31")).sum() == 12
    assert (pd.to_datetime(live["Renewal date"]) > AS_OF).all()


def test_six_of_ten_newcomers_have_their_cards_in_two_months_and_the_others_leave_more_often(
    accounts: pd.DataFrame,
) -> None:
    """The figures that README.md names, from the files alone."""
    book = accounts.drop_duplicates("Account ID").set_index("Account ID")
    starts, ends = pd.to_datetime(book["Start date"]), pd.to_datetime(book["Churn date"])
    usage = read("usage.csv").assign(account_id=lambda rows: rows["account_id"].str.strip())
    enough = usage[usage["cards_total"].astype(int) >= 400 * usage["active_users"].astype(int)]
    reached = pd.to_datetime(enough.groupby("account_id")["month"].min())
    new = book.index[starts.between("2023-11-01", "2026-08-30")]
    quick = (reached.reindex(new) - starts[new]).dt.days <= 62
    left = ends[new].notna()
    assert len(new) == 154
    assert [round(100 * share) for share in (quick.mean(), left[quick].mean(), left[~quick].mean())] == [
        59,
        18,
        41,
    ]


def test_what_customers_say_has_its_traps(accounts: pd.DataFrame) -> None:
    tickets, answers = read("tickets.csv", "utf-8-sig"), read("survey.csv")
    wish = tickets[tickets["Subject"].str.contains("Slack")]
    assert (wish["件名"].str.contains("Slack")).all()
    assert wish.groupby("Organisation").size().tolist().count(5) == 1
    assert len(wish) == 7
    assert pd.to_datetime(wish["Created at"]).min() > AS_OF - pd.Timedelta(days=150)
    said = answers[answers["コメント"].str.contains("高い")]
    assert set(said["recommend"].astype(int)[said["コメント"].str.contains("満足度|意識")]) <= {9, 10}
    assert set(said["recommend"].astype(int)[said["コメント"].str.contains("料金")]) <= set(range(7))
    assert ((answers["comment"] == "") == (answers["コメント"] == "")).all()
    gone = read("cancellations.csv")
    churned = accounts.dropna(subset=["Churn date"]).drop_duplicates("Account ID").set_index("Account ID")
    last = gone.groupby("account_id")["churned_on"].max()
    assert (
        last.reindex(churned.index).tolist()
        == pd.to_datetime(churned["Churn date"]).dt.strftime("%Y-%m-%d").tolist()
    )
    assert set(last.index) - set(churned.index) == {"00345", "A0122"}  # came back and stayed
    twice = gone["account_id"].value_counts()
    assert set(twice.index[twice == 2]) == {"A0019", "A0045", "A0085"}  # came back and left again


def test_people_have_bad_addresses_consent_and_opt_outs(accounts: pd.DataFrame) -> None:
    people, known = read("contacts.csv"), set(accounts["Account ID"])
    assert set(people["account_id"]) == known
    plain = people["email"].str.fullmatch(r"[a-z.]+@[a-z.-]+\.example")
    bad = people.loc[~plain, "email"]
    assert [(bad.str.contains(" at ")).sum(), (bad == "").sum(), len(bad)] == [2, 2, 6]
    shared = people[people["email"].duplicated(keep=False) & plain].groupby("email")["account_id"].nunique()
    assert (shared == 2).sum() == 1
    assert 0.5 < (people["consent_on"] != "").mean() < 0.65
    assert 20 < (people["opted_out"] == "yes").sum() < 50
    assert set(read("mail_log.csv")["event"]) == {"bounced", "complained", "unsubscribed"}
    asked = read("inputs/optout.csv")["address"]
    assert [asked.str.startswith("@").sum(), asked.str.isupper().sum()] == [1, 1]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_books_hold_what_people_wrote_and_its_traps(language: str) -> None:
    def cells(book: str) -> list[list[tuple[object, ...]]]:
        sheets = load_workbook(SAMPLE / f"inputs_{language}" / f"{book}.xlsx")
        return [list(sheet.iter_rows(values_only=True)) for sheet in sheets]

    (handovers,), (goals, milestones), (pieces,) = map(cells, ("handover", "journey", "content"))
    assert [len(rows) - 1 for rows in (handovers, goals, milestones, pieces)] == [71, 73, 64, 12]
    assert [row[3] for row in handovers].count("\u3000") == 1
    later = [row for row in milestones[1:] if row[5] is not None and str(row[5]) > "2026-10-31"]
    assert later == [milestones[-1]]
    views = read("content_views.csv")
    assert (views["content"] == "c99").sum() == 2
    assert set(views["content"]) - {str(row[0]) for row in pieces} == {"c99"}


def test_the_shop_has_refunds_and_free_orders() -> None:
    orders = pd.read_csv(SAMPLE / "shop" / "orders.csv")
    assert orders["customer_id"].nunique() == 900
    assert (orders["amount"] == 0).sum() > 5
    refunds = orders[orders["amount"] < 0]
    assert len(refunds) > 20
    assert orders["ordered_on"].between("2022-11-01", "2026-10-31").all()


@pytest.mark.slow
def test_an_export_of_a_monday_knows_nothing_that_came_later(tmp_path: Path) -> None:
    make_into("--weeks", tmp_path)
    folders = sorted(path.name for path in tmp_path.iterdir())
    assert [len(folders), folders[0], folders[-1]] == [78, "2025-05-05", "2026-10-26"]
    for name in (folders[0], "2026-03-02", folders[-1]):
        _check_monday(tmp_path / name)


def _check_monday(folder: Path) -> None:
    def dates(name: str, *columns: str) -> pd.Series:
        rows = pd.read_csv(folder / name, dtype=str, keep_default_na=False)
        found: pd.Series = pd.concat([rows[column] for column in columns])
        return found

    day = folder.name
    known = [
        dates("usage.csv", "month"), dates("tickets.csv", "Created at", "Solved at"),
        dates("survey.csv", "answered_on"), dates("touches.csv", "date"), dates("events.csv.gz", "at"),
    ]  # fmt: skip
    assert [str(column.max()) < day for column in known] == [True] * 5
    assert dates("subscriptions.csv", "started_on", "ended_on").max() <= day
    sheet = load_workbook(folder / "accounts.xlsx")["Accounts"]
    header, *rows = sheet.iter_rows(min_row=3, max_row=sheet.max_row - 1, values_only=True)
    book = pd.DataFrame(rows, columns=list(header))
    for column in ("Start date", "Churn date", "Last login"):
        assert pd.to_datetime(book[column]).max() <= pd.Timestamp(day), column
    live = book[book["Churn date"].isna()]
    assert (pd.to_datetime(live["Renewal date"]) > pd.Timestamp(day)).all()
    lines = pd.read_csv(folder / "subscriptions.csv", dtype={"account_id": str})
    running = lines[lines["ended_on"].isna() & (lines["kind"] == "paid")]
    assert set(running["account_id"]) == set(live["Account ID"])
