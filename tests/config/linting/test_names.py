"""Names: unknown, used before they exist, circular, taken. Each case is worked by hand from the stated order."""

import pytest

from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.errors import ConfigError, Severity
from cscli.texts import problem_message

ACCOUNTS = frozenset({"account_id", "mrr", "seats", "nps", "csm_mood"})


def problems(
    *, derived: str = "{}", metrics: str = "", segments: str = "{}", teams: str = "[]", caps: str = "[]",
    when: str = "mrr >= 0", sources: str = "{}", complete: bool = True,
) -> list[tuple[int | None, str]]:  # fmt: skip
    """Line and message of all problems; one key a line, in the order of the arguments below."""
    text = (
        f"version: 1\nsources: {sources}\nderived: {derived}\n"
        f"metrics: {{m: {{value: nps, points: {{kind: percentile}}}}{metrics}}}\n"
        f"segments: {segments}\nteams: {teams}\n"
        f"scorecards: [{{name: all, when: {when}, caps: {caps}, groups: {{g: {{weight: 1, metrics: {{m: 1}}}}}}}}]\n"
    )
    tables = {"accounts": ACCOUNTS} | ({"t": frozenset({"opened"})} if sources != "{}" else {})
    headers = Headers(tables, complete=complete)
    try:
        settle(read_draft(text, "cscli.yaml"), headers)
    except ConfigError as error:
        return [(problem.where.line, problem_message(problem, "en")) for problem in error.problems]
    return []


def test_every_name_is_known_where_it_is_used() -> None:
    assert (
        problems(
            derived="{b: a + 1, a: mrr / seats, c: tenure_months + as_of}",
            segments="{late: [{name: x, when: score > 50 AND early = 'y'}], early: [{name: y, when: m > 1 AND b > 1}]}",
            teams="[{name: t, when: late = 'x' AND band = 'healthy'}]",
            when="early = 'y' AND csm_mood > 1",
            caps="[{when: m > 90 AND a > 1, at_most: 50, reason: r}]",
        )
        == []
    )


