"""What `cscli run` says: what it did, what matters, and why it could not."""

TEXTS: dict[str, str] = {
    "run.new_at_risk": "新たに解約リスクのある顧客が {count} 件: {accounts}",
    "run.new_at_risk.one": "新たに解約リスクのある顧客が 1 件: {accounts}",
    "run.step.done": "完了",
    "run.step.failed": "失敗",
    "run.more_like_it": "（ほか同様 {count} 件）",
    "run.counts": "{as_of} 時点の顧客 {accounts} 件",
    "run.counts.at_risk": "解約リスク {at_risk} 件（新規 {new} 件）",
    "run.counts.problems": "エラー {errors} 件、警告 {warnings} 件、注記 {notes} 件",
    "run.nothing_made": "何も作成されませんでした。以前のファイルはそのままです",
    "problem.run.locked": "別の実行がこのワークスペースを使用中です: {host} のプロセス {value}、{since} から",
    "problem.run.locked.hint": "`--wait 60` を付けると、終わるまで 1 分待ちます。",
    "problem.run.locked_by_unknown": "別の実行がこのワークスペースを使用中です",
    "problem.run.locked_by_unknown.hint": "`--wait 60` を付けると、終わるまで 1 分待ちます。",
    "problem.run.no_lock": "ワークスペースをロックできません: {reason}",
    "problem.run.no_lock.hint": "書き込みとロックのできるディスクに置いてください。ネットワークフォルダではロックできないことがあります。",
    "problem.run.bug": "cscli 自体のエラーで手順 {value} が終了しました（{error}）。詳細は {file} にあります",
    "problem.run.step_failed": "手順 {value} は失敗しました。以前のファイルはそのままです",
}
