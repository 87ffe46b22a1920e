"""What is the same from run to run is one finding; what was accepted is left out until it changes."""

from cscli.analysis.quality.findings import as_accepted, drop_accepted, find_findings
from cscli.errors import Location, Problem, Scope, Severity


def unmatched(values: str, file: str = "touches_1.csv") -> Problem:
    return Problem(
        "data.ids_without_account",
        severity=Severity.ERROR,
        where=Location(file=file),
        details={"examples": values},
    )


def test_a_finding_is_the_same_in_next_weeks_file_and_another_once_its_facts_change() -> None:
    (first,) = find_findings([unmatched("A9, B1")], {"touches_1.csv": "touches"})
    (again,) = find_findings([unmatched("A9, B1", "touches_2.csv")], {"touches_2.csv": "touches"})
    (more,) = find_findings([unmatched("A9, B1, B2", "touches_2.csv")], {"touches_2.csv": "touches"})
    assert (first.key, first.facts) == (again.key, again.facts)
    assert first.key == more.key
    assert first.facts != more.facts


def test_the_worst_stands_first_and_what_a_run_did_is_no_finding_of_its_facts() -> None:
    stored = Problem(
        "history.stored", severity=Severity.NOTE, details={"as_of": "2026-10-31"}, scope=Scope.RUN
    )
    replaced = Problem(
        "history.replaced", severity=Severity.NOTE, details={"as_of": "2026-11-07"}, scope=Scope.RUN
    )
    found = find_findings([stored, unmatched("A9")], {})
    assert [finding.problems[0].code for finding in found] == ["data.ids_without_account", "history.stored"]
    (again,) = find_findings([replaced], {})
    assert (again.key, again.facts, again.of_the_run) == (found[1].key, found[1].facts, True)


def test_what_is_accepted_is_left_out_and_comes_back_with_another_value() -> None:
    problem = Problem("data.may_be_test", severity=Severity.WARNING, where=Location(file="a.csv"), value="A9")
    (entry,) = as_accepted([problem], {"a.csv": "accounts"})
    assert (entry.code, entry.source, entry.values) == ("data.may_be_test", "accounts", ["A9"])
    sources = {"a.csv": "accounts"}
    assert drop_accepted([problem], [entry], sources) == ()
    other = Problem(
        "data.may_be_test", severity=Severity.WARNING, where=Location(file="a.csv"), value="A9, B7"
    )
    assert drop_accepted([other], [entry], sources) == (other,)
    assert drop_accepted([problem], [entry], {"a.csv": "usage"}) == (problem,)


def test_what_is_alike_is_one_entry_and_comes_back_when_it_is_about_more_rows() -> None:
    place = Location(file="a.csv", column="NPS")
    cells = [
        Problem("data.out_of_range", severity=Severity.ERROR, where=place, value=value)
        for value in ("140", "-200", "140")
    ]
    (entry,) = as_accepted(cells, {})
    assert entry.values == ["140", "-200"]
    two = Problem(
        "data.renewal_in_past", severity=Severity.WARNING, where=place, value="A1, A2", details={"count": 2}
    )
    three = Problem(
        "data.renewal_in_past", severity=Severity.WARNING, where=place, value="A1, A2", details={"count": 3}
    )
    (entry,) = as_accepted([two], {})
    assert drop_accepted([two, three], [entry], {}) == (three,)
