"""The ledger of messages: booked before anything is written or sent, so that nobody gets the same thing twice.

Every change is one transaction, alone on SQLite and on PostgreSQL; what was decided from an older ledger is not booked.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, select, update

from cscli.analysis.outreach.sent import SentMessage, State
from cscli.errors import Problem, Scope, SourceError
from cscli.history.alerts import instant
from cscli.history.database.connection import reading, writing
from cscli.history.database.outreach_tables import outreach_forgotten, outreach_marks, outreach_messages
from cscli.history.outgoing.claims import has_ended, this_process
from cscli.history.outgoing.ledger_rows import Change, Ledger, LedgerEntry

_KEY_MARK = "key"
SENDING_MINUTES = 10
"""No mail takes so long: what another computer has been sending since then, it no longer sends."""
_AGAIN = (State.CANCELLED, State.FAILED)
"""What may be booked anew under its key."""


def read_ledger(url: str, folder: Path, zone: ZoneInfo | None) -> Ledger:
    """All that decisions need of it; an empty one where there is no history yet. `zone`: what day it was."""
    columns = ("key", "message", "account_id", "contact_id", "address_hmac", "state", "occasion", "as_of", "made_at", "may_retry")  # fmt: skip
    wanted = select(*(outreach_messages.c[name] for name in columns)).order_by(outreach_messages.c.key)
    with reading(url, folder) as connection:
        if connection is None:
            return Ledger()
        rows = tuple(_sent(row, zone) for row in connection.execute(wanted).mappings())
        forgotten = connection.execute(select(outreach_forgotten.c.address_hmac)).scalars().all()
        return Ledger(
            rows=rows,
            forgotten=frozenset(forgotten),
            key_mark=_mark(connection),
            stamp=_stamp(connection),
            last_run=_last_run(connection),
        )


def book_messages(
    url: str, folder: Path, entries: Sequence[LedgerEntry], ledger: Ledger, key_mark: str
) -> str:
    """Books `entries`, which were decided from `ledger`, all or none; gives the ledger's new stamp. SourceError where the ledger has changed meanwhile, or
    was made with another key.
    """
    with writing(url, folder) as connection:
        check_key(connection, key_mark)
        if _stamp(connection) != ledger.stamp:
            raise SourceError(Problem("outreach.ledger_changed", scope=Scope.WORKSPACE))
        if _mark(connection) is None:
            connection.execute(outreach_marks.insert().values(name=_KEY_MARK, value=key_mark))
        for entry in entries:
            _book_one(connection, entry)
        return _stamp(connection)


def _book_one(connection: Connection, entry: LedgerEntry) -> None:
    values = _values(entry)
    found = connection.execute(
        select(outreach_messages.c.state, outreach_messages.c.attempts, outreach_messages.c.may_retry).where(
            outreach_messages.c.key == entry.key
        )
    ).first()
    if found is None:
        connection.execute(outreach_messages.insert().values(**values))
        return
    is_free = found.state in _AGAIN and (found.state != State.FAILED or found.may_retry)
    if entry.state is State.HELD_OUT and found.state == State.HELD_OUT:
        return
    if not is_free:
        raise SourceError(Problem("outreach.ledger_changed", scope=Scope.WORKSPACE))
    values["attempts"] = found.attempts
    connection.execute(update(outreach_messages).where(outreach_messages.c.key == entry.key).values(**values))


def claim_message(url: str, folder: Path, entry: LedgerEntry, stamp: str, key_mark: str) -> str:
    """Books `entry` as being sent by this process, if the ledger is still as of `stamp`; gives its new stamp. SourceError as of
    `book_messages`.
    """
    with writing(url, folder) as connection:
        check_key(connection, key_mark)
        if _stamp(connection) != stamp:
            raise SourceError(Problem("outreach.ledger_changed", scope=Scope.WORKSPACE))
        if _mark(connection) is None:
            connection.execute(outreach_marks.insert().values(name=_KEY_MARK, value=key_mark))
        _book_one(connection, replace(entry, reason=this_process()))
        return _stamp(connection)


def record_message(url: str, folder: Path, key: str, change: Change, now: dt.datetime) -> str:
    """Stores what became of a message that is being sent; gives the ledger's new stamp."""
    move_messages(url, folder, [key], (State.SENDING,), change, now)
    with reading(url, folder) as connection:
        return _stamp(connection) if connection else ""


