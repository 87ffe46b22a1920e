"""Ids without account to accounts that they may mean, for a person to decide; accounts that look like one."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from cscli.analysis.matching.crm_ids import crm_key
from cscli.analysis.matching.match import Decisions, Method, SourceMatch, case_key, keys_of
from cscli.analysis.recognising.companies.domains import domain_key
from cscli.analysis.recognising.companies.names import name_key, spaced_name

ALIKE = 80
"""Similarity of names, of 100, from which an account is suggested."""

_AGREES = 100
_NEAR_ID = 90
_BEGINS_ALIKE = 85
_EACH = 3
_BLOCK = 256
_COLUMNS = ["source_id", "account_id", "method", "score"]


def suggest(match: SourceMatch, accounts: pd.DataFrame, decisions: Decisions) -> pd.DataFrame:
    """source_id, source_name, account_id, method, score (0 to 100): at most three accounts for each open id,
    best first, none that a person refused. Accounts that the source has already are suggested only where the
    id, domain or name agrees.
    """
    free = accounts[~accounts["account_id"].isin(match.taken)]
    found = pd.concat(
        [
            match.pairs.assign(score=float(_AGREES)),
            _near_ids(match.open, accounts),
            _subdomains(match.open, free),
            _similar_names(match.open, free),
        ],
        ignore_index=True,
    )
    refused = [
        (source_id, account_id) in decisions.refused or source_id in decisions.without_account
        for source_id, account_id in zip(found["source_id"], found["account_id"], strict=True)
    ]
    kept = found[~np.array(refused, dtype=bool)].sort_values(
        ["source_id", "score", "account_id"], ascending=[True, False, True], kind="stable"
    )
    best = kept.drop_duplicates(["source_id", "account_id"]).groupby("source_id", sort=False).head(_EACH)
    names = match.open.set_index("source_id")["name"]
    return best.assign(source_name=best["source_id"].map(names)).reset_index(drop=True)


def find_doubles(accounts: pd.DataFrame) -> pd.DataFrame:
    """account_id, other_id, method: accounts that look like one, by id, name or domain; each beside the first of
    those alike, in the order of their ids. Not a company and its parent.
    """
    methods = {
        Method.CASE: ("account_id", case_key),
        Method.CRM_ID: ("account_id", crm_key),
        Method.NAME: ("name", name_key),
        Method.DOMAIN: ("domain", domain_key),
    }
    found = [pd.DataFrame({"account_id": [], "other_id": [], "method": []}, dtype=object)]
    ordered = accounts.sort_values("account_id", ignore_index=True)
    for method, (column, key) in methods.items():
        keys = keys_of(ordered[column], key)
        alike = keys[keys.duplicated(keep=False)]
        first = alike.groupby(alike, sort=False).transform(lambda each: each.index[0])
        others = alike.index[alike.duplicated()]
        found.append(
            pd.DataFrame(
                {
                    "account_id": ordered["account_id"][first[others].astype(int)].to_numpy(),
                    "other_id": ordered["account_id"][others].to_numpy(),
                    "method": str(method),
                }
            )
        )
    pairs = pd.concat(found, ignore_index=True).drop_duplicates(["account_id", "other_id"])
    parents = accounts.set_index("account_id")["parent_id"]
    related = (pairs["account_id"].map(parents) == pairs["other_id"]) | (
        pairs["other_id"].map(parents) == pairs["account_id"]
    )
    return pairs[~related.to_numpy(dtype=bool)].reset_index(drop=True)


def _near_ids(unmatched: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Ids that are the same but for zeros before them, case, or wrong check characters of a CRM id."""
    found = []
    for key in (_without_zeros, str.casefold, _unchecked):
        ours, theirs = (
            pd.DataFrame({name: values, "key": [key(each) for each in values]}, dtype=object)
            for name, values in (
                ("source_id", unmatched["source_id"].tolist()),
                ("account_id", accounts["account_id"].tolist()),
            )
        )
        found.append(ours[ours["key"] != ""].merge(theirs, on="key")[["source_id", "account_id"]])
    return pd.concat(found, ignore_index=True).assign(method=str(Method.SIMILAR), score=float(_NEAR_ID))


