"""A message and its channel to one try: secrets from the environment, the payload, and where it goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cscli import __version__
from cscli.analysis.acting.messages import Message
from cscli.config.blocks.alerts import Channel
from cscli.delivery.bodies import json_body, slack_body, whole_line
from cscli.delivery.lines import append_line
from cscli.delivery.mail import mail_bytes
from cscli.delivery.outcome import Outcome, Verdict
from cscli.delivery.smtp import Mail, Server, send_mail
from cscli.delivery.webhook import Post, post
from cscli.texts import text

DEADLINE_SECONDS = 10.0
"""For one try, from the first packet to the end of the answer."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a try needs of the world: variables, the workspace, the time, and how long it may take."""

    environment: Mapping[str, str]
    workspace: Path
    now: datetime
    seconds: float = DEADLINE_SECONDS


def deliver(message: Message, channel: Channel, around: Surroundings) -> Outcome:
    """What became of one try. Nothing is sent where a variable that the channel names is not set."""
    unset = [name for name in _variables(channel) if not around.environment.get(name, "").strip()]
    if unset:
        return Outcome(Verdict.LATER, text("delivery.unset", message.facts.head.language, name=unset[0]))
    match channel.kind:
        case "webhook":
            return post(_post(message, channel, around), around.seconds, around.now)
        case "email":
            return send_mail(
                _mail(message, channel, around), _server(message, channel, around), around.seconds
            )
        case "file":
            path = around.workspace / (channel.path or "")
            return append_line(path, whole_line(message.facts), message.key)


def webhook_headers(message: Message) -> dict[str, str]:
    """The headers of a POST; the key tells who gets it twice that it is the same."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"cscli/{__version__}",
        "Idempotency-Key": message.key,
        "Connection": "close",
    }


def webhook_body(message: Message, channel: Channel) -> bytes:
    """The body of a POST in the channel's format."""
    return slack_body(message.facts) if channel.format == "slack" else json_body(message.facts)


def _variables(channel: Channel) -> list[str]:
    return [name for name in (channel.url_env, channel.user_env, channel.password_env) if name]


def _secret(name: str | None, around: Surroundings) -> str | None:
    return around.environment[name].strip() if name else None


def _post(message: Message, channel: Channel, around: Surroundings) -> Post:
    url = _secret(channel.url_env, around) or ""
    return Post(
        url=url, headers=webhook_headers(message), body=webhook_body(message, channel), ca_file=_ca_file(channel, around),
        language=message.facts.head.language,
    )  # fmt: skip


def _mail(message: Message, channel: Channel, around: Surroundings) -> Mail:
    return Mail(
        channel.from_ or "",
        tuple(channel.to),
        mail_bytes(message.facts, channel, around.now),
        mail_bytes(message.facts, channel, around.now, eight_bit=False),
    )


def _server(message: Message, channel: Channel, around: Surroundings) -> Server:
    user, password = _secret(channel.user_env, around), _secret(channel.password_env, around)
    ca_file = _ca_file(channel, around)
    return Server(
        host=channel.host or "",
        port=channel.port_used,
        security=channel.security,
        user=user,
        password=password,
        ca_file=ca_file,
        language=message.facts.head.language,
    )


def _ca_file(channel: Channel, around: Surroundings) -> Path | None:
    return around.workspace / channel.ca_file if channel.ca_file else None
