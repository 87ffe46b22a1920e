"""What can be wrong with going back to a stored run, in Japanese."""

TEXTS: dict[str, str] = {
    "problem.recall.no_such_day": "{value} の実行結果はありません。全{count}件のうち近い日付: {days}",
    "problem.recall.no_such_day.hint": "これらの日付のいずれかを指定してください。",
    "problem.recall.rules_unreadable": "{value} の実行結果（cscli {version} が保存）のルールは、このバージョンでは読み取れません",
    "problem.recall.rules_unreadable.hint": "`diff --rescore` または `score --from-history` で、現在のルールを適用してください。",
    "problem.recall.no_columns": "{value} の実行結果は以前のバージョンが保存したもので、ルールに必要な列がありません",
    "problem.recall.no_columns.hint": "より新しい実行結果を指定してください。このバージョンの実行結果にはすべて列が残ります。",
    "problem.recall.lacking_columns": "ルールで使う列が {as_of} の実行結果に残っていないため、データなしとして扱います: {value}",
    "problem.recall.relative": "他の顧客との順位で決まる指標のため、時系列では比較できません: {value}",
    "problem.recall.rescored": "{value} の実行結果に現在のルールを適用したものです。保存済みの結果は変わりません",
}
