"""Event logs, of ten thousand rows or ten billion, into one row an account and one an account and week."""

from cscli.analysis.proposing.log_columns import LogColumns
from cscli.sources.engine.log_files import find_log_files, read_headers
from cscli.sources.engine.model import EventEngine, OnProgress, Progress
from cscli.sources.engine.spark_inputs import read_table_headers
from cscli.sources.events.coverage import uncovered_columns
from cscli.sources.events.model import EventLog, EventRollup, FileFacts
from cscli.sources.events.rollup import roll_up_events

__all__ = [
    "EventEngine",
    "EventLog",
    "EventRollup",
    "FileFacts",
    "LogColumns",
    "OnProgress",
    "Progress",
    "find_log_files",
    "read_headers",
    "read_table_headers",
    "roll_up_events",
    "uncovered_columns",
]
