"""Scores of the runs of a few weeks, as they were known in time, with what tells which rules gave them."""

import datetime as dt
from pathlib import Path

import pandas as pd
from sqlalchemy import select

from cscli.analysis.past.over_time import JudgedRun
from cscli.history.database.connection import reading
from cscli.history.database.tables import accounts, is_evidence, runs


def evidence_scores(
    url: str, folder: Path, first: dt.date, last: dt.date
) -> list[tuple[JudgedRun, pd.DataFrame]]:
    """Each run that is evidence of a day from `first` to `last`, ascending, with its account_id and score (NaN: none)."""
    kept = (runs.c.run_id, runs.c.as_of, runs.c.config_digest, runs.c.config_text, runs.c.overrides)
    wanted = select(*kept).where(is_evidence, runs.c.as_of.between(first.isoformat(), last.isoformat()))
    with reading(url, folder) as connection:
        found = connection.execute(wanted.order_by(runs.c.as_of)).all() if connection else []
        scores = []
        for run in found if connection else []:
            of_run = select(accounts.c.account_id, accounts.c.score).where(accounts.c.run_id == run.run_id)
            rows = connection.execute(of_run).all()  # type: ignore[union-attr] # there are runs
            scores.append(pd.DataFrame([tuple(row) for row in rows], columns=["account_id", "score"]))
    return [
        (
            JudgedRun(
                as_of=dt.date.fromisoformat(run.as_of),
                config_digest=run.config_digest,
                config_text=run.config_text,
                overrides=tuple(run.overrides),
            ),
            table.astype({"score": "float64"}),
        )
        for run, table in zip(found, scores, strict=True)
    ]
