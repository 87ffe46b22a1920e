"""Problems of a report as records with their wording and place, for every form of output."""

from collections.abc import Iterator

from cscli.errors import Location
from cscli.reports.kit.model import Report
from cscli.texts import Language, problem_hint, problem_message, text

Record = dict[str, str | int | None]


def problem_records(report: Report) -> Iterator[Record]:
    """One record a problem, keys as in JSON; `key` only where the problem lies in the config."""
    for problem in report.problems:
        where = problem.where
        record: Record = {"severity": problem.severity.value, "file": where.file, "sheet": where.sheet}
        record |= {"line": where.line, "column": where.column, "value": problem.value}
        record["message"] = problem_message(problem, report.language)
        record["hint"] = problem_hint(problem, report.language)
        if where.key is not None:
            record["key"] = where.key
        yield record


def problem_table(report: Report) -> list[tuple[str, str, str, str, str]]:
    """Severity, place, value, message and hint of each problem, for people."""
    return [
        (
            text(f"writing.severity.{problem.severity}", report.language),
            describe_place(problem.where, report.language),
            problem.value or "",
            problem_message(problem, report.language),
            problem_hint(problem, report.language) or "",
        )
        for problem in report.problems
    ]


def describe_place(where: Location, language: Language) -> str:
    """`accounts.xlsx · Sheet1 · row 42 · MRR`."""
    line = None if where.line is None else text("writing.row", language, line=where.line)
    return " · ".join(part for part in (where.file, where.sheet, line, where.column, where.key) if part)
