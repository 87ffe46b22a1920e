"""Tables of many rows an account that do not fit into memory, rolled up by DuckDB or Spark."""

from cscli.sources.rows.model import BigTable, RolledRows, ValueType
from cscli.sources.rows.rolling import roll_up_rows

__all__ = ["BigTable", "RolledRows", "ValueType", "roll_up_rows"]
