"""Exactly what would be sent, as text: for people who want to see it first."""

from datetime import datetime

from cscli.analysis.acting.messages import Message
from cscli.config.blocks.alerts import HIDDEN, Channel
from cscli.delivery.bodies import whole_line
from cscli.delivery.mail import mail_bytes
from cscli.delivery.sending import webhook_body, webhook_headers


def payload_text(message: Message, channel: Channel, now: datetime) -> str:
    """The request, the mail or the line of `message`; secrets are not looked up, and shown as `***`."""
    match channel.kind:
        case "webhook":
            head = [f"POST {HIDDEN} ({channel.url_env})"]
            head += [f"{name}: {value}" for name, value in webhook_headers(message).items()]
            body = webhook_body(message, channel).decode()
            return "\n".join([*head, "", body])
        case "email":
            login = f", {channel.user_env} {HIDDEN}" if channel.user_env else ""
            server = f"SMTP {channel.host}:{channel.port_used} ({channel.security}{login})"
            mail = mail_bytes(message.facts, channel, now).decode().replace("\r\n", "\n")
            return f"{server}\n{mail}".rstrip("\n")
        case "file":
            return f">> {channel.path}\n{whole_line(message.facts).decode()}"
