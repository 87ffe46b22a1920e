"""What a run says of itself: everything that is needed to trust its outputs, and to make them again."""

import datetime as dt
import hashlib
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from cscli import __version__
from cscli.analysis.tables.raw import RawTable, sources_of_files
from cscli.config.secrets import hide_password
from cscli.errors import ExitCode, Problem, Severity
from cscli.texts import Language, problem_message
from cscli.texts.records import problem_record
from cscli.workflows.book.read import rules_digest
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import zone_of
from cscli.workflows.run.steps import count_accounts, parts_of
from cscli.workflows.whole.book import WholeBook
from cscli.workspace.manifest import (
    SCHEMA_VERSION,
    Arguments,
    InputFile,
    Manifest,
    OutputFile,
    ProblemFacts,
    Problems,
    RowsSkipped,
    RulesFacts,
    StepFacts,
    ToldProblem,
    file_digest,
    read_manifest,
    write_manifest,
)

if TYPE_CHECKING:
    from cscli.sources.events import FileFacts

RULES = "rules.yaml"
_LIBRARIES = (
    "pandas", "numpy", "scipy", "duckdb", "sqlglot", "pydantic", "openpyxl", "xlsxwriter", "python-calamine",
    "sqlalchemy", "holidays", "rapidfuzz", "tzdata",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """What became of a step: `done` or `failed`, the files it made, and what is to be said of it."""

    step: str
    status: Literal["done", "failed"]
    code: ExitCode
    seconds: float
    files: tuple[Path, ...] = ()
    problems: tuple[Problem, ...] = ()


def make_manifest(
    whole: WholeBook, run: str, results: Sequence[StepResult], problems: Sequence[Problem]
) -> Manifest:
    """The manifest of a run that has made its files. `seconds` and `exit_code` are added at its end."""
    request, book = whole.request, whole.book
    zone = zone_of(book.config)
    done = parts_of(each.step for each in results if each.status == "done")
    return Manifest(
        schema_version=SCHEMA_VERSION,
        run=run,
        as_of=book.as_of.isoformat(),
        zone=zone.key if zone else str(request.now.tzinfo),
        language=book.language,
        started_at=request.now.astimezone(dt.UTC).isoformat(timespec="seconds"),
        arguments=_arguments(request),
        versions=_versions(),
        config=RulesFacts(
            name=request.rules.name,
            digest=rules_digest(request),
            sha256=text_digest(rules_text(request)),
            file=RULES,
        ),
        inputs=tuple(_inputs(whole)),
        steps=tuple(
            StepFacts(
                step=each.step, status=each.status, exit_code=int(each.code), seconds=round(each.seconds, 3)
            )
            for each in results
        ),
        outputs=tuple(
            OutputFile(
                step=each.step, file=path.name, size_bytes=path.stat().st_size, sha256=file_digest(path)
            )
            for each in results
            for path in each.files
        ),
        counts=count_accounts(whole, done),
        problems=_problems(problems, whole, book.language),
    )


def write_beside(folder: Path, manifest: Manifest, request: Request) -> None:
    """The manifest and the rules of the run, beside its files."""
    (folder / RULES).write_text(rules_text(request), encoding="utf-8", newline="\n")
    write_manifest(folder, manifest)


def rules_text(request: Request) -> str:
    """The text of the rules without passwords."""
    return hide_password(request.rules.text)


def text_digest(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_newest(out: Path, as_of: dt.date, today: dt.date) -> bool:
    """Whether the run for `as_of` belongs into `out/latest`: its day has come, and none that is later and has come
    stands there.
    """
    latest = read_manifest(out / "latest")
    day = latest.as_of if latest else ""
    return as_of <= today and not as_of.isoformat() < day <= today.isoformat()


def problem_kinds(problems: Iterable[Problem], sources: Mapping[str, str]) -> dict[str, list[Problem]]:
    """The problems that say the same of one column or key, by what identifies them: code, source, sheet, column and
    key, and a digest of what they say in all but the row. `sources`: the source of each file.
    """
    groups: dict[tuple[str | None, ...], list[Problem]] = {}
    for problem in problems:
        where = problem.where
        source = sources.get(where.file or "", where.file)
        groups.setdefault((problem.code, source, where.sheet, where.column, where.key), []).append(problem)
    kinds = {}
    for place, group in groups.items():
        said = sorted(
            f"{each.value} {sorted((k, str(v)) for k, v in each.details.items())}" for each in group
        )
        kinds[" ".join([*filter(None, place), text_digest("\n".join(said))[:12]])] = group
    return kinds


def sources_of(whole: WholeBook) -> dict[str, str]:
    """The source of each file, by the file's name."""
    read = {name: table.facts for name, table in whole.reader.tables.items()}
    return sources_of_files({**read, **whole.book.inputs})


def _arguments(request: Request) -> Arguments:
    return Arguments(
        as_of=request.as_of.isoformat() if request.as_of else None,
        set=tuple(hide_password(each) for each in request.overrides),
        plain=request.plain,
        history=request.remember and request.rules.remembers,
        lang=request.language,
    )


def _versions() -> dict[str, str]:
    found = {"cscli": __version__, "python": platform.python_version(), "system": platform.system()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _inputs(whole: WholeBook) -> Iterator[InputFile]:
    """Every file that was read, and those of people's words that were looked for."""
    book, choices = whole.book, whole.reader.choices()
    for name, table in whole.reader.tables.items():
        said = tuple(ProblemFacts.model_validate(problem_record(each)) for each in choices[name].problems)
        yield from _table_files(name, choices[name].paths, table, whole, said=said)
    for name, log in whole.reader.logs.items():
        yield from (_log_file(name, file, whole) for file in log.files)
    people = book.people
    if people.table:
        yield from _table_files("inputs", (people.path,), people.table, whole)
    else:
        yield InputFile(source="inputs", path=_shown(people.path, whole), sha256=None)
    crosswalk = book.resolved.crosswalk
    if crosswalk:
        digest = crosswalk.sha256 if crosswalk.raw is not None else None
        yield InputFile(source="crosswalk", path=_shown(crosswalk.path, whole), sha256=digest)


def _table_files(
    name: str, paths: Sequence[Path], table: RawTable, whole: WholeBook, **more: Any
) -> Iterator[InputFile]:
    for path, part in zip(paths, table.facts.parts or (table.facts,), strict=True):
        facts = asdict(part)
        del facts["parts"]
        skipped = RowsSkipped(blank=facts.pop("blank_rows"), total=facts.pop("total_rows"))
        yield InputFile(source=name, path=_shown(path, whole), **facts, rows_skipped=skipped, **more)


def _log_file(name: str, file: "FileFacts", whole: WholeBook) -> InputFile:
    return InputFile(
        source=name,
        path=_shown(file.path, whole),
        file=file.name,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        rows=file.rows,
        bad_lines=file.bad_lines,
        form="events",
        modified=file.path.stat().st_mtime,
    )


def _shown(path: Path, whole: WholeBook) -> str:
    """Seen from the workspace, where it lies in it."""
    workspace = whole.request.rules.workspace.resolve()
    path = path.resolve()
    return path.relative_to(workspace).as_posix() if path.is_relative_to(workspace) else str(path)


def _problems(problems: Sequence[Problem], whole: WholeBook, language: Language) -> Problems:
    counts = {each.value: sum(problem.severity is each for problem in problems) for each in Severity}
    told = (
        ToldProblem.model_validate(problem_record(each) | {"message": problem_message(each, language)})
        for each in problems
    )
    return Problems(
        counts=counts, kinds=tuple(sorted(problem_kinds(problems, sources_of(whole)))), list=tuple(told)
    )
