"""What stops a message at a contact, whatever the message is about: the address, opt-outs, consent, whose domain it is."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from cscli.analysis.outreach.addresses import company_domain, is_within
from cscli.analysis.outreach.candidates import Pairs
from cscli.analysis.outreach.contacts import Contacts, OptOuts
from cscli.analysis.outreach.reasons import Stop
from cscli.config.work.outreach import ANY_DOMAIN, Message, Outreach


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    """What is known of one contact of one account."""

    is_valid: bool
    is_out: bool
    is_dead: bool
    has_consent: bool
    of_domain: tuple[Stop | None, str]
    shared_with: str


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class ContactStops:
    """`people`: by pair; `accounts`: the rows of accounts that have any contact."""

    people: tuple[_Person, ...]
    accounts: frozenset[int]
    service_ignores_opt_out: bool = False

    def of(self, message: Message, pair: int) -> tuple[Stop | None, str]:
        """The first that stops `message`, and what it is about; None where nothing does."""
        person = self.people[pair]
        if not person.is_valid:
            return Stop.BAD_ADDRESS, ""
        if person.is_out and not (message.kind == "service" and self.service_ignores_opt_out):
            return Stop.OPTED_OUT, ""
        if person.is_dead:
            return Stop.SUPPRESSED, ""
        if message.kind == "promotion" and message.consent == "needed" and not person.has_consent:
            return Stop.NO_CONSENT, ""
        if person.of_domain[0] is not None:
            return person.of_domain
        if person.shared_with:
            return Stop.SHARED_ADDRESS, person.shared_with
        return None, ""


def judge_contacts(
    pairs: Pairs, contacts: Contacts, outs: OptOuts, outreach: Outreach, as_of: pd.Timestamp
) -> ContactStops:
    """What is known of every contact. Consent given after `as_of` is none yet."""
    frame, everyone = pairs.frame, contacts.table
    shared = _accounts_by_address(everyone["address"].tolist(), everyone["account_id"].astype(str).tolist())
    allowed, ours = outreach.allow_domains, [each.lower() for each in outreach.sender.domains]
    domains = frame["domain"].tolist() if "domain" in frame else [None] * len(frame)
    people = []
    for address, domain, out, consent, account in zip(
        frame["address"], domains, frame["opted_out"], frame["consent_on"], frame["account_id"].astype(str), strict=True,
    ):  # fmt: skip
        valid = address is not None
        people.append(
            _Person(
                is_valid=valid,
                is_out=bool(out) or (valid and outs.has(address)),
                is_dead=valid and outs.is_dead(address),
                has_consent=bool(consent <= as_of),
                of_domain=_of_domain(address, domain, allowed, ours) if valid else (None, ""),
                shared_with=", ".join(sorted(shared[address] - {account})) if valid else "",
            )
        )
    return ContactStops(
        people=tuple(people),
        accounts=frozenset(pairs.accounts.tolist()),
        service_ignores_opt_out=outreach.service_ignores_opt_out,
    )


def _accounts_by_address(addresses: list[str | None], accounts: list[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for address, account in zip(addresses, accounts, strict=True):
        if address is not None:
            found.setdefault(address, set()).add(account)
    return found


def _of_domain(
    address: str, company: object, allowed: Iterable[str], ours: Iterable[str]
) -> tuple[Stop | None, str]:
    """Whether the address is one of ours, or of another company than the account. Of a domain nobody knows whose it is."""
    domain = address.rpartition("@")[2]
    if any(is_within(domain, each) for each in ours):
        return Stop.OUR_ADDRESS, domain
    if ANY_DOMAIN in allowed or any(is_within(domain, each.lower()) for each in allowed):
        return None, ""
    own = company_domain(company)
    return (None, "") if own is not None and is_within(domain, own) else (Stop.OTHER_DOMAIN, domain)
