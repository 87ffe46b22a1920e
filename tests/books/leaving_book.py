"""A company whose accounts leave by known chances, as exports: accounts, two years of logins, subscriptions."""

import datetime as dt
from pathlib import Path

import numpy as np

START, END = dt.date(2024, 7, 1), dt.date(2026, 6, 30)
RULES = """\
version: 1
currency: JPY
timezone: Asia/Tokyo
sources:
  accounts: {file: accounts.csv}
  logins:
    file: logins.csv
    kind: events
    columns: {account_id: account_id, user_id: user_id, at: at, event: event}
    naive_times_are: Asia/Tokyo
metrics:
  active: {value: active_days_28d, points: {kind: linear, zero: 0, full: 12}}
  nps: {value: nps, points: {kind: linear, zero: 0, full: 10}}
scorecards: [{name: all, groups: {use: {weight: 70, metrics: {active: 1}}, voice: {weight: 30, metrics: {nps: 1}}}}]
"""


def write_book(folder: Path, seed: int, effect: float, accounts: int = 240) -> None:
    """Exports of 2026-06-30. Each account has its own rate of login days a week, and leaves each month with a chance that
    falls with it: odds times exp(-`effect` x z), z its rate standardised; with 0 usage says nothing. `nps` is of today and
    says nothing.
    """
    random = np.random.default_rng(seed)
    z = random.normal(size=accounts)
    rate = np.clip(1.5 + 0.7 * z, 0.1, 4)
    months = [dt.date(2025 + month // 12, month % 12 + 1, 15) for month in range(18)]
    lines, logins = ["account_id,name,owner,mrr,nps,started_on,churned_on"], ["account_id,user_id,at,event"]
    for account in range(accounts):
        chance = 1 / (1 + np.exp(3.6 + effect * z[account]))
        left = next((day for day in months if random.random() < chance), None)
        name = f"A{account:04d}"
        nps = random.integers(0, 11)
        lines.append(f"{name},Name {account},Aoki,{10000 + 100 * account},{nps},2024-01-10,{left or ''}")
        last = left or END
        days = (last - START).days
        seen = np.flatnonzero(random.random(days) < rate[account] / 7).tolist()
        logins += [f"{name},u1,{START + dt.timedelta(days=day)}T09:00:00,login" for day in seen]
    (folder / "accounts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "logins.csv").write_text("\n".join(logins) + "\n", encoding="utf-8")
    (folder / "cscli.yaml").write_text(RULES, encoding="utf-8")
