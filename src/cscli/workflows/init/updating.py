"""New files and columns into rules that stand already: what a person wrote stays as it is, to the letter."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cscli.analysis.proposing.proposal import propose
from cscli.analysis.proposing.proposed import ProposedSource
from cscli.analysis.recognising.plan import make_plan
from cscli.config.load import Draft, read_draft
from cscli.errors import CscliError, Location, Problem, Severity, SourceError
from cscli.rules_text.inserting import ColumnLine, with_columns
from cscli.rules_text.rules_file import file_path
from cscli.rules_text.sections import Sections, body_of, split_sections
from cscli.rules_text.sources import source_lines
from cscli.texts import Language
from cscli.workflows.book.read import read_book
from cscli.workflows.book.request import Request
from cscli.workflows.init.making import names_of
from cscli.workflows.init.new_columns import new_columns
from cscli.workflows.init.reading import ReadExports, find_exports, read_exports
from cscli.workflows.init.write import NewRules
from cscli.workspace.publish import publish
from cscli.workspace.rules import Rules


@dataclass(frozen=True, kw_only=True, slots=True)
class UpdatedRules:
    """`text`: the rules with what is new, not yet written. `difference`: its lines, as `diff -u` shows them; none where
    nothing is. `names`: of the new sources, and of those with new columns.
    """

    path: Path
    language: Language
    text: str
    difference: str
    names: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


def plan_update(wanted: NewRules) -> UpdatedRules:
    """A source for each export that no source of the rules reads, and a line for each column that those they read did not
    have. Raises SourceError where there are no rules, and where the rules with it could not be run.
    """
    if not wanted.path.exists():
        raise SourceError(
            Problem("init.update_absent", where=Location(file=str(wanted.path)), value=str(wanted.path))
        )
    before = wanted.path.read_bytes().decode("utf-8-sig")
    draft = read_draft(before, wanted.path.name)
    folder = wanted.path.parent.resolve()
    named = [path.resolve() for path in find_exports(wanted.exports, folder)]
    known = _read_already(draft, folder)
    exports = read_exports(list(dict.fromkeys([*sorted(known), *named])), known)
    new = _new_sources(exports, draft, folder)
    after, columns = _with_new_columns(before, draft, exports, folder)
    after = _with_sources(after, new, draft) if new else after
    if after != before:
        problems = _try(after, wanted, folder)
        if any(problem.severity is Severity.ERROR for problem in problems):
            raise SourceError(*problems)
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), wanted.path.name, wanted.path.name, lineterm="", n=1
    )
    return UpdatedRules(
        path=wanted.path,
        language=draft.language,
        text=after,
        difference="\n".join(lines),
        names=(
            *(source.name for source, _ in new),
            *(f"{name}.{line.name}" for name, each in columns.items() for line in each),
        ),
        problems=exports.refused,
    )


def write_update(found: UpdatedRules) -> None:
    """Writes the rules with what is new."""
    with publish(found.path) as temporary:
        temporary.write_bytes(found.text.encode())


def _new_sources(exports: ReadExports, draft: Draft, folder: Path) -> list[tuple[ProposedSource, str]]:
    known = _read_already(draft, folder)
    paths = {id(table): path for table, path in exports.tables}
    proposal = propose(
        make_plan([table for table, _ in exports.tables]), {}, names_of(draft) | set(draft.sources())
    )
    new = [source for source in proposal.sources if paths[id(source.table)].resolve() not in known]
    new = [source for source in new if source.via is None or source.via in {each.name for each in new}]
    return [
        (source, file_path(str(paths[id(source.table)].resolve()), str(folder)))
        for source in _renamed(new, draft)
    ]


def _with_new_columns(
    text: str, draft: Draft, exports: ReadExports, folder: Path
) -> tuple[str, dict[str, list[ColumnLine]]]:
    tables = {
        name: table
        for name, source in draft.sources().items()
        if source.file is not None and not source.by_engine
        for table, path in exports.tables
        if path.resolve() in _files_of(source.file, folder)
    }
    columns = new_columns(text, draft, tables)
    for name, lines in columns.items():
        text = with_columns(text, name, lines)
    return text, columns


def _read_already(draft: Draft, folder: Path) -> set[Path]:
    """The files of tables that a source of the rules names, by path or pattern, where they are there."""
    return {
        path for source in draft.sources().values() if source.file for path in _files_of(source.file, folder)
    }


def _files_of(file: str, folder: Path) -> set[Path]:
    path = Path(file)
    return {path.resolve()} if path.is_absolute() else {each.resolve() for each in folder.glob(file)}


def _renamed(new: Sequence[ProposedSource], draft: Draft) -> list[ProposedSource]:
    """`new` under names that the rules do not use: a second list of accounts is none of theirs."""
    return [
        replace(source, name="accounts_2")
        if source.name == "accounts" and "accounts" in draft.sources()
        else source
        for source in new
    ]


def _with_sources(text: str, new: Sequence[tuple[ProposedSource, str]], draft: Draft) -> str:
    sections = split_sections(text)
    part = sections.parts["sources"]
    inner = [
        line
        for line in part[part.index("sources:") :].splitlines()[1:]
        if line.strip() and not line.lstrip().startswith("#")
    ]
    depth = " " * (len(inner[0]) - len(inner[0].lstrip()))
    zone = str(draft.document.at("timezone") or "UTC")
    lines = [line for source, path in new for line in source_lines(source, path, draft.language, zone)]
    added = "".join(f"{depth}{line[2:]}\n" for line in lines)
    tail = part[len(body_of(part)) :]
    return Sections(sections.head, {**sections.parts, "sources": body_of(part) + added + tail}).text()


def _try(text: str, wanted: NewRules, folder: Path) -> tuple[Problem, ...]:
    """What stops a run of the new rules."""
    try:
        read_book(
            Request(
                rules=Rules(
                    name=wanted.path.name, text=text, sources_folder=folder, workspace=folder, remembers=False
                ),
                now=wanted.now,
            )
        )
    except CscliError as error:
        return error.problems
    return ()
