"""The course of the accounts over the runs: scores, bands, where a cap or the rules changed; and people by week."""

import datetime as dt
import json

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.past.over_time import JudgedRun
from cscli.analysis.past.snapshots import limits_that_changed
from cscli.analysis.scoring.adjustments import find_limits
from cscli.analysis.scoring.health import UNKNOWN, scorecard_names
from cscli.config.schema import Config
from cscli.reports.dashboard.accounts import band_codes
from cscli.reports.dashboard.encoding import by_row, counts, numbers
from cscli.reports.dashboard.model import Json, Material
from cscli.reports.kit.labels import limit_label, own_labels
from cscli.texts import text

WEEKS = 26
_NOTHING = "[]"


def course_part(material: Material) -> dict[str, Json]:
    """`runs`: their days, the last is this run's. `course`: by run the scores of the accounts that are detailed;
    `bands_then`: by run one digit an account (`-`: it was not there). `rules_changed`: runs whose rules are not those of
    the run before; `marks`: by account [run, what began or ended]. `bands_by_rank`: see `_digits`.
    """
    table, ids = _past(material), material.frame["account_id"].astype(str)
    runs = material.courses.runs if material.courses else ()
    size = (len(runs), len(ids))
    score, band = np.full(size, np.nan), np.full(size, None, dtype=object)
    caps, cards = np.full(size, None, dtype=object), np.full(size, None, dtype=object)
    at = (table["run"].to_numpy(np.intp), table["place"].to_numpy(np.intp))
    score[at] = table["score"].to_numpy(np.float64)
    for array, name in ((band, "band"), (caps, "capped_by"), (cards, "scorecard")):
        array[at] = table[name].to_numpy(object)
    detailed = material.detailed[material.rows]
    scores = np.vstack([score, material.scored.scores.score[material.rows]])
    days = [*(run.as_of for run in runs), material.context.as_of]
    digests = [*(run.config_digest for run in runs), material.context.config_digest]
    return {
        "runs": [day.isoformat() for day in days],
        "course": [numbers(row[detailed], 1) for row in scores],
        "bands_then": [_digits(row, run, material) for row, run in zip(band, runs, strict=True)]
        + [_digits(material.scored.scores.band[material.rows], None, material)],
        "rules_changed": [at for at in range(1, len(digests)) if digests[at] != digests[at - 1]],
        "marks": _marks(material, runs, caps, cards),
    }


def _past(material: Material) -> pd.DataFrame:
    """The rows of the courses for accounts of the page, with their `place` on it."""
    table = material.courses.table if material.courses else None
    if table is None:
        return pd.DataFrame(
            {name: [] for name in ("run", "place", "score", "band", "capped_by", "scorecard")}
        )
    ids = pd.Index(material.frame["account_id"].astype(str))
    places = ids.get_indexer(pd.Index(table["account_id"].astype(str)))
    return table.assign(place=places)[places >= 0]


def _digits(bands: NDArray[np.object_], run: JudgedRun | None, material: Material) -> str:
    """Each account's band by its place among those of today; of rules with other bands by its rank among theirs, where
    they are as many, else unknown.
    """
    config = material.rules.get(run.config_digest) if run else material.config
    there = np.array([each is not None for each in bands], dtype=bool)
    names = np.where(there, bands, UNKNOWN)
    if config is not None and config.bands != material.config.bands:
        names = _translated(names, config, material.config)
    codes = band_codes(names, material)
    return "".join("-" if not here else str(code) for here, code in zip(there, codes.tolist(), strict=True))


def _translated(names: NDArray[np.object_], then: Config, now: Config) -> NDArray[np.object_]:
    before, after = (sorted(config.bands, key=lambda band: -band.from_) for config in (then, now))
    if len(before) != len(after):
        return names
    ranks = {old.name: new.name for old, new in zip(before, after, strict=True)}
    return np.array([ranks.get(name, UNKNOWN) for name in names], dtype=object)


def _marks(
    material: Material, runs: tuple[JudgedRun, ...], caps: NDArray[np.object_], cards: NDArray[np.object_]
) -> Json:
    """Where what held a score, or the scorecard, is another than in the run before."""
    scores, config = material.scored.scores, material.config
    held = np.array([json.dumps(keys) for keys in limits_that_changed(scores)], dtype=object)[material.rows]
    caps = np.vstack([caps, held])
    cards = np.vstack([cards, scorecard_names(scores, config)[material.rows]])
    rules = [*(material.rules.get(run.config_digest) for run in runs), config]
    found: dict[int, list[Json]] = {}
    for run in range(1, len(caps)):
        both = (caps[run] != None) & (caps[run - 1] != None)  # noqa: E711 - by element
        other = (caps[run] != caps[run - 1]) | (cards[run] != cards[run - 1])
        for place in np.flatnonzero(both & other).tolist():
            had = _names(caps[run - 1][place], rules[run - 1], material)
            has = _names(caps[run][place], rules[run], material)
            said = [*(name for name in has if name not in had)]
            said += [text("page.mark.ended", material.language, what=name) for name in had if name not in has]
            if cards[run][place] != cards[run - 1][place]:
                said.append(_card(cards[run][place], rules[run], material))
            found.setdefault(place, []).extend([run, what] for what in said)
    return by_row([(place, marks) for place, marks in found.items() if marks])


def _names(keys: str, config: Config | None, material: Material) -> list[str]:
    """What held a score, in words."""
    if keys == _NOTHING:
        return []
    language = material.language
    limits = find_limits(config.scorecards) if config else []
    labels = {limit.key: limit_label(limit.rule, language) for limit in limits}
    labels["override"] = text("diff.override", language)
    return [labels.get(key, text("diff.cause.limit", language)) for key in json.loads(keys)]


def _card(name: str | None, config: Config | None, material: Material) -> str:
    labels = own_labels((config or material.config).scorecards, material.language)
    return text("page.mark.card", material.language, card=labels.get(name or "", name or "–"))


def weeks_part(material: Material) -> dict[str, Json]:
    """`weeks`: the Mondays of the last 26 weeks, and by account that is detailed the people of each; 0 in a week
    without any, null for an account that the log never had; None where there is no log.
    """
    table = material.weeks
    if table is None or not len(table):
        return {"weeks": None}
    last = material.context.as_of - dt.timedelta(days=material.context.as_of.weekday())
    mondays = [last - dt.timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    begun = pd.Timestamp(pd.to_datetime(table["week"]).min()).date()
    mondays = [day for day in mondays if day >= begun]
    ids = pd.Index(material.frame["account_id"].astype(str))[material.detailed[material.rows]]
    known = ids.isin(table["account_id"].astype(str))
    place = ids.get_indexer(pd.Index(table["account_id"].astype(str)))
    week = pd.Index(pd.to_datetime(pd.Series(mondays))).get_indexer(pd.Index(pd.to_datetime(table["week"])))
    users = np.zeros((len(ids), len(mondays)))
    there = (place >= 0) & (week >= 0)
    np.add.at(users, (place[there], week[there]), table["users"].to_numpy(np.float64, na_value=np.nan)[there])
    by_account: list[Json] = [
        counts(row) if is_known else None for row, is_known in zip(users, known.tolist(), strict=True)
    ]
    return {"weeks": {"mondays": [day.isoformat() for day in mondays], "users": by_account}}
