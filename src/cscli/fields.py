"""The data dictionary: canonical account columns with type, unit, meaning and the headers known for them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cscli.header_keys import bare_key, header_key, of_another_period, without_object, without_remark


class FieldType(StrEnum):
    """What a column holds: `id` is text that joins tables and is never a number."""

    ID = "id"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One canonical column. `headers` are accepted spellings, compared after `header_key`."""

    name: str
    type: FieldType
    unit: str
    meaning: str
    headers: tuple[str, ...]
    low: float | None = None
    high: float | None = None
    """The range that its numbers can have; None: no edge."""


def _field(
    name: str, kind: FieldType, unit: str, meaning: str, *headers: str,
    low: float | None = None, high: float | None = None,
) -> Field:  # fmt: skip
    return Field(
        name=name, type=kind, unit=unit, meaning=meaning, headers=(name, *headers), low=low, high=high
    )


_ID, _TEXT, _NUMBER, _DATE = FieldType.ID, FieldType.TEXT, FieldType.NUMBER, FieldType.DATE

# fmt: off
FIELDS: tuple[Field, ...] = (
    _field(
        "account_id", _ID, "", "The key of the account in every table",
        "Account ID", "Account ID (18)", "Account ID 18", "AccountId", "Account No", "Account Number",
        "Customer ID", "Customer No", "CustomerID", "Client ID", "Company ID", "Organization ID", "Organisation ID",
        "Org ID", "Tenant ID", "Record ID", "Record ID - Company", "hs_object_id",
        "顧客ID", "顧客番号", "顧客コード", "取引先ID", "取引先コード", "アカウントID", "企業ID", "会社ID", "契約者ID",
        "得意先コード", "レコードID", "組織ID", "テナントID", "レコード番号", "顧客No", "得意先番号", "管理番号", "取引先 ID (18 桁)",
        "ID",
        "Company record ID", "Associated Company ID", "Associated Company IDs", "Primary Associated Company ID",
        "Associated Company record ID", "関連会社ID", "関連会社のID", "関連付けられた会社ID", "プライマリー関連会社ID", "お客様番号", "お客様コード", "会員番号", "契約者番号",
    ),
    _field(
        "name", _TEXT, "", "Name of the customer company",
        "Account name", "Company name", "Company", "Customer name", "Customer", "Client name", "Organization name",
        "Organisation name", "property_name", "会社名", "企業名", "顧客名", "取引先名", "アカウント名", "法人名", "得意先名", "組織名",
        "お客様名", "取引先", "契約先名", "社名", "取引先名称", "顧客名称",
        "契約先", "ご契約社名", "契約者名",
    ),
    _field(
        "owner", _TEXT, "", "The customer success manager in charge",
        "CSM", "CSM name", "Account owner", "Owner name", "Customer success manager", "Company owner", "Account manager",
        "Success owner", "担当者", "担当", "担当CSM", "CSM担当", "取引先所有者", "所有者", "担当者名",
        "CS担当", "担当CS", "自社担当者", "会社の担当者", "主担当", "営業担当", "取引先の担当者", "Sales rep",
        "Success manager", "Organization - Owner",
    ),
    _field(
        "plan", _TEXT, "", "Plan or product edition",
        "Plan name", "Subscription plan", "Edition", "Tier", "Product plan", "プラン", "プラン名", "契約プラン", "料金プラン",
    ),
    _field(
        "mrr", _NUMBER, "money a month", "Monthly recurring revenue; of an account that has left, its last",
        "Monthly recurring revenue", "Current MRR", "Monthly fee", "Monthly amount",
        "Recurring revenue (monthly)", "MRR amount", "Monthly charge", "Monthly charges", "Monthly price", "Monthly spend",
        "月額", "月額料金", "月額利用料", "月額費用", "月次売上", "月間経常収益", "月額金額", "月額合計", "月次経常収益", "月額売上", "月次売上高",
    ),
    _field(
        "arr", _NUMBER, "money a year", "Annual recurring revenue; 12 x mrr where not given",
        "Annual recurring revenue", "Annual MRR", "Annualised MRR", "Annualized MRR", "MRR annualised", "MRR annualized", "MRR p.a.", "ACV", "Annual contract value", "ARR amount",
        "年額", "年間契約額", "年間経常収益", "年額利用料", "年間契約金額", "契約金額",
    ),
    _field(
        "currency", _TEXT, "", "Currency of mrr, as an ISO code",
        "Currency code", "Currency ISO code", "CurrencyIsoCode", "Account currency", "MRR currency", "ARR currency", "Subscription currency",
        "Invoice currency", "Billing currency", "Contract currency", "Plan currency", "通貨", "通貨コード", "金額 通貨", "取引通貨", "決済通貨", "契約通貨", "請求通貨",
    ),
    _field(
        "seats", _NUMBER, "IDs", "Contracted IDs",
        "Licenses", "Licences", "Contracted seats", "Contracted IDs", "Seat count", "Number of seats", "Licensed users",
        "Purchased seats", "契約ID数", "契約席数", "ユーザー数", "契約ユーザー数", "ID数", "ライセンス数", "契約ライセンス数", "シート数", "契約数", "契約アカウント数", "License count", "Licenses purchased", "Purchased licenses", "Seats purchased", "Number of licenses", "Number of licences", "Paid seats", low=0,
    ),
    _field(
        "started_on", _DATE, "", "First day of the contract",
        "Start date", "Contract start", "Contract start date", "Customer since", "Subscription start", "Start",
        "Became customer on", "Became a customer date", "Activated on", "Signup date", "Signed up on", "契約開始日", "利用開始日", "開始日", "契約日", "導入日", "入会日", "サービス開始日", "課金開始日", "契約締結日",
        "Started at", "Start (UTC)", "Start date (UTC)", "Activated at", "Subscription started", "Term start", "Term start date", "Current term start", "Current term start date", "Valid from", "契約始期", "Original contract date", "First contract date", "初回契約日",
    ),
    _field(
        "renews_on", _DATE, "", "Next renewal date",
        "Renewal date", "Renewal", "Next renewal", "Contract end date", "Contract end", "Renews", "Next renewal date",
        "Contract ends", "更新日", "契約更新日", "次回更新日", "契約終了日", "契約満了日", "満了日", "契約終了予定日", "更新予定日",
        "契約期限", "満期日", "有効期限", "更新月", "Contract renewal", "Contract renewal date",
    ),
    _field(
        "churned_on", _DATE, "", "The day from which the account is no longer a customer",
        "Churn date", "Churned", "Churned on", "Cancelled on", "Canceled on", "Cancellation date", "Date of churn", "Canceled at", "Cancelled at", "Canceled at (UTC)", "Cancelled at (UTC)", "Churned at",
        "解約日", "退会日", "解約年月日", "契約解除日", "利用終了日", "解約予定日",
    ),
    _field(
        "domain", _TEXT, "", "Web or mail domain",
        "Website", "Web site", "Company domain name", "Domain name", "Email domain", "Website URL",
        "ドメイン", "会社のドメイン名", "Webサイト", "URL", "ウェブサイト", "ホームページ",
    ),
    _field(
        "parent_id", _ID, "", "account_id of the parent company",
        "Parent ID", "Parent account ID", "ParentId", "Parent company ID", "Parent account", "Parent company", "Parent account name", "親会社", "親会社名", "親取引先", "親会社ID", "親取引先ID", "親アカウントID",
    ),
    _field(
        "merged_ids", _TEXT, "", "Ids of records that were merged into the account",
        "Merged object IDs", "hs_merged_object_ids", "Merged record IDs", "Merged IDs", "統合されたレコードID",
    ),
    _field("gross_margin", _NUMBER, "share", "Gross margin of the account, 0 to 1", "Gross margin %", "Margin", "粗利率", "粗利益率", "売上総利益率", high=1),
    _field(
        "cac", _NUMBER, "money", "What it cost to win the account",
        "Customer acquisition cost", "Acquisition cost", "獲得コスト", "顧客獲得コスト", "獲得費用", low=0,
    ),
    _field(
        "status", _TEXT, "", "Whether the account pays, tries, pauses or has left, in the export's words",
        "Account status", "Customer status", "Subscription status", "Lifecycle", "Lifecycle stage", "Is active", "Churn label",
        "Churn flag", "Is churned", "Churn status", "ステータス", "契約状況", "契約ステータス", "契約状態", "状態", "ライフサイクルステージ", "顧客ステータス", "取引ステータス", "Contract status", "Customer state",
    ),
    _field("churn_reason", _TEXT, "", "Why the account has left", "Cancellation reason", "Reason for leaving", "解約理由", "退会理由"),
    _field("notice_days", _NUMBER, "days", "Days before the renewal by which notice must be given", "Notice period (days)", "Notice days", "解約予告日数", low=0),
    _field("industry", _TEXT, "", "Line of business", "Sector", "property_industry", "業種", "業界"),
    _field("region", _TEXT, "", "Region or country", "Country", "Area", "property_country", "billing_country", "地域", "エリア", "国", "都道府県", "都道府県/地域", "請求先(都道府県)"),
    _field(
        "active_users", _NUMBER, "people", "People who used the product in the period of the export",
        "Active users (28d)", "Active users (30d)", "Active users (last 28 days)", "Active users (last 30 days)", "Users active (last 30 days)", "Monthly active users", "MAU", "Users active", "利用者数", "アクティブユーザー数", "月間利用者数", "利用ユーザー数", "アクティブユーザ数", "利用ID数", "利用中ID数", "利用中ユーザー数", "利用アカウント数", "稼働ID数", "月間アクティブユーザー数", low=0,
    ),
    _field(
        "logins", _NUMBER, "times", "Logins in the period of the export",
        "Login count", "Number of logins", "Logins (28d)", "ログイン数", "ログイン回数", low=0,
    ),
    _field(
        "last_login_on", _DATE, "", "Day of the last login",
        "Last login", "Last login date", "Last seen", "Last active", "Last login at", "Last seen at", "Last visit", "Last used", "Last used at", "Last request at", "Last access", "最終ログイン日", "最終ログイン", "最終利用日", "最終ログイン日時", "最終アクセス日時",
        "最終活動日", "最終アクティビティー日", "Last activity", "Last activity date", "Last activity time", "Last activity at",
    ),
    _field(
        "usage_minutes", _NUMBER, "minutes", "Minutes of use in the period of the export",
        "Minutes used", "Time in app (minutes)", "利用時間（分）", "利用時間", "利用分数", low=0,
    ),
    _field("nps", _NUMBER, "-100 to 100", "Net promoter score of the account", "NPS score", "Net promoter score", "NPSスコア", "ネットプロモータースコア", low=-100, high=100),
    _field("csat", _NUMBER, "1 to 5", "Customer satisfaction", "CSAT score", "Satisfaction", "Customer satisfaction", "満足度", "顧客満足度", "CSATスコア", low=1, high=5),
    _field(
        "open_tickets", _NUMBER, "tickets", "Support tickets that are open",
        "Tickets open", "Number of open tickets", "Unresolved tickets", "Open cases",
        "未解決チケット数", "未対応件数", "未解決件数", "オープンチケット数", "問い合わせ件数（未解決）", "問い合わせ件数", low=0,
    ),
    _field(
        "overdue_invoices", _NUMBER, "invoices", "Invoices past their due date",
        "Invoices overdue", "Unpaid invoices", "Overdue", "未払い請求数", "延滞請求数", "未入金件数", "支払遅延件数", "Past due invoices", "Outstanding invoices", "未収件数", low=0,
    ),
)
REVENUE_FIELDS: tuple[Field, ...] = (
    _field(
        "subscription_id", _ID, "", "The key of the subscription",
        "Subscription", "Subscription No", "Subscription number", "Contract ID", "Contract number", "Contract No", "Line ID",
        "契約ID", "契約番号", "サブスクリプションID", "契約コード", "明細ID",
    ),
    _field(
        "ended_on", _DATE, "", "The first day without the subscription; blank: it goes on",
        "End date", "End", "Ends on", "Ended", "Subscription end", "Subscription end date", "Contract end", "Contract end date",
        "Cancelled on", "Canceled on", "Cancellation date", "Churn date", "Canceled at", "Cancelled at", "Ended at", "Ended at (UTC)",
        "Canceled at (UTC)", "終了日", "契約終了日", "利用終了日", "解約日", "満了日", "契約満了日", "満期日", "契約期限", "有効期限", "契約終了予定日", "終了予定日", "利用期限",
        "Contract ends", "Contract expiry", "Contract expiration date", "Expires on", "Expires", "Expiry date", "Expiration date", "Expires at", "Expired at",
        "Term end", "Term end date", "Current term end", "Current term end date", "Valid until", "Valid to",
    ),
    _field(
        "amount", _NUMBER, "money a period", "What is paid for the whole period, tax excluded",
        "Price", "Total", "Plan amount", "Contract amount", "Contract value", "Net amount", "Invoice amount",
        "金額", "契約金額", "請求金額", "料金", "税抜金額", "請求額", "ご請求額", "ご請求金額", "売上金額", "売上額",
    ),
    _field(
        "period_months", _NUMBER, "months", "Months that the amount is for",
        "Period", "Period (months)", "Billing period (months)", "Billing months", "Term (months)", "Contract months",
        "期間（月）", "契約月数", "請求月数", "契約期間（月）", "支払周期（月）",
    ),
    _field("month", _DATE, "", "The month of the figure: any day of it", "Year month", "Month end", "Billing month", "Period month", "年月", "月", "対象月", "請求月", "計上月"),
    _field("interval", _TEXT, "", "The unit of the period: month, year, quarter", "Billing interval", "Interval unit", "Billing frequency", "Billing cycle", "Billed", "Plan interval", "Billing period", "支払サイクル", "支払周期", "請求周期", "課金周期", "支払区分", "契約サイクル", "Billing period unit", "支払方法", "請求サイクル", "課金サイクル"),
    _field("interval_count", _NUMBER, "", "How many of that unit a period has", "Plan interval count", "Intervals", low=0),
    _field("quantity", _NUMBER, "", "How many of the unit amount are paid for", "Qty", "Plan quantity", "数量", low=0),
    _field("unit_amount", _NUMBER, "money a period", "What one of the quantity costs for a period", "Unit price", "Price per unit", "Price per seat", "Plan unit price", "単価"),
    _field("status", _TEXT, "", "Whether the line pays, tries, pauses or has ended, in the export's words", "Subscription status", "Contract status", "Line status", "ステータス", "契約状況", "契約ステータス", "状態"),
    _field("auto_renew", FieldType.BOOLEAN, "", "Whether the contract goes on by itself at its end", "Auto renewal", "Auto-renew", "Automatic renewal", "Evergreen", "自動更新"),
    _field("kind", _TEXT, "", "paid, or what counts 0: trial, free, one-off, tax", "Type", "Line type", "Billing type", "種別", "区分", "契約種別"),
    _field("trial_ends_on", _DATE, "", "Last day of its trial: it counts from then on", "Trial end", "Trial ends", "Trial ends on", "Trial end date", "Trial ends at", "Trial end (UTC)", "Trial until", "Trial expires", "トライアル終了日", "無料期間終了日", "試用終了日", "試用期間終了日"),
    _field("trial", FieldType.BOOLEAN, "", "Whether it is a trial: it counts 0", "Is trial", "Trial flag", "トライアル", "試用", "お試し"),
)

