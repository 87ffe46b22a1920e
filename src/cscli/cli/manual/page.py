"""Pages of `--help`: of a command, and of all commands by the question that they answer."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

from cscli.cli.console import printed
from cscli.cli.reader import reader_language
from cscli.texts import Language
from cscli.texts.columns import in_two_columns, wrapped
from cscli.texts.usage import frame_in, said_in

if TYPE_CHECKING:
    pass

_WIDEST, _NARROWEST = 80, 40
_NAMED_TWICE = re.compile(r"\[\[([^\]]+)\]\.\.\.\]\.\.\.")
_NEEDED = re.compile(r"\{([^}]+)\}")
_KINDS = (
    (re.compile(r"<list\[(.+)\]>"), r"<\1>"),
    (re.compile(r"<str>"), "TEXT"),
    (re.compile(r"<path>"), "PATH"),
    (re.compile(r"<(?:int|float)>"), "NUMBER"),
)
_RANGE = re.compile(r"\[x>=(\S+?)\]")
_WINGS: dict[str, str] = {}
"""The wing of each command of the first level: which question it answers."""


class HelpedCommand(TyperCommand):
    """A command whose help is in the language of its reader."""

    def get_help(self, ctx: Any) -> str:
        """The page."""
        return help_page(self, ctx, printed(reader_language()))


class HelpedGroup(TyperGroup):
    """Commands whose help is in the language of its reader, by the question that they answer."""

    def get_help(self, ctx: Any) -> str:
        """The page."""
        return help_page(self, ctx, printed(reader_language()))


@contextmanager
def in_wing(wing: str, app: typer.Typer) -> Iterator[None]:
    """What is added to `app` in the block answers the question of the wing."""
    known = len(app.registered_commands), len(app.registered_groups)
    yield
    names = [each.name for each in app.registered_commands[known[0] :]]
    names += [each.name for each in app.registered_groups[known[1] :]]
    _WINGS.update({name: wing for name in names if name is not None})


def help_page(command: TyperCommand | TyperGroup, ctx: Any, language: Language) -> str:
    """The whole page, no line of it wider than the terminal or 80 cells."""
    cells = max(min(shutil.get_terminal_size().columns, _WIDEST), _NARROWEST)
    blocks = [
        wrapped(usage_line(ctx, language), cells),
        *_description(command, language, cells),
        *_parameters(command, ctx, language, cells),
        *(_commands(command, ctx, language, cells) if isinstance(command, TyperGroup) else ()),
        *_epilog(command, language, cells),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def usage_line(ctx: Any, language: Language) -> str:
    """How the command is written."""
    pieces = " ".join(ctx.command.collect_usage_pieces(ctx))
    pieces = _NAMED_TWICE.sub(r"[\1]...", pieces).replace("[[", "[").replace("]]", "]")
    pieces = _NEEDED.sub(r"\1", pieces)
    return f"{frame_in('usage.usage', language)} {ctx.command_path} {pieces}"


def paragraphs_of(command: Any, language: Language) -> list[str]:
    """What the command is for; the first paragraph is its summary."""
    return [
        said_in(" ".join(paragraph.split()), language) for paragraph in (command.help or "").split("\n\n")
    ]


def _description(command: Any, language: Language, cells: int) -> Iterator[list[str]]:
    for paragraph in paragraphs_of(command, language):
        yield [f"  {line}" for line in wrapped(paragraph, cells - 2)]


def _epilog(command: Any, language: Language, cells: int) -> Iterator[list[str]]:
    for paragraph in (command.epilog or "").split("\n\n"):
        if paragraph:
            said = paragraph.removeprefix("Example: ")
            if said != paragraph:
                yield [f"  {frame_in('usage.example', language)} {said}"]
            else:
                yield [f"  {line}" for line in wrapped(said_in(" ".join(said.split()), language), cells - 2)]


def parameters_of(command: Any, ctx: Any, language: Language) -> dict[str, list[tuple[str, str]]]:
    """Name and meaning of each `argument` and each `option`."""
    kinds: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
    for each in command.get_params(ctx):
        record = each.get_help_record(ctx)
        if record is not None:
            kinds[each.param_type_name].append((_name(each, record[0]), _said(each, record[1], language)))
    return kinds


def _parameters(command: Any, ctx: Any, language: Language, cells: int) -> Iterator[list[str]]:
    for kind, rows in parameters_of(command, ctx, language).items():
        if rows:
            yield [frame_in(f"usage.{kind}s", language), *in_two_columns(rows, cells)]


def _name(parameter: Any, shown: str) -> str:
    """With what stands for its value, in the words of the shell rather than of the program."""
    if parameter.param_type_name == "argument":
        return shown.split(" <", maxsplit=1)[0]
    for form, name in _KINDS:
        shown = form.sub(name, shown)
    return shown


def _said(parameter: Any, shown: str, language: Language) -> str:
    """Its help, and in brackets what it is without being given."""
    own = " ".join((getattr(parameter, "help", None) or _OWN.get(parameter.name, "")).split())
    shown = " ".join(shown.split())
    further = shown.removeprefix(own).strip() if shown.startswith(own) else ""
    further = further.replace("[default: ", frame_in("usage.default", language)).replace(
        "[required]", frame_in("usage.required", language)
    )
    further = _RANGE.sub(lambda found: frame_in("usage.at_least", language, least=found[1]), further)
    return " ".join(part for part in (said_in(own, language), further) if part)


_OWN = {"help": "Show this message and exit."}


def commands_by_wing(group: Any, ctx: Any) -> dict[str, list[tuple[str, Any]]]:
    """Name and command of what is to be seen, by the question that it answers; a group without wings has one list."""
    by_wing: dict[str, list[tuple[str, Any]]] = {}
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if command is not None and not command.hidden:
            wing = _WINGS[name] if ctx.parent is None else "commands"
            by_wing.setdefault(wing, []).append((name, command))
    return by_wing


def _commands(group: Any, ctx: Any, language: Language, cells: int) -> Iterator[list[str]]:
    for wing, commands in commands_by_wing(group, ctx).items():
        rows = [(name, paragraphs_of(command, language)[0]) for name, command in commands]
        yield [frame_in(f"usage.wing.{wing}", language), *in_two_columns(rows, cells, widest=14)]
