"""Exports to rules that fit them: the one way of `init`, of commands without a config, and of `check FILE`."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from cscli.analysis.proposing.proposal import Proposal, propose
from cscli.analysis.proposing.proposed import ProposedSource
from cscli.analysis.recognising.links import share_in
from cscli.analysis.recognising.plan import make_plan
from cscli.analysis.recognising.taken import LeftFile
from cscli.analysis.tables.raw import RawTable
from cscli.config.load import Draft, read_draft
from cscli.config.schema import Config, Source, SourceKind
from cscli.errors import CscliError, DataError, Problem, Severity
from cscli.fields import known_field
from cscli.rules_text.rules_file import Frame, NewFile, file_path, rules_text
from cscli.texts import Language, text
from cscli.workflows.book.read import Book, read_book
from cscli.workflows.book.reading import SourceReader, unpivoted
from cscli.workflows.book.request import Request
from cscli.workflows.init.fitting import Fitted, fit_rules
from cscli.workflows.init.last_day import last_day
from cscli.workflows.init.reading import ReadExports
from cscli.workflows.init.sampling import sampled
from cscli.workflows.init.zones import local_zone
from cscli.workspace.rules import Rules


@dataclass(frozen=True, kw_only=True, eq=False)
class MadeRules:
    """The text, and what it came from. `reader`: has the files read already. `fitted`: None where a first run of the rules
    was not possible, which `problems` tell.
    """

    text: str
    new: NewFile
    proposal: Proposal
    language: Language
    reader: SourceReader
    problems: tuple[Problem, ...]
    fitted: Fitted | None = None
    left: Mapping[str, str] = field(default_factory=dict)


def frame_of(language: Language, now: dt.datetime) -> Frame:
    """Yen, Tokyo and April for who reads Japanese; else no currency, the zone of this computer and January."""
    if language == "ja":
        return Frame(language=language, currency="JPY", timezone="Asia/Tokyo", fiscal_year_start=4)
    return Frame(language=language, currency=None, timezone=local_zone(now), fiscal_year_start=1)


def make_rules(
    exports: ReadExports,
    preset: str,
    folder: Path,
    now: dt.datetime,
    language: Language | None = None,
    *,
    of_system: Language = "en",
) -> MadeRules:
    """Rules for `exports` from the text of a preset, as they would stand in `folder`. Raises DataError where nothing could
    be a list of customers, or two lists could be it equally well. Figures of this book are those of the last day that it tells of, so that the rules
    are the same on every day.
    """
    draft = read_draft(preset, "preset")
    plan = make_plan([table for table, _ in exports.tables])
    if plan.rivals and plan.accounts:
        raise DataError(_two_lists([plan.accounts, *plan.rivals]))
    if not plan.every:
        raise DataError(*_nobody(exports, plan.left))
    proposal = propose(plan, draft.sources(), names_of(draft))
    otherwise = of_system if of_system == "ja" else draft.language
    spoken = language or _language_of([source.table for source in proposal.sources], otherwise)
    by_table = {id(table): path for table, path in exports.tables}
    paths = {source.name: _path(by_table[id(source.table)], folder) for source in proposal.sources}
    left = {_path(by_table[id(each.facts.table)], folder): _why_left(each, spoken) for each in proposal.left}
    frame = frame_of(spoken, now)
    served = {source.name for source in proposal.sources}
    waiting = {name: each for name, each in draft.sources().items() if name not in {*served, "accounts"}}
    new = NewFile(
        preset=preset,
        sources=proposal.sources,
        paths=paths,
        left=left,
        frame=frame,
        waiting=waiting,
        idle=_all_metrics(draft),
    )
    reader = _reader(proposal)
    return _fit(
        new,
        proposal,
        reader,
        Request(
            rules=Rules(name="cscli.yaml", text="", sources_folder=folder, workspace=folder, remembers=False),
            now=now,
            as_of=last_day(proposal.sources, now.date()),
        ),
        exports,
    )


def _fit(
    new: NewFile, proposal: Proposal, reader: SourceReader, request: Request, exports: ReadExports
) -> MadeRules:
    problems = [*exports.refused, *exports.joined, *_undecided(proposal), *_nothing_in_common(proposal)]
    first = rules_text(new)
    book, said = _try(first, request, sampled(proposal, reader))
    if book is None:
        done = MadeRules(
            text=first, new=new, proposal=proposal, language=new.frame.language, reader=reader, problems=(*problems, *said), left=new.left,
        )  # fmt: skip
        return _without_what_fails(done, request) or done
    fitted = fit_rules(new, proposal, book, book.as_of)
    return MadeRules(
        text=rules_text(fitted.new), new=fitted.new, proposal=proposal, language=new.frame.language, reader=reader,
        problems=tuple(problems), fitted=fitted, left=new.left,
    )  # fmt: skip


def _without_what_fails(made: MadeRules, request: Request) -> MadeRules | None:
    """The rules without those files of which a run says that it cannot use them; the rest goes on."""
    new, said = made.new, made.problems
    while True:
        failing = {
            source.name for source in new.sources if _is_named(source, new.paths[source.name], said)
        } - {"accounts"}
        failing |= {source.name for source in new.sources if source.via in failing}
        if not failing or len(failing) == len(new.sources):
            return None
        dropped = {new.paths[name]: text("init.left_fails", made.language) for name in failing}
        new = replace(
            new, sources=tuple(s for s in new.sources if s.name not in failing), left={**new.left, **dropped}
        )
        book, said = _try(rules_text(new), request, sampled(made.proposal, made.reader))
        if book is not None:
            break
    proposal = replace(made.proposal, sources=tuple(new.sources))
    fitted = fit_rules(new, proposal, book, book.as_of)
    warned = tuple(replace(each, severity=Severity.WARNING) for each in made.problems)
    return replace(
        made,
        text=rules_text(fitted.new),
        new=fitted.new,
        proposal=proposal,
        problems=warned,
        fitted=fitted,
        left=new.left,
    )


def _is_named(source: ProposedSource, path: str, problems: Sequence[Problem]) -> bool:
    """Whether one of `problems` is about the source or its file."""
    key = f"sources.{source.name}"
    return any(
        (each.where is not None and (each.where.file == Path(path).name or (each.where.key or "").startswith((f"{key}.", key + " "))))
        or each.where.key == key
        for each in problems if each.severity is Severity.ERROR
    )  # fmt: skip


def _try(rules: str, request: Request, reader: SourceReader) -> tuple[Book | None, tuple[Problem, ...]]:
    """The book under `rules`; None with what stopped it."""
    trial = replace(request, rules=replace(request.rules, text=rules))
    try:
        return read_book(trial, reader=reader), ()
    except CscliError as error:
        return None, error.problems


def _reader(proposal: Proposal) -> SourceReader:
    tables = {
        source.name: unpivoted(source.table, Source().model_copy(update={"kind": _kind_of(source)}))
        for source in proposal.sources if source.kind != "events"
    }  # fmt: skip
    return SourceReader(tables=tables)


def _kind_of(source: ProposedSource) -> SourceKind:
    return "rows" if source.kind == "churn" else cast("SourceKind", source.kind)


def _path(path: Path, folder: Path) -> str:
    return file_path(str(path.resolve()), str(folder.resolve()))


def names_of(draft: Draft) -> frozenset[str]:
    """Names that the rules define, which no column of an export may bear."""
    config = draft.config
    if config is None:
        return frozenset()
    metrics = {name for name, metric in config.metrics.items() if metric.value.plain_column != name}
    rollups = {name for source in config.sources.values() for name in source.rollup}
    return frozenset(
        metrics
        | rollups
        | set(config.derived)
        | set(config.segments)
        | {"team", "scorecard", "score", "band", "as_of", "data_coverage"}
    )


def _all_metrics(draft: Draft) -> tuple[str, ...]:
    return tuple(draft.config.metrics) if isinstance(draft.config, Config) else ()


def _language_of(tables: Sequence[RawTable], otherwise: Language) -> Language:
    """Japanese, where most of the headers that are known are not in ASCII; or, without any known, most of all."""
    headers = [header for table in tables for header in table.headers]
    known = [header for header in headers if known_field(header)] or headers
    japanese = [header for header in known if not header.isascii()]
    return "ja" if len(japanese) * 2 > len(known) else otherwise


def _why_left(each: LeftFile, language: Language) -> str:
    return text(each.why, language, value=each.detail, count=each.count)


def _two_lists(rivals: "Sequence[object]") -> Problem:
    shown = "; ".join(_described(each) for each in rivals)
    return Problem("init.two_lists", value=shown)


def _described(each: object) -> str:
    facts, key = each.facts, each.key  # type: ignore[attr-defined]
    examples = ", ".join(key.examples[:3])
    return f"{facts.file} ({facts.rows}: {key.header} {examples})"


def _nobody(exports: ReadExports, left: Sequence[LeftFile]) -> list[Problem]:
    shown = [f"{each.facts.file}: {', '.join(each.facts.table.headers[:8])}" for each in left[:3]]
    place = exports.tables[0][0].locate() if len(exports.tables) == 1 else None
    problem = Problem("init.nobody", value="; ".join(shown))
    return [replace(problem, where=place) if place else problem, *exports.refused]


def _undecided(proposal: Proposal) -> list[Problem]:
    """Dates that are missing until somebody says which is the day and which the month."""
    return [
        Problem(
            "data.date_order_mixed" if each.mixed else "data.date_order_ambiguous",
            severity=Severity.WARNING,
            where=source.table.locate(header=each.name),
            value=each.example,
        )
        for source in proposal.sources
        for each in source.dates
    ]


def _nothing_in_common(proposal: Proposal) -> list[Problem]:
    """That a file has no id of the accounts at all."""
    accounts = proposal.accounts
    if accounts is None:
        return []
    found = []
    for source in proposal.sources:
        header = next((column.header for column in source.columns if column.name == "account_id"), None)
        if source.name == "accounts" or source.via or source.by_company or header is None:
            continue
        if _shares_none(source, header, accounts.key.values):
            details = {
                "file": accounts.facts.file,
                "ids": _examples(source.table, header),
                "others": ", ".join(accounts.key.examples[:3]),
            }
            found.append(
                Problem(
                    "init.nothing_in_common",
                    severity=Severity.WARNING,
                    where=source.table.locate(header=header),
                    value=source.name,
                    details=details,
                )
            )
    return found


def _shares_none(source: ProposedSource, header: str, ids: frozenset[str]) -> bool:
    from cscli.analysis.recognising.facts import ColumnFacts

    return share_in(ColumnFacts(source.table, header), ids) == 0


def _examples(table: RawTable, header: str) -> str:
    from cscli.analysis.recognising.facts import ColumnFacts

    return ", ".join(ColumnFacts(table, header).examples[:3])
