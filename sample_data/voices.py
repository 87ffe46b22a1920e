"""What customers say, each in English and Japanese: subjects of tickets, comments of the survey, reasons to leave."""

import datetime as dt

import numpy as np
from model import AS_OF, Account
from records import Row

Phrase = tuple[str, str]

SUBJECTS: dict[str, tuple[Phrase, ...]] = {
    "Scan quality": (
        ("Names are read wrongly from vertical cards", "縦書きの名刺で氏名が正しく読み取られない"),
        ("Blurred scans from the phone app", "スマートフォンアプリの撮影がぼやける"),
        ("Two cards became one contact", "2枚の名刺が1人にまとめられた"),
        ("Photographs of cards come out dark", "名刺の画像が暗くなる"),
    ),
    "Import": (
        ("Import of an Excel list stops half way", "Excelの名簿の取り込みが途中で止まる"),
        ("Duplicates after the import", "取り込み後に重複が残る"),
        ("Which columns may an import have?", "取り込みに使える列を知りたい"),
    ),
    "Export": (
        ("Export to CSV loses the Japanese characters", "CSV出力で日本語が文字化けする"),
        ("Exports stop at 10,000 rows", "エクスポートが1万行で止まる"),
        ("We need an export by department", "部署ごとに出力したい"),
        ("ＣＳＶ export without phone numbers", "ＣＳＶ出力に電話番号がない"),
    ),
    "Login": (
        ("Password mail does not arrive", "パスワード再設定メールが届かない"),
        ("Single sign-on fails for new people", "新しい社員のシングルサインオンが失敗する"),
        ("The mobile app asks to log in each day", "アプリで毎日ログインを求められる"),
    ),
    "Permissions": (
        ("Sales may not see the cards of other branches", "他の支店の名刺が見えない"),
        ("Hide the board's cards from everybody", "役員の名刺を全員に見せたくない"),
        ("Who changed our permissions?", "権限を誰が変えたか知りたい"),
    ),
    "Billing": (
        ("The invoice shows last year's seats", "請求書のID数が前年のまま"),
        ("Pricing for 50 more people", "50名追加した場合の料金を知りたい"),
        ("Invoice in the name of the holding", "請求先を持株会社に変えたい"),
    ),
    "Integration": (
        ("Contacts do not reach Salesforce", "Salesforceへの連携が止まった"),
        ("kintone takes the company name twice", "kintone連携で会社名が二重に入る"),
        ("Connection to our address book", "アドレス帳との連携方法"),
    ),
    "How to": (
        ("How do we merge two departments?", "2つの部署を統合する手順"),
        ("How can I tag cards from a fair?", "展示会の名刺にタグを付けるには"),
        ("Where is the report of active users?", "利用者レポートはどこにあるか"),
    ),
}
"""By topic of the ticket."""
ONE_VOICE: Phrase = ("Notify our Slack channel of new cards", "新しい名刺をSlackに通知してほしい")
"""A wish that one large account repeats, and two small ones share."""
PRAISE: tuple[Phrase, ...] = (
    ("Satisfaction among our sales people is high", "営業部門の満足度が高い"),
    ("The app is easy to use", "アプリが使いやすい"),
    ("We find every card in seconds", "名刺がすぐに見つかる"),
    ("Our people are highly aware of data quality now", "データ品質への意識が高い"),
)
NEUTRAL: tuple[Phrase, ...] = (
    ("Fine, but the export should have more columns", "概ね良いが、出力できる列を増やしてほしい"),
    ("Only half of us use it", "社内の半分しか使っていない"),
    ("Training for new people would help", "新入社員向けの研修がほしい"),
    ("The mobile app should be faster", "アプリの動作を速くしてほしい"),
)
BLAME: tuple[Phrase, ...] = (
    ("Too expensive for what we use", "使う量に対して料金が高い"),
    ("Price went up, use did not", "値上げに見合う活用ができていない"),
    ("Scan quality is poor, we correct by hand", "読み取り精度が低く、手で直している"),
    ("Nobody told us what to do after the kickoff", "キックオフの後、何をすればよいか案内がない"),
)
REASONS: dict[str, tuple[Phrase, ...]] = {
    "price": (
        ("The price was too high for the number of people who used it", "利用人数に対して料金が高かった"),
        ("Budget was cut for this fiscal year", "今期の予算が削減された"),
    ),
    "low_use": (
        ("It never became part of the daily work", "日常業務に定着しなかった"),
        ("The person who drove it has left the company", "推進していた担当者が退職した"),
    ),
    "competitor": (
        ("Another service came with our CRM at no cost", "CRMに付属の無料サービスに切り替えた"),
        ("A rival offered a better export to our systems", "他社の方が基幹システムへの出力に優れていた"),
    ),
    "quality": (
        ("Scans had to be corrected by hand", "読み取り結果を手で直す必要があった"),
        ("The app was slow", "アプリの動作が遅かった"),
    ),
    "company": (
        ("Merged with a company that uses another system", "合併先が別のシステムを使っている"),
        ("The department was closed", "利用部署が廃止された"),
    ),
}
"""By the code that the account manager picked."""
CODES = ("price", "low_use", "competitor", "quality", "company")


