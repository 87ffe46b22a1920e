"""What is said of event logs, in Japanese: the columns that are read."""

TEXTS: dict[str, str] = {
    "problem.events.column_found": "{value}列を `{name}` とみなしました",
    "problem.events.column_found.hint": "`columns:` で固定できます。",
    "problem.events.no_user_id": "誰が行ったかを示す列がないため、利用者数は数えません",
    "problem.events.no_user_id.hint": "`columns: {{user_id: ...}}` で指定します。列がないことを示すには `user_id: []` とします。",
    "problem.events.no_event": "何が行われたかを示す列がないため、利用の幅と機能は数えません",
    "problem.events.no_event.hint": "`columns: {{event: ...}}` で指定します。列がないことを示すには `event: []` とします。",
    "problem.events.no_column": "`{value}` にあたる列がありません。見つかった列: {headers}",
    "problem.events.no_column.hint": "`columns: {{{value}: ...}}` で指定してください。",
    "problem.events.zone_assumed": "設定にタイムゾーンがないため、日付は UTC で数えます",
    "problem.events.zone_assumed.hint": "Asia/Tokyo のように `timezone:` を指定してください。",
}
