"""What became of one try to deliver a message."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """`retry`: it may go better soon; `later`: a person has to mend something first; `refused`: never."""

    SENT = "sent"
    RETRY = "retry"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`reason`: why not, in short, with no secret in it; empty for a message that was sent in full. `may_have_arrived`: of one that
    was not sent for sure, whether the other side had begun to take it and never said what became of it.
    """

    verdict: Verdict
    reason: str = ""
    retry_after_seconds: float | None = None
    may_have_arrived: bool = False
