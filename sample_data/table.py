"""Turns accounts and their records into the one table of the CRM: a row an account, as of 2026-10-31."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from model import AS_OF, Account, month_index, month_start
from records import Row, count_departments, group_rows

HEADERS = {
    "Account ID": "顧客ID", "Account name": "会社名", "Owner": "担当者", "Plan": "プラン", "MRR": "月額",
    "Currency": "通貨", "Seats": "契約ID数", "Issued IDs": "発行ID数", "Start date": "契約開始日",
    "Renewal date": "更新日", "Churn date": "解約日", "Domain": "ドメイン", "Industry": "業種",
    "Region": "地域", "Active users": "利用者数", "Logins": "ログイン数", "Last login": "最終ログイン日",
    "Usage minutes": "利用時間（分）", "NPS": "NPS", "CSAT": "CSAT", "Open tickets": "未解決チケット数",
    "Overdue invoices": "未払い請求数", "Gross margin": "粗利率", "CAC": "獲得コスト",
    "Departments": "利用部署数", "Services used": "利用サービス数", "Seminars attended": "セミナー参加数",
    "Goals agreed": "合意した目標数", "Goals reached": "達成した目標数", "Maturity": "成熟度",
    "Potential seats": "見込みID数",
}  # fmt: skip
DATES = ("Start date", "Renewal date", "Churn date", "Last login")
USAGE = ("Active users", "Logins", "Last login", "Usage minutes")

Record = dict[str, object]


@dataclass(frozen=True)
class Evidence:
    """Rows by account: usage, tickets, answers and events."""

    usage: dict[object, list[Row]]
    tickets: dict[object, list[Row]]
    answers: dict[object, list[Row]]
    events: dict[object, list[Row]]


def gather_evidence(usage: list[Row], tickets: list[Row], answers: list[Row], events: list[Row]) -> Evidence:
    return Evidence(
        group_rows(usage, lambda row: row[0]),
        group_rows(tickets, lambda row: row[1]),
        group_rows(answers, lambda row: row[0]),
        group_rows(events, lambda row: row[0]),
    )


def list_records(
    accounts: list[Account], evidence: Evidence, rng: np.random.Generator, seen: dt.date = AS_OF
) -> list[Record]:
    """One record an account, keyed by the English headers, as seen on a day; the churned ones as they were last."""
    return [
        _describe_contract(account, rng, seen)
        | _describe_use(account, evidence, rng)
        | _describe_care(account, evidence, rng, seen)
        | _describe_value(account, rng)
        for account in accounts
    ]


def _describe_contract(account: Account, rng: np.random.Generator, seen: dt.date) -> Record:
    company = account.company
    active = account.months[-1].active_users if account.months else 0
    issued = min(account.seats, active + round(account.seats * float(rng.uniform(0.03, 0.25))))
    return {
        "Account ID": account.account_id, "Account name": company.name, "Owner": company.owner,
        "Plan": account.plan, "MRR": account.mrr_jpy, "Currency": "JPY", "Seats": account.seats,
        "Issued IDs": max(issued, active), "Start date": account.started_on,
        "Renewal date": account.churned_on or _find_renewal(account, seen), "Churn date": account.churned_on,
        "Domain": company.domain, "Industry": company.industry, "Region": company.region,
    }  # fmt: skip


def _find_renewal(account: Account, seen: dt.date) -> dt.date:
    terms = (month_index(seen) - account.term_start) // account.period_months + 1
    return month_start(account.term_start + terms * account.period_months)


def _describe_use(account: Account, evidence: Evidence, rng: np.random.Generator) -> Record:
    if account.account_id not in evidence.usage:  # its first month is not over
        return dict.fromkeys(USAGE)
    last = evidence.usage[account.account_id][-1]
    return dict(
        zip(USAGE, (last[2], last[3], _find_last_login(account, evidence, rng), last[4]), strict=True)
    )


def _find_last_login(account: Account, evidence: Evidence, rng: np.random.Generator) -> dt.date:
    events = evidence.events.get(account.account_id)
    if events:
        return dt.date.fromisoformat(str(events[-1][2])[:10])
    used = [month.index for month in account.months if month.active_users] or [account.months[-1].index]
    return month_start(used[-1]) + dt.timedelta(days=int(rng.integers(21, 28)))


def _describe_care(account: Account, evidence: Evidence, rng: np.random.Generator, seen: dt.date) -> Record:
    wave = _pick_last_wave(account, evidence, seen)
    scores = [int(str(row[2])) for row in wave]
    stars = [int(str(row[3])) for row in wave if row[3] != ""]
    promoters, detractors = sum(s >= 9 for s in scores), sum(s <= 6 for s in scores)
    tickets = evidence.tickets.get(account.account_id, [])
    overdue = rng.poisson(0.16 * float(np.exp(-0.9 * account.adoption)))
    return {
        "NPS": round(100 * (promoters - detractors) / len(scores)) if scores else None,
        "CSAT": round(sum(stars) / len(stars), 1) if stars else None,
        "Open tickets": 0 if account.churned_on else sum(row[3] == "" for row in tickets),
        "Overdue invoices": min(4, int(overdue)),
    }


def _pick_last_wave(account: Account, evidence: Evidence, seen: dt.date) -> list[Row]:
    """Answers of the last April or October in which it was a customer, where it answered then."""
    end = (account.churned_on or seen + dt.timedelta(days=1)) - dt.timedelta(days=1)
    waves = [month_start(m.index) for m in account.months if month_start(m.index).month in (4, 10)]
    last = max((day for day in waves if day <= end), default=end).strftime("%Y-%m")
    return [row for row in evidence.answers.get(account.account_id, []) if str(row[1])[:7] == last]


def _describe_value(account: Account, rng: np.random.Generator) -> Record:
    departments, depth = count_departments(account), account.adoption
    agreed = int(rng.integers(1, 6))
    return {
        "Gross margin": round(float(rng.uniform(0.6, 0.85)), 2),
        "CAC": round(account.mrr_jpy * float(rng.uniform(4, 13)) / 10_000) * 10_000,
        "Departments": departments,
        "Services used": int(np.clip(round(3 + depth + rng.normal(0, 0.8)), 1, 6)),
        "Seminars attended": int(rng.poisson(1.2 * np.exp(0.4 * account.contact))),
        "Goals agreed": agreed,
        "Goals reached": int(rng.binomial(agreed, 1 / (1 + np.exp(-0.2 - depth)))),
        "Maturity": int(np.clip(round(3 + 0.9 * account.base + rng.normal(0, 0.6)), 1, 5)),
        "Potential seats": round(account.seats * float(rng.uniform(1, 2.4))),
    }
