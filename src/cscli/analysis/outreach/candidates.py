"""Accounts and their people side by side, and in which order a message comes to them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.outreach.contacts import Contacts
from cscli.analysis.scoring.columns import Masks, evaluate_rules
from cscli.analysis.tables.expression_faults import keyed
from cscli.config.linting.messages import CONTACT_COLUMNS
from cscli.config.work.outreach import Message, Outreach
from cscli.expressions import Expression, evaluate

_BLOCK = "outreach"
UNLESS = f"{_BLOCK}.unless"
"""The key of the condition under which an account gets nothing."""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Pairs:
    """`frame`: a row a contact of an account that is there, with every column of both (of one that both have, that of the
    account, but for those of every contact). `accounts`, `contacts`: the places in their own tables.
    """

    frame: pd.DataFrame
    accounts: NDArray[np.intp]
    contacts: NDArray[np.intp]


def pair_up(accounts: pd.DataFrame, contacts: Contacts) -> Pairs:
    """The contacts in the order of their table."""
    ids = pd.Index(accounts["account_id"].astype(str))
    rows = ids.get_indexer(pd.Index(contacts.table["account_id"].astype(str)))
    kept = np.flatnonzero(rows >= 0)
    of_account = accounts.iloc[rows[kept]].reset_index(drop=True)
    of_contact = contacts.table.iloc[kept].reset_index(drop=True)
    own = [str(name) for name in of_contact if str(name) in CONTACT_COLUMNS or name not in of_account]
    shown = of_contact[own].assign(opted_out=of_contact["opted_out"].astype("boolean"))
    frame = pd.concat([of_account.drop(columns=[n for n in own if n in of_account]), shown], axis=1)
    return Pairs(frame=frame, accounts=rows[kept], contacts=kept)


def account_masks(accounts: pd.DataFrame, outreach: Outreach, as_of: dt.date) -> Masks:
    """For which accounts `unless` holds, and `when` of each message; by their keys. ConfigError where types do not fit."""
    rules: dict[str, Expression] = {
        when_key(index): each.when for index, each in enumerate(outreach.messages)
    }
    if outreach.unless is not None:
        rules[UNLESS] = outreach.unless
    return evaluate_rules(accounts, rules, as_of)


def when_key(index: int) -> str:
    """The key of a message's condition."""
    return f"outreach.messages[{index}].when"


def rank_contacts(
    pairs: Pairs, messages: Sequence[Message], as_of: dt.date
) -> Mapping[str, Mapping[int, list[int]]]:
    """Of each message the pairs that its `to` fits, by the account's row, in the order in which they come; equal ones as
    they stand in the export. ConfigError where types do not fit.
    """
    rules, orders = {}, {}
    for index, each in enumerate(messages):
        if each.to.when is not None:
            rules[f"outreach.messages[{index}].to.when"] = each.to.when
        if each.to.first_by is not None:
            orders[f"outreach.messages[{index}].to.first_by"] = each.to.first_by
    masks = evaluate_rules(pairs.frame, rules, as_of) if rules else {}
    with keyed({}):
        ranks = evaluate(pairs.frame, [orders], as_of) if orders else pd.DataFrame(index=pairs.frame.index)
    found = {}
    for index, each in enumerate(messages):
        fits = masks.get(f"outreach.messages[{index}].to.when")
        places = np.arange(len(pairs.frame)) if fits is None else np.flatnonzero(fits)
        key = f"outreach.messages[{index}].to.first_by"
        if key in ranks:
            order = ranks[key].iloc[places].reset_index(drop=True).sort_values(kind="stable").index
            places = places[order.to_numpy()]
        found[each.name] = _by_account(places, pairs.accounts)
    return found


def _by_account(places: NDArray[np.intp], accounts: NDArray[np.intp]) -> dict[int, list[int]]:
    grouped: dict[int, list[int]] = {}
    for place, account in zip(places.tolist(), accounts[places].tolist(), strict=True):
        grouped.setdefault(account, []).append(place)
    return grouped
