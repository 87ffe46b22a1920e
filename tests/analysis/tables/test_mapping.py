"""Headers to columns, by hand: known ones in both languages, pinned ones, and what is said of the rest."""

import pytest

from books.raw_tables import codes, raw_table
from cscli.analysis.tables.mapping import map_headers
from cscli.config.schema import Source
from cscli.errors import DataError, Severity
from cscli.fields import known_field


def mapped(*headers: str, **columns: str | list[str]) -> dict[str, str]:
    """Column name by header."""
    found = map_headers(raw_table(headers), Source.model_validate({"columns": columns}))
    return {column.header: column.name for column in found.columns}


def test_known_headers_of_both_languages() -> None:
    assert mapped("Account ID", "Company name", "Contract end date", "MRR (JPY)") == {
        "Account ID": "account_id",
        "Company name": "name",
        "Contract end date": "renews_on",
        "MRR (JPY)": "mrr",
    }
    assert mapped("顧客ID", "会社名", "月額（円）", "契約ID数", "更新日") == {
        "顧客ID": "account_id",
        "会社名": "name",
        "月額（円）": "mrr",
        "契約ID数": "seats",
        "更新日": "renews_on",
    }


def test_width_case_and_signs_of_headers_do_not_matter() -> None:
    assert mapped("ＡＣＣＯＵＮＴ　ＩＤ", "account_owner") == {
        "ＡＣＣＯＵＮＴ　ＩＤ": "account_id",
        "account_owner": "owner",
    }


def test_what_the_config_pins_goes_first_and_the_first_accepted_header_that_is_there_wins() -> None:
    found = mapped("Account ID", "Billing", "MRR", mrr=["月額", "Billing"], opens="MRR")
    assert found == {"Account ID": "account_id", "Billing": "mrr", "MRR": "opens"}


def test_plain_names_map_to_themselves_and_others_are_said() -> None:
    found = map_headers(raw_table(("account_id", "logins_7d", "Mail open rate")), Source())
    assert [(c.name, c.how) for c in found.columns] == [
        ("account_id", "known header"),
        ("logins_7d", "plain name"),
    ]
    assert found.unused == ("Mail open rate",)
    assert codes(found.problems) == ["data.headers_not_used"]
    assert found.problems[0].details["headers"] == "Mail open rate"


def test_the_plain_name_beats_a_synonym_and_the_loser_is_said() -> None:
    found = map_headers(raw_table(("account_id", "Owner name", "owner")), Source())
    assert [c.header for c in found.columns] == ["account_id", "owner"]
    assert found.problems[0].code == "data.header_passed_over"
    assert found.problems[0].where.column == "Owner name"


def test_without_an_id_the_headers_and_the_nearest_are_named() -> None:
    with pytest.raises(DataError) as caught:
        map_headers(raw_table(("Acount ID", "MRR")), Source())
    (problem,) = caught.value.problems
    assert problem.code == "data.no_account_id"
    assert problem.details == {"headers": "Acount ID, MRR", "nearest": "Acount ID"}


@pytest.mark.parametrize(
    ("header", "nearest"),
    [("Klient番号", "Klient番号"), ("電話番号", None), ("Tel. no.", None), ("ZIP code", None)],
)
def test_a_telephone_number_is_near_no_id(header: str, nearest: str | None) -> None:
    with pytest.raises(DataError) as caught:
        map_headers(raw_table((header, "MRR")), Source())
    (problem,) = caught.value.problems
    assert problem.code == ("data.no_account_id" if nearest else "data.no_id_at_all")
    assert problem.details.get("nearest") == nearest


def test_a_pinned_id_that_is_not_there_ends_the_run() -> None:
    with pytest.raises(DataError) as caught:
        mapped("Account ID", "Name", account_id="Customer key")
    assert [problem.code for problem in caught.value.problems] == ["data.pinned_header_missing"]


def test_a_pinned_header_that_is_not_there_is_named_and_nothing_takes_its_place() -> None:
    source = Source.model_validate({"columns": {"active_users": "Seat used"}})
    mapping = map_headers(raw_table(("Account ID", "Seats used", "Active users")), source)
    problem = mapping.problems[0]
    assert problem.severity is Severity.ERROR
    assert "active_users" not in [column.name for column in mapping.columns]
    assert (problem.code, problem.value) == ("data.pinned_header_missing", "Seat used")
    assert problem.details["nearest"] == "Seats used"


@pytest.mark.parametrize("headers", [("Record ID", "Associated Company ID"), ("レコードID", "関連会社ID")])
def test_rows_of_a_crm_name_their_company_beside_their_own_key(headers: tuple[str, str]) -> None:
    # Contacts and deals have a key of their own; in a list of companies the associated one is the parent.
    for raw in (raw_table(headers), raw_table(headers[::-1])):
        for kind, key, rest in (
            ("rows", headers[1], {"rollup": {"deals": "count(*)"}}),
            ("contacts", headers[1], {}),
            ("orders", headers[1], {}),
            ("accounts", headers[0], {}),
        ):
            source = Source.model_validate({"kind": kind, **rest})
            found = {column.name: column.header for column in map_headers(raw, source).columns}
            assert found["account_id"] == key


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("MRR (annualised)", "arr"), ("月額（年間）", "arr"), ("MRR p.a.", "arr"), ("年額（月割）", None), ("MRR (monthly)", "mrr"),
        ("MRR, in thousands", "mrr"), ("月額_千円", "mrr"), ("Customer NPS", None), ("New MRR", None), ("契約金額（年）", "arr"),
    ],
)  # fmt: skip
def test_what_stands_beside_the_name_of_an_amount(header: str, name: str | None) -> None:
    found = known_field(header)
    assert (found and found.name) == name
