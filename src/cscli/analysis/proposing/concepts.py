"""Names that tell: words of headers to what they say of an account's health, and in which direction."""

from collections.abc import Iterator
from dataclasses import dataclass

from cscli.analysis.recognising.facts import ColumnFacts
from cscli.analysis.recognising.words import singular


@dataclass(frozen=True, slots=True)
class Concept:
    """`better`: 1 where more is better, -1 where less is. `group`: of the scorecard. Its label is `init.concept.NAME`."""

    name: str
    better: int
    group: str
    words: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    """Of Japanese headers."""


# fmt: off
CONCEPTS: tuple[Concept, ...] = (
    Concept("days_since", -1, "usage", ("dayssince", "inactive", "recency", "dormancy", "idle"), ("経過日数", "未利用日数")),
    Concept("complaints", -1, "support", ("complaint", "escalation", "grievance"), ("クレーム", "苦情")),
    Concept("waiting", -1, "support", ("resolutiontime", "responsetime", "waittime"), ("解決時間", "応答時間")),
    Concept("overdue", -1, "commercial", ("overdue", "delinquent", "late", "unpaid", "dunning", "pastdue", "delay", "failedpayment", "arrear"), ("延滞", "未払", "滞納", "遅延", "未入金")),
    Concept("refunds", -1, "commercial", ("refund", "chargeback", "dispute"), ("返金", "返品")),
    Concept("satisfaction", 1, "satisfaction", ("satisfaction", "csat", "happiness", "sentiment"), ("満足",)),
    Concept("rating", 1, "satisfaction", ("rating", "star"), ("評価",)),
    Concept("recommend", 1, "satisfaction", ("nps", "recommend", "referral"), ("推奨", "紹介")),
    Concept("answers", 1, "satisfaction", ("openrate", "clickrate", "responserate", "replyrate", "attendance"), ("開封率", "反応率", "回答率")),
    Concept("tickets", -1, "support", ("ticket", "case", "issue", "incident", "bug", "servicecall", "supportcall", "outage", "downtime"), ("問い合わせ", "問合せ", "チケット", "障害")),
    Concept("training", 1, "usage", ("training", "webinar", "seminar", "certification", "onboarding", "workshop", "course"), ("研修", "セミナー", "講座")),
    Concept("features", 1, "usage", ("feature", "module", "integration", "addon", "adoption", "backup", "protection", "onlinesecurity", "techsupport"), ("機能", "サービス数", "連携", "オプション")),
    Concept("sessions", 1, "usage", ("session", "login", "logon", "visit", "pageview", "click", "event"), ("ログイン", "セッション", "アクセス", "訪問回数", "閲覧")),
    Concept("people", 1, "usage", ("activeuser", "dau", "wau", "mau", "activeseat", "usercount", "poweruser", "activeday"), ("アクティブ", "利用者", "稼働")),
    Concept("usage", 1, "usage", ("usage", "used", "minute", "hour", "watch", "streaming", "transaction", "utilization", "utilisation", "engagement", "scan", "upload", "download", "api", "active", "activity", "message", "call"), ("利用", "使用", "稼働率", "枚数", "投稿")),
    Concept("orders", 1, "commercial", ("orderscount", "ordercount", "ordernumber", "numberoforders", "totalorders", "purchasecount", "purchase"), ("注文回数", "注文数", "購入回数", "受注回数")),
    Concept("tenure", 1, "commercial", ("tenure", "accountlength", "monthsascustomer", "accountage", "customerage"), ("継続月数", "利用月数", "契約月数", "在籍月数")),
)
# fmt: on
_NEVER = frozenset(
    {
        "churn",
        "churned",
        "risk",
        "predict",
        "prediction",
        "predicted",
        "propensity",
        "probability",
        "likelihood",
        "forecast",
        "health",
        "cltv",
        "ltv",
        "clv",
        "target",
        "expected",
        "cancel",
        "cancelled",
        "canceled",
        "cancellation",
        "exit",
        "left",
        "leaving",
        "reason",
        "attrition",
        "downgrade",
        "id",
        "phone",
        "zip",
        "postal",
        "postcode",
        "latitude",
        "longitude",
        "lat",
        "lng",
        "lon",
        "year",
        "birth",
        "fax",
        "segment",
        "cluster",
    }
)  # fmt: skip
_NEVER_JA = (
    "解約",
    "退会",
    "リスク",
    "予測",
    "予想",
    "確率",
    "見込",
    "電話",
    "郵便",
    "番号",
    "コード",
    "離脱",
    "スコアリング",
    "ヘルススコア",
)


def concept_of(column: ColumnFacts, otherwise: Concept | None = None) -> Concept | None:
    """What the header says of an account's health; never a prediction, an id, or what is known only after the end."""
    words = tuple(singular(word) for word in column.words)
    if set(column.words) & _NEVER or any(part in column.header for part in _NEVER_JA):
        return None
    joined = set(_joined(words))
    for concept in CONCEPTS:
        if joined & set(concept.words) or any(part in column.header for part in concept.parts):
            return concept
    return otherwise


def _joined(words: tuple[str, ...]) -> Iterator[str]:
    """Each word, and each run of two or three as one."""
    for length in (1, 2, 3):
        for start in range(len(words) - length + 1):
            yield "".join(words[start : start + length])