EVENT_FIELDS: tuple[Field, ...] = (
    _field("user_id", _ID, "", "Who did it", "User", "UserId", "UID", "Visitor ID", "Member ID", "User email", "Email", "Person ID", "Distinct ID", "ユーザーID", "利用者ID", "会員ID", "ログインID", "ユーザー"),
    _field("at", _DATE, "", "When it was done", "Timestamp", "TS", "Time", "Event time", "Event timestamp", "Occurred at", "Created at", "Date", "Datetime", "Logged at", "日時", "発生日時", "操作日時", "イベント日時", "利用日時", "タイムスタンプ", "ログイン日時"),
    _field("event", _TEXT, "", "What was done", "Event name", "Event type", "Action", "Activity", "Feature", "Operation", "イベント", "イベント名", "操作", "操作名", "アクション", "機能", "行動"),
)

# What people type about an account, in a workbook that is kept apart from the exports.
PEOPLE_FIELDS: tuple[Field, ...] = (
    _field("sentiment", _NUMBER, "1 to 5", "How the customer stands to us, by the impression of who looks after it; missing once it is too old", "温度感"),
    _field("sentiment_on", _DATE, "", "Day of that impression", "Sentiment date", "温度感の記入日"),
    _field("override_score", _NUMBER, "0 to 100", "The score that a person set; only while it is in force", "スコアの上書き"),
    _field("override_reason", _TEXT, "", "Why the score was set", "上書きの理由"),
    _field("override_on", _DATE, "", "Day on which the score was set; a run for an earlier day does not know of it", "Override date", "Set on", "上書きした日", "上書きの記入日"),
    _field("override_until", _DATE, "", "Last day on which the set score holds", "上書きの期限"),
    _field("hours_spent", _NUMBER, "hours a month", "Hours spent on the account", "Hours spent a month", "対応時間（月間）"),
    _field("hours_on", _DATE, "", "Day on which the hours were typed; a run for an earlier day does not know of them", "Hours date", "対応時間の記入日"),
    _field("renewal_call", _TEXT, "", "What who looks after it expects of the next renewal: renew, risk, churn, or the chance in percent that it is lost", "更新の見込み"),
    _field("renewal_call_on", _DATE, "", "Day of that expectation; older than a year it is of another renewal", "更新見込みの記入日"),
    _field("play_done", _TEXT, "", "The playbook that was done last", "実施したプレイブック"),
    _field("play_done_on", _DATE, "", "Day on which it was done; `cscli outreach results` judges playbooks by it, `cscli selfcheck` whether they are done in time", "プレイブックの実施日"),
    _field("next_step", _TEXT, "", "What was agreed to do next", "次のアクション"),
    _field("note", _TEXT, "", "Anything else", "メモ"),
)
# fmt: on

