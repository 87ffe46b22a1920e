"""What the YAML file may say about messages to customers: who may get which, when, and what it says."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

import pydantic_core
from pydantic import AfterValidator, Field, model_validator

from cscli.config.blocks.alerts import HERE, Host, Variable
from cscli.config.blocks.parts import BothLanguages, Model, Name, NonEmpty, RowFormula, Text
from cscli.config.blocks.shown import LABEL, Short, Shortened
from cscli.config.work.sending import Sender

Kind = Literal["service", "promotion"]
LANGUAGES: tuple[Literal["en", "ja"], ...] = ("en", "ja")
ANY_DOMAIN = "*"


class MailServer(Model):
    """The server that takes the mails of `cscli outreach send`. Secrets stand in environment variables."""

    host: Host = Field(description="The SMTP server")
    port: int | None = Field(None, ge=1, le=65535, description="Default 587 for `starttls`, 465 for `tls`")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection is encrypted; `none` is for this computer only"
    )
    user_env: Variable | None = Field(None, description="The environment variable that holds the user")
    password_env: Variable | None = Field(
        None, description="The environment variable that holds the password"
    )
    ca_file: NonEmpty | None = Field(
        None, description="Certificates (PEM, from the workspace) that are trusted as well"
    )
    per_minute: Annotated[int, Field(ge=1, le=6000)] = Field(20, description="Mails a minute, at most")

    @model_validator(mode="after")
    def _is_whole(self) -> "MailServer":
        if (self.user_env is None) != (self.password_env is None):
            missing = "password_env" if self.user_env else "user_env"
            raise pydantic_core.PydanticCustomError("config.outreach_needs", "smtp", {"found": missing})
        if self.security == "none" and self.host not in HERE:
            found = {"found": str(self.host)}
            raise pydantic_core.PydanticCustomError("config.channel_unencrypted", "{found}", found)
        return self


class Limit(Model):
    """So many messages in so many days, the day itself included."""

    at_most: int = Field(ge=1, le=1000, description="Messages")
    days: int = Field(ge=1, le=3650, description="Days back from the as-of date")


class Limits(Model):
    """How much anybody gets, of all messages together. What a limit stops waits, and is made anew from later figures."""

    contact: Limit = Field(Limit(at_most=2, days=30), description="A person")
    account: Limit = Field(Limit(at_most=1, days=7), description="An account")
    run: int = Field(200, ge=1, le=100_000, description="Messages a run")


class To(Model):
    """Whom at the account. A rule over the columns of the contact and of the account."""

    when: RowFormula | None = Field(None, description="A condition; default: every contact")
    first_by: RowFormula | None = Field(None, description="The contacts with the lowest value come first")
    at_most: int = Field(1, ge=1, le=20, description="Contacts an account")


class AgainAfter(Model):
    """Once in so many days."""

    days: int = Field(ge=1, le=3650, description="Days since the last one")


class After(Model):
    """A message that the account must have had before."""

    message: Name = Field(description="That message")
    days: int = Field(ge=0, le=3650, description="Days since then, at least")


class Block(Shortened):
    """A paragraph; lines that begin with `- ` are a list."""

    alone = "text"
    text: NonEmpty = Field(description="What it says")
    when: RowFormula | None = Field(None, description="A condition; also over the message's `values`")
    optional: bool | None = Field(
        None, description="Left out where a value is missing, instead of the whole draft"
    )


ShortBlock = Annotated[Block, Short(str)]
Blocks = Annotated[list[ShortBlock], Field(min_length=1)]


class Texts(Model):
    """The paragraphs by language. A contact gets the language of its row."""

    en: Blocks | None = Field(None, description="In English")
    ja: Blocks | None = Field(None, description="In Japanese")

    def in_language(self, language: str) -> list[Block]:
        """Those of `language`; none where it is not written in it."""
        return (self.ja if language == "ja" else self.en) or []


class Message(Model):
    """One message: who gets it, when, and what it says."""

    name: Name = Field(description="Its name in the ledger; never rename one that was sent")
    label: Text | None = Field(None, description=LABEL)
    kind: Kind = Field(description="`service`: about the contract and its use; `promotion`: advertising")
    when: RowFormula = Field(description="A condition over the account's columns")
    to: To = Field(To(), description="Whom at the account")
    again: Literal["never", "renewal"] | AgainAfter = Field(
        "never", description="`never`: once; `renewal`: once a contract term; or `{days: 90}`"
    )
    after: After | None = Field(None, description="Only after another message")
    days: Literal["any", "business"] = Field("any", description="Whether it goes on business days alone")
    consent: Literal["needed", "relationship"] = Field(
        "needed",
        description="Of a promotion: `needed`: only with `consent_on`; `relationship`: a person has decided that the business relationship allows it",
    )
    holdout: float | None = Field(
        None, ge=0, le=0.9, description="Share of accounts that on purpose get nothing"
    )
    values: dict[Name, RowFormula] = Field(
        {},
        description="What its texts may say beside `may_show`; over the account's and the contact's columns",
    )
    fallback: dict[Name, Text] = Field({}, description="What stands in for a value that is missing")
    goal: Name | None = Field(None, description="The metric that `results` looks at beside the score")
    subject: BothLanguages = Field(description="By language")
    text: Texts = Field(description="Paragraphs by language")

    def languages(self) -> tuple[Literal["en", "ja"], ...]:
        """Those in which it is written."""
        return tuple(each for each in LANGUAGES if self.subject_in(each) and self.text.in_language(each))

    def subject_in(self, language: str) -> str:
        """Its subject; empty where it has none in that language."""
        return (self.subject.ja if language == "ja" else self.subject.en) or ""


class Export(Model):
    """A file for another system, one row a message."""

    name: Name = Field(description="What `--as` calls it")
    form: Literal["csv", "xlsx"] = Field("csv", description="Its form")
    columns: dict[NonEmpty, RowFormula] = Field(
        min_length=1,
        description="Header: SQL over key, account_id, name, contact_name, email, language, message, kind, subject, body, as_of",
    )


def _check_domain(domain: str) -> str:
    if domain != ANY_DOMAIN and not re.fullmatch(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,}", domain):
        raise pydantic_core.PydanticCustomError("config.not_a_domain", "{found}", {"found": domain})
    return domain


class Outreach(Model):
    """Messages to customers: who gets which. Nothing is sent by a run; a person presses the button."""

    sender: Sender = Field(description="Who writes")
    smtp: MailServer | None = Field(None, description="For `cscli outreach send`")
    may_show: list[Name] = Field(
        [], description="Columns that a text may say; none that rests on the score or on what people typed"
    )
    unless: RowFormula | None = Field(
        None, description="A condition under which an account gets no message at all"
    )
    limits: Limits = Field(Limits(), description="How much anybody gets")
    holdout: float = Field(
        0,
        ge=0,
        le=0.9,
        description="Share of accounts that on purpose get no promotion; of a service message only where it stands there",
    )
    holdout_salt: NonEmpty = Field("cscli", description="Another one draws other accounts")
    allow_domains: list[Annotated[str, AfterValidator(_check_domain)]] = Field(
        [], description="Domains of contacts beside the account's own; `*`: every one"
    )
    service_ignores_opt_out: bool = Field(
        False, description="Whether service messages go to those who opted out; never to who complained"
    )
    language_fallback: bool = Field(
        False, description="Whether a contact whose language has no text gets that of `language`"
    )
    people_first: bool = Field(
        False, description="Whether an account waits for whom a person's playbook is due within 7 days"
    )
    messages: list[Message] = Field(
        min_length=1, description="In order of priority: a contact gets the first that may go, one a run"
    )
    exports: list[Export] = Field([], description="Forms of files for other systems")

    def message(self, name: str) -> Message | None:
        """The message of that name."""
        return next((each for each in self.messages if each.name == name), None)

    def holdout_of(self, message: Message) -> float:
        """Which share is held out; of service messages none, unless it is written there."""
        if message.holdout is not None:
            return message.holdout
        return self.holdout if message.kind == "promotion" else 0.0

    def ledger_columns(self) -> Iterator[str]:
        """The columns that `when` and `unless` may read."""
        yield from ledger_columns(each.name for each in self.messages)


def ledger_columns(names: "Iterator[str]") -> Iterator[str]:
    """What the ledger tells of an account, for messages of these names."""
    yield "days_since_outreach"
    for name in names:
        yield f"sent_{name}_days"
        yield f"sent_{name}_count"
