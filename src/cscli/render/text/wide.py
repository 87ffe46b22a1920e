"""How wide text is in cells of a fixed-width font: wide characters, as in Japanese, count double."""

from collections.abc import Sequence
from unicodedata import east_asian_width


class _Widths(dict[str, int]):
    """The width of each character that was met; to look one up takes a tenth of asking."""

    def __missing__(self, character: str) -> int:
        self[character] = 2 if east_asian_width(character) in "WFA" else 1
        return self[character]


_WIDTHS = _Widths()


def text_width(text: str) -> int:
    """How many cells `text` takes."""
    return len(text) if text.isascii() else sum(map(_WIDTHS.__getitem__, text))


def widest(texts: Sequence[str]) -> int:
    """How many cells the widest of `texts` takes; 0 where there are none."""
    plain = all(map(str.isascii, texts))
    return max(map(len if plain else text_width, texts), default=0)


def told_width(texts: Sequence[str | None], enough: int) -> int | None:
    """The width of the widest, or what is at least `enough`, as a look at all of them together tells it; None where it does not: beyond
    ASCII, or not only texts.
    """
    given = list(filter(None, texts))
    try:
        longest = max(map(len, given), default=0)
        return longest if longest >= enough or "".join(given).isascii() else None
    except TypeError:
        return None
