"""Tickets and answers of surveys to what is open, how urgent, and how satisfied an account is."""

from collections.abc import Set as AbstractSet

from cscli.analysis.proposing.concepts import Concept
from cscli.analysis.proposing.rollup_work import QUARTER, YEAR, RollupWork
from cscli.analysis.recognising.facts import ColumnFacts
from cscli.analysis.recognising.kinds import Why

_CLOSED = (
    "solvedat",
    "closedat",
    "resolvedtime",
    "closedtime",
    "ticketclosedtime",
    "resolutiondate",
    "resolvedat",
    "closeddate",
    "closedate",
    "dateclosed",
    "datetimeclosed",
    "クローズ日",
    "クローズ日時",
    "propertycloseddate",
    "completedat",
    "resolved",
    "closed",
    "完了日時",
    "完了日",
    "解決日時",
    "解決日",
)
_STATE = (
    "status", "state", "ticketstatus", "casestatus", "ステータス", "チケットステータス", "対応ステータス", "状態", "対応状況",
)  # fmt: skip
_OVER = frozenset(
    {
        "closed",
        "solved",
        "resolved",
        "done",
        "completed",
        "deleted",
        "cancelled",
        "canceled",
        "完了",
        "解決済み",
        "解決",
        "対応済み",
        "クローズ",
    }
)
_VOID = frozenset(
    {
        "deleted",
        "spam",
        "merged",
        "duplicate",
        "cancelled",
        "canceled",
        "削除",
        "削除済み",
        "重複",
        "スパム",
        "キャンセル",
    }
)
"""Tickets that are over without a day on which they were solved."""
_URGENT = frozenset({"p1", "urgent", "critical", "highest", "blocker", "緊急", "最優先", "sev1", "s1", "p0"})
_RECOMMEND = ("recommend", "nps", "npsscore", "likelihoodtorecommend", "推奨度", "score")
_CSAT = (
    "csat",
    "satisfaction",
    "satisfactionscore",
    "rating",
    "満足度",
    "csatscore",
    "conversationratingvalue",
)
_GOOD = frozenset(
    {
        "good",
        "goodwithcomment",
        "good with comment",
        "satisfied",
        "very satisfied",
        "positive",
        "happy",
        "満足",
        "とても満足",
        "良い",
        "よい",
    }
)
_BAD = frozenset(
    {
        "bad",
        "badwithcomment",
        "bad with comment",
        "unsatisfied",
        "dissatisfied",
        "very dissatisfied",
        "negative",
        "unhappy",
        "不満",
        "とても不満",
        "悪い",
    }
)
_SATISFIED = Concept(name="satisfaction", better=1, group="satisfaction")
_TICKETS = Concept(name="tickets", better=-1, group="support")


def of_tickets(work: RollupWork) -> None:
    closed, status = (
        work.facts.first(lambda c: c.key in _CLOSED and c.type in ("date", "blank")),
        work.facts.named(_STATE),
    )
    is_open = None
    reads: tuple[tuple[ColumnFacts | None, str], ...] = ()
    if closed is not None:
        name = work.names.of(closed)
        is_open, reads = f"({name} IS NULL OR {name} > as_of)", ((closed, "date"),)
        if status is not None and (void := _listed(status, _VOID)):
            is_open += f" AND coalesce({work.names.of(status)}, '') NOT IN ({void})"
            reads = (*reads, (status, "text"))
    elif status is not None and (over := _listed(status, _OVER)):
        is_open, reads = f"{work.names.of(status)} NOT IN ({over})", ((status, "text"),)
    if is_open is not None and not (closed and closed.filled == 0 and status is None):
        until = f"{work.until()} AND " if work.day else ""
        work.add(
            work.own("open_tickets"),
            f"count(*) FILTER (WHERE {until}{is_open})",
            Why("open", reads[0][0].header if reads[0][0] else ""),
            *reads,
            concept=_TICKETS,
        )
        priority = work.facts.named(("priority", "severity", "優先度", "propertyhsticketpriority"))
        if priority is not None and (urgent := _listed(priority, _URGENT)):
            condition = f"{until}{is_open} AND {work.names.of(priority)} IN ({urgent})"
            work.add(
                work.own("open_p1"),
                f"count(*) FILTER (WHERE {condition})",
                Why("urgent", urgent),
                *reads,
                (priority, "text"),
            )
    _add_answers_in_words(work)
    if work.day is not None:
        work.add(
            f"{work.source}_90d",
            f"count(*) FILTER (WHERE {work.until(QUARTER)})",
            Why("count_days", str(QUARTER)),
            concept=_TICKETS,
        )


def _add_answers_in_words(work: RollupWork) -> None:
    """The share of good answers, in percent, where a support desk asks with two words."""
    answer = work.facts.named(_CSAT)
    if answer is None or len(answer.numbers):
        return
    good, bad = _listed(answer, _GOOD), _listed(answer, _BAD)
    if not good or not bad:
        return
    name, within = work.names.of(answer), work.until(YEAR)
    formula = f"100.0 * count(*) FILTER (WHERE {name} IN ({good}) AND {within}) / count(*) FILTER (WHERE {name} IN ({good}, {bad}) AND {within})"
    work.add(
        f"{work.source}_good", formula, Why("good_share", answer.header), (answer, "text"), concept=_SATISFIED
    )


def _listed(column: ColumnFacts, words: AbstractSet[str]) -> str:
    found = [value for value in sorted(column.values) if value.casefold() in words and "'" not in value]
    return ", ".join(f"'{value}'" for value in found)


def of_surveys(work: RollupWork) -> None:
    within = work.until(YEAR)
    recommend, csat = work.facts.named(_RECOMMEND), work.facts.named(_CSAT)
    if (
        recommend is not None
        and len(recommend.numbers)
        and 5 < recommend.numbers.max() <= 10
        and recommend.numbers.min() >= 0
    ):
        name = work.names.of(recommend)
        formula = f"100.0 * (count(*) FILTER (WHERE {name} >= 9 AND {within}) - count(*) FILTER (WHERE {name} <= 6 AND {within})) / count({name}) FILTER (WHERE {within})"
        work.add(work.own("nps"), formula, Why("nps_answers", recommend.header), (recommend, "number"))
    if csat is not None and len(csat.numbers) and csat.numbers.max() <= 5:
        work.add(
            work.own("csat"),
            f"avg({work.names.of(csat)}) FILTER (WHERE {within})",
            Why("mean", csat.header),
            (csat, "number"),
        )