def add_subjects(tickets: list[Row], accounts: list[Account], rng: np.random.Generator) -> list[Row]:
    """Each ticket with its Subject and 件名; one wish of the last half year is almost one account's alone."""
    loud = _find_loud(accounts, tickets)
    rows: list[Row] = []
    for ticket in tickets:
        phrases = SUBJECTS[str(ticket[5])]
        phrase = phrases[int(rng.integers(len(phrases)))]
        rows.append((*ticket, *(ONE_VOICE if ticket[0] in loud else phrase)))
    return rows


def _find_loud(accounts: list[Account], tickets: list[Row]) -> set[object]:
    """Tickets of the last 150 days: up to five of the largest live account that wrote, one of two small ones."""
    since = (AS_OF - dt.timedelta(days=150)).isoformat()
    recent: dict[object, list[object]] = {}
    for ticket in tickets:
        if str(ticket[2]) > since:
            recent.setdefault(ticket[1], []).append(ticket[0])
    live = [a for a in accounts if a.churned_on is None and a.account_id in recent]
    by_money = sorted(live, key=lambda account: (-account.mrr_jpy, account.account_id))
    chosen = recent[by_money[0].account_id][:5]
    return {*chosen, *(recent[account.account_id][0] for account in by_money[-2:])}


def add_comments(answers: list[Row], rng: np.random.Generator) -> list[Row]:
    """Each answer with comment and コメント: praise from promoters, blame from detractors; most write nothing."""
    rows: list[Row] = []
    for answer in answers:
        recommend = int(str(answer[2]))
        phrases = PRAISE if recommend >= 9 else BLAME if recommend <= 6 else NEUTRAL
        phrase = phrases[int(rng.integers(len(phrases)))]
        rows.append((*answer, *(phrase if rng.random() < 0.4 else ("", ""))))
    return rows


def list_cancellations(accounts: list[Account], rng: np.random.Generator) -> list[Row]:
    """account_id, churned_on, reason_code, reason, 理由; in order of date. Those who came back stand here too."""
    rows = [
        _draw_reason(account, day, rng) for account in accounts for day in sorted(list_departures(account))
    ]
    return sorted(rows, key=lambda row: (str(row[1]), str(row[0])))


def list_departures(account: Account) -> list[dt.date]:
    """Days on which the last paid subscription ended and none followed on the same day."""
    paid = [s for s in account.subscriptions if s.kind == "paid"]
    ends = {s.ended_on for s in paid if s.ended_on is not None}
    return [
        day
        for day in ends
        if not any(s.started_on <= day and (s.ended_on is None or s.ended_on > day) for s in paid)
    ]


def _draw_reason(account: Account, day: dt.date, rng: np.random.Generator) -> Row:
    """The code is what is easy to pick; the text agrees with it two times in three."""
    shares = (0.3, 0.3, 0.16, 0.12, 0.12) if account.base < 0 else (0.3, 0.16, 0.26, 0.1, 0.18)
    code = CODES[int(rng.choice(5, p=shares))]
    told = code if rng.random() < 0.66 else CODES[int(rng.choice(5, p=shares))]
    phrases = REASONS[told]
    return (account.account_id, day.isoformat(), code, *phrases[int(rng.integers(len(phrases)))])
