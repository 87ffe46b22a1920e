"""How wide text is in cells of a fixed-width font: wide characters, as in Japanese, count double."""

from unicodedata import east_asian_width


def text_width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)
