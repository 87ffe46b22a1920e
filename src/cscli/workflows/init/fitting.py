"""Rules and a first reading by them to rules that fit: metrics that have data, the user's own, thresholds of this book."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cscli.analysis.judging.accounts import main_currency
from cscli.analysis.judging.status_words import Status, read_status
from cscli.analysis.proposing.own_metrics import propose_metrics
from cscli.analysis.proposing.proposal import Proposal
from cscli.analysis.proposing.proposed import ProposedSource
from cscli.analysis.proposing.statuses import tenure_of
from cscli.analysis.recognising.facts import facts_of
from cscli.analysis.recognising.kinds import Why
from cscli.analysis.scoring.columns import add_columns
from cscli.config.load import read_draft
from cscli.config.schema import Config
from cscli.errors import CscliError
from cscli.header_keys import header_key
from cscli.rules_text.rules_file import NewFile, rules_text
from cscli.workflows.book.read import Book

if TYPE_CHECKING:
    import pandas as pd

FEWEST_METRICS = 3
_PAYMENTS = frozenset({"overdue_invoices"})
"""Who pays the bills is not healthy for that alone: with nothing else, invoices are revenue."""
_THRESHOLD = re.compile(r"\b(mrr|arr|seats) >= (\d[\d_.]*)")
_QUANTILES = (0.9, 0.5)
_STAND_INS = {
    "last_login_on": ("last_seen_on", Why("log_login")),
    "active_users": ("users_28d", Why("log_users")),
}
_DAYS_A_MONTH = "30.4375"


@dataclass(frozen=True, eq=False)
class Fitted:
    """`new`: the file. `filled`: metrics that have data; `accounts`: how many accounts there are."""

    new: NewFile
    filled: tuple[str, ...]
    accounts: int


def fit_rules(new: NewFile, proposal: Proposal, book: Book, as_of: dt.date) -> Fitted:
    """`new` with what the first reading of the exports shows."""
    derived = _derived(proposal, book)
    config = _with_derived(new, derived) if derived else book.config
    frame = _columns(book, config, as_of)
    filled = tuple(name for name in config.metrics if name in frame.columns and frame[name].notna().any())
    idle = tuple(name for name in config.metrics if name not in filled)
    own = []
    if len(filled) < FEWEST_METRICS:
        tables = {each.name: facts_of(each.table) for each in proposal.sources if each.kind == "accounts"}
        rollups = [rollup for each in proposal.sources for rollup in each.rollup]
        read = _read_names(config, filled)
        own = propose_metrics(
            tables, read, rollups, frame, frozenset(config.metrics) | frozenset(config.derived), as_of
        )
    money = frame if frame["mrr"].notna().any() else book.frame
    frame_of = replace(
        new.frame, currency=_currency(book) or new.frame.currency, thresholds=_thresholds(config, money)
    )
    is_more_than_paid = bool(own) or not _PAYMENTS.issuperset(filled)
    scores = is_more_than_paid or any(each.name == "accounts" for each in proposal.sources)
    names = tuple(name for name in (*filled, *(metric.name for metric in own)))
    return Fitted(
        replace(new, frame=frame_of, derived=derived, idle=idle, own=tuple(own), scores=scores),
        names,
        len(book.frame),
    )


def _with_derived(new: NewFile, derived: Mapping[str, tuple[str, Why]]) -> Config:
    config = read_draft(rules_text(replace(new, derived=derived)), "cscli.yaml").config
    if config is None:
        raise CscliError
    return config


def _columns(book: Book, config: Config, as_of: dt.date) -> "pd.DataFrame":
    """The accounts with every derived column and metric."""
    return add_columns(book.frame, config, as_of, book.practice.nodes).frame


def _read_names(config: Config, filled: tuple[str, ...]) -> frozenset[str]:
    """The columns that metrics with data read, directly or through derived ones."""
    found = set(filled)
    waiting = {name for metric in filled for name in config.metrics[metric].value.names}
    while waiting:
        name = waiting.pop()
        found.add(name)
        if name in config.derived:
            waiting |= {each for each in config.derived[name].value.names if each not in found}
    return frozenset(found)


def _currency(book: Book) -> str | None:
    seen = [found for table in book.typed.values() if (found := main_currency(table.frame))]
    return seen[0] if seen else None


def _thresholds(config: Config, frame: "pd.DataFrame") -> dict[str, str]:
    """Conditions on money and seats in the preset's segments, with figures at quantiles of this book."""
    found: dict[str, str] = {}
    for rules in config.segment_rules.values():
        conditions = [rule.when.text for rule in rules if rule.when and _THRESHOLD.search(rule.when.text)]
        for condition, quantile in zip(conditions, _QUANTILES, strict=False):
            found[condition] = _THRESHOLD.sub(lambda match: _at_quantile(match, frame, quantile), condition)  # noqa: B023 - used at once
    return {before: after for before, after in found.items() if before != after}


