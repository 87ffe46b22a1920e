"""What frames the pages of help, in Japanese."""

TEXTS: dict[str, str] = {
    "usage.usage": "使い方:",
    "usage.example": "例:",
    "usage.arguments": "引数:",
    "usage.options": "オプション:",
    "usage.default": "[既定: ",
    "usage.required": "[必須]",
    "usage.error": "エラー:",
    "usage.aborted": "中止しました。",
    "usage.at_least": "[{least}以上]",
    "usage.try": "ヘルプは '{command} -h' で表示できます。",
    "usage.wing.commands": "コマンド:",
    "usage.wing.data": "エクスポートからルールへ:",
    "usage.wing.health": "どの顧客が健全か、スコアは当たっているか:",
    "usage.wing.actions": "誰に連絡し、誰に提案するか:",
    "usage.wing.team": "誰が誰を担当するか:",
    "usage.wing.changes": "何が変わったか:",
    "usage.wing.revenue": "顧客の価値と契約更新:",
    "usage.wing.practice": "約束、対応、要望:",
    "usage.wing.showing": "見せる:",
    "usage.wing.monday": "毎週月曜日に自動で:",
}
