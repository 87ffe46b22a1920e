"""What messages tell, of alerts or of the week, as plain values: their form, in which they are stored, sent and read again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cscli.texts import Language, as_language

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldProblem:
    """A problem with the data; `message` None where it shows what may not go out."""

    code: str
    severity: str
    message: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """What an alert says of a source."""

    source: str
    problems: tuple[ToldProblem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names, where they may go out."""

    name: str | None
    owner: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """What an alert says of an account; `names` None where they may not go out."""

    account_id: str
    names: Names | None
    band: str | None
    score: float | None
    score_change: float | None
    mrr: float | None
    arr: float | None
    days_to_renewal: float | None
    band_label: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFacts:
    """An alert that is on, about an account or a source. `since`: ISO."""

    rule: str
    text: str
    status: str
    since: str | None
    about: AccountFacts | SourceFacts

    def record(self) -> dict[str, object]:
        """As JSON has it, flat; names only where they are told."""
        about = asdict(self.about)
        names = about.pop("names", None) or {}
        head = {"rule": self.rule, "text": self.text, "status": self.status, "since": self.since}
        identity = {"account_id": about.pop("account_id")} if "account_id" in about else {}
        return {**head, **identity, **names, **about}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageHead:
    """What every message says of its run."""

    as_of: str
    language: Language
    currency: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestFacts:
    """A digest of alerts."""

    key: str
    head: MessageHead
    alerts: tuple[AlertFacts, ...]

    def record(self) -> dict[str, object]:
        """As JSON has it."""
        alerts = [alert.record() for alert in self.alerts]
        return {"schema_version": SCHEMA_VERSION, "key": self.key, **asdict(self.head), "alerts": alerts}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """The Monday page: what it is called, and what it says, a line each."""

    key: str
    head: MessageHead
    title: str
    lines: tuple[str, ...]

    def record(self) -> dict[str, object]:
        """As JSON has it."""
        told = {"title": self.title, "lines": list(self.lines)}
        return {"schema_version": SCHEMA_VERSION, "key": self.key, **asdict(self.head), **told}


Facts = DigestFacts | PageFacts
"""All that a message can tell."""


def read_facts(record: object) -> Facts:
    """What `record` gave, read again. Raises KeyError, TypeError for what is no message of this form."""
    if not isinstance(record, Mapping):
        raise TypeError(type(record))
    if record["schema_version"] != SCHEMA_VERSION:
        raise KeyError(record["schema_version"])
    head = MessageHead(
        as_of=record["as_of"], language=as_language(record["language"]), currency=record["currency"]
    )
    if "lines" in record:
        return PageFacts(
            key=record["key"], head=head, title=record["title"], lines=tuple(map(str, record["lines"]))
        )
    return DigestFacts(key=record["key"], head=head, alerts=tuple(map(_read_alert, record["alerts"])))


def _read_alert(record: Mapping[str, Any]) -> AlertFacts:
    about = _read_source(record) if "source" in record else _read_account(record)
    return AlertFacts(
        rule=record["rule"], text=record["text"], status=record["status"], since=record["since"], about=about
    )


def _read_source(record: Mapping[str, Any]) -> SourceFacts:
    problems = tuple(ToldProblem(**problem) for problem in record["problems"])
    return SourceFacts(source=record["source"], problems=problems)


def _read_account(record: Mapping[str, Any]) -> AccountFacts:
    told = "name" in record
    return AccountFacts(
        account_id=record["account_id"],
        names=Names(name=record["name"], owner=record["owner"]) if told else None,
        band=record["band"],
        score=record["score"],
        score_change=record["score_change"],
        mrr=record["mrr"],
        arr=record["arr"],
        days_to_renewal=record["days_to_renewal"],
        band_label=record["band_label"],
    )
