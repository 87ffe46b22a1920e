"""What event logs and big tables have in common: DuckDB, Spark, files of a log, times."""