@pytest.mark.parametrize(
    ("place", "formula", "message"),
    [
        ("derived", "{a: seatz * 2}", "Unknown column seatz in `seatz * 2`; did you mean seats?"),
        ("derived", "{a: zzzz * 2}", "Unknown column zzzz in `zzzz * 2`"),
        ("derived", "{a: score * 2}", "score does not exist yet where it is used here"),
        ("derived", "{a: m * 2}", "m does not exist yet where it is used here"),
        ("when", "score > 1", "score does not exist yet where it is used here"),
        ("caps", "[{when: band = 'a', at_most: 1, reason: r}]", "band does not exist yet where it is used here"),
        ("derived", "{a: a + 1}", "a depends on itself: a → a"),
        ("derived", "{a: b, b: c, c: a, d: a}", "a depends on itself: a → b → c → a"),
        ("segments", "{a: [{name: x, when: b = 'y'}], b: [{name: y, when: a = 'x'}]}", "a depends on itself: a → b → a"),
        ("derived", "{as_of: mrr}", "The name as_of is one that cscli computes itself"),
        ("derived", "{score: mrr}", "The name score is one that cscli computes itself"),
        ("derived", "{csm_mood: mrr}", "The name csm_mood is already a column of an export"),
        ("segments", "{m: [{name: x}]}", "The name m is taken already in line 4"),
        ("segments", "{team: [{name: x}]}", "The name team is one that cscli computes itself"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_name(place: str, formula: str, message: str) -> None:
    lines = {"derived": 3, "segments": 5, "when": 7, "caps": 7}
    assert problems(**{place: formula}) == [(lines[place], message)]  # type: ignore[arg-type]  # one text argument


def test_a_circle_through_team_is_found() -> None:
    found = problems(segments="{a: [{name: x, when: team = 't'}]}", teams="[{name: t, when: a = 'x'}]")
    assert found == [(5, "a depends on itself: a → team → a")]


@pytest.mark.parametrize(
    ("name", "block", "column"),
    [
        ("goals", "{when: m > 1}", "goal_progress"),
        ("records", "[{name: goal, by: cs, days: 5, present: m > 1}]", "records_missing"),
        ("timeline", "{}", "days_silent"),
    ],
)
def test_a_metric_may_be_called_as_a_block_whose_columns_it_reads(name: str, block: str, column: str) -> None:
    """Such as `goals: {value: goal_progress}`, which is no circle. Oracle: by hand, what each reads."""
    text = (
        f"version: 1\n{name}: {block}\nmetrics: {{m: {{value: nps, points: {{kind: percentile}}}}, {name}: {{value: {column}, points: {{kind: percentile}}}}}}\n"
        f"scorecards: [{{name: all, groups: {{g: {{weight: 1, metrics: {{{name}: 1}}}}}}}}]\n"
    )
    settled, _ = settle(read_draft(text, "cscli.yaml"), Headers({"accounts": ACCOUNTS}, complete=True))
    assert set(settled.metrics[name].value.names) == {column}


def test_two_circles_are_both_told() -> None:
    found = problems(derived="{a: b, b: a, c: d, d: c, e: a + c}")
    assert [message for _, message in found] == [
        "a depends on itself: a → b → a",
        "c depends on itself: c → d → c",
    ]


def test_a_segment_that_needs_the_score_comes_too_late_for_scorecards_and_percentiles() -> None:
    late = "{late: [{name: x, when: score > 1}], later: [{name: y, when: late = 'x'}]}"
    assert problems(segments=late, when="later = 'y'") == [
        (7, "later does not exist yet where it is used here")
    ]
    percentile = ", p: {value: mrr, points: {kind: percentile, within: late}}"
    assert problems(segments=late, metrics=percentile, caps="[{when: p > 1, at_most: 1, reason: r}]") == [
        (4, "The segment late needs the score, which does not exist yet when metrics are computed")
    ]


def test_a_percentile_within_a_segment_that_is_not_there() -> None:
    metrics = ", p: {value: mrr, points: {kind: percentile, within: toch}}"
    assert problems(segments="{touch: [{name: x, when: p > 1}]}", metrics=metrics) == [
        (4, "There is no segment toch; did you mean touch?")
    ]


def test_a_metric_may_carry_the_name_of_the_column_that_it_is() -> None:
    same = ", mrr: {value: mrr, points: {kind: percentile}}"
    other = ", csm_mood: {value: mrr * 12, points: {kind: percentile}}"
    use = "[{when: mrr + csm_mood > 1, at_most: 1, reason: r}]"
    assert problems(metrics=same, caps=use) == []
    assert problems(metrics=other, caps=use) == [(4, "The name csm_mood is already a column of an export")]


def test_a_rollup_sees_the_columns_of_its_table_and_no_others() -> None:
    rows = "{t: {kind: rows, columns: {opened: Opened}, rollup: {n: count(*) FILTER (WHERE opened > as_of - 90), s: sum(seats)}}}"
    assert problems(sources=rows, derived="{x: n / seats}") == [(2, "Unknown column seats in `sum(seats)`")]


def test_columns_of_a_table_of_rows_are_no_columns_of_the_account() -> None:
    rows = "{t: {kind: rows, columns: {opened: Opened}, rollup: {n: count(opened)}}}"
    assert problems(sources=rows, derived="{x: opened}") == [(3, "Unknown column opened in `opened`")]


def test_columns_of_rows_that_were_not_read_are_not_guessed() -> None:
    """A table whose headers nobody knows yet may have `recommend` beside the `comment` that the rules name."""
    text = (
        "version: 1\nsources: {survey: {file: s.csv, kind: rows, columns: {comment: Comment}, "
        "rollup: {said: avg(recommend)}}}\n"
        "metrics: {m: {value: said, points: {kind: percentile}}}\n"
        "scorecards: [{name: all, groups: {g: {weight: 1, metrics: {m: 1}}}}]\n"
    )
    config, _ = settle(read_draft(text, "cscli.yaml"), Headers())
    assert list(config.sources["survey"].rollup) == ["said"]


def test_without_every_header_only_near_misses_are_told() -> None:
    assert problems(derived="{a: something_else}", complete=False) == []
    assert problems(derived="{a: seatz}", complete=False) == [
        (3, "Unknown column seatz in `seatz`; did you mean seats?")
    ]


def test_an_own_header_near_a_known_one_is_a_warning_until_the_accounts_are_read() -> None:
    """The export may have `active_user`, as its own column beside the known `active_users`."""
    text = (
        "version: 1\nmetrics: {m: {value: active_user, points: {kind: percentile}}}\n"
        "scorecards: [{name: all, groups: {g: {weight: 1, metrics: {m: 1}}}}]\n"
    )
    draft = read_draft(text, "cscli.yaml")
    _, warnings = settle(draft, Headers())
    assert [(each.severity, each.value) for each in warnings] == [(Severity.WARNING, "active_user")]
    assert settle(draft, Headers({"accounts": frozenset({"account_id", "active_user"})}))[1] == ()
    with pytest.raises(ConfigError):
        settle(draft, Headers({"accounts": frozenset({"account_id", "active_users"})}))