_SHARED = ("account_id", "name", "domain", "mrr", "currency", "plan", "started_on")
FIELD_BY_NAME: Mapping[str, Field] = {entry.name: entry for entry in FIELDS}
_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


_KEYS: Mapping[str, Field] = {
    name: _field(name, _ID, "", meaning)
    for name, meaning in (
        ("contact_id", "The key of a person"), ("order_id", "The key of an order"), ("other_id", "Of a bridge: the id that is no account's"),
    )
}  # fmt: skip
"""Keys of tables other than the accounts: text, whatever they look like."""


def is_plain_name(text: str) -> bool:
    """Whether `text` can be a column's name as it stands: lower-case ASCII, digits, underscores."""
    return _PLAIN_NAME.match(text) is not None


IDENTIFYING = ("name", "domain")
"""Further exports have them too, to say whose row it is."""


def known_field(header: str, *, of_revenue: bool = False) -> Field | None:
    """The canonical field whose accepted headers contain `header`, or None. `of_revenue`: in a table of
    subscriptions or monthly figures.
    """
    index = _REVENUE_BY_HEADER if of_revenue else _BY_HEADER
    whole = index.get(header_key(header))
    if whole is not None:
        return whole
    part = index.get(bare_key(header)) or index.get(without_remark(header))
    if part is None:
        own = without_object(header, of_line=of_revenue)
        return known_field(own, of_revenue=of_revenue) if own else None
    if part.name not in _OTHER_PERIOD:
        return part
    if not of_another_period(header, monthly=part.name == "mrr"):
        return part
    return index.get(_OTHER_PERIOD[part.name])


