"""The ids of a source that no account has, to the accounts that they mean: joined where only one can be meant."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

from cscli.analysis.matching.crm_ids import crm_key, looks_like_short_id
from cscli.analysis.recognising.companies.domains import domain_key, is_mail_address
from cscli.analysis.recognising.companies.names import name_key, written_key
from cscli.analysis.tables.conform import TypedTable


class Method(StrEnum):
    """How an id found its account. All but the last join by themselves, or by a person's decision."""

    EXACT = "exact"
    CROSSWALK = "crosswalk"
    CASE = "case"
    CRM_ID = "crm_id"
    NUMBER = "number"
    MERGED = "merged"
    DOMAIN = "domain"
    NAME = "name"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person decided about the ids of one source: which account an id means, which pairs are wrong,
    and which ids have no account at all.
    """

    accepted: Mapping[str, str] = field(default_factory=dict)
    refused: frozenset[tuple[str, str]] = frozenset()
    without_account: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False, kw_only=True)
class SourceMatch:
    """`joined`: source_id, account_id, method, one row an id. `open`: source_id, name, domain, rows of the ids
    without account. `pairs`: source_id, account_id, method: what agrees with an open id and yet does not join,
    because more than one could be meant. `taken`: accounts that an id of the source means.
    """

    source: str
    joined: pd.DataFrame
    open: pd.DataFrame
    pairs: pd.DataFrame
    taken: frozenset[str]

    @property
    def mapping(self) -> dict[str, str]:
        """The account of each id that was joined."""
        return dict(zip(self.joined["source_id"], self.joined["account_id"], strict=True))


_PAIR = ["source_id", "account_id", "method"]


def unique_accounts(table: TypedTable) -> pd.DataFrame:
    """account_id, name, domain, mrr, parent_id, merged_ids, churned_on of each account, missing where the table has no such
    column; of an id that stands twice the first row.
    """
    columns = ["account_id", "name", "domain", "mrr", "parent_id", "merged_ids", "churned_on"]
    frame = table.frame[table.frame["account_id"].notna()].drop_duplicates("account_id")
    found = frame.reindex(columns=columns).reset_index(drop=True)
    return found.astype({"mrr": "float64", "churned_on": "datetime64[us]"})


def match_source(
    table: TypedTable, accounts: pd.DataFrame, decisions: Decisions, *, many_rows: bool
) -> SourceMatch:
    """Matches the ids of `table` that are no account's. `accounts` as of `unique_accounts`. `many_rows`: whether
    an account may have many rows, so that the mailboxes of one domain are one id.
    """
    known = pd.Index(accounts["account_id"])
    ids = table.frame["account_id"]
    is_account = ids.isin(known)
    taken = frozenset(ids[is_account].unique())
    unmatched = identities(table.frame[ids.notna() & ~is_account])
    if unmatched.empty:
        return SourceMatch(
            source=table.source, joined=_no_pairs(), open=unmatched, pairs=_no_pairs(), taken=taken
        )
    decided = _decided(unmatched, known, decisions)
    if (
        many_rows and accounts["merged_ids"].notna().any()
    ):  # ids that were merged into an account are its own, whatever else is
        merged = _one_to_one(
            _merged_pairs(unmatched, accounts), frozenset(), decisions, many_rows=True, many_ids=True
        )
        decided = pd.concat(
            [decided, merged[~merged["source_id"].isin(decided["source_id"])]], ignore_index=True
        )
    rest = unmatched[~unmatched["source_id"].isin(decided["source_id"])]
    taken |= frozenset(decided["account_id"])
    by_id = _pairs(rest, accounts, _BY_ID)
    sure = _one_to_one(by_id, taken, decisions, many_rows=False)
    taken |= frozenset(sure["account_id"])
    by_company = _pairs(rest[~rest["source_id"].isin(sure["source_id"])], accounts, _BY_COMPANY)
    eligible = by_company[~by_company["source_id"].isin(by_id["source_id"])]
    surer = _one_to_one(by_company, taken, decisions, many_rows=many_rows)
    surer = surer[surer["source_id"].isin(eligible["source_id"])]
    exact = _exact_names(rest[~rest["source_id"].isin([*sure["source_id"], *surer["source_id"]])], accounts)
    if len(exact):
        exact = _one_to_one(exact, taken | frozenset(surer["account_id"]), decisions, many_rows=False)
    joined = pd.concat([decided, sure, surer, exact], ignore_index=True)
    joined = _with_writings(joined, rest, accounts, decisions) if many_rows else joined
    still_open = unmatched[~unmatched["source_id"].isin(joined["source_id"])].reset_index(drop=True)
    pairs = pd.concat([by_id, by_company], ignore_index=True)
    pairs = pairs[pairs["source_id"].isin(still_open["source_id"])]
    return SourceMatch(
        source=table.source,
        joined=joined.sort_values("source_id", ignore_index=True),
        open=still_open,
        pairs=pairs[_PAIR].drop_duplicates(["source_id", "account_id"]),
        taken=taken | frozenset(surer["account_id"]) | frozenset(exact["account_id"]),
    )


def identities(frame: pd.DataFrame) -> pd.DataFrame:
    """source_id, name, domain, rows: one row an id, in the order of the ids. A name or domain of which the rows
    of an id bear several is missing: it says nothing of the id.
    """
    if frame.empty:
        return pd.DataFrame({"source_id": [], "name": [], "domain": [], "rows": []}, dtype=object)
    grouped = frame.groupby("account_id", sort=True)
    found = {"rows": grouped.size()}
    for column in ("name", "domain"):
        if column in frame.columns:
            distinct = grouped[column].nunique()
            found[column] = grouped[column].first().where(distinct == 1)
    table = pd.DataFrame(found).rename_axis("source_id").reset_index()
    return table.reindex(columns=["source_id", "name", "domain", "rows"]).astype(
        {"name": object, "domain": object}
    )


def case_key(text: str) -> str | None:
    """What two spellings of an id share: width and case; None of a CRM id of 15, where case is part of the id."""
    return None if looks_like_short_id(text) else unicodedata.normalize("NFKC", text).strip().casefold()


def number_key(text: str) -> str | None:
    """The digits of a whole number that some program has written with a point: 1001.0 is 1001."""
    match = re.fullmatch(r"(\d+)(?:\.0+)?", text)
    return match[1] if match else None


Keyed = Callable[[str], str | None]
_BY_ID: Mapping[Method, tuple[tuple[str, ...], str, Keyed]] = {
    Method.CASE: (("source_id",), "account_id", case_key),
    Method.CRM_ID: (("source_id",), "account_id", crm_key),
    Method.NUMBER: (("source_id",), "account_id", number_key),
}
_BY_COMPANY: Mapping[Method, tuple[tuple[str, ...], str, Keyed]] = {
    Method.DOMAIN: (("source_id", "domain"), "domain", domain_key),
    Method.NAME: (("source_id", "name"), "name", name_key),
}
"""By method: the columns of a source, that of the accounts, and the key that must be the same."""


def keys_of(values: "pd.Series[str]", key: Keyed) -> "pd.Series[str]":
    """The keys of `values` that have one, under their index."""
    filled = values.dropna()
    keys = pd.Series([key(str(value)) or None for value in filled], index=filled.index, dtype=object)
    return keys.dropna()


def _pairs(
    rest: pd.DataFrame, accounts: pd.DataFrame, methods: Mapping[Method, tuple[tuple[str, ...], str, Keyed]]
) -> pd.DataFrame:
    """source_id, account_id, method, key for every id and account whose keys are the same; the surer method of two."""
    found = [_no_pairs().assign(key=None)]
    for method, (columns, of_account, key) in methods.items():
        theirs = keys_of(
            accounts.set_index("account_id")[of_account]
            if of_account != "account_id"
            else _itself(accounts, "account_id"),
            key,
        )
        right = pd.DataFrame({"account_id": theirs.index, "key": theirs.to_numpy()})
        for column in columns:
            ours = keys_of(
                rest.set_index("source_id")[column] if column != "source_id" else _itself(rest, "source_id"),
                key,
            )
            left = pd.DataFrame({"source_id": ours.index, "key": ours.to_numpy()})
            found.append(left.merge(right, on="key").assign(method=str(method)))
    return pd.concat(found, ignore_index=True).drop_duplicates(["source_id", "account_id"])


def _merged_pairs(rest: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """The ids that were merged into an account, as its export lists them."""
    listed = accounts[["account_id", "merged_ids"]].dropna()
    if listed.empty:
        return _no_pairs().assign(key=None)
    ids = listed["merged_ids"].astype(str).str.split(r"[;,|\s]+", regex=True)
    pairs = listed.assign(source_id=ids).explode("source_id")
    pairs = pairs[pairs["source_id"].isin(rest["source_id"])]
    return pairs.assign(method=str(Method.MERGED), key=pairs["source_id"])[[*_PAIR, "key"]]


def _exact_names(rest: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Ids that are, letter by letter, the name of an account, whatever others are like it."""
    if not rest["source_id"].isin(accounts["name"].dropna()).any():
        return _no_pairs()
    pairs = rest[["source_id"]].merge(
        accounts[["account_id", "name"]].dropna(), left_on="source_id", right_on="name"
    )
    return pairs.assign(method=str(Method.NAME), key=pairs["source_id"])[[*_PAIR, "key"]]


