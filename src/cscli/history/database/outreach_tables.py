"""The ledger of messages to customers: what there can be once only. Of addresses it holds keyed hashes alone."""

from sqlalchemy import JSON, Column, Float, Index, Integer, Table, Text

from cscli.history.database.tables import metadata

outreach_messages = Table(  # times are ISO 8601 in UTC with milliseconds
    "outreach_messages",
    metadata,
    Column("key", Text, primary_key=True),  # of message, account, address and occasion
    Column("as_of", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("text_digest", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("contact_id", Text),
    Column("address_hmac", Text, nullable=False),  # empty where nobody got anything
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("reason", Text),
    Column("made_at", Text, nullable=False),
    Column("state_at", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("may_retry", Integer, nullable=False),
    Column("segments", JSON, nullable=False),
    Column("touch", Text),
    Column("band", Text, nullable=False),
    Column("score", Float),
    Column("goal", Float),
    Index("outreach_by_account", "account_id", "message"),
    Index("outreach_by_run", "run_id"),
)
outreach_marks = Table(  # what the ledger knows of itself: by which key its hashes were made
    "outreach_marks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
outreach_forgotten = Table(  # people who were forgotten: nothing goes there any more
    "outreach_forgotten",
    metadata,
    Column("address_hmac", Text, primary_key=True),
    Column("forgotten_at", Text, nullable=False),
)
OUTREACH = (outreach_messages, outreach_marks, outreach_forgotten)
