"""Why somebody does not get a message."""

from enum import StrEnum


class Stop(StrEnum):
    """What stops a message, in the order in which it is asked: the first is the reason."""

    LEFT = "left"
    UNLESS = "unless"
    WHEN = "when"
    STALE = "stale"
    AFTER = "after"
    NO_CONTACT = "no_contact"
    NO_ROLE = "no_role"
    BAD_ADDRESS = "bad_address"
    OPTED_OUT = "opted_out"
    SUPPRESSED = "suppressed"
    NO_CONSENT = "no_consent"
    OUR_ADDRESS = "our_address"
    OTHER_DOMAIN = "other_domain"
    SHARED_ADDRESS = "shared_address"
    NO_TERM = "no_term"
    HAD = "had"
    UNSETTLED = "unsettled"
    HELD_OUT = "held_out"
    PEOPLE_FIRST = "people_first"
    OUTRANKED = "outranked"
    CONTACT_LIMIT = "contact_limit"
    ACCOUNT_LIMIT = "account_limit"
    NO_BUSINESS_DAY = "no_business_day"
    RUN_LIMIT = "run_limit"
    REFUSED = "refused"


OF_THE_RULE = (Stop.LEFT, Stop.UNLESS, Stop.WHEN)
"""Whom a message is not meant for at all."""
WAITS = (Stop.AFTER, Stop.PEOPLE_FIRST, Stop.OUTRANKED, Stop.CONTACT_LIMIT, Stop.ACCOUNT_LIMIT, Stop.NO_BUSINESS_DAY, Stop.RUN_LIMIT)  # fmt: skip
"""What passes by itself: the message competes again."""