def _without_zeros(text: str) -> str:
    return text.casefold().lstrip("0")


def _unchecked(text: str) -> str:
    """The first 15 characters of what has the length of a CRM id."""
    return text[:15] if len(text) in (15, 18) and text.isalnum() and not text.isdigit() else ""


def _subdomains(unmatched: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Domains below an account's domain, such as that of a branch."""
    theirs = keys_of(accounts.set_index("account_id")["domain"], domain_key)
    by_domain: dict[str, list[str]] = {}
    for account_id, domain in theirs.items():
        by_domain.setdefault(domain, []).append(str(account_id))
    rows = [
        (str(source_id), account_id)
        for source_id, domain in keys_of(_texts(unmatched, "domain"), domain_key).items()
        for above in _above(domain)
        for account_id in by_domain.get(above, ())
    ]
    return _suggested([(*row, float(ALIKE)) for row in rows], Method.DOMAIN)


def _above(domain: str) -> Iterator[str]:
    labels = domain.split(".")
    yield from (".".join(labels[start:]) for start in range(1, len(labels) - 1))


def _similar_names(unmatched: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Names alike by letters, by words in any order, or one the beginning of the other."""
    ours = keys_of(_texts(unmatched, "name"), spaced_name)
    theirs = keys_of(accounts.set_index("account_id")["name"], spaced_name)
    if ours.empty or theirs.empty:
        return _suggested([], Method.SIMILAR)
    rows = []
    for start in range(0, len(ours), _BLOCK):
        block = ours.iloc[start : start + _BLOCK]
        scores = np.maximum(
            process.cdist(
                _tight(block), _tight(theirs), scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.float32
            ),
            process.cdist(block, theirs, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, dtype=np.float32),
        )
        for at, of in zip(*(found.tolist() for found in np.nonzero(scores)), strict=True):
            rows.append((str(block.index[at]), str(theirs.index[of]), round(float(scores[at, of]))))
    return _suggested([*rows, *_begin_alike(ours, theirs)], Method.SIMILAR)


def _texts(unmatched: pd.DataFrame, column: str) -> "pd.Series[str]":
    """By id: the column, and where that is blank the id, which may be a name or domain itself."""
    ids = unmatched.set_index("source_id")
    return ids[column].fillna(pd.Series(ids.index, index=ids.index, dtype=object))


def _tight(names: "pd.Series[str]") -> list[str]:
    return [name.replace(" ", "") for name in names]


def _begin_alike(ours: "pd.Series[str]", theirs: "pd.Series[str]") -> Iterator[tuple[str, str, float]]:
    for shorter, longer, swapped in ((ours, theirs, False), (theirs, ours, True)):
        by_name: dict[str, list[str]] = {}
        for owner, name in shorter.items():
            by_name.setdefault(name, []).append(str(owner))
        for owner, name in longer.items():
            for beginning in _beginnings(name):
                for other in by_name.get(beginning, ()):
                    yield (
                        (str(owner), other, _BEGINS_ALIKE) if swapped else (other, str(owner), _BEGINS_ALIKE)
                    )


def _beginnings(name: str) -> Iterator[str]:
    """Beginnings that can be a name: whole words of Latin letters, any three characters of Japanese."""
    for end in range(3, len(name)):
        if name[end] == " " or not name[:end].isascii():
            yield name[:end].strip()


def _suggested(rows: list[tuple[str, str, float]], method: Method) -> pd.DataFrame:
    found = pd.DataFrame(rows, columns=["source_id", "account_id", "score"])
    return found.assign(method=str(method))[_COLUMNS].astype({"score": np.float64})