def _with_writings(
    joined: pd.DataFrame, rest: pd.DataFrame, accounts: pd.DataFrame, decisions: Decisions
) -> pd.DataFrame:
    """`joined`, and of the `rest` those that are the name of an account in another writing."""
    written = _written_alike(rest[~rest["source_id"].isin(joined["source_id"])], accounts)
    spelled = _one_to_one(written, frozenset(), decisions, many_rows=True, many_ids=True)
    return pd.concat([joined, spelled], ignore_index=True) if len(spelled) else joined


def _written_alike(rest: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Names in place of ids that are the name of an account in another writing, whichever of its writings came before: one file
    has `(株)A` in one row and `株式会社A` in the next.
    """
    if rest.empty:
        return _no_pairs().assign(key=None)
    ours = keys_of(_itself(rest, "source_id"), written_key)
    theirs = keys_of(accounts.set_index("account_id")["name"], written_key)
    left = pd.DataFrame({"source_id": ours.index, "key": ours.to_numpy()}, dtype=object)
    right = pd.DataFrame({"account_id": theirs.index, "key": theirs.to_numpy()}, dtype=object)
    return left.merge(right, on="key").assign(method=str(Method.NAME))[[*_PAIR, "key"]]


def _itself(frame: pd.DataFrame, column: str) -> "pd.Series[str]":
    return pd.Series(frame[column].to_numpy(), index=frame[column].to_numpy(), dtype=object)


def _one_to_one(
    pairs: pd.DataFrame,
    taken: frozenset[str],
    decisions: Decisions,
    *,
    many_rows: bool,
    many_ids: bool = False,
) -> pd.DataFrame:
    """The pairs whose id could mean no other account, and whose account no other id."""
    if many_rows:
        mailbox = pairs["source_id"].map(is_mail_address).astype(bool) & (pairs["method"] == Method.DOMAIN)
        units = pairs["source_id"].where(~mailbox, "@" + pairs["key"].astype(str))
    else:
        units = pairs["source_id"]
    accounts_each = pairs.groupby("source_id")["account_id"].transform("nunique")
    ids_each = units.groupby(pairs["account_id"]).transform("nunique")
    refused = pd.Series(
        [
            pair in decisions.refused or pair[0] in decisions.without_account
            for pair in zip(pairs["source_id"], pairs["account_id"], strict=True)
        ],
        index=pairs.index,
        dtype=bool,
    )
    sure = (accounts_each == 1) & ((ids_each == 1) | many_ids) & ~pairs["account_id"].isin(taken) & ~refused
    return pairs.loc[sure, _PAIR]


def _decided(unmatched: pd.DataFrame, known: "pd.Index[str]", decisions: Decisions) -> pd.DataFrame:
    ids = [each for each in unmatched["source_id"] if decisions.accepted.get(each) in known]
    accounts = [decisions.accepted[each] for each in ids]
    return pd.DataFrame(
        {"source_id": ids, "account_id": accounts, "method": str(Method.CROSSWALK)}, dtype=object
    )


def _no_pairs() -> pd.DataFrame:
    return pd.DataFrame({name: [] for name in _PAIR}, dtype=object)
