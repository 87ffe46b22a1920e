"""Forty accounts, each with one thing about it. The oracle is the order of questions, gone through by hand."""

import datetime as dt
from typing import Any

import pytest

from books.messages import AS_OF, Around, accounts, contact, decisions, outcome, rules, sent
from cscli.analysis.outreach.addresses import draw
from cscli.analysis.outreach.contacts import OptOuts, opt_outs_of
from cscli.analysis.outreach.sent import State


def day(back: int) -> dt.date:
    return AS_OF - dt.timedelta(days=back)


OUTS = opt_outs_of(
    ["P@A07.example", "@a08.example"],
    {"bounced": ["p@a09.example"], "complained": ["p@a10.example"], "unsubscribed": ["p@a11.example"]},
    lambda address: address == "p@a12.example",
)
LEDGER = (
    sent("hello", "A20", day(400)),
    sent("hello", "A21", day(400), state=State.CANCELLED),
    sent("hello", "A22", day(3), state=State.FAILED, may_retry=True),
    sent("hello", "A23", day(3), state=State.FAILED),
    sent("hello", "A24", day(300), address="other@a24.example"),
    sent("other", "A25", day(6)),
    sent("other", "A26", day(7)),
    sent("other", "A27", day(29), state=State.UNKNOWN),
    sent("more", "A27", day(20)),
    sent("other", "A28", day(30)),
    sent("more", "A28", day(20)),
    sent("other", "A29", day(-1)),  # the clock was set back
    sent("hello", "A30", day(90), state=State.HELD_OUT),
    sent("other", "A31", day(40), made_on=day(2)),  # old figures, sent lately
    sent("other", "A32", day(5), state=State.ISSUED),
    sent("other", "A33", day(5), state=State.SENDING),
)
CASES: dict[str, tuple[str | None, dict[str, Any], dict[str, Any] | None]] = {
    "A01": ("goes", {}, {}),
    "A02": (None, {"seats": 0.0}, {}),
    "A03": (None, {"users": 99.0}, {}),  # `unless`
    "A04": ("no_contact", {}, None),
    "A05": ("no_role", {}, {"role": "user"}),
    "A06": ("bad_address", {}, {"email": "p at a06.example"}),
    "A07": ("opted_out", {}, {}),
    "A08": ("opted_out", {}, {}),
    "A09": ("suppressed", {}, {}),
    "A10": ("suppressed", {}, {}),
    "A11": ("opted_out", {}, {}),
    "A12": ("suppressed", {}, {}),
    "A13": ("our_address", {}, {"email": "p@mail.example.com"}),
    "A14": ("other_domain", {}, {"email": "p@gmail.com"}),
    "A15": ("other_domain", {"domain": None}, {}),
    "A16": ("goes", {"domain": "https://www.a16.example/about"}, {"email": "p@mail.a16.example"}),
    "A17": ("goes", {}, {"email": "p@partner.example"}),
    "A18": ("shared_address", {}, {"email": "x@shared.example"}),
    "A19": ("shared_address", {}, {"email": "X@shared.example"}),
    "A20": ("had", {}, {}),
    "A21": ("goes", {}, {}),
    "A22": ("goes", {}, {}),
    "A23": ("suppressed", {}, {}),
    "A24": ("had", {}, {}),  # another person there had it
    "A25": ("account_limit", {}, {}),
    "A26": ("goes", {}, {}),
    "A27": ("contact_limit", {}, {}),
    "A28": ("goes", {}, {}),
    "A29": ("account_limit", {}, {}),
    "A30": ("held_out", {}, {}),
    "A31": ("account_limit", {}, {}),
    "A32": ("account_limit", {}, {}),
    "A33": ("account_limit", {}, {}),
    "A34": ("people_first", {}, {}),
    "A35": ("refused", {}, {"contact_name": None}),
    "A36": ("refused", {}, {"language": "fr"}),
    "A37": ("refused", {}, {"contact_name": "{{seats}}"}),
    "A38": ("opted_out", {}, {"opted_out": "はい"}),
    "A39": ("opted_out", {}, {"opted_out": "nobody knows this word"}),
    "A40": ("goes", {}, {"opted_out": "0"}),
}  # fmt: skip


