"""Snapshots of runs, kept in a database: SQLite beside the rules by default, PostgreSQL by URL."""

from cscli.history.alerts import earlier_alerts, last_alerts_on, told_of
from cscli.history.call_lists import earlier_lists, listed_actions
from cscli.history.courses import (
    account_course,
    account_ids,
    book_course,
    course,
    every_run,
    score_courses,
    stored_runs,
    value_courses,
)
from cscli.history.database.connection import is_read_only
from cscli.history.earlier import (
    EarlierSegments,
    LastInputs,
    Previous,
    last_inputs,
    previous_scores,
    previous_segments,
)
from cscli.history.exports import exported
from cscli.history.first_seen import first_seen
from cscli.history.forecasts import known_renewals, read_forecasts
from cscli.history.outgoing.ledger import (
    book_messages,
    claim_message,
    entries_of,
    forget_address,
    give_up_sending,
    move_messages,
    read_ledger,
    record_message,
    unsettled_keys,
)
from cscli.history.outgoing.ledger_rows import Change, Ledger, LedgerEntry
from cscli.history.outgoing.outbox import claim, expire, messages_of, open_messages, record, revive
from cscli.history.outgoing.secret_key import key_mark, made_key, read_key
from cscli.history.promises import earlier_promises, first_followed
from cscli.history.removing.forgetting import Forgotten, forget_account, forget_day
from cscli.history.removing.pruning import Pruned, prune
from cscli.history.snapshots import evidence_days, read_evidence, read_snapshot, snapshot_days
from cscli.history.store import Stored, append
from cscli.history.trends import evidence_scores

__all__ = [
    "Change",
    "EarlierSegments",
    "Forgotten",
    "LastInputs",
    "Ledger",
    "LedgerEntry",
    "Previous",
    "Pruned",
    "Stored",
    "account_course",
    "account_ids",
    "append",
    "book_course",
    "book_messages",
    "claim",
    "claim_message",
    "course",
    "earlier_alerts",
    "earlier_lists",
    "earlier_promises",
    "entries_of",
    "every_run",
    "evidence_days",
    "evidence_scores",
    "expire",
    "exported",
    "first_followed",
    "first_seen",
    "forget_account",
    "forget_address",
    "forget_day",
    "give_up_sending",
    "is_read_only",
    "key_mark",
    "known_renewals",
    "last_alerts_on",
    "last_inputs",
    "listed_actions",
    "made_key",
    "messages_of",
    "move_messages",
    "open_messages",
    "previous_scores",
    "previous_segments",
    "prune",
    "read_evidence",
    "read_forecasts",
    "read_key",
    "read_ledger",
    "read_snapshot",
    "record",
    "record_message",
    "revive",
    "score_courses",
    "snapshot_days",
    "stored_runs",
    "told_of",
    "unsettled_keys",
    "value_courses",
]
