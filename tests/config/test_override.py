"""`--set KEY=VALUE`: what it reaches, what it refuses, and where its own mistakes are said to be."""

import pytest

from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.config.schema import Config
from cscli.errors import ConfigError

RULES = """\
version: 1
metrics: {m: {value: nps, points: {kind: steps, at: [[0, 10], [50, 100]]}}}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {m: 1}}}}]
bands: [{name: ok, from: 50}, {name: low, from: 0}]
"""


def config(*overrides: str) -> Config:
    return settle(read_draft(RULES, "cscli.yaml", overrides), Headers())[0]


def failure(*overrides: str) -> list[tuple[str, str | None, str | None]]:
    with pytest.raises(ConfigError) as caught:
        config(*overrides)
    return [(problem.code, problem.where.file, problem.where.key) for problem in caught.value.problems]


def test_numbers_texts_lists_and_new_keys() -> None:
    changed = config("min_data_coverage=0.25", "language=ja", "derived.x=mrr / seats", "teams=[{name: a}]")
    assert changed.min_data_coverage == 0.25
    assert changed.language == "ja"
    assert changed.derived["x"].value.text == "mrr / seats"
    assert [team.name for team in changed.teams] == ["a"]


def test_indexes_with_brackets_or_dots() -> None:
    assert config("bands[0].from=60").bands[0].from_ == 60
    assert config("bands.0.from=60").bands[0].from_ == 60
    assert config("metrics.m.points.at[1][0]=40").model_dump()["metrics"]["m"]["points"]["at"][1][0] == 40


def test_a_value_may_hold_equals_signs_and_the_last_override_wins() -> None:
    assert config("derived.x=nps >= 3").derived["x"].value.text == "nps >= 3"
    assert config("language=ja", "language=en").language == "en"


@pytest.mark.parametrize(
    "override", ["language", "=3", "bands[9].from=1", "bands.x=1", "version.x=1", "", "bands[0]from=3"]
)
def test_what_cannot_be_set(override: str) -> None:
    codes = {code for code, _, _ in failure(override)}
    assert codes <= {"config.bad_override", "config.unknown_key", "config.unknown_key_nearest"}


def test_a_mistake_in_an_override_is_placed_there_and_not_in_the_file() -> None:
    assert failure("min_data_coverage=3") == [
        ("config.out_of_range", "--set min_data_coverage=3", "min_data_coverage")
    ]
    assert failure("bands=[{name: a, from: x}]") == [
        ("config.wrong_type", "--set bands=[{name: a, from: x}]", "bands[0].from")
    ]
    assert failure("langage=ja") == [("config.unknown_key_nearest", "--set langage=ja", "langage")]


def test_a_value_that_is_no_yaml_is_refused() -> None:
    ((code, file, _),) = failure("bands=[")
    assert (code, file) == ("config.not_yaml", "--set")


def test_a_duplicate_key_or_infinite_number_in_an_override_is_told() -> None:
    assert failure("bands=[{name: a, from: 0, from: 3}]")[0][0] == "config.duplicate_key"
    assert failure("min_data_coverage=.inf")[0][0] == "config.not_finite"