def test_each_reason_once() -> None:
    frame = accounts(*({"account_id": name, **account} for name, (_, account, _) in CASES.items()))
    people = [contact(name, **more) for name, (_, _, more) in CASES.items() if more is not None]
    outreach = rules(
        {"to": {"when": "role = 'admin'"}}, unless="users > 50", allow_domains=["partner.example", "shared.example"]
    )  # fmt: skip
    around = Around(ledger=LEDGER, outs=OUTS, busy=["A34"])
    found = {account: stop for _, account, stop in outcome(decisions(outreach, frame, people, around), frame)}
    assert found == {name: stop for name, (stop, _, _) in CASES.items() if stop is not None}


@pytest.mark.parametrize(
    ("more", "people", "expected"),
    [
        ({"kind": "promotion"}, {}, "no_consent"),
        ({"kind": "promotion"}, {"consent_on": "2026-10-30"}, "goes"),
        ({"kind": "promotion"}, {"consent_on": "2026-10-31"}, "no_consent"),  # not yet
        ({"kind": "promotion", "consent": "relationship"}, {}, "goes"),
        ({"days": "business"}, {}, "no_business_day"),
        ({"again": "renewal"}, {}, "no_term"),
        ({"after": {"message": "first", "days": 14}}, {}, "after"),
    ],
)
def test_what_a_message_asks_itself(more: dict[str, object], people: dict[str, Any], expected: str) -> None:
    frame = accounts({"account_id": "A1"})
    sender = {"postal": "Tokyo", "unsubscribe": {"mailto": "stop@example.com"}}
    found = decisions(
        rules(more, sender=sender), frame, [contact("A1", **people)], Around(is_business_day=False)
    )
    assert outcome(found, frame) == [("hello", "A1", expected)]


def test_the_first_question_is_the_reason() -> None:
    """Everything at once is wrong with this account; what is mended shows the next reason."""
    ledger = (sent("hello", "A1", day(2)), sent("other", "A1", day(2)))
    outs = opt_outs_of(["p@elsewhere.example"], {"bounced": ["p@elsewhere.example"]}, lambda _: False)
    message = {"to": {"when": "role = 'admin'"}, "days": "business", "holdout": 0.9}
    frame = accounts({"account_id": "A1"})
    steps: list[tuple[dict[str, Any], OptOuts | None, str]] = [
        ({"role": "user", "email": "nonsense"}, outs, "no_role"),
        ({"email": "nonsense"}, outs, "bad_address"),
        ({"email": "p@elsewhere.example"}, outs, "opted_out"),
        ({"email": "p@elsewhere.example"}, opt_outs_of([], {"bounced": ["p@elsewhere.example"]}, lambda _: False), "suppressed"),
        ({"email": "p@elsewhere.example"}, None, "other_domain"),
        ({}, None, "held_out"),
    ]  # fmt: skip
    assert draw("cscli", "hello", "A1") < 0.9
    for person, out, expected in steps:
        around = Around(ledger=ledger, outs=out or OptOuts(), is_business_day=False)
        found = decisions(rules(message), frame, [contact("A1", **person)], around)
        assert outcome(found, frame)[0][2] == expected


def test_who_opted_out_may_still_get_service_mails_if_the_rules_say_so_and_never_after_a_complaint() -> None:
    frame = accounts({"account_id": "A1"}, {"account_id": "A2"})
    people = [contact("A1", opted_out="yes"), contact("A2", opted_out="yes")]
    outs = opt_outs_of([], {"complained": ["p@a2.example"]}, lambda _: False)
    found = decisions(rules(service_ignores_opt_out=True), frame, people, Around(outs=outs))
    assert outcome(found, frame) == [("hello", "A1", "goes"), ("hello", "A2", "suppressed")]


