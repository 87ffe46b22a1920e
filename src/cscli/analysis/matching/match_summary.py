"""Matches of the sources to counts: ids, rows, accounts and MRR by method, suggested and unmatched."""

from collections.abc import Mapping

import pandas as pd

from cscli.analysis.matching.match import Method, SourceMatch
from cscli.analysis.tables.conform import TypedTable

SUGGESTED = "suggested"
UNMATCHED = "unmatched"
_JOINING = (Method.EXACT, Method.CROSSWALK, Method.CASE, Method.CRM_ID, Method.DOMAIN, Method.NAME)


def summarise(
    tables: Mapping[str, TypedTable],
    matches: Mapping[str, SourceMatch],
    suggestions: Mapping[str, pd.DataFrame],
    staying: pd.DataFrame,
) -> pd.DataFrame:
    """source, method, ids, rows, accounts, mrr. `tables`: every source but the accounts, as delivered. `staying`:
    the accounts that have not left, which alone are counted; each of them once a source, by the first method
    that reaches it, so that those of a source add up to all. Ids that no account reaches have rows, but no MRR.
    """
    found = [
        _of_source(table, matches.get(name), suggestions.get(name), staying) for name, table in tables.items()
    ]
    columns = ["source", "method", "ids", "rows", "accounts", "mrr"]
    return pd.concat([pd.DataFrame({name: [] for name in columns}), *found], ignore_index=True)[columns]


def _of_source(
    table: TypedTable, match: SourceMatch | None, suggested: pd.DataFrame | None, staying: pd.DataFrame
) -> pd.DataFrame:
    ids = _ids_by_method(table, match, suggested)
    reached = ids.dropna(subset=["account_id"]).sort_values("order").drop_duplicates("account_id")
    accounts = staying[["account_id", "mrr"]].merge(
        reached[["account_id", "method"]], on="account_id", how="left"
    )
    accounts["method"] = accounts["method"].fillna(UNMATCHED)
    once = ids.drop_duplicates("source_id")
    counts = once.groupby("method").agg(ids=("source_id", "size"), rows=("rows", "sum"))
    totals = accounts.groupby("method").agg(
        accounts=("account_id", "size"), mrr=("mrr", lambda each: each.sum(min_count=1))
    )
    methods = [
        *(method for method in _JOINING if method in counts.index or method == Method.EXACT),
        SUGGESTED,
        UNMATCHED,
    ]
    summary = counts.join(totals, how="outer").reindex([str(method) for method in methods])
    summary[["ids", "rows", "accounts"]] = summary[["ids", "rows", "accounts"]].fillna(0)
    if staying["mrr"].notna().any():
        summary["mrr"] = summary["mrr"].fillna(0.0)
    return summary.rename_axis("method").reset_index().assign(source=table.source)


def _ids_by_method(
    table: TypedTable, match: SourceMatch | None, suggested: pd.DataFrame | None
) -> pd.DataFrame:
    """source_id, account_id, method, rows, order: every id of the source; a suggested one once an account."""
    rows = table.frame["account_id"].dropna().value_counts()
    ids = pd.DataFrame({"source_id": rows.index, "rows": rows.to_numpy(), "account_id": rows.index})
    ids = ids.assign(method=str(Method.EXACT), order=0)
    if match is None:
        return ids
    exact = ids[~ids["source_id"].isin([*match.joined["source_id"], *match.open["source_id"]])]
    joined = match.joined.assign(rows=match.joined["source_id"].map(rows), order=1)
    proposed = pd.DataFrame({"source_id": [], "account_id": []}) if suggested is None else suggested
    proposed = proposed[["source_id", "account_id"]].assign(
        rows=proposed["source_id"].map(rows), method=SUGGESTED, order=2
    )
    nowhere = match.open[~match.open["source_id"].isin(proposed["source_id"])]
    unmatched = nowhere[["source_id", "rows"]].assign(account_id=None, method=UNMATCHED, order=3)
    return pd.concat([part for part in (exact, joined, proposed, unmatched) if len(part)], ignore_index=True)
