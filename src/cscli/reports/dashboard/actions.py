"""What is to be done: the call list, its playbooks, and the opportunities, as the page reads them."""

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.acting.risk import CallList, churn_probabilities
from cscli.config.blocks.parts import text_in
from cscli.reports.dashboard.encoding import day_numbers, numbers
from cscli.reports.dashboard.model import Json, Material
from cscli.reports.kit.labels import own_label
from cscli.reports.kit.sheets import best_first
from cscli.texts import text


def calls_part(material: Material) -> dict[str, Json]:
    """`calls`: by rank the account's place, what is at stake, its playbooks (the first is the next action), due and
    since in days from as_of, and whether only the hysteresis keeps it. `books`: label, text and hours. `chances`: of
    churn within 12 months by band.
    """
    calls, config, language, as_of = (
        material.calls,
        material.config,
        material.language,
        material.context.as_of,
    )
    places = material.places()[calls.rows]
    on = np.flatnonzero(places >= 0)
    held = calls.membership.stays & ~calls.membership.holds
    books: list[Json] = [
        {"label": own_label(book, language), "text": text_in(book.text, language, ""), "hours": book.hours}
        for book in config.playbooks
    ]
    chances = churn_probabilities(config)
    return {
        "calls": {
            "row": places[on].tolist(),
            "loss": numbers(calls.arr_at_risk[on], 2),
            "chance": numbers(calls.churn_probability[on], 4),
            "books": [np.flatnonzero(calls.playbooks_hold[at]).tolist() for at in on.tolist()],
            "due": day_numbers(_still_due(calls, as_of)[on], as_of),
            "since": day_numbers(calls.since[on], as_of),
            "held": held[calls.rows][on].astype(int).tolist(),
        },
        "books": books,
        "chances": [*(chances[band.name] for band in best_first(config.bands)), chances["unknown"]],
        "has_loss": bool((~np.isnan(calls.arr_at_risk)).any()),
    }


def _still_due(calls: CallList, as_of: dt.date) -> NDArray[np.datetime64]:
    """The due dates, without those that have passed and were kept: their playbooks were done."""
    kept = (calls.due_on < np.datetime64(as_of, "D")) & (calls.overdue_days == 0)
    return np.where(kept, np.datetime64("NaT"), calls.due_on)


def grow_part(material: Material) -> dict[str, Json]:
    """`grow`: by rank the account's place, the play and its potential MRR; `plays`: label and kind."""
    found, language = material.found, material.language
    places = material.places()[found.rows]
    on = np.flatnonzero(places >= 0)
    plays: list[Json] = [
        {"label": own_label(play, language), "kind": text(f"kind.{play.kind}", language)}
        for play in material.config.opportunities
    ]
    return {
        "grow": {
            "row": places[on].tolist(),
            "play": found.play[on].tolist(),
            "potential": numbers(found.potential_mrr[on], 2),
        },
        "plays": plays,
    }


def effort_part(material: Material) -> Json:
    """The hours a month that each account should get, and those an owner has; None without `effort`."""
    effort = material.config.effort
    if effort is None or effort.by not in material.frame:
        return None
    planned = material.frame[effort.by].map(effort.hours_per_month)
    return {
        "hours": numbers(np.asarray(planned, np.float64), 4),
        "available": effort.owner_hours_per_month,
    }
