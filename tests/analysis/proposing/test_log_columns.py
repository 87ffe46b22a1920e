"""Which header of a log is which column: worked by hand."""

import pytest

from cscli.analysis.proposing.log_columns import LogColumns, choose_columns
from cscli.config.schema import Source
from cscli.errors import DataError, Location

PLACE = Location(file="events.csv")


def _source(**columns: str | list[str]) -> Source:
    return Source.model_validate({"file": "events.csv", "kind": "events", "columns": columns})


def test_known_headers_are_taken_and_said() -> None:
    columns, problems = choose_columns(["操作日時", "顧客ID", "利用者ID", "操作"], _source(), PLACE)
    assert columns == LogColumns("顧客ID", "操作日時", "利用者ID", "操作")
    assert [(problem.code, problem.value) for problem in problems] == [
        ("events.column_found", "顧客ID"),
        ("events.column_found", "操作日時"),
        ("events.column_found", "利用者ID"),
        ("events.column_found", "操作"),
    ]


def test_what_the_config_pins_wins_and_is_not_said() -> None:
    source = _source(account_id="org", at=["when", "ts"], user_id="uid", event="name")
    columns, problems = choose_columns(["ts", "timestamp", "org", "account_id", "uid", "name"], source, PLACE)
    assert columns == LogColumns("org", "ts", "uid", "name")
    assert problems == []


def test_a_log_without_users_or_names_says_so() -> None:
    columns, problems = choose_columns(["account_id", "at"], _source(), PLACE)
    assert columns == LogColumns("account_id", "at")
    assert [problem.code for problem in problems] == ["events.no_user_id", "events.no_event"]


def test_a_log_that_is_said_to_have_no_users_is_no_problem() -> None:
    _, problems = choose_columns(["account_id", "at", "user"], _source(user_id=[], event=[]), PLACE)
    assert problems == []


@pytest.mark.parametrize(
    ("headers", "pinned", "code", "value"),
    [
        (["account_id", "user_id"], {}, "events.no_column", "at"),
        (["when", "user_id", "at"], {}, "events.no_column", "account_id"),
        (["org_id", "at", "uid"], {"account_id": "org"}, "data.pinned_header_missing", "org"),
        (["account_id", "at"], {"user_id": "uid"}, "data.pinned_header_missing", "uid"),
    ],
)
def test_without_account_or_time_or_a_pinned_header_nothing_is_read(
    headers: list[str], pinned: dict[str, str], code: str, value: str
) -> None:
    with pytest.raises(DataError) as raised:
        choose_columns(headers, _source(**pinned), PLACE)
    assert [(problem.code, problem.value) for problem in raised.value.problems] == [(code, value)]