def give_up_sending(url: str, folder: Path, now: dt.datetime) -> list[str]:
    """Messages that a process was sending which is no more: whether they went out, nobody knows. Gives their keys. Of another
    computer that is known only after a while.
    """
    with reading(url, folder) as connection:
        keys = _ended_sending(connection, now) if connection else []
    change = Change(to=State.UNKNOWN, reason="ended while sending", tried=True)
    return move_messages(url, folder, keys, (State.SENDING,), change, now) if keys else []


def unsettled_keys(url: str, folder: Path, now: dt.datetime) -> list[str]:
    """Keys of messages of which nobody knows whether they went out, with those that `give_up_sending` would add; nothing is changed."""
    wanted = select(outreach_messages.c.key).where(outreach_messages.c.state == State.UNKNOWN.value)
    with reading(url, folder) as connection:
        if connection is None:
            return []
        return sorted([*connection.execute(wanted).scalars(), *_ended_sending(connection, now)])


def _ended_sending(connection: Connection, now: dt.datetime) -> list[str]:
    limit = instant(now - dt.timedelta(minutes=SENDING_MINUTES))
    wanted = select(outreach_messages.c.key, outreach_messages.c.reason, outreach_messages.c.state_at).where(
        outreach_messages.c.state == State.SENDING.value
    )
    found = connection.execute(wanted).all()
    return [row.key for row in found if row.state_at < limit or has_ended(row.reason)]


def entries_of(url: str, folder: Path, *, run_id: str | None = None, keys: Iterable[str] | None = None) -> list[LedgerEntry]:  # fmt: skip
    """The rows of a run, or of keys (whole ones, or beginnings of at least 8 signs), or all; by key."""
    wanted = select(outreach_messages).order_by(outreach_messages.c.key)
    if run_id is not None:
        wanted = wanted.where(outreach_messages.c.run_id == run_id)
    with reading(url, folder) as connection:
        found = connection.execute(wanted).mappings().all() if connection else []
    entries = [_entry(dict(row)) for row in found]
    if keys is None:
        return entries
    asked = [key for key in keys if len(key) >= 8]
    return [each for each in entries if any(each.key.startswith(key) for key in asked)]


def move_messages(
    url: str, folder: Path, keys: Sequence[str], states: Sequence[State], change: Change, now: dt.datetime
) -> list[str]:
    """Takes those of `keys` that are in one of `states` to another one; gives their keys."""
    values: dict[str, object] = {
        "state": change.to.value,
        "state_at": instant(now),
        "reason": change.reason,
        "may_retry": int(change.may_retry),
    }
    if change.tried:
        values["attempts"] = outreach_messages.c.attempts + 1
    from_ = outreach_messages.c.state.in_([each.value for each in states])
    with writing(url, folder) as connection:
        return [
            key
            for key in keys
            if connection.execute(
                update(outreach_messages).where(outreach_messages.c.key == key, from_).values(**values)
            ).rowcount
        ]


def forget_address(url: str, folder: Path, address_hmac: str, key_mark: str, now: dt.datetime) -> int:
    """Removes the rows of a person, and keeps the hash alone, so that nothing goes there any more; how many rows."""
    with writing(url, folder) as connection:
        check_key(connection, key_mark)
        if _mark(connection) is None:
            connection.execute(outreach_marks.insert().values(name=_KEY_MARK, value=key_mark))
        gone = connection.execute(
            delete(outreach_messages).where(outreach_messages.c.address_hmac == address_hmac)
        ).rowcount
        _forget_hash(connection, address_hmac, now)
    return gone


