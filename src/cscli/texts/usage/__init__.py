"""What the command line says of itself: written in English where commands are declared, in Japanese here by that sentence."""

from importlib import import_module

from cscli.texts import Language


def frame_in(key: str, language: Language, **values: object) -> str:
    """A text of the topic `usage`, as `text` gives it, without the other topics: a page of help needs no other."""
    texts: dict[str, str] = import_module(f"cscli.texts.{language}.usage").TEXTS
    return texts[key].format(**values)


def said_in(sentence: str, language: Language) -> str:
    """`sentence` (one line) in the language; one that has no translation as it is."""
    if language == "en":
        return sentence
    modules = (import_module(f"{__name__}.{name}") for name in ("commands", "options"))
    found = (module.JAPANESE.get(sentence) for module in modules)
    return next((japanese for japanese in found if japanese), sentence)


def fault_in(message: str, language: Language) -> str:
    """What is wrong with a command line, as its parser says it, in the language."""
    faults = import_module(f"{__name__}.faults")
    plain: str = faults.plainly(message)
    return plain if language == "en" else str(faults.in_japanese(plain))
