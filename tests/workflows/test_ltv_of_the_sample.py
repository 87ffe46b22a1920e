"""Every figure of the sample's LTV summary, computed again another way: plain Python over the two files, each interval by leaving
out one account after the other. Oracle: the formulas of the definitions, written down here anew; nothing of cscli computes.
"""

import csv
import datetime as dt
import math
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from python_calamine import CalamineWorkbook
from scipy import optimize, special, stats

from cscli.workflows import Request, RevenueOptions, ltv_report
from cscli.workspace.rules import find_rules
from places import SAMPLE

AS_OF = dt.date(2026, 10, 31)
DISCOUNT = [1.1 ** (-month / 12) for month in range(60)]
Z = 1.959963984540054
Month = tuple[int, int]


@dataclass
class Life:
    """An account: months lived, whether it left, months over when churn began to be known, and its money."""

    id: str
    start: dt.date
    left: dt.date | None
    mrr: float
    margin: float | None
    cac: float | None
    entry: int = 0

    @property
    def months(self) -> int:
        return whole(self.start, self.left or AS_OF)


def whole(start: dt.date, end: dt.date) -> int:
    """Whole calendar months: the same day of a later month ends one."""
    return max(0, 12 * (end.year - start.year) + end.month - start.month - (end.day < start.day))


def number(cell: object) -> float | None:
    text = unicodedata.normalize("NFKC", str(cell)).replace(",", "").strip()
    return float(text) if text and text != "n/a" else None


def day(cell: object) -> dt.date | None:
    if isinstance(cell, dt.date):
        return cell
    return dt.datetime.strptime(str(cell), "%Y/%m/%d").date() if cell else None  # noqa: DTZ007 - a day, no time


def month_of(date: dt.date) -> int:
    return 12 * date.year + date.month - 1


