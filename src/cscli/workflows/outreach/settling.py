"""What becomes of messages afterwards, as people say it: taken back, sent, not sent, forgotten."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cscli.analysis.outreach.addresses import address_hash
from cscli.analysis.outreach.sent import State
from cscli.config.load import read_draft
from cscli.errors import ConfigError, DataError, Location, Problem, Severity, UsageError
from cscli.header_keys import header_key
from cscli.history import (
    Change,
    entries_of,
    forget_address,
    give_up_sending,
    key_mark,
    made_key,
    move_messages,
)
from cscli.sources import ReadOptions, read_table
from cscli.texts import Language, Phrase
from cscli.workflows.book.contract import history_of
from cscli.workflows.book.read import speaking
from cscli.workflows.book.request import Request
from cscli.workflows.outreach.no_longer_stopped import forget_stopped
from cscli.workspace.lock import hold_workspace

_KEYS = frozenset(map(header_key, ("key", "Message-ID", "message id")))

_NOTED: Mapping[str, tuple[State, ...]] = {
    "outreach.confirmed_already": (State.CONFIRMED, State.SENT),
    "outreach.confirm_cancelled": (State.CANCELLED,),
}


@dataclass(frozen=True, slots=True)
class Settled:
    """How many were changed; `problems`: what could not be."""

    count: int
    problems: tuple[Problem, ...]
    language: Language


def cancel(request: Request, keys: Sequence[str]) -> Settled:
    """Takes back messages that were issued and not sent: they may be made again. DataError for a key that is not there, or whose
    message is in another state; then nothing is changed.
    """
    return _move(request, keys, (State.ISSUED,), Change(to=State.CANCELLED))


def resolve(request: Request, keys: Sequence[str], *, was_sent: bool) -> Settled:
    """Settles messages of which nobody knew whether they went out; of those that a server refused for good, that they may be tried again.
    DataError as of `cancel`.
    """
    change = Change(to=State.SENT) if was_sent else Change(to=State.FAILED, may_retry=True, reason="not sent")
    url, language = ledger_at(request)
    with speaking(language), hold_workspace(request.rules.workspace, request.now):
        give_up_sending(url, request.rules.workspace, request.now)  # who was killed left it so
    states = (State.UNKNOWN,) if was_sent else (State.UNKNOWN, State.FAILED)
    return _move(request, keys, states, change)


def confirm(request: Request, path: Path) -> Settled:
    """Marks messages as sent: those whose key, or Message-ID, a table names. What is marked already, or was taken back, is noted."""
    keys = _keys_in(path)
    url, language = ledger_at(request)
    with speaking(language), hold_workspace(request.rules.workspace, request.now):
        known = {each.key: each for each in entries_of(url, request.rules.workspace, keys=keys)}
        states = {key: known[key].state if key in known else None for key in keys}
        moved = move_messages(
            url, request.rules.workspace, keys, (State.ISSUED, State.UNKNOWN), Change(to=State.CONFIRMED), request.now
        )  # fmt: skip
        return Settled(len(moved), tuple(_unconfirmed(states, path.name)), language)


def forget(request: Request, address: str) -> Settled:
    """Removes the rows of a person from the ledger; nothing ever goes to that address again."""
    if "@" not in address:
        raise UsageError(Problem("outreach.no_address", value=address))
    url, language = ledger_at(request)
    workspace = request.rules.workspace
    with speaking(language), hold_workspace(workspace, request.now):
        key = made_key(workspace)
        hashed = address_hash(key, address)
        count = forget_address(url, workspace, hashed, key_mark(key), request.now)
        forget_stopped(workspace, hashed)
        return Settled(count, (), language)


def ledger_at(request: Request) -> tuple[str, Language]:
    """Where the ledger of these rules is, and their language; the exports are not read. UsageError without a history."""
    draft = read_draft(request.rules.text, request.rules.name, request.overrides)
    language = request.language_of(draft)
    with speaking(language):
        if draft.config is None:
            raise ConfigError(*draft.problems)
        url = history_of(request, draft.config)
        if url is None:
            raise UsageError(Problem("outreach.needs_history"))
        return url, language


def _move(request: Request, keys: Sequence[str], states: Sequence[State], change: Change) -> Settled:
    url, language = ledger_at(request)
    workspace = request.rules.workspace
    with speaking(language), hold_workspace(workspace, request.now):
        found = entries_of(url, workspace, keys=keys)
        problems = list(_unfit(keys, [(each.key, each.state) for each in found], states))
        if problems:
            raise DataError(*problems)
        moved = move_messages(url, workspace, [each.key for each in found], states, change, request.now)
        return Settled(len(moved), (), language)


def _unconfirmed(states: Mapping[str, State | None], file: str) -> Iterator[Problem]:
    """What is said of keys that were not marked now. `states`: None for a key that the ledger does not know."""
    where = Location(file=file)
    for code, noted in _NOTED.items():
        count = sum(state in noted for state in states.values())
        if count:
            yield Problem(code, severity=Severity.NOTE, where=where, details={"count": count})
    fine = {State.ISSUED, State.UNKNOWN}.union(*_NOTED.values())
    for key, state in states.items():
        if state not in fine:
            yield Problem("outreach.not_confirmed", where=where, value=key)


def _unfit(keys: Sequence[str], found: Sequence[tuple[str, State]], states: Sequence[State]) -> list[Problem]:
    """Keys that mean no message, or several, or one in another state."""
    problems = []
    for key in keys:
        meant = [state for other, state in found if other.startswith(key)]
        if len(meant) != 1:
            problems.append(Problem("outreach.unknown_key", value=key))
        elif meant[0] not in states:
            details = {"state": Phrase(f"message_{meant[0].value}")}
            problems.append(Problem("outreach.other_state", value=key, details=details))
    return problems


def _keys_in(path: Path) -> list[str]:
    """The keys of a table: of its column `key`, or what stands before the @ of a Message-ID."""
    table = read_table(path, "confirm", ReadOptions(), lambda header: header_key(header) in _KEYS)
    header = next((each for each in table.headers if header_key(each) in _KEYS), None)
    if header is None:
        raise DataError(Problem("outreach.no_keys", where=Location(file=path.name)))
    cells = [
        str(cell).strip().strip("<>").partition("@")[0] for cell in table.column(header) if cell is not None
    ]
    return list(dict.fromkeys(cells))
