"""The tables of the history."""

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    literal_column,
)

SCHEMA_VERSION = 7

metadata = MetaData()
schema = Table("cscli_schema", metadata, Column("version", Integer, nullable=False))
runs = Table(  # of a day at most two: the evidence of what was known then, and the newest; the last one has the highest id
    "runs",
    metadata,
    Column("run_id", Integer, primary_key=True),
    Column("as_of", Text, nullable=False),
    Column("taken_at", Text, nullable=False),
    Column("known_on", Text, nullable=False),  # the day on which the exports told what they tell
    Column("is_newest", Integer, nullable=False),
    Column("is_evidence", Integer, nullable=False),
    Column("version", Text, nullable=False),
    Column("config_digest", Text, nullable=False),
    Column("config_text", Text, nullable=False),
    Column("metrics", JSON, nullable=False),
    Column("inputs", JSON, nullable=False),
    Column("profiles", JSON, nullable=False),
    Column("overrides", JSON, nullable=False),  # KEY=VALUE of the command line
    Column("relative", JSON, nullable=False),  # metrics whose points depend on the other accounts
)
_YES: ColumnElement[int] = literal_column(
    "1"
)  # written out, so that SQLite knows that its index has all such rows
is_newest = runs.c.is_newest == _YES
"""Of a day, the run that reports use."""
is_evidence = runs.c.is_evidence == _YES
"""Of a day, the run that tells what was known in time."""
for _name, _condition in (("runs_newest", is_newest), ("runs_evidence", is_evidence)):
    Index(_name, runs.c.as_of, unique=True, sqlite_where=_condition, postgresql_where=_condition)
accounts = Table(
    "accounts",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("account_id", Text, primary_key=True),
    Column("scorecard", Text),
    Column("score", Float),
    Column("score_before_caps", Float),
    Column("band", Text, nullable=False),
    Column("data_coverage", Float, nullable=False),
    Column("capped_by", JSON, nullable=False),
    Column("mrr", Float),
    Column("arr", Float),
    Index("accounts_by_id", "account_id", "run_id"),
    sqlite_with_rowid=False,
)
run_bands = Table(  # sums over `accounts`, so that the course of a book needs no account
    "run_bands",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("band", Text, primary_key=True),
    Column("accounts", Integer, nullable=False),
    Column("scored", Integer, nullable=False),
    Column("score_sum", Float, nullable=False),
    Column("mrr", Float),
    Column("arr", Float),
    Column("weighted_score_sum", Float, nullable=False),  # of score x mrr, where both are known
    Column("weight_sum", Float, nullable=False),  # of the mrr of those
)
run_columns = Table(  # one column of all accounts of a run; the form of `data` is told in `blobs`
    "run_columns",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("part", Text, primary_key=True),  # columns, values, points or segments
    Column("name", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
promises = Table(  # milestones and goals of the accounts as a run knew them
    "promises",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("account_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),  # milestone or goal
    Column("name", Text, primary_key=True),  # of a milestone; of a goal its text, folded
    Column("status", Text, nullable=False),
    Column("reached_on", Text),
    Column("value", Float),
    sqlite_with_rowid=False,
)
event_weeks = Table(  # what event logs came to, by account and week; `week` is its Monday
    "event_weeks",
    metadata,
    Column("source", Text, primary_key=True),
    Column("account_id", Text, primary_key=True),
    Column("week", Text, primary_key=True),
    Column("events", Integer, nullable=False),
    Column("users", Integer),
    Column("active_days", Integer),
    Column("breadth", Integer),
    sqlite_with_rowid=False,
)
call_lists = Table(
    "call_lists",
    metadata,
    Column("as_of", Text, primary_key=True),
    Column("taken_at", Text, nullable=False),
)
at_risk = Table(  # who was on the call list of a day, and who went off it (status `resolved`)
    "at_risk",
    metadata,
    Column("as_of", Text, ForeignKey("call_lists.as_of", ondelete="CASCADE"), primary_key=True),
    Column("account_id", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("why", Text),
    Column("name", Text),
    Column("owner", Text),
    Column("band", Text),
    Column("score", Float),
    Column("arr", Float),
    Column("arr_at_risk", Float),
    Column("renews_on", Text),
    Column("playbook", Text),  # the action; empty in lists of before version 5
    Column("due_from", Text),  # the day from which its due date counts
    Index("at_risk_by_id", "account_id", "as_of"),
)
forecasts = Table(  # what was expected of a renewal in each month before it; rows are never changed
    "forecasts",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("renews_on", Text, primary_key=True),
    Column("month", Text, primary_key=True),  # of forecast_on, YYYY-MM
    Column("forecast_on", Text, nullable=False),
    Column("run", Text, nullable=False),  # when it was made
    Column("arr", Float),
    Column("band", Text, nullable=False),
    Column("owner", Text),
    Column("p_model", Float, nullable=False),
    Column("p_csm", Float),
    Column("rules", Text, nullable=False),  # digest of the rules
    sqlite_with_rowid=False,
)