def test_the_next_contact_comes_where_the_first_may_not() -> None:
    """at_most 1, the champion first: opted out, so the admin gets it; a second run sends to nobody else."""
    frame = accounts({"account_id": "A1"})
    first = {"first_by": "CASE role WHEN 'champion' THEN 1 ELSE 2 END"}
    people = [
        contact("A1", email="admin@a1.example"),
        contact("A1", email="c@a1.example", role="champion", opted_out="yes"),
        contact("A1", email="third@a1.example"),
    ]
    outreach = rules({"to": first}, limits={"account": {"at_most": 9, "days": 1}})
    found = decisions(outreach, frame, people)
    assert [(each.draft.email if each.draft else None, each.stop) for each in found] == [
        (None, "opted_out"),
        ("admin@a1.example", None),
    ]
    later = Around(ledger=(sent("hello", "A1", day(50), address="admin@a1.example"),))
    assert outcome(decisions(outreach, frame, people, later), frame) == [
        ("hello", "A1", "opted_out"), ("hello", "A1", "had"),
    ]  # fmt: skip


def test_a_contact_gets_the_first_message_that_may_go() -> None:
    """The first is refused for want of a value, so that the second goes; then its limit stops the third."""
    frame = accounts({"account_id": "A1", "growth": None}, {"account_id": "A2"})
    first = {"name": "first", "subject": {"en": "{{growth}} more"}, "text": {"en": ["Well done"]}}
    outreach = rules(first, {"name": "second"}, {"name": "third"})
    found = outcome(decisions(outreach, frame, [contact("A1"), contact("A2")]), frame)
    assert found == [
        ("first", "A1", "refused"), ("first", "A2", "goes"),
        ("second", "A1", "goes"), ("second", "A2", "outranked"),
        ("third", "A1", "outranked"), ("third", "A2", "outranked"),
    ]  # fmt: skip


def test_limits_of_account_and_run_hold_within_a_run() -> None:
    """Two people at A1, one message an account; three accounts by ARR, two messages a run."""
    frame = accounts(*({"account_id": f"A{n}", "arr": float(n)} for n in (1, 2, 3)))
    people = [contact("A3", email="q@a3.example"), *(contact(f"A{n}") for n in (1, 2, 3))]
    outreach = rules({"to": {"at_most": 2}}, limits={"run": 2})
    found = decisions(outreach, frame, people)
    assert outcome(found, frame) == [
        ("hello", "A3", "goes"), ("hello", "A3", "account_limit"), ("hello", "A2", "goes"), ("hello", "A1", "run_limit"),
    ]  # fmt: skip
    assert found[1].until == AS_OF + dt.timedelta(days=7)


@pytest.mark.parametrize(
    ("term", "occasion", "expected"),
    [
        ("2027-03-31", "2026-03-31", "goes"),
        ("2027-03-31", "2027-03-31", "had"),
        ("2027-04-01", "2027-03-31", "had"),  # the date was corrected; the term goes on
    ],
)
def test_once_a_term(term: str, occasion: str, expected: str) -> None:
    frame = accounts({"account_id": "A1", "renews_on": term})
    around = Around(ledger=(sent("hello", "A1", day(100), occasion=occasion),))
    assert (
        outcome(decisions(rules({"again": "renewal"}), frame, [contact("A1")], around), frame)[0][2]
        == expected
    )


@pytest.mark.parametrize(("back", "expected"), [(89, "had"), (90, "goes"), (-2, "had")])
def test_once_in_so_many_days(back: int, expected: str) -> None:
    frame = accounts({"account_id": "A1"})
    around = Around(ledger=(sent("hello", "A1", day(back), occasion=day(back).isoformat()),))
    outreach = rules({"again": {"days": 90}}, limits={"account": {"at_most": 9, "days": 1}})
    assert outcome(decisions(outreach, frame, [contact("A1")], around), frame)[0][2] == expected


