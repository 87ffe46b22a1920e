"""Headers to the names under which formulas know their columns."""

import re

from cscli.analysis.recognising.facts import ColumnFacts, TableFacts
from cscli.fields import is_plain_name

_SQL = frozenset({
    "all", "and", "any", "as", "asc", "between", "by", "case", "cast", "check", "column", "constraint", "create", "default", "desc", "distinct",
    "else", "end", "except", "false", "fetch", "filter", "for", "foreign", "from", "group", "having", "in", "inner", "interval", "into", "is",
    "join", "left", "like", "limit", "not", "null", "offset", "on", "or", "order", "outer", "primary", "references", "right", "select", "table",
    "then", "to", "true", "union", "unique", "user", "using", "when", "where", "window", "with", "at", "as_of",
})  # fmt: skip
_JAPANESE = {
    "優先度": "priority", "受付日時": "created_at", "受付日": "created_at", "完了日時": "solved_at", "完了日": "solved_at", "対象月": "month",
    "年月": "month", "回答日": "answered_on", "推奨度": "recommend", "満足度": "csat", "種別": "kind", "結果": "result", "日付": "date",
    "名刺登録枚数": "cards_total", "スキャン数": "scans", "利用機能数": "features_used", "稼働部署数": "departments_active", "ヘビーユーザー数": "power_users",
    "利用部署数": "departments", "利用サービス数": "services_used", "セミナー参加数": "seminars", "解約理由": "churn_reason", "件名": "subject",
}  # fmt: skip


class Names:
    """Gives each column of one table a name of its own."""

    def __init__(self, facts: TableFacts) -> None:
        self._facts = facts
        self._given: dict[str, str] = {}

    def of(self, column: ColumnFacts) -> str:
        """The name of `column`: a canonical or plain one where it has it."""
        if column.header not in self._given:
            base = self._base(column)
            name, number = base, 2
            while name in self._given.values():
                name, number = f"{base}_{number}", number + 1
            self._given[column.header] = name
        return self._given[column.header]

    def _base(self, column: ColumnFacts) -> str:
        if column.field is not None:
            return column.field
        plain = column.header if is_plain_name(column.header) else slug(column.header)
        if plain is None:
            return f"column_{self._facts.table.headers.index(column.header) + 1}"
        return f"{plain}_value" if plain in _SQL else plain


def slug(header: str) -> str | None:
    """`Weekly sessions` is weekly_sessions; None where nothing of it is plain."""
    known = _JAPANESE.get(header.strip())
    if known:
        return known
    if not header.isascii():
        return None
    found = re.sub(r"[^a-z0-9]+", "_", header.casefold()).strip("_")
    return found if is_plain_name(found) else None
