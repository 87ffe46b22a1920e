"""Messages out of the outbox to where they go: a webhook, a mail server, a file; and what becomes of each try."""

from cscli.delivery.backoff import MOST_TRIES, wait_seconds
from cscli.delivery.outcome import Outcome, Verdict
from cscli.delivery.payload import payload_text
from cscli.delivery.sending import Surroundings, deliver
from cscli.delivery.wording import name_of

__all__ = [
    "MOST_TRIES",
    "Outcome",
    "Surroundings",
    "Verdict",
    "deliver",
    "name_of",
    "payload_text",
    "wait_seconds",
]
