"""What was promised to an account, what of it is late, who took part, and where its goals stand: a line a fact, as far as it is known."""

from collections.abc import Iterator

from cscli.reports.dashboard.model import Material
from cscli.reports.dashboard.words import long_day
from cscli.reports.explain.known import is_known, promised_of
from cscli.reports.kit.looks import show_share
from cscli.reports.practice.columns import milestone_labels, promise_texts, status_column
from cscli.texts import text


def promised_lines(material: Material) -> Iterator[tuple[str, str, str]]:
    """Section, what, value: the handover, goals, standards that are late, and the last contact."""
    section, account = text("brief.promised", material.language), material.frame.iloc[0]
    goals = _goal_lines(material)
    for what, value in promised_of(account, material.config, material.language, goals):
        yield section, what, value


def late_lines(material: Material) -> list[tuple[str, str]]:
    """Each promise to the account that is late, and how late it is; none where the rules promise nothing."""
    late, language = material.work.late, material.language
    if late is None:
        return []
    mine = late[(late["account_id"] == material.frame["account_id"].iloc[0]).to_numpy(bool)]
    statuses = status_column(language).labels
    journey, found = material.config.journey, []
    labels = milestone_labels(journey.standards if journey else (), language)
    for promise, row in zip(promise_texts(mine, labels), mine.to_dict("records"), strict=True):
        days, due = row["days_late"], row["due_on"]
        said = [
            statuses.get(str(row["status"]), str(row["status"])),
            text("page.late.days", language, count=f"{days:,.0f}") if is_known(days) else "",
            text("page.by_day", language, day=long_day(due.date(), language)) if is_known(due) else "",
        ]
        found.append((promise, " · ".join(filter(None, said))))
    return found


def _goal_lines(material: Material) -> Iterator[tuple[str, str]]:
    """Each open goal in the customer's words: how it stands, how far it is, by when."""
    goals, language = material.work.goals, material.language
    if goals is None:
        return
    statuses = status_column(language).labels
    mine = goals[(goals["account_id"] == material.frame["account_id"].iloc[0]).to_numpy(bool)]
    for row in mine.to_dict("records"):
        progress, due = row["progress"], row["due_on"]
        said = [
            statuses[str(row["status"])],
            show_share(progress) if is_known(progress) else "",
            text("page.by_day", language, day=long_day(due.date(), language)) if is_known(due) else "",
        ]
        yield str(row["goal"]), " · ".join(filter(None, said))
