"""What the Monday page tells: newly at risk, fell, rose, renewals that are not healthy, promises that are late."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from cscli.analysis.acting.status import BACK, NEW
from cscli.reports.dashboard.words import long_day
from cscli.reports.kit.labels import band_label
from cscli.reports.kit.sheets import best_first
from cscli.reports.monday.material import MondayMaterial
from cscli.reports.monday.naming import most_arr_first, say_accounts
from cscli.texts import text

RENEWAL_DAYS = 30


Sentence = Callable[[MondayMaterial], str | None]
"""Of the whole book; None: there is nothing that it could tell."""


def newly_at_risk(told: MondayMaterial) -> str | None:
    """Who has come onto the call list since the last one; on the first list, who is on it."""
    material = told.book
    calls, language = material.calls, material.language
    if calls.last_as_of is None:
        if not len(calls.rows):
            return text("monday.nobody_called", language)
        return say_accounts("called", told, calls.rows)
    since = long_day(calls.last_as_of, language)
    new = calls.rows[np.isin(calls.status.astype(str), (NEW, BACK))]
    if not len(new):
        return text("monday.nobody_new", language, since=since)
    return say_accounts("new", told, new, since=since)


def fell(told: MondayMaterial) -> str | None:
    """Whose band is a lower one than at the run that changes are measured from."""
    return _moved(told, "down", "fell")


def rose(told: MondayMaterial) -> str | None:
    """Whose band is a higher one."""
    return _moved(told, "up", "rose")


def renewals(told: MondayMaterial) -> str | None:
    """Of the renewals of the next 30 days, those that are not in the best band."""
    material = told.book
    frame, language = material.scored.frame, material.language
    if not frame["renews_on"].notna().any():
        return None
    days = frame["days_to_renewal"].to_numpy(np.float64)
    soon = (days >= 0) & (days <= RENEWAL_DAYS)
    best = best_first(material.config.bands)[0]
    doubtful = np.flatnonzero(soon & (material.scored.scores.band != best.name))
    band, total = band_label(best, language), int(soon.sum())
    if not total:
        return text("monday.no_renewal", language, days=RENEWAL_DAYS)
    if not len(doubtful):
        rows = most_arr_first(material, np.flatnonzero(soon))
        return say_accounts("renewals_fine", told, rows, days=RENEWAL_DAYS, band=band)
    rows = most_arr_first(material, doubtful)
    return say_accounts("renewals", told, rows, total=total, days=RENEWAL_DAYS, band=band)


def promises(told: MondayMaterial) -> str | None:
    """Milestones and goals that are late."""
    material, late = told.book, told.book.work.late
    if late is None:
        return None
    places = pd.Index(material.scored.frame["account_id"]).get_indexer(pd.Index(late["account_id"].unique()))
    rows = places[places >= 0].astype(np.intp)
    if not len(rows):
        return text("monday.no_promise_late", material.language)
    rows = most_arr_first(material, rows)
    return say_accounts("late", told, rows, promises=len(late))


SENTENCES: tuple[Sentence, ...] = (newly_at_risk, fell, rose, renewals, promises)
"""In the order in which they are told."""


def _moved(told: MondayMaterial, kind: str, key: str) -> str | None:
    material = told.book
    comparison = material.comparison
    if comparison is None or material.since is None:
        return None
    since = long_day(material.since, material.language)
    rows = comparison.changes.after[comparison.kinds() == kind]
    if not len(rows):
        return text(f"monday.nobody_{key}", material.language, since=since)
    return say_accounts(key, told, most_arr_first(material, rows), since=since)
