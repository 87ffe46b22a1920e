"""A random book of accounts, with its scores worked out account by account in plain Python, and its report."""

import datetime as dt
import math
import random
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from cscli.reports.kit.live import LiveBand, LiveLimit, LiveScore, LiveScorecard
from cscli.reports.kit.model import Chart, ChartKind, Column, Meaning, Report, Sheet, Values

METRICS = tuple(f"metric_{letter}" for letter in "abcdefgh")
GROUPS = ("usage", "voice", "commercial")
LABELS = {"good": "Good", "fair": "Fair", "poor": "Poor", "unknown": "Unknown"}
Weights = dict[str, float]


@dataclass
class Limit:
    kind: Any
    value: float
    reason: str


@dataclass
class Card:
    """`metrics[group][metric]`: weight."""

    name: str
    groups: Weights
    metrics: dict[str, Weights]
    limits: list[Limit]


@dataclass
class Account:
    id: str
    card: int
    points: dict[str, float]
    imputed: set[str]
    held: set[int]
    mrr: float | None
    pinned: float | None = None


@dataclass
class Result:
    groups: Weights
    before: float | None
    score: float | None
    coverage: float
    band: str
    capped_by: list[str]


@dataclass
class Book:
    cards: list[Card]
    accounts: list[Account]
    edges: dict[str, float] = field(default_factory=lambda: {"poor": 0, "fair": 40, "good": 70})
    min_coverage: float = 0.5


def random_book(seed: int, accounts: int = 60) -> Book:
    rng = random.Random(seed)  # noqa: S311 - a test's data
    first = {
        "usage": {"metric_a": 40.0, "metric_b": 35.0, "metric_c": 25.0},
        "voice": {"metric_d": 3.0, "metric_e": 1.0},
        "commercial": {"metric_f": 10.0, "metric_g": 20.0, "metric_h": 5.0},
    }
    second = {"usage": {"metric_a": 1.0, "metric_h": 2.0}, "voice": {"metric_e": 100.0}}
    caps = [Limit("at_most", 39, "Open P1"), Limit("at_most", 61.5, "Overdue & <late>")]
    floors = [Limit("at_least", 45, "New customer")]
    cards = [
        Card("standard", {"usage": 60.0, "voice": 25.0, "commercial": 15.0}, first, caps + floors),
        Card("small", {"usage": 7.0, "voice": 3.0}, second, [Limit("at_most", 50, 'Says "no"')]),
    ]
    return Book(cards, [_random_account(rng, number) for number in range(accounts)])


def _random_account(rng: random.Random, number: int) -> Account:
    card = rng.choice([0, 0, 0, 1, -1]) if number > 3 else 0
    points = {
        name: rng.choice([0.0, 100.0, 12.5, rng.uniform(0, 100)]) for name in METRICS if rng.random() < 0.7
    }
    imputed = {name for name in points if rng.random() < 0.15}
    held = {limit for limit in range(3 if card == 0 else 1) if card >= 0 and rng.random() < 0.3}
    mrr = None if rng.random() < 0.1 else float(rng.randrange(1000, 900_000))
    return Account(f"{number:05d}", card, points, imputed, held, mrr, 88.0 if number == 2 else None)


def work_out(book: Book, account: Account) -> Result:
    """Section by section what the manual says of a score, in exact decimal rounding."""
    if account.card < 0:
        return Result({}, None, None, 0.0, "unknown", [])
    card = book.cards[account.card]
    groups: Weights = {}
    coverage = 0.0
    for name, weights in card.metrics.items():
        there = {metric: weight for metric, weight in weights.items() if metric in account.points}
        if there:
            total = sum(weight * account.points[metric] for metric, weight in there.items())
            groups[name] = total / sum(there.values())
        covered = sum(weight for metric, weight in there.items() if metric not in account.imputed)
        coverage += card.groups[name] / sum(card.groups.values()) * covered / sum(weights.values())
    if not groups and account.pinned is None:
        return Result({}, None, None, 0.0, "unknown", [])
    before = sum(card.groups[name] * score for name, score in groups.items())
    before /= sum(card.groups[name] for name in groups)
    limited, reasons = before, []
    for number in sorted(account.held):
        limit = card.limits[number]
        moved = (min if limit.kind == "at_most" else max)(limited, limit.value)
        if moved != limited:
            reasons.append(limit.reason)
        limited = moved
    score = float(Decimal(repr(round(limited, 9))).quantize(Decimal("0.1"), ROUND_HALF_UP))
    if account.pinned is not None:
        score, reasons = account.pinned, ["Set by hand"]
    band = max((edge, name) for name, edge in book.edges.items() if edge <= score)[1]
    return Result(
        groups, before, score, coverage, "unknown" if coverage < book.min_coverage - 1e-9 else band, reasons
    )


