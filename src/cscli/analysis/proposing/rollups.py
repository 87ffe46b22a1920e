"""A table of many rows an account to what to add up of it, by what its rows are: each with the reason and what it says."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet

from cscli.analysis.proposing.concepts import Concept, concept_of
from cscli.analysis.proposing.names import Names
from cscli.analysis.proposing.rollup_work import QUARTER, WINDOW, ProposedRollup, RollupWork
from cscli.analysis.proposing.rollups_of_orders import of_orders
from cscli.analysis.proposing.rollups_of_voice import of_surveys, of_tickets
from cscli.analysis.proposing.twins import may_be_our_activity
from cscli.analysis.recognising.facts import ColumnFacts, TableFacts
from cscli.analysis.recognising.kinds import Why
from cscli.analysis.recognising.taken import TakenFile

_DAY = ("timestamp", "createdat", "createddate", "created", "createdon", "occurredat", "eventtime", "activitydate", "propertycreatedate",
        "propertyhstimestamp", "propertyhscreatedate", "openedat", "submittedat", "answeredon", "date", "日付", "日時", "作成日", "作成日時",
        "受付日", "受付日時", "発生日", "回答日", "対象月", "年月", "month")  # fmt: skip
_PEOPLE = ("visitorid", "userid", "user", "useremail", "email", "memberid", "ユーザーid", "利用者id")
_LOGIN = (
    "lastloginat",
    "lastlogin",
    "lastlogindate",
    "lastseenat",
    "lastvisit",
    "lastrequestat",
    "lastactiveat",
    "lastactive",
    "最終ログイン日時",
    "最終ログイン日",
    "最終ログイン",
)
_MOST = 4


def propose_rollups(taken: TakenFile, source: str, free: AbstractSet[str]) -> tuple[ProposedRollup, ...]:
    """What to add up of `taken`, first what says most. `free`: canonical columns that no table gives yet."""
    work = RollupWork(taken=taken, source=source, free=free, names=Names(taken.facts))
    work.day = _day_of(taken.facts)
    subject = "churn" if taken.kind == "churn" else "person" if taken.kind == "contacts" else _subject(taken)
    _BY_SUBJECT.get(subject, _others)(work)
    if taken.kind not in ("churn", "contacts"):
        work.add(
            f"{source}_rows",
            f"count(*) FILTER (WHERE {work.until()})" if work.day else "count(*)",
            Why("rows"),
        )
        if work.day is not None:
            name = work.names.of(work.day)
            says_more = {each.name for each in work.found} & _SAYS_MORE
            if subject in _BY_THEM and not says_more:
                last = f"date_diff('day', max({name}) FILTER (WHERE {work.until()}), as_of)"
                work.add(f"{source}_days_since", last, Why("days_since", work.day.header), concept=_SINCE)
            work.add(
                f"{source}_last_on",
                f"max({name}) FILTER (WHERE {work.until()})",
                Why("last_row", work.day.header),
            )
    return tuple(work.found)


def row_day(taken: TakenFile) -> str | None:
    """The column with the day of a row, where rows are of a day: who leaves, and people, are known beyond it."""
    day = None if taken.kind in ("churn", "contacts") else _day_of(taken.facts)
    return None if day is None else Names(taken.facts).of(day)


def _subject(taken: TakenFile) -> str:
    if taken.kind == "orders":
        return "invoice" if "invoice" in taken.facts.things else "order"
    things = taken.facts.things
    ours = next((thing for thing in ("touch", "ticket", "survey", "deal") if thing in things), None)
    return ours or (things[-1] if things else "")


def _day_of(facts: TableFacts) -> ColumnFacts | None:
    named = facts.named(_DAY)
    if named and named.type == "date":
        return named
    dates = [c for c in facts.columns if c.type == "date" and not c.header.startswith("_")]
    fitting = [
        c
        for c in dates
        if not set(c.words)
        & {"updated", "modified", "synced", "due", "deleted", "expires", "closed", "solved"}
    ]
    return next(iter(fitting or dates), None)


def _of_use(work: RollupWork) -> None:
    """Monthly figures as of the latest month; single uses counted over four weeks."""
    numbers = [
        c
        for c in work.facts.columns
        if c.type == "number" and not c.is_named_like_id and c is not work.taken.key and c.distinct > 1
    ]
    if work.day is not None and _is_monthly(work.day):
        for column in numbers[: 2 * _MOST]:
            name = work.own(column.field) if column.field in _USAGE else f"{work.names.of(column)}_now"
            formula = (
                f"arg_max({work.names.of(column)}, {work.names.of(work.day)}) FILTER (WHERE {work.until()})"
            )
            work.add(
                name,
                formula,
                Why("latest", column.header),
                (column, "number"),
                concept=concept_of(column, _USE),
            )
        return
    if work.day is None:
        return
    people = work.facts.named(_PEOPLE)
    if people is not None and people is not work.taken.key:
        work.add(work.own("active_users"), f"count(DISTINCT {work.names.of(people)}) FILTER (WHERE {work.until(WINDOW)})",
                 Why("people_28d", people.header), (people, "text"), concept=_USE)  # fmt: skip
    for column in numbers[:_MOST]:
        _add_of_four_weeks(work, column, work.day)
    if not numbers:
        work.add(
            f"{work.source}_28d",
            f"count(*) FILTER (WHERE {work.until(WINDOW)})",
            Why("count_days", str(WINDOW)),
            concept=_USE,
        )
    name = work.names.of(work.day)
    work.add(
        work.own("last_login_on"),
        f"max({name}) FILTER (WHERE {work.until()})",
        Why("last_use", work.day.header),
    )


def _add_of_four_weeks(work: RollupWork, column: ColumnFacts, day: ColumnFacts) -> None:
    """Amounts of use added up; of people who are active the latest figure, of opinions the mean: their sum says nothing."""
    number, concept, lately = work.names.of(column), concept_of(column, _USE), work.until(WINDOW)
    if column.field in _LEVELS or (concept is not None and concept.name == "people"):
        name = work.own(column.field) if column.field in _LEVELS else f"{number}_now"
        formula, why = f"arg_max({number}, {work.names.of(day)}) FILTER (WHERE {lately})", "latest_day"
    elif concept is not None and concept.name in _OPINIONS:
        name, formula, why = f"{number}_mean_28d", f"avg({number}) FILTER (WHERE {lately})", "mean_28d"
    else:
        name, formula, why = f"{number}_28d", f"sum({number}) FILTER (WHERE {lately})", "sum_28d"
    work.add(name, formula, Why(why, column.header), (column, "number"), concept=concept)


def _is_monthly(day: ColumnFacts) -> bool:
    texts = day.examples[:60]
    return bool(set(day.words) & {"month", "対象月", "年月"}) or (
        len(texts) > 2 and all(t[8:10] == "01" for t in texts)
    )


def _of_touches(work: RollupWork) -> None:
    if work.day is not None:
        work.add(
            f"{work.source}_90d",
            f"count(*) FILTER (WHERE {work.until(QUARTER)})",
            Why("touches", str(QUARTER)),
        )


def _of_churn(work: RollupWork) -> None:
    if work.day is None:
        return
    name = work.names.of(work.day)
    work.add(work.own("churned_on"), f"max({name})", Why("left_on", work.day.header))
    reason = work.facts.first(
        lambda c: c.filled > 0 and c.type == "text" and ("reason" in c.key or "理由" in c.key)
    )
    if reason is not None:
        work.add(
            work.own("churn_reason"),
            f"arg_max({work.names.of(reason)}, {name})",
            Why("reason", reason.header),
            (reason, "text"),
        )


def _of_people(work: RollupWork) -> None:
    """People of an account: how many, who was here lately, and the last login of all."""
    login = work.facts.named(_LOGIN) or work.facts.first(_is_last_use)
    work.day = None
    if login is not None:
        name = work.names.of(login)
        work.add(
            work.own("last_login_on"),
            f"max({name}) FILTER (WHERE {name} <= as_of)",
            Why("last_use", login.header),
            (login, "date"),
        )
        if "seats" in work.free:
            work.add("seats", "count(*)", Why("people_as_seats"))
            work.add(
                work.own("active_users"),
                f"count(*) FILTER (WHERE {name} <= as_of AND {name} > as_of - {WINDOW})",
                Why("people_28d", login.header),
                (login, "date"),
            )
    work.add(f"{work.source}_count", "count(*)", Why("people_count"))


def _is_last_use(column: ColumnFacts) -> bool:
    return (
        column.field == "last_login_on" and column.type == "date" and not may_be_our_activity(column.header)
    )


def _others(work: RollupWork) -> None:
    """Rows of no known subject: only how many, and when the last was."""


_USAGE = frozenset({"active_users", "logins", "usage_minutes"})
_LEVELS = frozenset({"active_users", "seats"})
_OPINIONS = frozenset({"satisfaction", "rating", "recommend"})
_USE = Concept(name="use", better=1, group="usage")
_SINCE = Concept(name="days_since", better=-1, group="usage")
_BY_THEM = frozenset({"usage", "event", "order", "survey"})
"""Rows that customers make: the last one says how long they have been silent. Our own calls, mails and invoices do not."""
_SAYS_MORE = frozenset({"last_login_on", "nps", "csat"})
"""Beside the last use, or what they answered, the days since their last row say nothing more."""
_BY_SUBJECT: Mapping[str, Callable[[RollupWork], None]] = {
    "usage": _of_use, "event": _of_use, "ticket": of_tickets, "survey": of_surveys, "touch": _of_touches, "churn": _of_churn,
    "person": _of_people, "order": of_orders, "invoice": of_orders,
}  # fmt: skip
