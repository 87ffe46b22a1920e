"""The outbox: messages that were stored with a run and wait to be delivered, and what became of each.

A message is claimed before it is sent and recorded afterwards. Who is killed in between leaves it claimed; the
next run sends it again under the same key. So nothing is lost, and a message may arrive twice.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import and_, or_, select, update

from cscli.analysis.acting.message_facts import read_facts
from cscli.analysis.acting.messages import EXPIRE_DAYS, OPEN, Message, MessageState
from cscli.history.alerts import instant
from cscli.history.database.alert_tables import outbox
from cscli.history.database.connection import reading, writing
from cscli.history.outgoing.claims import has_ended, this_process

CLAIM_SECONDS = 120
"""After so long, a message that another computer began to send and did not finish may be sent again."""

_COLUMNS = ("key", "channel", "as_of", "created_at", "facts", "state", "tries", "next_try_at", "last_error")


def open_messages(url: str, folder: Path) -> list[Message]:
    """The messages that are not delivered, by the moment of their next try."""
    wanted = select(*(outbox.c[name] for name in _COLUMNS)).where(outbox.c.state.in_(OPEN))
    wanted = wanted.order_by(outbox.c.next_try_at, outbox.c.key)
    with reading(url, folder) as connection:
        found = connection.execute(wanted).mappings().all() if connection else []
    return [_message(row) for row in found]


def messages_of(url: str, folder: Path, as_of: dt.date) -> list[Message]:
    """The messages of `as_of`, and all that are not delivered; the newest day first."""
    wanted = select(*(outbox.c[name] for name in _COLUMNS)).where(
        or_(outbox.c.as_of == as_of.isoformat(), outbox.c.state != MessageState.SENT)
    )
    order = (outbox.c.as_of.desc(), outbox.c.channel, outbox.c.key)
    with reading(url, folder) as connection:
        found = connection.execute(wanted.order_by(*order)).mappings().all() if connection else []
    return [_message(row) for row in found]


def claim(url: str, folder: Path, key: str, now: dt.datetime) -> bool:
    """Takes the message for this process; False where another process is at it, or it is delivered."""
    until = instant(now + dt.timedelta(seconds=CLAIM_SECONDS))
    with writing(url, folder) as connection:
        found = connection.execute(select(outbox).where(outbox.c.key == key)).mappings().first()
        if found is None or not _is_free(found, now):
            return False
        as_it_was = and_(
            outbox.c.key == key,
            outbox.c.state == found["state"],
            outbox.c.claimed_by.is_not_distinct_from(found["claimed_by"]),
        )
        taken = update(outbox).where(as_it_was)
        values = {"state": MessageState.SENDING.value, "claimed_by": this_process(), "claimed_until": until}
        return bool(connection.execute(taken.values(**values)).rowcount)


def record(url: str, folder: Path, message: Message, now: dt.datetime) -> None:
    """Stores what became of a message that was claimed: its state, tries, next try and error are those given."""
    sent_at = instant(now) if message.state is MessageState.SENT else None
    values = {
        "state": message.state.value,
        "tries": message.tries,
        "next_try_at": message.next_try_at,
        "last_error": message.last_error,
        "claimed_by": None,
        "claimed_until": None,
        "sent_at": sent_at,
    }
    with writing(url, folder) as connection:
        connection.execute(update(outbox).where(outbox.c.key == message.key).values(**values))


def expire(url: str, folder: Path, now: dt.datetime) -> list[Message]:
    """Gives up the messages that wait for more than `EXPIRE_DAYS` days, and says which."""
    limit = instant(now - dt.timedelta(days=EXPIRE_DAYS))
    old = [message for message in open_messages(url, folder) if message.created_at < limit]
    if old:
        with writing(url, folder) as connection:
            keys = [message.key for message in old]
            gone = update(outbox).where(outbox.c.key.in_(keys), outbox.c.state.in_(OPEN))
            connection.execute(gone.values(state=MessageState.EXPIRED.value, claimed_by=None))
    return old


def revive(url: str, folder: Path, now: dt.datetime) -> int:
    """Lets the messages that were refused or given up wait again, from now on; says how many."""
    dead = outbox.c.state.in_((MessageState.REFUSED, MessageState.EXPIRED))
    values = {"state": MessageState.WAITING.value, "created_at": instant(now), "next_try_at": instant(now)}
    with writing(url, folder) as connection:
        return connection.execute(update(outbox).where(dead).values(**values)).rowcount


def _is_free(row: Mapping[Any, Any], now: dt.datetime) -> bool:
    if row["state"] == MessageState.WAITING:
        return True
    return row["state"] == MessageState.SENDING and (
        (row["claimed_until"] or "") < instant(now) or has_ended(row["claimed_by"])
    )


def _message(row: Mapping[Any, Any]) -> Message:
    known = {name: row[name] for name in _COLUMNS}
    known |= {"state": MessageState(row["state"]), "facts": read_facts(row["facts"])}
    return Message(**known)
