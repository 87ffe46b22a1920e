"""Headers of exports to what two spellings of one have in common, and how exactly each says what it means."""

import re
import unicodedata

from cscli.currencies import CURRENCY_CODES

_LESS_SPECIFIC = {
    "account_id": ("レコードID", "レコード番号", "管理番号", "ID", "Record ID", "hs_object_id"),
    "name": ("Customer", "Company", "取引先", "社名"),
    "owner": (
        "取引先所有者", "所有者", "Account owner", "Owner name", "Company owner", "Account manager", "会社の担当者", "取引先の担当者",
        "Sales rep", "営業担当", "担当", "担当者", "担当者名",
    ),
    "arr": ("契約金額",),
    "started_on": ("Start date", "Start", "Signup date", "Signed up on", "開始日", "契約日", "契約締結日", "入会日"),
    "renews_on": (
        "Contract end date", "Contract end", "Contract ends", "契約終了日", "契約終了予定日", "契約満了日", "満了日", "満期日", "契約期限",
        "有効期限", "更新月", "更新日",
    ),
    "churned_on": ("解約予定日", "利用終了日"),
    "last_login_on": ("Last active", "Last activity", "Last activity at", "Last activity date", "Last activity time", "最終活動日", "最終アクティビティー日"),
    "ended_on": (
        "Churn date", "Cancelled on", "Canceled on", "Cancelled at", "Canceled at", "Canceled at (UTC)", "Cancellation date",
        "解約日",
    ),
    "interval": ("支払方法", "Billing period"),
    "amount": ("Total", "Price", "料金"),
}  # fmt: skip
"""Headers that may mean something else too, the weakest last: any other header of the same field goes before them."""
_UNIT_SUFFIX = re.compile(
    r"(?:[\s_]*[(\[【]\s*(?:[¥$€£]?\s*(?:[A-Z]{3}|円|ドル|ユーロ|千円|百万円|万円|億円|千|万|k|m|K|M|thousands?|millions?|cents?|税抜き?|税別|税込み?"
    r"|税抜価格|年|月|月額|年額|monthly|annual|excl\.? ?(?:tax|vat)|incl\.? ?(?:tax|vat)|[¥$€£]?['’]?000s?|[$€£][kKmM]|[¥$€£]))(?:\s*[/・,、 ]\s*[^)\]】]{1,12})?\s*[)\]】]"
    rf"|(?:[\s_,]+(?:in )?(?:{'|'.join(CURRENCY_CODES)}|usd|jpy|eur|gbp|cents|thousands?|millions?|'?000s?|[KTM]?[€$£]|(?:税抜き?|税別|税込み?)?(?:千円|百万円|万円|円)))+)\s*$",
)
_OF_A_YEAR = re.compile(r"annual|yearly|per year|a year|p\.?\s?a\.?\b|/\s?y(?:ea)?r|年(?!度)")
_OF_A_MONTH = re.compile(r"monthly|per month|a month|/\s?mo(?:nth)?\b|月(?!末)")
_REMARK = re.compile(r"(.*\S)\s*[(\[【]([^)\]】]+)[)\]】]\s*", re.DOTALL)
_ASSOCIATED, _WEAKEST = re.compile("associated|関連"), 99
_OTHER_FIGURE = re.compile(
    r"prev|last|prior|before|forecast|target|goal|expect|new|chang|delta|growth|churn|lost|max|min|plan|前|予|目標|増減|変|新規|解約|最大|最小|計画|見込|\d{4}"
)


_OBJECT = re.compile(
    r"(?:account|customer|company|client|organi[sz]ation|subscription|rate plan charge|rate plan|contract)\s*(?::|\s-)\s+(\S.*)",
    re.IGNORECASE,
)
_OBJECT_OF_LINE = re.compile(r"(?:subscription|rate plan charge|rate plan|contract)\b", re.IGNORECASE)


def without_object(header: str, *, of_line: bool) -> str:
    """The field's own name where a report writes the object before it: `Rate Plan Charge: MRR`, `Organization - Owner`; else
    empty. `of_line`: in a table of contract lines, where the account's own fields are not those of the line.
    """
    match = _OBJECT.fullmatch(unicodedata.normalize("NFKC", header).strip())
    if match is None or (of_line and not _OBJECT_OF_LINE.match(header.strip())):
        return ""
    if header_key(match[1]) in ("name", "id", "owner"):
        return ""  # of the object itself: not the account's
    return match[1]


def header_key(header: str) -> str:
    """What two spellings of a header have in common: width, case, spaces and joining signs dropped."""
    folded = unicodedata.normalize("NFKC", header).casefold()
    return re.sub(r"[\s_\-・/()\[\].:%]+|^\$(?=[a-z])", "", folded)


def bare_key(header: str) -> str:
    """`header_key` without what only says in what the column is counted: （円）, (USD), 税抜, ($K), '000."""
    return header_key(_UNIT_SUFFIX.sub("", unicodedata.normalize("NFKC", header)))


def unit_words(header: str) -> str:
    """What `bare_key` leaves out of `header`; empty where it leaves nothing out."""
    match = _UNIT_SUFFIX.search(unicodedata.normalize("NFKC", header))
    return match[0].strip(" _,") if match else ""


def of_another_period(header: str, *, monthly: bool) -> bool:
    """Whether what stands beside the name of an amount (a `monthly` one, else one of a year) says the other period."""
    folded = unicodedata.normalize("NFKC", header)
    match = _UNIT_SUFFIX.search(folded) or _REMARK.fullmatch(folded)
    rest = "" if match is None else (match[0] if match.re is _UNIT_SUFFIX else match[2]).casefold()
    year, month = _OF_A_YEAR.search(rest), _OF_A_MONTH.search(rest)
    return bool(year and not month) if monthly else bool(month and not year)


def without_remark(header: str) -> str:
    """`header_key` without a remark in brackets at its end, unless that makes another figure of it."""
    match = _REMARK.fullmatch(unicodedata.normalize("NFKC", header))
    return "" if match is None or _OTHER_FIGURE.search(match[2].casefold()) else header_key(match[1])


def specificity(header: str, name: str, *, of_accounts: bool = False) -> int:
    """0 for a header that says exactly the field `name`; more, the likelier it is to mean something else. `of_accounts`: in a
    list of accounts, where the company that is associated is another one.
    """
    if of_accounts and name == "account_id" and _ASSOCIATED.search(header_key(header)):
        return _WEAKEST
    order = _RANKS.get(name, {})
    return order.get(header_key(header), order.get(bare_key(header), 0))


_RANKS = {
    name: {header_key(header): rank for rank, header in enumerate(headers, 1)}
    for name, headers in _LESS_SPECIFIC.items()
}
