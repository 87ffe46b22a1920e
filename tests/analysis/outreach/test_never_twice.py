"""Any runs on any days, with any contacts: nobody gets a message twice, more than the limits, or after opting out.

The oracle counts the mails that went out, message by message, without the code that decides.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from books.messages import AS_OF, Around, accounts, contact, decisions, rules, sent
from cscli.analysis.outreach.contacts import opt_outs_of
from cscli.analysis.outreach.reasons import Stop
from cscli.analysis.outreach.sent import SentMessage, State

IDS = ("A1", "A2", "A3")
CONTACT, ACCOUNT = {"at_most": 2, "days": 30}, {"at_most": 1, "days": 7}


@dataclass(frozen=True)
class Mail:
    message: str
    account: str
    address: str
    day: dt.date


def run(ledger: list[SentMessage], day: dt.date, who: list[str], out: list[str]) -> list[Mail]:
    """One run: what goes is put into the ledger, as any state that counts."""
    frame = accounts(*({"account_id": name, "renews_on": "2027-03-31"} for name in IDS))
    people = [
        contact(name, email=f"{person}@{name.lower()}.example") for name in who for person in ("p", "q")
    ]
    outreach = rules(
        {"name": "once", "to": {"at_most": 2}},
        {"name": "term", "again": "renewal"},
        {"name": "often", "again": {"days": 10}},
        limits={"contact": CONTACT, "account": ACCOUNT},
    )
    outs = opt_outs_of(out, {}, lambda _: False)
    found = decisions(outreach, frame, people, Around(ledger=ledger, outs=outs, as_of=day))
    mails = [Mail(each.message, each.draft.account_id, each.draft.email, day) for each in found if each.draft]
    for number, (mail, each) in enumerate(zip(mails, (one for one in found if one.draft), strict=True)):
        state = (State.SENT, State.ISSUED, State.UNKNOWN, State.CONFIRMED)[number % 4]
        ledger.append(
            sent(mail.message, mail.account, day, address=mail.address, occasion=each.occasion, state=state)
        )
    return mails


def count_before(last: Mail, mails: list[Mail], limit: dict[str, int]) -> int:
    """How many of them lie in the days of the limit that end with `last`."""
    return sum(0 <= (last.day - each.day).days < limit["days"] for each in mails)


@pytest.mark.slow
@settings(max_examples=40)
@given(
    days=st.lists(st.integers(-3, 60), min_size=1, max_size=7),
    who=st.lists(st.lists(st.sampled_from(IDS), unique=True), min_size=7, max_size=7),
    out=st.lists(st.sampled_from(["p@a1.example", "Q@A2.example", "@a3.example"]), unique=True),
)
def test_never_twice_never_too_often_never_to_whom_opted_out(
    days: list[int], who: list[list[str]], out: list[str]
) -> None:
    ledger: list[SentMessage] = []
    mails: list[Mail] = []
    for number, offset in enumerate(days):
        mails += run(ledger, AS_OF + dt.timedelta(days=offset), who[number], out)
    assert (
        max(
            Counter((m.message, m.account, m.address) for m in mails if m.message != "often").values(),
            default=0,
        )
        <= 1
    )
    assert all(
        count == 1 for count in Counter((m.message, m.account) for m in mails if m.message == "term").values()
    )
    folded = [each.casefold() for each in out]
    assert not [m for m in mails if m.address in folded or f"@{m.address.partition('@')[2]}" in folded]
    for mail in mails:
        assert (
            count_before(mail, [m for m in mails if m.address == mail.address], CONTACT) <= CONTACT["at_most"]
        )
        assert (
            count_before(mail, [m for m in mails if m.account == mail.account], ACCOUNT) <= ACCOUNT["at_most"]
        )


@pytest.mark.parametrize(
    ("again", "occasion", "back", "goes"),
    [
        ({}, "", 400, False),
        ({"again": "renewal"}, "2027-03-31", 100, False),  # this term's
        ({"again": "renewal"}, "2026-09-30", 100, True),  # the last term's
        ({"again": {"days": 90}}, "2026-08-02", 89, False),
        ({"again": {"days": 90}}, "2026-08-01", 90, True),
    ],
)
def test_a_new_id_of_an_account_is_no_reason_to_write_twice(
    again: dict[str, object], occasion: str, back: int, goes: bool
) -> None:
    """The CRM was moved, and A1 is called C-001 now, with the same person. By hand: what A1 had, the person had."""
    frame = accounts({"account_id": "C-001", "domain": "a1.example", "renews_on": "2027-03-31"})
    ledger = [sent("hello", "A1", AS_OF - dt.timedelta(days=back), occasion=occasion)]
    people = [contact("C-001", email="P@A1.example")]
    (found,) = decisions(rules(again), frame, people, Around(ledger=ledger))
    assert (found.stop, found.about) == ((None, "") if goes else (Stop.HAD, "A1"))
