"""Headers and names of files to the words in them, and to the thing of the field that they speak of."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import PurePath

# fmt: off
_THINGS: Mapping[str, tuple[str, ...]] = {
    "account": (
        "account", "acct", "company", "organization", "organisation", "org", "customer", "client", "tenant", "cust", "subscriber",
        "取引先", "顧客", "会社", "企業", "組織", "アカウント", "契約者", "得意先", "テナント", "お客様", "契約先",
    ),
    "person": (
        "contact", "user", "member", "visitor", "people", "person", "lead", "employee", "seat", "recipient", "admin", "agent", "owner",
        "ユーザー", "担当者", "連絡先", "利用者", "会員", "名刺", "社員",
    ),
    "subscription": ("subscription", "sub", "contract", "license", "licence", "契約", "契約明細", "サブスクリプション"),
    "invoice": ("invoice", "bill", "billing", "請求", "請求書", "入金"),
    "order": ("order", "sale", "purchase", "charge", "payment", "transaction", "receipt", "注文", "受注", "売上", "購入"),
    "ticket": ("ticket", "case", "issue", "conversation", "incident", "inquiry", "問い合わせ", "問合せ", "チケット", "サポート"),
    "touch": (
        "call", "mail", "email", "meeting", "touch", "engagement", "activity", "task", "note", "visit", "qbr", "communication",
        "outreach", "接点", "架電", "電話", "訪問", "商談", "活動", "対応履歴", "面談", "メール",
    ),
    "survey": ("survey", "nps", "csat", "response", "feedback", "answer", "poll", "アンケート", "回答"),
    "usage": ("usage", "login", "session", "adoption", "activation", "engagement_score", "利用", "ログイン", "月次利用", "利用状況"),
    "event": ("event", "log", "audit", "clickstream", "イベント", "ログ", "操作"),
    "churn": ("churn", "cancellation", "cancelation", "cancel", "churned", "offboarding", "解約", "退会"),
    "deal": ("deal", "opportunity", "quote", "案件"),
    "mrr": ("mrr", "arr", "revenue", "recurring", "月次売上", "月額推移"),
}
_NOISE = frozenset({
    "data", "export", "list", "all", "report", "the", "of", "and", "my", "latest", "new", "file", "table", "dump", "copy", "sheet", "csv",
    "current", "final", "extract", "一覧", "リスト", "データ", "台帳", "マスタ", "マスター", "履歴",
})
_HISTORY = frozenset({"history", "histories", "version", "versions"})
_PREFIXES = frozenset({"property", "agent", "c", "custom", "hs"})
# fmt: on
_OF_WORD = {word: thing for thing, words in _THINGS.items() for word in words}
_JAPANESE = sorted((word for word in _OF_WORD if not word.isascii()), key=len, reverse=True)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PART = re.compile(r"[a-z]+|\d+|[^\x00-\x7f]+")


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a header or name in small letters: `CustomerID` is customer, id. Japanese stays as it stands."""
    folded = unicodedata.normalize("NFKC", text)
    split = " ".join(_CAMEL.sub(" ", part) for part in re.split(r"[\s_\-./]+", folded))
    found = tuple(_PART.findall(split.casefold()))
    return found[1:] if len(found) > 2 and found[0] in _PREFIXES else found


def singular(word: str) -> str:
    """`companies` is company, `tickets` ticket."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("ches", "sses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def things_in(words: Sequence[str]) -> tuple[str, ...]:
    """The things that `words` speak of, in their order."""
    found: list[str] = []
    for word in words:
        thing = _OF_WORD.get(word) or _OF_WORD.get(singular(word))
        if thing is None and not word.isascii():
            thing = next((_OF_WORD[part] for part in _JAPANESE if part in word), None)
        if thing is not None:
            found.append(thing)
    return tuple(dict.fromkeys(found))


def raw_words_of_file(file: str) -> tuple[str, ...]:
    """The words of a file's name as they stand there."""
    stem = PurePath(file).name.split(".")[0]
    return tuple(word for word in words_of(stem) if word not in _NOISE and not word.isdigit())


def words_of_file(file: str) -> tuple[str, ...]:
    """The words of a file's name that tell something, without numbers."""
    return tuple(map(singular, raw_words_of_file(file)))


def is_history(words: Sequence[str]) -> bool:
    """Whether the name says that the rows are versions of others."""
    return any(word in _HISTORY for word in words)


def without_history(words: Sequence[str]) -> tuple[str, ...]:
    """`words` but for those that say that rows are versions."""
    return tuple(word for word in words if word not in _HISTORY)
