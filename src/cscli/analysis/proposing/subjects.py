"""The name of an export to what its rows are about: accounts, or things of which an account has many."""

import re
import unicodedata
from pathlib import PurePath

_ACCOUNTS = frozenset({
    "account", "accounts", "company", "companies", "organization", "organizations", "organisation", "organisations",
    "customer", "customers", "client", "clients", "tenant", "tenants",
})  # fmt: skip
_ACCOUNTS_JA = ("取引先", "顧客", "会社", "企業", "組織", "アカウント", "契約者", "得意先")
_MANY = frozenset({
    "activity", "answer", "bill", "call", "card", "case", "charge", "contact", "contract", "conversation", "deal",
    "email", "engagement", "event", "feature", "form", "guide", "invoice", "issue", "lead", "line", "list", "log",
    "login", "mail", "meeting", "member", "note", "opportunity", "order", "owner", "page", "payment", "plan", "poll",
    "property", "refund", "response", "session", "subscription", "survey", "tag", "task", "ticket", "touch",
    "transaction", "usage", "user", "visit", "visitor",
})  # fmt: skip
_MANY_JA = (
    "問い合わせ",
    "問合せ",
    "チケット",
    "請求",
    "利用",
    "ログ",
    "担当者",
    "連絡先",
    "商談",
    "活動",
    "契約一覧",
    "アンケート",
    "明細",
)


def subject_words(file: str) -> frozenset[str]:
    """The words of a file's name, in small letters, with their singular."""
    stem = unicodedata.normalize("NFKC", PurePath(file).name.split(".")[0]).casefold()
    words = [word for word in re.split(r"[^0-9a-z]+", stem) if word]
    return frozenset({stem, *words, *map(_singular, words)})


def is_about_accounts(file: str) -> bool:
    """Whether the name says accounts and nothing else."""
    words = subject_words(file)
    named = bool(words & _ACCOUNTS) or any(part in word for word in words for part in _ACCOUNTS_JA)
    return named and not is_about_many(file)


def is_about_many(file: str) -> bool:
    """Whether the name says things of which an account has many."""
    words = subject_words(file)
    return bool(words & _MANY) or any(part in word for word in words for part in _MANY_JA)


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word.removesuffix("es") if word.endswith(("ches", "sses")) else word.removesuffix("s")
