"""The tables of alerts: which were on at each run, the messages that tell of them, and what each message tells."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, Table, Text

from cscli.history.database.tables import metadata

alert_days = Table(
    "alert_days",
    metadata,
    Column("as_of", Text, primary_key=True),
    Column("taken_at", Text, nullable=False),
)
alert_states = Table(  # the alerts of a day, with those that cleared on it
    "alert_states",
    metadata,
    Column("as_of", Text, ForeignKey("alert_days.as_of", ondelete="CASCADE"), primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("since", Text, nullable=False),
)
outbox = Table(  # times are ISO 8601 in UTC with milliseconds, so that they sort as text
    "outbox",
    metadata,
    Column("key", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("as_of", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", Text, nullable=False),
    Column("last_error", Text),
    Column("claimed_by", Text),
    Column("claimed_until", Text),
    Column("sent_at", Text),
    Index("outbox_by_state", "state", "next_try_at"),
)
outbox_alerts = Table(  # an alert is told once a channel, for as long as it is on
    "outbox_alerts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("message", Text, ForeignKey("outbox.key", ondelete="CASCADE"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("since", Text, nullable=False),
    Index("outbox_alerts_by_subject", "channel", "rule", "kind", "subject"),
)
