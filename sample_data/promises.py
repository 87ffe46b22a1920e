"""What people of the sample company wrote down: handovers by sales, goals of customers, milestones. Each in two languages."""

import datetime as dt
from collections.abc import Mapping

import numpy as np
from content import AUDIENCES, DELIVERIES, FORMATS, INVENTORY
from model import AS_OF, Account, month_start
from names import OWNERS
from people import FAMILY

Cells = Mapping[str, object]
"""A row of a book, by the name of its column."""

SELLERS = (("Kato", "加藤"), ("Ishii", "石井"), ("Ueda", "上田"))
PURPOSES = (
    ("One place for all business cards", "名刺の一元管理"),
    ("Sales should see who knows whom", "営業の人脈共有"),
    ("Clean addresses for the mailing list", "メール配信先の整備"),
    ("Keep contacts when people change jobs", "異動・退職時の人脈の引き継ぎ"),
)
OUTCOMES = (
    ("20% more first meetings", "初回商談を20%増やす", "meetings a month", "月間商談数"),
    (
        "Halve the time to find a contact",
        "連絡先を探す時間を半分にする",
        "minutes a search",
        "検索時間（分）",
    ),
    ("All sales people use it each week", "営業全員が毎週使う", "coverage", "カバレッジ"),
)
GOALS = (
    ("All of sales uses the cards", "営業全員が名刺を使う", "coverage", "カバレッジ", "%", 0.35, 0.8),
    ("400 cards a person", "1人400枚を登録する", "cards_per_person", "1人あたり名刺数", "", 60, 400),
    ("From 6 to 3 hours a mailing list", "配信リスト作成を6時間から3時間に", "hours per mailing list", "配信リスト作成時間", "h", 6, 3),
    ("30 introductions a quarter", "四半期に30件の紹介", "introductions", "紹介件数", "", 5, 30),
)  # fmt: skip
STANDARD = ("Onboarding", "オンボーディング")
MILESTONES = {"kickoff": ("Kickoff", "キックオフ"), "exec_report": ("Report to the board", "役員への報告")}
STATUSES = (("reached", "dropped"), ("達成", "取り下げ"))
TOO_LATE = dt.date(2026, 12, 1)
"""A date after the day of the exports, typed by mistake."""


def list_handovers(accounts: list[Account], language: str, rng: np.random.Generator) -> list[Cells]:
    """A row for each account of the last 18 months; about a third of the fields were left blank, one as U+3000."""
    since = AS_OF - dt.timedelta(days=548)
    newest = [account for account in accounts if account.started_on > since]
    rows = [_hand_over(account, language == "ja", rng) for account in newest]
    rows[4] = {**rows[4], "purpose": "\u3000"}
    return rows


def _hand_over(account: Account, is_ja: bool, rng: np.random.Generator) -> Cells:
    draws = rng.random(9)
    purpose, outcome = PURPOSES[int(draws[0] * 4)][is_ja], OUTCOMES[int(draws[1] * 3)]
    family, seller = FAMILY[int(draws[2] * len(FAMILY))][is_ja], SELLERS[int(draws[3] * 3)][is_ja]
    promised = account.started_on + dt.timedelta(days=180)
    concern = ("Few people scan by themselves", "自分で取り込む人が少ない")[is_ja]
    special = ("Price held for two years", "2年間の価格据え置き")[is_ja]
    has_outcome = draws[5] < 0.55
    return {
        "account_id": account.account_id, "name": _name(account, is_ja), "sold_by": seller,
        "purpose": purpose if draws[4] < 0.75 else None,
        "promised_outcome": outcome[is_ja] if has_outcome else None,
        "how_measured": outcome[2 + is_ja] if has_outcome and draws[6] < 0.7 else None,
        "promised_by": promised if has_outcome and draws[6] < 0.5 else None,
        "sponsor": f"{family} 取締役" if is_ja and draws[7] < 0.4 else f"{family} (director)" if draws[7] < 0.4 else None,
        "champion": FAMILY[int(draws[8] * len(FAMILY))][is_ja] if draws[8] < 0.7 else None,
        "decision_history": None, "concerns": concern if draws[2] < 0.15 else None,
        "non_standard_promises": special if draws[3] > 0.93 else None,
        "handed_on": account.started_on + dt.timedelta(days=int(draws[0] * 12)) if draws[4] < 0.8 else None,
    }  # fmt: skip


def list_goals(accounts: list[Account], language: str, rng: np.random.Generator) -> list[Cells]:
    """Goals of about half of the live accounts of 20 and more seats; some not measured, not reviewed, reached, dropped."""
    rows: list[Cells] = []
    for account in accounts:
        draws = rng.random((2, 8))
        if account.churned_on is None and account.seats >= 20 and draws[0][0] < 0.55:
            count = 2 if draws[1][0] < 0.4 else 1
            first = int(draws[0][1] * 4)
            rows += [
                _agree(account, GOALS[(first + n) % 4], language == "ja", draws[n].tolist())
                for n in range(count)
            ]
    return rows


