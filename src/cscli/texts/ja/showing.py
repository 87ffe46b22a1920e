"""What is said where something is made for eyes, in Japanese."""

TEXTS: dict[str, str] = {
    "showing.made": "{file}（{size} kB、{count}社）",
    "problem.showing.no_owner": "担当者 {value} の顧客はありません。近いもの: {nearest}",
    "problem.showing.no_column": "顧客に列 {value} はありません。近いもの: {nearest}",
    "problem.showing.large": "{value} は{last}回の実行と `--briefs {briefs}` では{megabytes} MBになるため、内容を減らしました",
    "problem.showing.large.hint": "量は `--last` と `--briefs` で指定できます。`--where` と `--each` ではファイルが小さくなります。",
    "problem.showing.too_large": "ファイルが{value} MBになります。24 MBを超えるとブラウザーが重くなります",
    "problem.showing.too_large.hint": "`--where` で顧客を絞るか、`--each owner` で担当者ごとのファイルにしてください。",
}
