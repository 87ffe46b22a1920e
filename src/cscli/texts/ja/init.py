"""ja: what `cscli init` says."""

TEXTS: dict[str, str] = {
    "problem.init.unknown_preset": "プリセット {value} はありません。最も近いもの: {nearest}。使えるプリセット: {presets}",
    "problem.init.unknown_preset.hint": "`cscli init --list` で、それぞれの用途を確認できます。",
    "problem.init.exists": "{value} はすでに存在するため、変更していません",
    "problem.init.exists.hint": "-o で別のファイルに書き出すか、--force で上書きしてください。",
    "problem.init.sample_exists": "{value} はすでに存在するため、何もコピーしていません",
    "problem.init.sample_exists.hint": "別のフォルダーを指定するか、--force でサンプルのファイルを上書きしてください。",
    "init.sample_wrote": "サンプルの会社のデータを {folder} にコピーしました({count} ファイル。ルールは cscli.yaml)。",
    "init.sample_next": '次の手順: cd "{folder}" の後に実行してください: {command}',
    "init.wrote": "プリセット {preset} をもとに {path} を作成しました。",
    "init.used": "  {source}: {file}",
    "init.waiting": "  {source}: 指定されたファイルの中に該当するものがありません",
    "init.unused": "  {file}: このプリセットでは使用しません(コメントとして設定案を記載しています)",
    "init.without_data": "指定されたファイルにデータがない指標: {metrics}",
    "init.none_has_data": "指定されたファイルには、どの指標のデータもありません。このままではすべての顧客が「判定不能」になります。設定ファイルの `columns:` を確認してください。",
    "init.next": "次の手順: 内容を確認し、必要な箇所を修正してから実行してください: {command}",
    "init.next_exports": "次の手順: `sources:` に書かれた場所にファイルを置くか、場所を修正してから実行してください: {command}",
    "init.mend_first": "次の手順: 上記の問題を設定またはファイルで修正してから実行してください: {command}",
}
