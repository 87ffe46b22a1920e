"""The past: the history, what was stored in it, and what it refuses, in Japanese."""

TEXTS: dict[str, str] = {
    "problem.history.locked": "履歴を別のプログラムが{seconds}秒以上使用しています",
    "problem.history.locked.hint": "そのプログラムの終了後に、もう一度実行してください。",
    "problem.history.damaged": "履歴のファイルがデータベースではないか、壊れています: {reason}",
    "problem.history.damaged.hint": "バックアップから戻してください。ファイルを別の場所へ移せば、次の実行で新しい履歴が始まります。",
    "problem.history.read_only": "履歴は読み取れますが、書き込めません",
    "problem.history.read_only.hint": "このファイルとフォルダーへの書き込み権限を与えるか、--no-history を付けて実行してください。",
    "problem.history.no_space": "ディスクに履歴を書き込む空きがありません",
    "problem.history.no_space.hint": "空きを作るか、--no-history を付けて実行してください。これまでの履歴はそのまま残っています。",
    "problem.history.no_driver": "履歴は PostgreSQL にありますが、接続用のドライバーがインストールされていません",
    "problem.history.no_driver.hint": 'インストールしてください: pip install "cscli[postgres]"',
    "problem.history.unknown_kind": "履歴の保存先の種類に cscli は対応していません",
    "problem.history.unknown_kind.hint": "sqlite:/// または postgresql:// で始まる URL を使ってください。",
    "problem.history.old_form": "履歴は以前の版の cscli の形式ですが、書き込めないため現在の形式に変換できません",
    "problem.history.old_form.hint": "このファイルとフォルダーに書き込める利用者で、いずれかのコマンドを一度実行してください。",
}
