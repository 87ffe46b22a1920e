"""The accounts of the sample company with all that was recorded of them."""

from dataclasses import dataclass

import numpy as np
import records
import voices
from model import Account, simulate_accounts
from records import Row
from table import Evidence, gather_evidence

SEED = 2026


@dataclass(frozen=True)
class Business:
    """Rows as `records` and `voices` give them."""

    accounts: list[Account]
    usage: list[Row]
    tickets: list[Row]
    answers: list[Row]
    touches: list[Row]
    events: list[Row]

    @property
    def evidence(self) -> Evidence:
        return gather_evidence(self.usage, self.tickets, self.answers, self.events)


def stream(number: int) -> np.random.Generator:
    """Random numbers of their own for each file: one may change alone."""
    return np.random.default_rng([SEED, number])


def run_business() -> Business:
    accounts = simulate_accounts(stream(1))
    tickets = records.list_tickets(accounts, stream(3))
    return Business(
        accounts=accounts,
        usage=records.list_usage(accounts, stream(2), stream(8)),
        tickets=voices.add_subjects(tickets, accounts, stream(9)),
        answers=voices.add_comments(records.list_answers(accounts, stream(4)), stream(10)),
        touches=records.list_touches(accounts, stream(5)),
        events=records.list_events(accounts, stream(6)),
    )