def _agree(account: Account, goal: tuple[object, ...], is_ja: bool, draws: list[float]) -> Cells:
    en, ja, measure, measure_ja, unit, baseline, target = goal
    start = max(account.started_on, dt.date(2025, 11, 1))
    agreed = start + dt.timedelta(days=int(draws[2] * max(1, (AS_OF - start).days - 20)))
    typed = measure not in ("coverage", "cards_per_person")
    reviewed = agreed + dt.timedelta(days=int(draws[3] * max(1, (AS_OF - agreed).days)))
    done = draws[4] < 0.12
    actual = round(
        float(str(baseline)) + (float(str(target)) - float(str(baseline))) * min(1.0, draws[5] * 1.2), 1
    )
    has_actual = typed and draws[6] < 0.65
    dropped = draws[7] < 0.06
    return {
        "account_id": account.account_id, "name": _name(account, is_ja), "owner": _owner(account, is_ja),
        "goal": ja if is_ja else en, "measure": measure_ja if is_ja else measure, "unit": unit,
        "baseline": baseline if draws[6] < 0.9 else None, "target": target,
        "due_on": agreed + dt.timedelta(days=270), "owner_customer": None,
        "agreed_on": agreed, "agreed_with": None, "reviewed_on": reviewed if draws[3] < 0.8 else None,
        "next_review_on": reviewed + dt.timedelta(days=90) if draws[3] < 0.6 else None,
        "actual": actual if has_actual else None, "actual_on": reviewed if has_actual else None,
        "status": STATUSES[is_ja][0] if done else STATUSES[is_ja][1] if dropped else None,
        "reason": ("The project was stopped", "プロジェクトが中止になった")[is_ja] if dropped and not done else None,
    }  # fmt: skip


def list_milestones(accounts: list[Account], language: str, rng: np.random.Generator) -> list[Cells]:
    """Kickoffs (and reports to the board of large accounts) of those that started in the last 18 months; one lies in the future."""
    rows: list[Cells] = []
    since, is_ja = AS_OF - dt.timedelta(days=548), language == "ja"
    for account in accounts:
        days, kept, waived = int(rng.gamma(4, 3.2)), rng.random(), rng.random()
        if account.started_on <= since:
            continue
        day = account.started_on + dt.timedelta(days=days)
        if kept < 0.88 and day <= AS_OF:
            rows.append(_reach(account, "kickoff", day, is_ja))
        if account.seats >= 300:
            board = account.started_on + dt.timedelta(days=60 + int(kept * 90))
            why = ("The customer has no board meeting", "役員会がない")[is_ja] if waived < 0.2 else None
            if board <= AS_OF or why:
                rows.append(_reach(account, "exec_report", None if why else board, is_ja, why))
    rows[-1] = {**rows[-1], "reached_on": TOO_LATE}
    return rows


def _reach(
    account: Account, milestone: str, day: dt.date | None, is_ja: bool, waived: str | None = None
) -> Cells:
    return {
        "account_id": account.account_id, "name": _name(account, is_ja), "owner": _owner(account, is_ja),
        "standard": STANDARD[is_ja], "milestone": MILESTONES[milestone][is_ja], "reached_on": day, "waived": waived, "note": None,
    }  # fmt: skip


def list_pieces(language: str) -> list[Cells]:
    """The inventory of content, a row a piece."""
    owner = list(OWNERS.items())[2][language == "ja"]
    return [
        {
            "content_id": piece.content_id, "title": piece.title_ja if language == "ja" else piece.title,
            "format": FORMATS[piece.format] if language == "ja" else piece.format,
            "audience": AUDIENCES[piece.audience][language == "ja"], "delivery": DELIVERIES[piece.delivery][language == "ja"],
            "maturity_from": piece.maturity[0], "maturity_to": piece.maturity[1],
            "abstraction": piece.abstraction, "influence": piece.influence, "hours": piece.hours,
            "after": piece.after or None, "repeat_after_days": piece.repeat_after_days, "owner": owner,
            "reviewed_on": month_start(24 + number), "url": f"https://learn.example/{piece.content_id}",
        }
        for number, piece in enumerate(INVENTORY)
    ]  # fmt: skip


def _name(account: Account, is_ja: bool) -> str:
    return account.company.name_ja if is_ja else account.company.name


def _owner(account: Account, is_ja: bool) -> str:
    return OWNERS[account.company.owner] if is_ja else account.company.owner