def forget_account_messages(connection: Connection, account_id: str, now: dt.datetime) -> None:
    """Removes the rows of an account; of its people the hashes are kept, so that nothing goes there any more."""
    of_account = outreach_messages.c.account_id == account_id
    wanted = select(outreach_messages.c.address_hmac).distinct().where(of_account)
    for address_hmac in connection.execute(wanted).scalars().all():
        if address_hmac:
            _forget_hash(connection, address_hmac, now)
    connection.execute(delete(outreach_messages).where(of_account))


def _forget_hash(connection: Connection, address_hmac: str, now: dt.datetime) -> None:
    known = select(func.count()).where(outreach_forgotten.c.address_hmac == address_hmac)
    if not connection.execute(known).scalar_one():
        row = {"address_hmac": address_hmac, "forgotten_at": instant(now)}
        connection.execute(outreach_forgotten.insert().values(**row))


def check_key(connection: Connection, key_mark: str) -> None:
    """SourceError where the hashes of the ledger were made with another key: nothing in it could be found again."""
    found = _mark(connection)
    if found is not None and found != key_mark:
        raise SourceError(Problem("outreach.other_key", scope=Scope.WORKSPACE))


def _mark(connection: Connection) -> str | None:
    wanted = select(outreach_marks.c.value).where(outreach_marks.c.name == _KEY_MARK)
    return connection.execute(wanted).scalar()


def _stamp(connection: Connection) -> str:
    """Changes with every row and every state."""
    wanted = select(outreach_messages.c.key, outreach_messages.c.state, outreach_messages.c.state_at)
    digest = hashlib.sha256()
    for row in connection.execute(wanted.order_by(outreach_messages.c.key)):
        digest.update("\0".join(map(str, row)).encode())
    forgotten = connection.execute(select(func.count()).select_from(outreach_forgotten)).scalar_one()
    return f"{forgotten}:{digest.hexdigest()}"


def _last_run(connection: Connection) -> int:
    """How many messages the newest run had."""
    booked = outreach_messages.c.state != State.HELD_OUT.value
    newest = select(outreach_messages.c.run_id).where(booked)
    run_id = connection.execute(newest.order_by(outreach_messages.c.made_at.desc()).limit(1)).scalar()
    if run_id is None:
        return 0
    counted = select(func.count()).where(outreach_messages.c.run_id == run_id, booked)
    return int(connection.execute(counted).scalar_one())


def _sent(row: object, zone: ZoneInfo | None) -> SentMessage:
    told = dict(row)  # type: ignore[call-overload] # a row of the table
    return SentMessage(
        key=told["key"], message=told["message"], account_id=told["account_id"], contact_id=told["contact_id"],
        address_hash=told["address_hmac"], state=State(told["state"]), occasion=told["occasion"],
        as_of=dt.date.fromisoformat(told["as_of"]),
        made_on=dt.datetime.fromisoformat(told["made_at"]).astimezone(zone).date(), may_retry=bool(told["may_retry"]),
    )  # fmt: skip


def _values(entry: LedgerEntry) -> dict[str, object]:
    values = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
    return {
        **values,
        "as_of": entry.as_of.isoformat(),
        "state": entry.state.value,
        "made_at": instant(entry.made_at),
        "state_at": instant(entry.state_at or entry.made_at),
        "may_retry": int(entry.may_retry),
    }


def _entry(row: dict[str, object]) -> LedgerEntry:
    known = {
        **row,
        "as_of": dt.date.fromisoformat(str(row["as_of"])),
        "state": State(str(row["state"])),
        "made_at": dt.datetime.fromisoformat(str(row["made_at"])),
        "state_at": dt.datetime.fromisoformat(str(row["state_at"])),
        "may_retry": bool(row["may_retry"]),
    }
    return LedgerEntry(**known)  # type: ignore[arg-type] # the columns of the table
