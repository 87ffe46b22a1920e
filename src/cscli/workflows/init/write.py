"""Exports and a preset to a config file of one's own, tried by a run before it is called good."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from cscli.config.load import Draft, read_draft
from cscli.errors import CscliError, Location, Problem, Severity, SourceError, UsageError
from cscli.nearest import nearest_name
from cscli.rules_text.rules_file import framed_preset
from cscli.texts import Language
from cscli.workflows.book.read import read_book
from cscli.workflows.book.request import Request
from cscli.workflows.init.making import MadeRules, frame_of, make_rules
from cscli.workflows.init.reading import find_exports, read_exports
from cscli.workflows.scores.scoring import score_book
from cscli.workspace.publish import publish
from cscli.workspace.rules import Rules, preset_text, presets

_HELPFUL = (
    "last_login_on",
    "active_users",
    "seats",
    "mrr",
    "renews_on",
    "nps",
    "csat",
    "open_tickets",
    "overdue_invoices",
    "started_on",
)
_MOST_HELPFUL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRules:
    """What was asked: `path` is the file to write. `preset`: a name, or a file of one's own. `now`: the one reading of the
    clock, with its zone.
    """

    path: Path
    preset: str
    exports: tuple[Path, ...]
    now: dt.datetime
    overwrite: bool = False
    language: Language | None = None
    """None: that of the headers, else of the computer."""
    of_system: Language = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRules:
    """What was written: of each source its file and what that was taken for; files left out, with why. `accounts`: how many,
    of which `banded` have a band; `helpful`: columns that would help most; `scores`: whether anything is scored by.
    """

    path: Path
    language: Language
    used: Mapping[str, tuple[str, str]]
    waiting: tuple[str, ...]
    left: Mapping[str, str] = field(default_factory=dict)
    metrics: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()
    accounts: int = 0
    banded: int = 0
    helpful: tuple[str, ...] = ()
    scores: bool = True
    has_revenue: bool = False
    problems: tuple[Problem, ...] = ()


def init(wanted: NewRules) -> WrittenRules:
    """Writes the rules. Raises UsageError for an unknown preset, SourceError where a file stands already or
    an export is not there, DataError if none is a table or nothing could be a list of customers.
    """
    _check(wanted)
    text = _preset(wanted.preset)
    folder = wanted.path.parent.resolve()
    try:
        found = find_exports(wanted.exports, folder)
    except SourceError as error:
        if wanted.exports or error.problems[0].code != "init.empty_folder":
            raise
        return _as_it_is(wanted, text)
    exports = read_exports(found)
    made = make_rules(exports, text, folder, wanted.now, wanted.language, of_system=wanted.of_system)
    _write(wanted.path, made.text)
    return _summary(wanted, made, folder)


def _as_it_is(wanted: NewRules, text: str) -> WrittenRules:
    """The preset, where there are no exports yet."""
    draft = read_draft(text, wanted.preset)
    language = wanted.language or _language(draft)
    if wanted.preset in presets():
        text = framed_preset(text, frame_of(language, wanted.now))
    _write(wanted.path, text)
    return WrittenRules(path=wanted.path, language=language, used={}, waiting=tuple(draft.sources()))


def _check(wanted: NewRules) -> None:
    known = presets()
    if wanted.preset not in known and not Path(wanted.preset).is_file():
        details = {"nearest": nearest_name(wanted.preset, known) or "-", "presets": ", ".join(known)}
        raise UsageError(Problem("init.unknown_preset", value=wanted.preset, details=details))
    if wanted.path.exists() and not wanted.overwrite:
        raise SourceError(
            Problem("init.exists", where=Location(file=str(wanted.path)), value=str(wanted.path))
        )


def _preset(name: str) -> str:
    return preset_text(name) if name in presets() else Path(name).read_text(encoding="utf-8-sig")


def _summary(wanted: NewRules, made: MadeRules, folder: Path) -> WrittenRules:
    new = made.new
    used = {source.name: (new.paths[source.name], source.taken_for) for source in new.sources}
    request = Request(
        rules=Rules(
            name=wanted.path.name, text=made.text, sources_folder=folder, workspace=folder, remembers=False
        ),
        now=wanted.now,
        reader=made.reader,
    )
    accounts, banded, empty, problems = _try(request, scores=new.scores)
    return WrittenRules(
        path=wanted.path,
        language=made.language,
        used=used,
        waiting=tuple(new.waiting),
        left=made.left,
        metrics=made.fitted.filled if made.fitted else (),
        proposed=tuple(metric.name for metric in new.own),
        accounts=accounts,
        banded=banded,
        helpful=tuple(name for name in _HELPFUL if name in empty)[:_MOST_HELPFUL],
        scores=bool(made.fitted and made.fitted.filled),
        has_revenue=any(source.kind in ("subscriptions", "mrr") for source in new.sources)
        or "mrr" not in empty,
        problems=(*made.problems, *(each for each in problems if each not in made.problems)),
    )


def _try(request: Request, *, scores: bool) -> tuple[int, int, frozenset[str], Sequence[Problem]]:
    """How many accounts there are and have a band, the columns without a value, and what a run says."""
    try:
        book = read_book(request)
        banded = 0
        said = [problem for problem in book.problems if problem.severity is not Severity.NOTE]
        if scores:
            _, scored, more = score_book(request, book)
            banded = int(np.count_nonzero(scored.scores.band != "unknown"))
            said += [problem for problem in more if problem.severity is not Severity.NOTE]
    except CscliError as error:
        return 0, 0, frozenset(), error.problems
    empty = frozenset(str(name) for name in book.frame.columns[book.frame.isna().all().to_numpy()])
    return len(book.frame), banded, empty, said


def _write(path: Path, text: str) -> None:
    with publish(path) as temporary:
        temporary.write_bytes(text.encode())


def _language(draft: Draft) -> Language:
    return draft.config.language if draft.config else "en"