def monthly_mrr() -> dict[str, dict[int, float]]:
    """MRR in yen at each month end, from the lines, by account; of the month of the as-of date too, which ends on it."""
    found: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    with (SAMPLE / "subscriptions.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            worth = (
                float(line["amount"]) / int(line["period_months"]) * (150 if line["currency"] == "USD" else 1)
            )
            start, end = line["started_on"], line["ended_on"]
            for month in range(month_of(dt.date.fromisoformat(start)), month_of(AS_OF) + 1):
                last = dt.date((month + 1) // 12, (month + 1) % 12 + 1, 1) - dt.timedelta(1)
                if line["kind"] == "paid" and start <= str(last) and (not end or end > str(last)):
                    found[line["account_id"]][month] += worth
    return found


def read_lives(mrr: dict[str, dict[int, float]]) -> list[Life]:
    rows = CalamineWorkbook.from_path(str(SAMPLE / "accounts.xlsx")).get_sheet_by_name("Accounts").to_python()
    at = next(place for place, row in enumerate(rows) if "Account ID" in row)
    lives: dict[str, Life] = {}
    for cells in rows[at + 1 :]:
        row = dict(zip(map(str, rows[at]), cells, strict=True))
        start, left = day(row["Start date"]), day(row["Churn date"])
        if start is None or str(row["Account ID"]) in lives:
            continue
        own = mrr.get(str(row["Account ID"]), {})
        last = own[max(own)] if own else number(row["MRR"]) or math.nan
        lives[str(row["Account ID"])] = Life(
            id=str(row["Account ID"]), start=start, left=left if left and left <= AS_OF else None, mrr=last,
            margin=number(row["Gross margin"]), cac=number(row["CAC"]),
        )  # fmt: skip
    first = min(life.left for life in lives.values() if life.left).replace(day=1)
    before = sum(min(life.months, whole(min(life.start, first), first)) for life in lives.values())
    after = sum(life.months for life in lives.values()) - before
    assert math.exp(-before * sum(life.left is not None for life in lives.values()) / after) < 0.001
    for life in lives.values():
        life.entry = whole(min(life.start, first), first)
    return list(lives.values())


def survival(lives: list[Life], weights: list[float] | None = None, horizon: int = 60) -> list[float]:
    """Kaplan & Meier with late entry at months 0, 1, ...; from where fewer than 10 stay, the overall churn instead."""
    weights = weights or [1.0] * len(lives)
    pairs = [(life, weight) for life, weight in zip(lives, weights, strict=True) if life.months >= life.entry]
    exposure = sum((life.months - life.entry) * weight for life, weight in pairs)
    churn = sum(weight for life, weight in pairs if life.left) / exposure
    kept, stays, tail = [], 1.0, False
    for month in range(horizon):
        at_risk = [pair for pair in pairs if pair[0].entry <= month <= pair[0].months]
        leaving = [pair for pair in at_risk if pair[0].left and pair[0].months == month]
        tail = tail or len(at_risk) - len(leaving) < 10
        total = sum(weight for _, weight in at_risk)
        stays *= 1 - churn if tail else 1 - sum(weight for _, weight in leaving) / total
        kept.append(stays)
    return kept


def rmst(curve: list[float]) -> float:
    return float(np.dot(curve, DISCOUNT))


def arpa_of(lives: list[Life]) -> float:
    return float(np.mean([life.mrr for life in lives]))


def margin_of(lives: list[Life]) -> float:
    known = [life for life in lives if life.margin is not None]
    return sum(life.mrr * (life.margin or 0) for life in known) / sum(life.mrr for life in known)


def jackknifed(value: float, without: list[float]) -> tuple[float, float, float]:
    count, mean = len(without), float(np.mean(without))
    error = math.sqrt((count - 1) / count * sum((one - mean) ** 2 for one in without))
    return value, value / math.exp(Z * error / value), value * math.exp(Z * error / value)


def kept_within(mrr: dict[str, dict[int, float]]) -> dict[str, tuple[float, float, float]]:
    """NRR, GRR and logo churn of the 12 months to the as-of date, of those who paid then."""
    end, begin = month_of(AS_OF), month_of(AS_OF) - 12
    pairs = [(own[begin], own.get(end, 0.0)) for own in mrr.values() if own.get(begin, 0) > 0]
    opening = sum(o for o, _ in pairs)
    size = opening**2 / sum(o * o for o, _ in pairs)
    wide = float(stats.t.ppf(0.975, size - 1))
    nrr, grr = (sum(kept) / opening for kept in ([c for _, c in pairs], [min(o, c) for o, c in pairs]))

    def error(ratio: float, kept: list[float]) -> float:
        parts = [(c - ratio * o) / (1 - o / opening) for (o, _), c in zip(pairs, kept, strict=True)]
        return math.sqrt(sum(part**2 for part in parts)) / opening

    around = math.exp(wide * error(nrr, [c for _, c in pairs]) / nrr)
    odds = grr / (1 - grr)
    step = math.exp(wide * error(grr, [min(o, c) for o, c in pairs]) / (grr * (1 - grr)))
    low, high = odds / step, odds * step
    n, events = len(pairs), sum(c == 0 for _, c in pairs)
    wilson = stats.binomtest(events, n).proportion_ci(0.95, method="wilson")
    return {
        "nrr_12m": (nrr, nrr / around, nrr * around),
        "grr_12m": (grr, low / (1 + low), high / (1 + high)),
        "logo_churn_12m": (events / n, wilson.low, wilson.high),
    }


def renewals_value(lives: list[Life]) -> float:
    """Of the accounts billed by the year alone: a shifted beta geometric fitted to the renewals after churn began to be known."""
    terms: dict[str, set[int]] = defaultdict(set)
    with (SAMPLE / "subscriptions.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            terms[line["account_id"]].add(int(line["period_months"]))
    yearly = [life for life in lives if terms[life.id] == {12}]
    counts: Counter[tuple[int, int, bool]] = Counter()
    for life in yearly:
        lived = max(1, round(life.months / 12)) if life.left else life.months // 12
        counts[min(life.entry // 12, lived - bool(life.left)), lived, life.left is not None] += 1

    def cost(at: Any) -> float:
        a, b = np.exp(at)
        total = 0.0
        for (entered, lived, has_left), times in counts.items():
            log_s = [special.betaln(a, b + t) for t in (entered, lived - 1, lived) if t >= 0]
            stay = special.betaln(a, b + lived)
            here = np.log(np.exp(log_s[1]) - np.exp(stay)) if has_left else stay
            total += times * (here - special.betaln(a, b + entered))
        return -total

    fit = optimize.minimize(cost, [0.0, 1.0], method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-12})
    a, b = np.exp(fit.x)
    years = np.arange(200_000)
    stays = np.exp(special.betaln(a, b + years) - special.betaln(a, b))
    discounted = float((stays * 1.1 ** (-years.astype(float))).sum())
    return 12 * arpa_of(yearly) * margin_of(yearly) * discounted


def remaining(lives: list[Life], curve: list[float], churn: float) -> float:
    """What those who are here will still bring, each by its tenure."""
    worth = 0.0
    for life in lives:
        if life.left is None and life.margin is not None:
            here = curve[life.months]
            ahead = [curve[life.months + step] / here if here else (1 - churn) ** step for step in range(60)]
            worth += life.mrr * life.margin * rmst(ahead)
    return worth


def expected() -> dict[str, tuple[float, float, float]]:
    mrr = monthly_mrr()
    lives = read_lives(mrr)
    curve, arpa, margin = survival(lives), arpa_of(lives), margin_of(lives)
    rest = [lives[:place] + lives[place + 1 :] for place in range(len(lives))]
    months = [rmst(survival(part)) for part in rest]
    per_month = [arpa_of(part) for part in rest]
    margins = [margin_of(part) for part in rest]
    exposure = sum(life.months - life.entry for life in lives)
    events = sum(life.left is not None for life in lives)
    churn = events / exposure
    ltv = jackknifed(
        rmst(curve) * arpa * margin, [m * a * g for m, a, g in zip(months, per_month, margins, strict=True)]
    )
    given = [Life(one.id, one.start, one.left, one.mrr, one.margin, one.cac) for one in lives]
    as_given = [
        rmst(survival(given[:place] + given[place + 1 :])) * a * g
        for place, (a, g) in enumerate(zip(per_month, margins, strict=True))
    ]
    hazards = [churn, *(float(stats.gamma.ppf(share, events + 0.5)) / exposure for share in (0.975, 0.025))]
    shrunk = [rmst([(1 - hazard) ** month for month in range(60)]) * arpa * margin for hazard in hazards]
    closing = [own.get(month_of(AS_OF), 0.0) for own in mrr.values()]
    cac = float(np.mean([one.cac for one in lives if one.cac is not None]))
    earned = np.cumsum(curve) * arpa * margin
    nothing = (math.nan, math.nan)
    return {
        "ltv": ltv,
        "ltv_revenue": jackknifed(
            rmst(curve) * arpa, [m * a for m, a in zip(months, per_month, strict=True)]
        ),
        "beyond_data": (
            0.0,
            *nothing,
        ),  # ten or more are at risk in each of the 60 months, as the curve asserts below
        "ltv_as_given": jackknifed(rmst(survival(given)) * arpa * margin, as_given),
        "ltv_simple": (arpa * margin / churn, *nothing),
        "ltv_shrunk": (shrunk[0], shrunk[1], shrunk[2]),
        "ltv_renewals": (renewals_value(lives), *nothing),
        "ltv_remaining": (remaining(lives, survival(lives, horizon=200), churn), *nothing),
        **kept_within(mrr),
        "arpa": (arpa, *nothing),
        "arpa_closing": (sum(closing) / sum(each > 0 for each in closing), *nothing),
        "mrr": (sum(closing), *nothing),
        "gross_margin": (margin, *nothing),
        "monthly_churn": (churn, *nothing),
        "median_months": median(lives),
        "expected_months": jackknifed(rmst(curve), months),
        "expected_months_by_mrr": (rmst(survival(lives, [life.mrr for life in lives])), *nothing),
        "cac": (cac, *nothing),
        "ltv_cac": (ltv[0] / cac, ltv[1] / cac, ltv[2] / cac),
        "payback_months": (cac / arpa / margin, *nothing),
        "payback_adjusted": (float(np.argmax(earned >= cac) + 1), *nothing),
    }


def median(lives: list[Life]) -> tuple[float, float, float]:
    """Where S, and its log-log limits by Greenwood, first come to a half (Brookmeyer & Crowley)."""
    stays, spread, found = 1.0, 0.0, [math.nan] * 3
    for month in range(200):
        at_risk = sum(life.entry <= month <= life.months for life in lives)
        leaving = sum(
            life.left is not None and life.months == month and life.entry <= month for life in lives
        )
        if not at_risk:
            break
        stays *= 1 - leaving / at_risk
        spread += leaving / (at_risk * (at_risk - leaving)) if at_risk > leaving else 0.0
        if 0 < stays < 1:
            width = Z * math.sqrt(spread) / math.log(stays)
            limits = [stays, stays ** math.exp(-width), stays ** math.exp(width)]
            found = [
                month if math.isnan(at) and limit <= 0.5 else at
                for at, limit in zip(found, limits, strict=True)
            ]
    return found[0], min(found[1:]), max(found[1:])


@pytest.mark.slow
def test_every_figure_of_the_summary_comes_out_again(tmp_path: Path) -> None:
    request = Request(
        rules=find_rules(str(SAMPLE / "cscli.yaml"), tmp_path), now=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
        as_of=AS_OF, remember=False,
    )  # fmt: skip
    summary = ltv_report(request, RevenueOptions(), tmp_path / "ltv.csv").sheets[0]
    columns = [summary.column(name).tolist() for name in ("measure", "value", "low", "high")]
    found = {name: tuple(values) for name, *values in zip(*columns, strict=True)}
    wanted = expected()
    assert list(found) == list(wanted)
    for name, values in wanted.items():
        assert found[name] == pytest.approx(values, rel=1e-6, nan_ok=True), name
