"""Mail addresses: which can be used, and what stands for one where it must not be kept."""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from cscli.analysis.recognising.companies.domains import domain_key

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})")
_LONGEST_LOCAL, _LONGEST = 64, 254
"""RFC 5321, 4.5.3.1."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`address` as it is written to; `key` tells the same one apart, in small letters."""

    address: str
    domain: str

    @property
    def key(self) -> str:
        """The address in small letters."""
        return self.address.lower()


def read_mailbox(text: str) -> Mailbox | None:
    """The mailbox that `text` names; None where it cannot be one: exactly one `@`, an ASCII local part, and a domain
    with a dot, which may be written in any script (IDNA). Nothing is mended: a guess could be somebody else.
    """
    local, _, domain = text.strip().partition("@")
    if "@" in domain or len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        return None
    plain = _plain_domain(domain)
    if plain is None or len(local) + 1 + len(plain) > _LONGEST:
        return None
    return Mailbox(f"{local}@{plain}", plain)


def _plain_domain(domain: str) -> str | None:
    """The domain as the DNS has it."""
    if domain.isascii():
        plain = domain.lower()
        return plain if _DOMAIN.fullmatch(plain) else None
    if unicodedata.normalize("NFKC", domain) != domain:
        return None  # letters of another width are a slip of the keyboard
    try:
        plain = domain.encode("idna").decode().lower()
    except UnicodeError:
        return None
    return plain if _DOMAIN.fullmatch(plain) else None


@lru_cache(maxsize=65_536)  # each address is asked about several times
def opt_out_key(text: str) -> str:
    """What an opt-out is compared by: generously, as a person may have typed it."""
    plain = text if text.isascii() else _without_invisible(unicodedata.normalize("NFKC", text))
    folded = plain.strip().strip("<>").casefold().removeprefix("mailto:")
    local, at, domain = folded.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode()}" if at and not domain.isascii() else folded
    except UnicodeError:
        return folded


def is_opt_out(key: str) -> bool:
    """Whether `key`, as of `opt_out_key`, is one address, or a @domain. Dots may stand anywhere in it, as some carriers had them;
    a * may not: who writes it means all of a domain.
    """
    local, at, domain = key.partition("@")
    is_local = not local or ("*" not in local and _LOCAL.fullmatch(local.replace(".", "")) is not None)
    return bool(at) and is_local and _plain_domain(domain) is not None


def _without_invisible(text: str) -> str:
    """Without the signs that no screen shows, such as a mark of byte order or of direction."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def company_domain(text: object) -> str | None:
    """The domain of a company, from its web address; None for none, and for one that many share."""
    return _domain_key(text) if isinstance(text, str) else None


@lru_cache(maxsize=65_536)  # an account has several contacts
def _domain_key(text: str) -> str | None:
    return domain_key(text)


def is_within(domain: str, of: str) -> bool:
    """Whether `domain` is `of`, or lies below it."""
    return domain == of or domain.endswith(f".{of}")


def address_hash(key: bytes, address: str) -> str:
    """What the ledger keeps of an address; without the key nobody can try addresses against it."""
    return hmac.new(key, b"address\0" + opt_out_key(address).encode(), hashlib.sha256).hexdigest()


def message_key(key: bytes, message: str, account_id: str, address: str, occasion: str) -> str:
    """What there can be once only: the message to this address at this account on this occasion."""
    told = "\0".join(("message", message, account_id, opt_out_key(address), occasion))
    return hmac.new(key, told.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()[:32]


def draw(salt: str, message: str, account_id: str) -> float:
    """A number from 0 to 1 that is the same in every run: below the share, the account is held out."""
    told = f"{salt}\0{message}\0{account_id}".encode(errors="surrogatepass")
    return int.from_bytes(hashlib.sha256(told).digest()[:8]) / 2**64
