"""The cost of finding headers grows with the columns, not with their square; what is said of them stays short."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from books.raw_tables import raw_table
from cscli.analysis.judging.table import type_any_table
from cscli.config.schema import Source
from cscli.errors import CscliError
from cscli.fields import known_field
from cscli.sources import read_table
from cscli.texts import MOST_CHARACTERS, problem_line

SHAPES: dict[str, Callable[[int], str]] = {
    "all different": lambda at: f"h{at}",
    "all the same": lambda _: "a",
    "in pairs": lambda at: f"h{at // 2}",
    "numbers": str,
    "blank in between": lambda at: f"h{at}" if at % 2 else "",
    "long": lambda at: "x" * (40 + at % 7),
}


def seconds(path: Path, columns: int, header: Callable[[int], str]) -> tuple[float, list[str]]:
    lines = [
        ",".join(map(header, range(columns))),
        *[",".join("x" * (columns > 0) for _ in range(columns))] * 3,
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    begun = time.process_time()
    try:
        problems = read_table(
            path, "accounts", known_headers=lambda each: known_field(each) is not None
        ).problems
    except CscliError as error:
        problems = error.problems
    return time.process_time() - begun, [problem_line(each, "en") for each in problems]


@pytest.mark.parametrize("header", SHAPES.values(), ids=SHAPES.keys())
def test_eight_times_the_columns_take_no_sixty_four_times_as_long(
    tmp_path: Path, header: Callable[[int], str]
) -> None:
    few, _ = seconds(tmp_path / "a.csv", 2_000, header)
    many, said = seconds(tmp_path / "b.csv", 16_000, header)
    assert many < 25 * max(few, 0.02)
    assert max(map(len, said), default=0) <= MOST_CHARACTERS


def test_four_times_the_columns_take_no_sixteen_times_as_long_to_type() -> None:
    def seconds_to_type(columns: int) -> float:
        headers = ["account_id", *(f"c{at}" for at in range(columns))]
        raw = raw_table(headers, *([str(row), *["1"] * columns] for row in range(2)))
        begun = time.process_time()
        table = type_any_table(raw, Source(kind="accounts"), None)
        assert len(table.columns) == columns + 1
        return time.process_time() - begun

    seconds_to_type(100)
    few = seconds_to_type(2_000)
    assert seconds_to_type(8_000) < 8 * few
