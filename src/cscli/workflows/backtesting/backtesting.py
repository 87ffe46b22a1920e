"""Whether the score tells who leaves: scores of then, who left afterwards, and the report on both."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cscli.analysis.backtesting.left_out import has_other_metrics
from cscli.analysis.backtesting.measures import judge_panel
from cscli.analysis.backtesting.metric_table import KnownOf, tabulate_metrics
from cscli.analysis.backtesting.own_clock import runs_with_time
from cscli.analysis.backtesting.panel import Panel, build_snapshot
from cscli.analysis.backtesting.suggestions import NO_EVIDENCE, OFFERED, suggest
from cscli.analysis.backtesting.verdicts import FEW, FEWEST
from cscli.analysis.scoring.switching import without_metrics
from cscli.config.load import Draft
from cscli.config.schema import Config
from cscli.errors import DataError, Problem
from cscli.render import write_report
from cscli.reports.backtesting.findings import Findings
from cscli.reports.backtesting.probabilities import probabilities_yaml
from cscli.reports.backtesting.report import backtest_report
from cscli.reports.kit.model import Report
from cscli.texts import Phrase
from cscli.workflows.backtesting.choosing import terms_of
from cscli.workflows.backtesting.dates import judge_dates
from cscli.workflows.backtesting.scored import (
    score_then,
)
from cscli.workflows.backtesting.snapshot import (
    fits_bands,
    provenances_with_outcome,
    read_outcome,
    then_of_today,
    with_scores,
)
from cscli.workflows.book.events import keeping_logs
from cscli.workflows.book.read import Book, draft_of, read_book, report_context, rules_digest, speaking
from cscli.workflows.book.reading import SourceReader
from cscli.workflows.book.request import Request
from cscli.workflows.scores.scoring import check_scorecards
from cscli.workspace.rules import Rules, at_home
from cscli.workspace.told import LastProof, write_proof

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestOptions:
    """`score_column`: a column of the export in place of the score; `suggest_weights`: whether to look for better ones;
    `rules`: others than those in force, on the same exports and runs.
    """

    score_column: str | None = None
    suggest_weights: bool = False
    rules: Rules | None = None


def backtest(
    request: Request, options: BacktestOptions, output: Path, *, probabilities: bool = False
) -> tuple[Report, str | None]:
    """Whether the score tells who leaves, written to `output`; with the measured `probabilities` as YAML, if asked for.

    Raises CscliError with every problem that stops the run; then no file is changed.
    """
    request = _under(options.rules, request)
    check_scorecards(request)
    reader, draft = SourceReader(), draft_of(request)
    if isinstance(request.reader, SourceReader):
        reader = request.reader
    with keeping_logs(reader, request):
        book = read_book(request, of_revenue=True, reader=reader, draft=draft)
        with speaking(book.language):
            findings = _judge(request, book, draft, options, reader)
            context = report_context(request, replace(book, problems=(*book.problems, *findings.problems)))
            report = backtest_report(findings, book.config, context)
            measured = _measured(findings, book) if probabilities else None
            write_report(report, output, book.files)
            _keep(request, book, findings)
            return report, measured


def _judge(
    request: Request, book: Book, draft: Draft, options: BacktestOptions, reader: SourceReader
) -> Findings:
    column = book.config.backtest.column
    if column is not None:
        findings = _judge_snapshot(book, draft, options, column)
    elif options.score_column is not None:
        raise DataError(Problem("backtest.score_column_alone"))
    else:
        findings = judge_dates(request, book, draft, reader)
    if options.suggest_weights:
        findings = replace(findings, weights=_weights(findings, book, request))
    return findings


def _under(rules: Rules | None, request: Request) -> Request:
    """`request` under other `rules`, with the dates and the outcome of those in force, unless the command line says otherwise."""
    if rules is None:
        return request
    settings = draft_of(request).document.mapping("backtest")
    kept = tuple(
        f"backtest.{key}={value}" for key, value in settings.items() if key != "rules" and value is not None
    )
    return replace(request, rules=at_home(rules, request.rules), overrides=(*kept, *request.overrides))


def _keep(request: Request, book: Book, findings: Findings) -> None:
    """For the reports that rest on the score; of one snapshot there is nothing to keep."""
    if findings.of_snapshot or not (request.remember and request.rules.remembers):
        return
    auc, dates, bands = findings.judged.measure("auc"), findings.judged.dates["t0"], findings.judged.bands
    is_known = findings.judged.churned >= FEWEST and not np.isnan(auc.value)
    value, low, high = (float(each) if is_known else None for each in (auc.value, auc.low, auc.high))
    counts = zip(*(bands[name].tolist() for name in ("band", "accounts", "churned_accounts")), strict=True)
    proof = LastProof(
        as_of=book.as_of.isoformat(),
        first=str(dates.min().date()),
        last=str(dates.max().date()),
        digest=rules_digest(request),
        verdict=findings.verdict,
        left=findings.judged.churned,
        auc=value,
        low=low,
        high=high,
        lead=book.config.backtest.lead,
        horizon=book.config.backtest.horizon,
        bands={str(band): (int(accounts), int(left)) for band, accounts, left in counts},
    )
    write_proof(request.rules.workspace, proof)


def _measured(findings: Findings, book: Book) -> str:
    """The chances of the bands as YAML. Raises DataError where there is nothing to measure them by."""
    if findings.of_snapshot:
        raise DataError(Problem("backtest.no_window"))
    if findings.judged.churned < FEW:
        details = {"events": findings.judged.churned, "least": FEW}
        raise DataError(Problem("backtest.too_few_for_probabilities", details=details))
    if not findings.allows_weights:
        raise DataError(
            Problem(
                "backtest.no_probabilities",
                details={"verdict": Phrase(f"backtest.verdict.{findings.verdict}")},
            )
        )
    return probabilities_yaml(findings, book.config, book.language)


def _judge_snapshot(book: Book, draft: Draft, options: BacktestOptions, column: str) -> Findings:
    outcome, when = read_outcome(book, column)
    known = provenances_with_outcome(book, column)
    then = then_of_today(book)
    by = book.config.backtest.by

    def build(config: Config) -> Panel:
        date = score_then(then, config, by, draft)
        if options.score_column is not None:
            date = with_scores(date, book, options.score_column)
        return build_snapshot(date, outcome, when)

    panel = build(book.config)
    if not panel.churned.any():
        raise DataError(Problem("backtest.nobody_left", value=column))
    terms = terms_of(book, None)
    if options.score_column is not None and not fits_bands(panel.rows["score"].to_numpy(np.float64)):
        terms = replace(terms, bands=())
    metrics = tabulate_metrics(
        panel, book.config, KnownOf(provenance=known, clocks=runs_with_time(book.config))
    )
    own_score = options.score_column is None
    flagged = metrics.flagged if own_score else ()
    clean = (
        build(without_metrics(book.config, flagged))
        if flagged and has_other_metrics(book.config, flagged)
        else panel
    )
    return Findings(
        panel=clean,
        judged=judge_panel(clean, terms),
        with_flagged=judge_panel(panel, terms).auc if flagged else None,
        metrics=metrics,
        terms=terms,
        outcome=column,
        of_snapshot=True,
        own_score=own_score,
    )


def _weights(findings: Findings, book: Book, request: Request) -> "pd.DataFrame":
    """Of the metrics that have values, know nothing of what came after and point the right way; without a signal there is
    none to sharpen.
    """
    seed = int(hashlib.sha256(f"{rules_digest(request)} {book.as_of}".encode()).hexdigest()[:8], 16)
    table = findings.metrics.table
    usable = set(table["metric"]) - {*findings.metrics.flagged, *findings.metrics.wrong}
    left_out = [name for name in book.config.metrics if name not in usable]
    found = suggest(findings.panel, book.config, left_out, seed)
    if findings.allows_weights:
        return found
    return found.assign(outcome=found["outcome"].replace(OFFERED, NO_EVIDENCE))
