"""What the command line says of itself: written in English where commands are declared, in Japanese here by that sentence."""

from collections.abc import Sequence
from importlib import import_module

from cscli.texts import Language

_HELP = ("commands", "options")
_MANUAL = ("manual", "keys", "blocks", "columns")


def frame_in(key: str, language: Language, **values: object) -> str:
    """A text of the topic `usage`, as `text` gives it, without the other topics: a page of help needs no other."""
    texts: dict[str, str] = import_module(f"cscli.texts.{language}.usage").TEXTS
    return texts[key].format(**values)


def said_in(sentence: str, language: Language) -> str:
    """`sentence` (one line) in the language; one that has no translation as it is."""
    if language == "en":
        return sentence
    return _japanese(sentence, _HELP)


def manual_in(sentence: str, language: Language) -> str:
    """A sentence of the manual of the rules in the language; its line ends count as blanks where it is looked up."""
    return sentence if language == "en" or not sentence else _japanese(sentence, _MANUAL)


def fault_in(message: str, language: Language) -> str:
    """What is wrong with a command line, as its parser says it, in the language."""
    faults = import_module(f"{__name__}.faults")
    plain: str = faults.plainly(message)
    return plain if language == "en" else str(faults.in_japanese(plain))


def _japanese(sentence: str, names: Sequence[str]) -> str:
    modules = (import_module(f"{__name__}.{name}") for name in names)
    found = (module.JAPANESE.get(" ".join(sentence.split())) for module in modules)
    return next((japanese for japanese in found if japanese), sentence)
