"""Tables of several files, such as one a month, to the one table that they are together."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.tables.raw import Column, RawTable, ReadFacts, line_in_part
from cscli.errors import Location, Problem, Severity

_LISTED = 3


def join_parts(parts: Sequence[RawTable], name: str, same_columns: Sequence[Sequence[str]] = ()) -> RawTable:
    """The rows of all `parts`, in their order; `name` stands for them together. A row that an earlier file has, the same in
    every cell, counts once; a column that a file lacks is blank there. Both are said. `same_columns`: headers
    that stand above one and the same column, the best first.
    """
    parts = _with_one_header(parts, same_columns)
    headers = tuple(dict.fromkeys(header for part in parts for header in part.headers))
    columns = tuple(np.concatenate([_cells(part, header) for part in parts]) for header in headers)
    of_part = np.repeat(np.arange(len(parts)), [len(part.lines) for part in parts])
    lines = np.concatenate([line_in_part(at, part.lines) for at, part in enumerate(parts)])
    again = _told_before(columns, of_part)
    said = (*_say_absent(parts, headers, name), *_say_again(again, of_part, parts, name))
    whole = RawTable(
        source=parts[0].source,
        headers=headers,
        columns=columns,
        lines=lines,
        facts=_facts(parts, name),
        problems=(*(problem for part in parts for problem in part.problems), *said),
        titles=parts[0].titles,
        unit_row=parts[0].unit_row,
        signs=_signs(parts),
    )
    return whole.only(~again)


def _with_one_header(parts: Sequence[RawTable], same_columns: Sequence[Sequence[str]]) -> Sequence[RawTable]:
    """`parts` with one header for each of `same_columns`: the first that any of them has."""
    for headers in same_columns:
        found = [header for header in headers if any(header in part.places for part in parts)]
        if len(found) > 1:
            parts = [_renamed(part, found) for part in parts]
    return parts


def _renamed(part: RawTable, found: Sequence[str]) -> RawTable:
    best = found[0]
    there = next((header for header in found if header in part.places), best)
    if there == best:
        return part
    return replace(
        part,
        headers=tuple(best if header == there else header for header in part.headers),
        unit_row={best if header == there else header: unit for header, unit in part.unit_row.items()},
        signs={best if header == there else header: sign for header, sign in part.signs.items()},
    )


def _cells(part: RawTable, header: str) -> Column:
    return part.column(header) if header in part.places else np.full(len(part.lines), None, dtype=object)


def _told_before(columns: Sequence[Column], of_part: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which rows stand in an earlier file, too: by their digests first, then cell by cell."""
    frame = pd.DataFrame(dict(enumerate(columns)), dtype=object)
    digests = pd.util.hash_pandas_object(frame.astype(str), index=False).to_numpy()
    order = pd.Series(of_part).groupby(digests).transform("min").to_numpy()
    again = np.zeros(len(of_part), dtype=bool)
    for digest in np.unique(digests[order < of_part]).tolist():
        same = np.flatnonzero(digests == digest).tolist()
        first = {_row(columns, at) for at in same if of_part[at] == order[at]}
        again[[at for at in same if of_part[at] > order[at] and _row(columns, at) in first]] = True
    return again


def _row(columns: Sequence[Column], at: int) -> tuple[object, ...]:
    return tuple(column[at] for column in columns)


def _facts(parts: Sequence[RawTable], name: str) -> ReadFacts:
    every = [part.facts for part in parts]
    digests = "".join(facts.sha256 for facts in every)
    return replace(
        every[0],
        file=name,
        sha256=hashlib.sha256(digests.encode()).hexdigest(),
        size_bytes=sum(facts.size_bytes for facts in every),
        modified=max(facts.modified for facts in every),
        rows=sum(facts.rows for facts in every),
        blank_rows=sum(facts.blank_rows for facts in every),
        total_rows=sum(facts.total_rows for facts in every),
        parts=tuple(every),
    )


def _signs(parts: Sequence[RawTable]) -> Mapping[str, tuple[str, Mapping[int, str]]]:
    """The currencies that cells show: where files show others than the first does, cell by cell."""
    found: dict[str, tuple[str, dict[int, str]]] = {}
    for at, part in enumerate(parts):
        for header, (most, others) in part.signs.items():
            usual, cells = found.setdefault(header, (most, {}))
            if most != usual:
                cells.update(dict.fromkeys(line_in_part(at, part.lines).tolist(), most))
            cells.update({int(line_in_part(at, np.array(line))): sign for line, sign in others.items()})
    return found


def _say_absent(parts: Sequence[RawTable], headers: Sequence[str], name: str) -> Iterator[Problem]:
    for header in headers:
        without = [part.facts.file for part in parts if header not in part.places]
        if without:
            details = {"count": len(without), "files": ", ".join(without[:_LISTED]), "pattern": name}
            where = Location(file=without[0], column=header)
            yield Problem("reading.not_in_all_files", severity=Severity.WARNING, where=where, details=details)


def _say_again(
    again: NDArray[np.bool_], of_part: NDArray[np.int64], parts: Sequence[RawTable], name: str
) -> Iterator[Problem]:
    if again.any():
        first = parts[int(of_part[again][0])].facts.file
        details = {"count": int(again.sum()), "pattern": name}
        yield Problem(
            "reading.rows_in_several", severity=Severity.WARNING, where=Location(file=first), details=details
        )
