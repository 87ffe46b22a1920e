"""What was known at a date, and what was not."""

TEXTS: dict[str, str] = {
    "problem.data.not_yet": "{count} accounts start after {as_of}: not yet customers then, not scored ({value})",
    "problem.data.nobody_here": "None of the accounts ({count}) was a customer on {as_of}: {later} start later, the others had left",
    "problem.data.nobody_here.hint": "Check the columns `started_on` and `churned_on`, and the as-of date.",
    "problem.data.rows_later": "{count} of {rows} rows are later than {as_of} and do not count",
    "problem.data.rows_without_day": "{count} of {rows} rows have no day in {column} and do not count",
    "problem.data.no_row_day": "There is no column {value}: rows count whatever their day",
    "problem.data.no_row_day.hint": "Name the column with the day of a row by `at:`.",
    "problem.data.export_newer": "The export is of {latest} or later, not of {as_of}: so are {value}",
    "problem.data.export_newer.hint": "`cscli check` shows which metrics are the same whenever they are computed.",
    "problem.data.rollup_unbounded": "{value} of {source} count rows of after {as_of} too: nothing bounds them",
    "problem.data.rollup_unbounded.hint": "Name the column with the day of a row by `at:`.",
    "problem.config.at_without_rollup": "`at:` belongs to a source whose rows are rolled up",
    "problem.config.at_not_a_date": "The column {value} holds no dates",
    "problem.config.at_not_a_date.hint": "`at:` names the column with the day of a row; `types: {{COLUMN: date}}` makes a column one of dates.",
}
