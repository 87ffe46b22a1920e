"""A second business without contracts: a shop that prints business cards. Four years of orders."""

import datetime as dt

import numpy as np
from model import AS_OF
from records import Row

SEED = 4126
CUSTOMERS = 900
YEARS = 4
FIRST_DAY = dt.date(AS_OF.year - YEARS, 11, 1)
RATE_SHAPE, RATE_SCALE = 1.1, 1 / 22.0  # orders a week while alive: gamma, mean one in 20 weeks
DROPOUT = (0.8, 2.6)  # chance to stop after an order: beta
SPEND_SHAPE, SPEND_RATE_SHAPE, SPEND_SCALE = 6.0, 3.7, 9_500.0  # yen an order: gamma-gamma
REFUND, FREE = 0.018, 0.006
HEADER = ("order_id", "customer_id", "ordered_on", "amount", "currency", "note")


def list_orders() -> list[Row]:
    """order_id, customer_id, ordered_on, amount (yen; refunds negative, free reprints 0), currency, note; by day.

    Each customer orders at a rate of their own and may stop for good after any order (Fader, Hardie & Lee 2005).
    """
    rng = np.random.default_rng(SEED)
    days = (AS_OF - FIRST_DAY).days
    drawn: list[tuple[dt.date, str, int, str]] = []
    for number in range(CUSTOMERS):
        customer = f"C{number + 1:05d}"
        first = int(rng.integers(0, days - 20))
        drawn += _draw_customer(customer, first, days, rng)
    drawn.sort(key=lambda row: (row[0], row[1], -row[2]))
    return [
        (f"O-{n:06d}", customer, day.isoformat(), amount, "JPY", note)
        for n, (day, customer, amount, note) in enumerate(drawn, 100_001)
    ]


def _draw_customer(
    customer: str, first: int, days: int, rng: np.random.Generator
) -> list[tuple[dt.date, str, int, str]]:
    rate, dropout = float(rng.gamma(RATE_SHAPE, RATE_SCALE)), float(rng.beta(*DROPOUT))
    spend = float(rng.gamma(SPEND_RATE_SHAPE)) / (SPEND_SCALE * (SPEND_RATE_SHAPE - 1) / SPEND_SHAPE)
    rows: list[tuple[dt.date, str, int, str]] = []
    day = float(first)
    while day <= days:
        amount = max(500, round(float(rng.gamma(SPEND_SHAPE)) / spend / 10) * 10)
        at, draw = FIRST_DAY + dt.timedelta(days=int(day)), rng.random()
        rows.append((at, customer, 0 if draw < FREE else amount, "reprint" if draw < FREE else ""))
        if draw > 1 - REFUND and at + dt.timedelta(days=9) <= AS_OF:
            rows.append((at + dt.timedelta(days=9), customer, -amount, "refund"))
        if rng.random() < dropout:
            break
        day += max(1.0, float(rng.exponential(7 / max(rate, 1e-4))))
    return rows