def report_of(book: Book, **changes: Any) -> Report:
    results = [work_out(book, account) for account in book.accounts]
    accounts = _accounts_sheet(book, results)
    facts: dict[str, Any] = {
        "name": "score",
        "title": "Health",
        "language": "en",
        "as_of": dt.date(2026, 10, 31),
        "config_digest": "0123abcd",
        "inputs": (),
        "sheets": (accounts, _summary_sheet(book, results)),
        "problems": (),
        "headline": "Two accounts are at risk.",
        "short": ("account_id", "score", "band"),
        "currency": "JPY",
        "live": _live(book, results),
    }
    return Report(**{**facts, **changes})


def _accounts_sheet(book: Book, results: list[Result]) -> Sheet:
    pairs: list[tuple[Column, Values]] = [
        (
            Column(id="account_id", label="Account ID", meaning=Meaning.ID),
            texts([account.id for account in book.accounts]),
        ),
        (
            Column(id="score", label="Score", meaning=Meaning.SCORE),
            numbers([result.score for result in results]),
        ),
        (
            Column(id="band", label="Band", meaning=Meaning.BAND, labels=LABELS),
            texts([result.band for result in results]),
        ),
        (
            Column(id="data_coverage", label="Data coverage", meaning=Meaning.SHARE),
            numbers([result.coverage for result in results]),
        ),
        (
            Column(id="capped_by", label="Capped by", meaning=Meaning.TEXT),
            texts(["; ".join(result.capped_by) or None for result in results]),
        ),
        *(
            (
                Column(id=f"group_{name}", label=name, meaning=Meaning.POINTS),
                numbers([r.groups.get(name) for r in results]),
            )
            for name in GROUPS
        ),
        (
            Column(id="mrr", label="MRR", meaning=Meaning.MONEY),
            numbers([account.mrr for account in book.accounts]),
        ),
    ]
    columns, values = zip(*pairs, strict=True)
    return Sheet(id="accounts", title="Customers' accounts", columns=columns, values=values)


def _summary_sheet(book: Book, results: list[Result]) -> Sheet:
    counts, money = summarise(book, results)
    columns = (
        Column(id="band", label="Band", meaning=Meaning.BAND, labels=LABELS),
        Column(id="accounts", label="Accounts", meaning=Meaning.COUNT),
        Column(id="share", label="Share", meaning=Meaning.SHARE),
        Column(id="mrr", label="MRR", meaning=Meaning.MONEY),
    )
    shares = [count / len(results) for count in counts]
    values = (texts(list(LABELS)), numbers(list(counts)), numbers(list(shares)), numbers(list(money)))
    charts = (Chart(kind=ChartKind.DOUGHNUT, title="Accounts by band", categories="band", values="accounts"),)
    return Sheet(id="summary", title="Summary", columns=columns, values=values, charts=charts)


def summarise(book: Book, results: list[Result]) -> tuple[list[float], list[float]]:
    """Accounts and MRR by band."""
    counts = [float(sum(result.band == name for result in results)) for name in LABELS]
    money = [
        sum(
            account.mrr or 0.0
            for account, result in zip(book.accounts, results, strict=True)
            if result.band == name
        )
        for name in LABELS
    ]
    return counts, money


def _live(book: Book, results: list[Result]) -> LiveScore:
    cards = tuple(
        LiveScorecard(
            card.name,
            tuple(card.groups.get(name) for name in GROUPS),
            tuple(tuple(card.metrics.get(group, {}).get(name) for name in METRICS) for group in GROUPS),
            tuple(LiveLimit(limit.kind, limit.value, limit.reason) for limit in card.limits),
        )
        for card in book.cards
    )
    accounts = book.accounts
    return LiveScore(
        metrics=METRICS,
        metric_labels=tuple(name.title() for name in METRICS),
        groups=GROUPS,
        group_labels=tuple(name.title() for name in GROUPS),
        scorecards=cards,
        bands=tuple(LiveBand(name, LABELS[name], edge) for name, edge in book.edges.items()),
        unknown_label=LABELS["unknown"],
        min_data_coverage=book.min_coverage,
        points=np.array([[account.points.get(name, math.nan) for name in METRICS] for account in accounts]),
        imputed=np.array([[name in account.imputed for name in METRICS] for account in accounts]),
        scorecard=np.array([account.card for account in accounts]),
        limits_hold=np.array([[limit in account.held for limit in range(3)] for account in accounts]),
        score_before_caps=numbers([result.before for result in results]),
        pinned=np.array([account.pinned is not None for account in accounts]),
    )


def texts(values: list[str] | list[str | None]) -> Values:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def numbers(values: list[float] | list[float | None]) -> Values:
    return np.array([math.nan if value is None else value for value in values])
