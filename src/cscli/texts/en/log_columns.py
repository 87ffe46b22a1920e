"""What is said of event logs: the columns that are read."""

TEXTS: dict[str, str] = {
    "problem.events.column_found": "Column {value} is taken for `{name}`",
    "problem.events.column_found.hint": "`columns:` pins it.",
    "problem.events.no_user_id": "No column says who did it: users are not counted",
    "problem.events.no_user_id.hint": "Say which under `columns: {{user_id: ...}}`; `user_id: []` says that there is none.",
    "problem.events.no_event": "No column says what was done: breadth and features are not counted",
    "problem.events.no_event.hint": "Say which under `columns: {{event: ...}}`; `event: []` says that there is none.",
    "problem.events.no_column": "No column could be `{value}`; found {headers}",
    "problem.events.no_column.hint": "Say which under `columns: {{{value}: ...}}`.",
    "problem.events.zone_assumed": "Days are counted in UTC, as the config names no zone",
    "problem.events.zone_assumed.hint": "Add `timezone:`, such as Asia/Tokyo.",
}
