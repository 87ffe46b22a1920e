"""Pages a minute long, in Markdown that reads well in a terminal too: what people get wrong most."""

from importlib.resources import files

from cscli.texts import Language

TOPICS = ("dates", "ids", "bands", "expressions", "empty-scores")


def topic_page(topic: str, language: Language) -> str:
    """The page of one of TOPICS."""
    return files(__name__).joinpath(language, f"{topic}.md").read_text(encoding="utf-8")
