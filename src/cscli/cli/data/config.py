"""`cscli config`: the JSON Schema for editors, the config in force, and the manual."""

from typing import Annotated

import typer

from cscli.cli import options as o
from cscli.cli.console import printed, show_line
from cscli.cli.manual.page import HelpedCommand, HelpedGroup
from cscli.cli.reader import reader_language
from cscli.texts import as_language

Lang = Annotated[o.Language | None, typer.Option("--lang", help="Language of the page.")]


def register(app: typer.Typer) -> None:
    """Adds the group of commands."""
    group = typer.Typer(
        cls=HelpedGroup, help="The rules: their schema, what is in force, the manual.", no_args_is_help=True
    )
    group.command("schema", cls=HelpedCommand, epilog="Example: cscli config schema > cscli.schema.json")(
        schema
    )
    group.command("show", cls=HelpedCommand, epilog="Example: cscli config show --set min_data_coverage=0.3")(
        show
    )
    group.command("reference", cls=HelpedCommand, epilog="Example: cscli config reference | less")(reference)
    app.add_typer(group, name="config", rich_help_panel=None)


def schema() -> None:
    """Print the JSON Schema of cscli.yaml, for completion and checks in editors."""
    from cscli.config.reference import json_schema

    show_line(json_schema(), end="")


def show(config: o.ConfigFile = None, overrides: o.Overrides = []) -> None:
    """Print the config in force, with where each value comes from."""
    from pathlib import Path

    from cscli import workflows
    from cscli.cli.console import show_problems
    from cscli.cli.reader import reader_language
    from cscli.workspace.rules import find_rules

    shown, warnings = workflows.show_config(find_rules(config, Path.cwd()), overrides)
    show_problems(warnings, reader_language(), quiet=False, verbose=True)
    show_line(shown, end="")


def reference(lang: Lang = None) -> None:
    """Print the manual of the config: every key, normaliser, function and column."""
    from cscli.config.reference import manual

    show_line(manual(printed(as_language(lang.value) if lang else reader_language())), end="")