def _at_quantile(match: re.Match[str], frame: "pd.DataFrame", quantile: float) -> str:
    values = frame[match[1]].to_numpy(np.float64)
    values = values[~np.isnan(values) & (values > 0)]
    if not len(values):
        return match[0]
    figure = float(f"{np.quantile(values, quantile):.2g}")
    return f"{match[1]} >= {figure:.0f}" if figure >= 1 else match[0]


def _derived(proposal: Proposal, book: Book) -> dict[str, tuple[str, Why]]:
    """Formulas for canonical columns that no file gives, from what stands for them."""
    found: dict[str, tuple[str, Why]] = {}
    frame = book.frame
    if any(source.kind == "events" for source in proposal.sources):
        found |= {
            name: stand_in
            for name, stand_in in _STAND_INS.items()
            if stand_in[0] in frame.columns and frame[name].isna().all()
        }
    lists = [source for source in proposal.sources if source.kind == "accounts" and source.name in book.typed]
    given = {name for each in lists for name in book.typed[each.name].frame.columns}
    if lists and "started_on" not in given:
        found |= _from_tenure(lists, book, is_dated="churned_on" in given)
    return found


def _from_tenure(
    lists: Sequence[ProposedSource], book: Book, *, is_dated: bool
) -> dict[str, tuple[str, Why]]:
    """The first day from the months as a customer, as of the export; who has left did so at the latest by then."""
    found = {}
    for each in lists:
        column = tenure_of(facts_of(each.table))
        name = _name_in(each, book, column.header) if column is not None else None
        if column is None or name is None or "started_on" in found:
            continue
        # two days more than a mean month has: then the whole months up to as_of are those of the export
        days = f"as_of - CAST({name} * {_DAYS_A_MONTH} + 2 AS INTEGER)"
        found["started_on"] = (days, Why("from_tenure", column.header))
    if not found or is_dated:
        return found
    return found | next((left for each in lists if (left := _from_flag(each))), {})


def _name_in(source: ProposedSource, book: Book, header: str) -> str | None:
    """The column that `header` is read as."""
    named = next((each.name for each in source.columns if each.header == header), header)
    return named if source.name in book.typed and named in book.typed[source.name].frame.columns else None


def _from_flag(source: ProposedSource) -> dict[str, tuple[str, Why]]:
    status = source.status or next((each.header for each in source.columns if each.name == "status"), None)
    flag = facts_of(source.table).named((header_key(status),)) if status is not None else None
    if flag is None or status is None:
        return {}
    words = [word for word in flag.values if read_status(word, status) is Status.LEFT]  # noqa: PD011 - not pandas
    name = "status" if source.status is None else "churn_flag"
    listed = ", ".join(f"'{word}'" for word in sorted(words))
    return (
        {"churned_on": (f"CASE WHEN {name} IN ({listed}) THEN as_of END", Why("from_flag", status))}
        if words
        else {}
    )
