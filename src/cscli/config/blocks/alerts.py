"""What the YAML file may say about alerts: when something must be told, and to whom it goes."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

import pydantic_core
from pydantic import AfterValidator, Field, model_validator

from cscli.config.blocks.parts import Model, NonEmpty, RowFormula, Text

HIDDEN = "***"
BY_ENVIRONMENT: Mapping[str, str] = MappingProxyType({
    "url": "url_env", "webhook": "url_env", "webhook_url": "url_env", "token": "url_env", "secret": "url_env",
    "user": "user_env", "username": "user_env", "password": "password_env", "passwd": "password_env",
})  # fmt: skip
"""Keys that people write a secret under, each with the key that names an environment variable instead."""
HERE = ("localhost", "127.0.0.1", "::1")
"""Hosts of this computer: what goes there needs no encryption."""

_NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"webhook": ("url_env",), "email": ("host", "from", "to"), "file": ("path",)}
)
_OWN: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "webhook": ("url_env", "format", "ca_file"),
    "email": ("host", "port", "security", "from_", "to", "user_env", "password_env", "ca_file"),
    "file": ("path",),
})  # fmt: skip
_OF_ALL = frozenset({"name", "kind", "send", "include_names"})
_PORTS: Mapping[str, int] = MappingProxyType({"starttls": 587, "tls": 465, "none": 25})
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\x00-\x1f\x7f]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|::1")


def _check_variable(name: str) -> str:
    """What stands there may be the secret itself: it is never shown."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise pydantic_core.PydanticCustomError("config.not_a_variable", "{found}", {"found": HIDDEN})
    return name


def _check_address(address: str) -> str:
    if not _ADDRESS.fullmatch(address) or not address.isascii():
        raise pydantic_core.PydanticCustomError("config.not_an_address", "{found}", {"found": address})
    return address


def _check_host(host: str) -> str:
    if not _HOST.fullmatch(host):
        raise pydantic_core.PydanticCustomError("config.not_a_host", "{found}", {"found": HIDDEN})
    return host


Variable = Annotated[str, AfterValidator(_check_variable)]
Address = Annotated[str, AfterValidator(_check_address)]
Host = Annotated[str, AfterValidator(_check_host)]


class AlertRule(Model):
    """When something must be told. An alert is new once, then ongoing, until its rule no longer holds."""

    name: NonEmpty = Field(description="What the alert is called")
    label: Text | None = Field(None, description="What people see; default: the name")
    when: RowFormula | None = Field(
        None, description="A condition: one alert for each account for which it holds"
    )
    problems: list[NonEmpty] = Field(
        [],
        description="Instead of `when`: codes of problems with the data, such as `data.stale_file` or `drift.*`; one alert for each source that has one",
    )
    severity: Literal["error", "warning"] | None = Field(
        None,
        description="Instead of `when`, or beside `problems`: only problems that are so severe, or worse",
    )
    text: Text | None = Field(None, description="What people read; default: the name")
    channels: list[NonEmpty] | None = Field(
        None, min_length=1, description="Names of channels; default: all of them"
    )

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> "AlertRule":
        about_data = bool(self.problems or self.severity)
        if (self.when is not None) == about_data:
            code = "config.alert_about_both" if about_data else "config.alert_about_nothing"
            raise pydantic_core.PydanticCustomError(code, "when")
        return self


class Channel(Model):
    """Where alerts go. Secrets stand in environment variables, of which the file says only the names. Messages are stored
    with the run and sent after it; what fails is tried again by the next runs, for 7 days. Who is killed between sending
    a message and noting it sends it again, under the same key (`Idempotency-Key`, `Message-ID`, `key`): nothing is lost,
    and such a message may arrive twice.
    """

    name: NonEmpty = Field(description="What rules call it")
    kind: Literal["webhook", "email", "file"] = Field(
        description="`webhook`: a POST over https; `email`: by SMTP; `file`: one line of JSON a message"
    )
    send: bool = Field(
        False,
        description="Whether `cscli run` sends by itself; `cscli alerts --send` does so to every channel",
    )
    include_names: bool = Field(
        False, description="Whether names of accounts and owners go out, and values of the exports"
    )
    url_env: Variable | None = Field(None, description="webhook: the environment variable that holds the URL")
    format: Literal["slack", "json"] = Field(
        "slack", description="webhook: a text as Slack takes it, or the plain facts"
    )
    host: Host | None = Field(None, description="email: the SMTP server")
    port: int | None = Field(
        None, ge=1, le=65535, description="email: default 587 for `starttls`, 465 for `tls`"
    )
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="email: how the connection is encrypted; nothing goes out without; `none` is for this computer only",
    )
    from_: Address | None = Field(None, alias="from", description="email: the sender's address")
    to: list[Address] = Field([], description="email: the addresses of those who get it")
    user_env: Variable | None = Field(
        None, description="email: the environment variable that holds the user; default: no login"
    )
    password_env: Variable | None = Field(
        None, description="email: the environment variable that holds the password"
    )
    ca_file: NonEmpty | None = Field(
        None,
        description="webhook, email: certificates (PEM, from the workspace) that are trusted as well; for a server of your own",
    )
    path: NonEmpty | None = Field(None, description="file: its path, from the workspace")

    @property
    def port_used(self) -> int:
        """The port, or the usual one for its security."""
        return self.port or _PORTS[self.security]

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> "Channel":
        given = {key: getattr(self, key) for key in self.model_fields_set}
        missing = [key for key in _NEEDED[self.kind] if not given.get("from_" if key == "from" else key)]
        if missing:
            raise _channel_error("config.channel_needs", self.kind, missing)
        changed = {key for key, value in given.items() if value != type(self).model_fields[key].default}
        strange = sorted(key.rstrip("_") for key in changed - _OF_ALL - set(_OWN[self.kind]))
        if strange:
            raise _channel_error("config.channel_key", self.kind, strange)
        if (self.user_env is None) != (self.password_env is None):
            missing = ["password_env" if self.user_env else "user_env"]
            raise _channel_error("config.channel_needs", self.kind, missing)
        if self.kind == "email" and self.security == "none" and self.host not in HERE:
            raise _channel_error("config.channel_unencrypted", self.kind, [str(self.host)])
        return self


def _channel_error(code: str, kind: str, keys: list[str]) -> pydantic_core.PydanticCustomError:
    context = {"found": ", ".join(keys), "kind": kind, "needed": ", ".join(_NEEDED[kind])}
    return pydantic_core.PydanticCustomError(code, "{found}", context)
