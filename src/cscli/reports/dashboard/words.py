"""The texts of the page, all that its scripts and its template say, in its language."""

import datetime as dt

from cscli.reports.dashboard.model import Json, Material
from cscli.reports.kit.compact import money_form
from cscli.reports.kit.looks import show_date
from cscli.texts import Language, catalogue, text

_PREFIX = "page."


def page_texts(language: Language) -> dict[str, str]:
    """Every text of the topic `page`, without its prefix; with those about one thing."""
    return {
        key.removeprefix(_PREFIX): said
        for key, said in catalogue(language).items()
        if key.startswith(_PREFIX)
    }


def head_part(material: Material) -> dict[str, Json]:
    """What the page says of itself: language, days, money, rules, version."""
    context = material.context
    form = money_form(context.currency, material.language)
    arr = material.frame["arr"]
    return {
        "lang": material.language,
        "as_of": context.as_of.isoformat(),
        "since": material.since.isoformat() if material.since else None,
        "digest": context.config_digest,
        "choice": material.choice,
        "whole": len(material.scored.frame),
        "money": {"before": form.before, "after": form.after, "decimals": form.decimals},
        "has_money": bool(arr.notna().any()),
        "detailed": _places(material),
    }


def long_day(day: dt.date, language: Language) -> str:
    """A day as the page writes it: 31 Oct 2026, 2026/10/31."""
    if language == "ja":
        return show_date(day, language)
    return f"{day.day} {text(f'page.month.{day.month}', language)} {day.year}"


def _places(material: Material) -> Json:
    """The places of the accounts whose page is whole; None: of all."""
    detailed = material.detailed[material.rows]
    return None if detailed.all() else detailed.nonzero()[0].tolist()