def field_named(name: str, *, of_revenue: bool = False) -> Field | None:
    """The canonical field `name` of a table of accounts, or of one of subscriptions or monthly figures."""
    return (_REVENUE_BY_NAME if of_revenue else FIELD_BY_NAME).get(name) or _KEYS.get(name)


def event_field(header: str) -> Field | None:
    """The field of an event log whose accepted headers contain `header`, or None."""
    return _EVENT_BY_HEADER.get(header_key(header))


def _index(entries: Iterable[Field]) -> dict[str, Field]:
    index: dict[str, Field] = {}
    for entry in entries:
        for header in entry.headers:
            clash = index.setdefault(header_key(header), entry)
            if clash is not entry:
                raise ValueError(f"header {header!r} belongs to both {clash.name} and {entry.name}")
    return index


_OTHER_PERIOD = {"mrr": "arr", "arr": ""}
"""MRR (annualised) is money a year; what ARR (monthly) is nobody knows."""
_BY_HEADER = _index(FIELDS)
_REVENUE = (*(FIELD_BY_NAME[name] for name in _SHARED), *REVENUE_FIELDS)
_REVENUE_BY_NAME: Mapping[str, Field] = {entry.name: entry for entry in _REVENUE}
_REVENUE_BY_HEADER = _index(_REVENUE)
_EVENT_BY_HEADER = _index((FIELD_BY_NAME["account_id"], *EVENT_FIELDS))
