"""docs/commands.md and docs/commands.ja.md: every command as its help tells it, in Markdown."""

from collections.abc import Iterator
from typing import Any

import typer

from cscli.cli import make_app
from cscli.cli.manual.page import commands_by_wing, paragraphs_of, parameters_of, usage_line
from cscli.texts import Language
from cscli.texts.usage import frame_in, said_in

_HEADS = {
    "en": (
        "# Commands",
        (
            "Every command as `cscli COMMAND --help` tells it, by the question that it answers. Examples work beside "
            "`sample_data/`. [日本語](commands.ja.md)"
        ),
    ),
    "ja": (
        "# コマンド一覧",
        (
            "`cscli コマンド名 --help` の内容を、答えてくれる問いごとにまとめたものです。例は `sample_data/` のある場所で実行できます。"
            "[English](commands.md)"
        ),
    ),
}

_MEANING = {"en": "Meaning", "ja": "意味"}


def every_command(command: Any, context: Any) -> Iterator[tuple[Any, Any]]:
    """Each command with its context."""
    yield command, context
    for name, each in getattr(command, "commands", {}).items():
        yield from every_command(each, typer.Context(each, info_name=name, parent=context))


_ROOT = typer.main.get_command(make_app())
EVERY = list(every_command(_ROOT, typer.Context(_ROOT, info_name="cscli")))


def command_reference(language: Language) -> str:
    """The whole page."""
    root, context = EVERY[0]
    title, head = _HEADS[language]
    parts = [title, head, *_tables(root, context, language)]
    for wing, commands in commands_by_wing(root, context).items():
        parts.append(f"## {frame_in(f'usage.wing.{wing}', language).rstrip(':')}")
        for name, command in commands:
            parts += _sections(command, typer.Context(command, info_name=name, parent=context), language)
    return "\n\n".join(parts) + "\n"


def _sections(command: Any, context: Any, language: Language) -> Iterator[str]:
    """Of a command, then of the commands below it."""
    yield f"### `{context.command_path}`"
    yield from paragraphs_of(command, language)
    yield f"`{usage_line(context, language).split(': ', 1)[1]}`"
    yield from _tables(command, context, language)
    yield from _epilog(command, language)
    if isinstance(command, typer.core.TyperGroup):
        for below in commands_by_wing(command, context).values():
            for name, each in below:
                yield from _sections(each, typer.Context(each, info_name=name, parent=context), language)


def _tables(command: Any, context: Any, language: Language) -> Iterator[str]:
    """Arguments and options; `--help` is everywhere, and told once, of `cscli` itself."""
    for kind, rows in parameters_of(command, context, language).items():
        told = [row for row in rows if context.parent is None or "--help" not in row[0]]
        if told:
            title = frame_in(f"usage.{kind}s", language).rstrip(":")
            lines = [
                (title, _MEANING[language]),
                ("---", "---"),
                *((f"`{name}`", said) for name, said in told),
            ]
            yield "\n".join(
                "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
            )


def _epilog(command: Any, language: Language) -> Iterator[str]:
    for paragraph in filter(None, (command.epilog or "").split("\n\n")):
        example = paragraph.removeprefix("Example: ")
        if example == paragraph:
            yield said_in(" ".join(paragraph.split()), language)
        else:
            yield f"{frame_in('usage.example', language)}\n\n```sh\n{example}\n```"
