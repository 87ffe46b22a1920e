"""Words of status columns, in English and Japanese and of several vendors, to what they mean for a customer."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from cscli.analysis.tables.word_cells import FALSE_WORDS, TRUE_WORDS
from cscli.config.blocks.status import StatusWords


class Status(StrEnum):
    """What a status word says of an account or a line. All but `paying` count 0 in revenue."""

    PAYING = "paying"
    TRIAL = "trial"
    PAUSED = "paused"
    LEFT = "left"
    FUTURE = "future"
    INTERNAL = "internal"


# fmt: off
_WORDS: Mapping[Status, tuple[str, ...]] = {
    Status.PAYING: (
        "active", "paying", "paid", "customer", "live", "current", "past_due", "past due", "overdue", "retained", "renewed", "non_renewing",
        "in good standing", "enabled", "won", "closed won", "open", "ok", "onboarding", "adoption", "renewal", "evangelist", "existing customer",
        "active customer", "stayed", "good", "subscribed", "signed", "in service", "取引中", "契約済", "契約済み", "有償利用", "ご契約中", "ご利用中", "運用中", "本番", "本番利用", "本番環境", "本番稼働", "契約中", "利用中", "有効", "有償", "継続", "継続中", "更新済", "更新済み", "顧客", "稼働中", "本契約", "アクティブ", "有料", "解約予定", "解約予約", "解約申請中", "更新待ち", "pending cancellation", "cancel at period end", "notice given", "gave notice", "notice received", "in notice", "cancelling", "canceling",
        "解約通知", "解約通知済", "解約通知済み", "解約手続中", "解約手続き中",
    ),
    Status.TRIAL: (
        "trial", "trialing", "trialling", "in_trial", "in trial", "trial period", "free trial", "free", "freemium", "free plan", "poc", "pilot",
        "evaluation", "evaluating", "proof of concept", "free tier", "demo", "試用", "検証", "検証環境", "無償利用", "評価版", "体験版", "体験中", "試用中", "お試し", "トライアル", "トライアル中", "無料", "無料トライアル", "無料トライアル中", "試用期間", "試用期間中", "無償", "フリー", "無料プラン", "検証中",
        "お試し中", "無料期間",
    ),
    Status.PAUSED: (
        "paused", "pause", "on hold", "suspended", "frozen", "unpaid", "incomplete", "dormant", "halted", "休止", "休止中", "停止", "停止中", "一時停止",
        "利用停止", "保留", "休眠",
    ),
    Status.LEFT: (
        "churned", "churn", "canceled", "cancelled", "cancelled customer", "left", "lost", "terminated", "expired", "ended", "inactive", "former",
        "former customer", "closed", "closed lost", "deactivated", "incomplete_expired", "incomplete expired", "not renewed", "lapsed", "past customer",
        "ex-customer", "解約", "解約済", "解約済み", "解約完了", "退会", "退会済", "退会済み", "終了", "契約終了", "終了済", "終了済み", "無効", "失効", "離脱",
        "元顧客", "gone", "left us", "departed", "offboarded", "off boarded", "ceased", "non renewed", "nonrenewed", "取引終了", "利用終了", "サービス終了", "解約手続完了", "契約解約", "解約確定", "解除", "契約解除", "満了", "非アクティブ",
    ),
    Status.FUTURE: (
        "future", "draft", "pending", "not started", "scheduled", "upcoming", "lead", "prospect", "opportunity", "subscriber",
        "marketing qualified lead", "sales qualified lead", "申込", "申込中", "見込", "見込み", "見込み客", "見込客", "商談中", "リード", "開始前", "契約前", "準備中",
        "予約", "仮契約",
    ),
    Status.INTERNAL: (
        "internal", "test", "testing", "sandbox", "employee", "partner", "staff", "demo account", "テスト", "社内", "検証用", "自社", "テスト用", "デモ",
    ),
}
# fmt: on
_CHURN_HEADERS = ("churn", "解約", "退会", "cancel", "left")


def _folded(word: str) -> str:
    return " ".join(
        unicodedata.normalize("NFKC", word).casefold().replace("_", " ").replace("-", " ").split()
    )


_KNOWN = {_folded(word): status for status, words in _WORDS.items() for word in words}


def read_status(word: str, header: str, pinned: StatusWords | None = None) -> Status | None:
    """What `word` under `header` means; None: not known. Yes and no say what the header asks: churned, or active."""
    folded = _folded(word)
    if pinned:
        for status in Status:
            if folded in map(_folded, getattr(pinned, status.value)):
                return status
    asks_for_churn = any(part in _folded(header) for part in _CHURN_HEADERS)
    if folded in TRUE_WORDS | {"1.0"}:
        return Status.LEFT if asks_for_churn else Status.PAYING
    if folded in FALSE_WORDS | {"0.0"}:
        return Status.PAYING if asks_for_churn else Status.LEFT
    return _KNOWN.get(folded)
