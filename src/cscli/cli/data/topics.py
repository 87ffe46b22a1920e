"""`cscli help`: a page a minute long about what people get wrong most."""

from typing import Annotated

import typer

from cscli.cli.console import printed, show_line
from cscli.cli.manual.page import HelpedCommand
from cscli.cli.options import Language
from cscli.cli.reader import reader_language
from cscli.texts import as_language
from cscli.texts.topics import TOPICS, topic_page

Topic = Annotated[
    str | None,
    typer.Argument(
        metavar="[TOPIC]",
        help="One of dates, ids, bands, expressions, empty-scores; without it what there is.",
    ),
]
Lang = Annotated[Language | None, typer.Option("--lang", help="Language of the page.")]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("help", cls=HelpedCommand, epilog="Example: cscli help dates")(show_topic)


def show_topic(topic: Topic = None, lang: Lang = None) -> None:
    """Explain what people get wrong most: dates, ids, bands, expressions, empty scores."""
    language = printed(as_language(lang.value) if lang else reader_language())
    if topic is None:
        for each in TOPICS:
            show_line(f"{each:<14}{topic_page(each, language).splitlines()[0].removeprefix('# ')}")
        return
    if topic not in TOPICS:
        raise typer.BadParameter(f"{topic!r} is none of {', '.join(TOPICS)}", param_hint="TOPIC")
    show_line(topic_page(topic, language), end="")