def test_a_sequence_waits_its_days() -> None:
    """14 days after the first, by hand: 13 days ago waits one day, 14 days ago goes."""
    frame = accounts({"account_id": "A1"}, {"account_id": "A2"}, {"account_id": "A3"})
    message = {"name": "second", "after": {"message": "first", "days": 14}}
    ledger = (sent("first", "A1", day(13)), sent("first", "A2", day(14)))
    people = [contact("A1"), contact("A2"), contact("A3")]
    found = decisions(rules({"name": "first"}, message), frame, people, Around(ledger=ledger))
    second = [each for each in found if each.message == "second"]
    assert [stop for _, _, stop in outcome(second, frame)] == ["after", "goes", "after"]
    assert second[0].until == AS_OF + dt.timedelta(days=1)


def test_the_ledger_is_a_column() -> None:
    """`when` reads days since any message, days since this one, and how many there were."""
    frame = accounts(*({"account_id": f"A{n}"} for n in (1, 2, 3)))
    ledger = (
        sent("other", "A1", day(40)),
        sent("hello", "A2", day(50), occasion="x"),
        sent("hello", "A2", day(60), occasion="y"),
    )
    people = [contact(f"A{n}") for n in (1, 2, 3)]
    around = Around(ledger=ledger)
    for when, expected in (
        ("days_since_outreach >= 45", ["A2"]),
        ("days_since_outreach IS NULL", ["A3"]),
        ("sent_hello_count = 2", ["A2"]),
        ("sent_hello_count = 0", ["A1", "A3"]),
        ("sent_hello_days = 50", ["A2"]),
    ):
        found = decisions(rules({"when": when, "again": {"days": 1}}), frame, people, around)
        assert [account for _, account, _ in outcome(found, frame)] == expected, when


def test_a_stale_source_stops_the_messages_that_rest_on_it() -> None:
    frame = accounts({"account_id": "A1"})
    found = decisions(rules(), frame, [contact("A1")], Around(stale={"hello": "usage"}))
    assert [(each.stop, each.about) for each in found] == [("stale", "usage")]


def test_the_holdout_is_a_share_the_same_in_every_run_and_another_for_each_message() -> None:
    """10,000 accounts at 0.1: within 3 sigma of 1,000 (sigma 30), and of 100 where two messages hold out (sigma 10)."""
    ids = [f"A{n}" for n in range(10_000)]
    first = {each for each in ids if draw("cscli", "one", each) < 0.1}
    second = {each for each in ids if draw("cscli", "two", each) < 0.1}
    assert abs(len(first) - 1000) <= 90
    assert abs(len(first & second) - 100) <= 30
    assert first == {each for each in ids if draw("cscli", "one", each) < 0.1}


def test_who_was_held_out_stays_so_when_the_share_is_taken_back() -> None:
    frame = accounts({"account_id": "A1"})
    ledger = (sent("hello", "A1", day(30), state=State.HELD_OUT),)
    found = decisions(rules(), frame, [contact("A1")], Around(ledger=ledger))
    assert outcome(found, frame) == [("hello", "A1", "held_out")]


def test_a_person_twice_in_the_export_is_one() -> None:
    """Opted out in either row is opted out."""
    frame = accounts({"account_id": "A1"}, {"account_id": "A2"})
    people = [
        contact("A1"),
        contact("A1", email="P@A1.example", opted_out="yes"),
        contact("A2"),
        contact("A2"),
    ]
    found = decisions(
        rules({"to": {"at_most": 2}}, limits={"account": {"at_most": 5, "days": 1}}), frame, people
    )
    assert outcome(found, frame) == [("hello", "A1", "opted_out"), ("hello", "A2", "goes")]
