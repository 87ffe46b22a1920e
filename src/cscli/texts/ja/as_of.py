"""What was known at a date, and what was not, in Japanese."""

TEXTS: dict[str, str] = {
    "problem.data.not_yet": "{count}社は利用開始日が {as_of} より後です。その時点では顧客でないため、スコアを計算しません（{value}）",
    "problem.data.nobody_here": "{as_of} の時点で顧客だった会社はありません（全 {count}社のうち、{later}社は開始前、ほかは解約済み）",
    "problem.data.nobody_here.hint": "`started_on` と `churned_on` の列と、基準日を確認してください。",
    "problem.data.rows_later": "{rows} 行のうち {count} 行は {as_of} より後のため、集計に含めていません",
    "problem.data.rows_without_day": "{rows} 行のうち {count} 行は {column} に日付がないため、集計に含めていません",
    "problem.data.no_row_day": "列 {value} がないため、日付にかかわらずすべての行を集計しました",
    "problem.data.no_row_day.hint": "行の日付の列を `at:` で指定してください。",
    "problem.data.export_newer": "このエクスポートは {as_of} ではなく {latest} 以降のものです。次の列もその日の値です: {value}",
    "problem.data.export_newer.hint": "いつ計算しても同じ値になる指標は `cscli check` で確認できます。",
    "problem.data.rollup_unbounded": "{source} の {value} は {as_of} より後の行も集計しています（上限がありません）",
    "problem.data.rollup_unbounded.hint": "行の日付の列を `at:` で指定してください。",
    "problem.config.at_without_rollup": "`at:` は `rollup:` で集計するソースにだけ指定できます",
    "problem.config.at_not_a_date": "列 {value} に日付がありません",
    "problem.config.at_not_a_date.hint": "`at:` には行の日付の列を指定します。日付として読むには `types: {{COLUMN: date}}` を指定してください。",
}
