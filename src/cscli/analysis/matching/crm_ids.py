"""CRM record ids of 15 and of 18 characters to the one record that both name."""

import re

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_CHUNK = 5
_SHORT = 15
_LONG = 18
_LETTERS_AND_DIGITS = re.compile(r"[0-9A-Za-z]+")


def check_characters(short: str) -> str:
    """The three characters that Salesforce appends to an id of 15: one for each five characters, a bit for each
    upper-case letter, lowest first. ValueError if `short` has another length.
    """
    if len(short) != _SHORT:
        raise ValueError(short)
    chunks = (short[start : start + _CHUNK] for start in range(0, _SHORT, _CHUNK))
    return "".join(
        _ALPHABET[sum(1 << at for at, mark in enumerate(chunk) if _is_upper(mark))] for chunk in chunks
    )


def crm_key(text: str) -> str | None:
    """The 15 characters of a CRM id, case and all; None if `text` is none, or its check characters are wrong.

    An id of 18 that some program has written all in capitals, or all small, gets its case back from them.
    """
    if not _LETTERS_AND_DIGITS.fullmatch(text) or text.isdigit():
        return None
    if len(text) == _SHORT:
        return text
    if len(text) != _LONG:
        return None
    short, check = text[:_SHORT], text[_SHORT:]
    if check_characters(short) == check:
        return short
    return _restore_case(short, check.upper()) if text in (text.upper(), text.lower()) else None


def looks_like_short_id(text: str) -> bool:
    """Whether `text` may be an id of 15, in which A and a are two records."""
    return len(text) == _SHORT and crm_key(text) is not None


def _restore_case(short: str, check: str) -> str | None:
    if any(mark not in _ALPHABET for mark in check):
        return None
    bits = [_ALPHABET.index(check[at // _CHUNK]) >> (at % _CHUNK) & 1 for at in range(_SHORT)]
    restored = "".join(mark.upper() if bit else mark.lower() for mark, bit in zip(short, bits, strict=True))
    return restored if check_characters(restored) == check else None


def _is_upper(mark: str) -> bool:
    return "A" <= mark <= "Z"
