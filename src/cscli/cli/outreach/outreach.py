"""`cscli outreach`: who would get which message, who does not and why; files that a person sends; whether it helped."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cscli.cli.command import UNSTORED, Asked, add_command, sources_in
from cscli.cli.console import show_text, show_words
from cscli.cli.manual.page import HelpedGroup
from cscli.cli.outreach import issuing, judging, sending, settling

if TYPE_CHECKING:
    from cscli.workflows.outreach.previewing import Previewed

Account = Annotated[str, typer.Argument(help="An account.", show_default=False)]
OneMessage = Annotated[
    str | None, typer.Option("--message", metavar="NAME", help="One message; default all of them.")
]
_OPTIONS = tuple(each for each in UNSTORED if each != "accounts")


class _Group(HelpedGroup):
    """A group whose first command is meant where none is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        named = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else ["preview", *args])


def register(app: typer.Typer) -> None:
    """Adds the group of commands."""
    group = typer.Typer(
        cls=_Group,
        help="Show which message each customer would get, who gets none and why: cscli outreach.",
        epilog="Example: cscli outreach --as-of 2026-10-31 -o out/outreach.html",
    )
    add_command(group, "preview", preview, example="cscli outreach preview", options=_OPTIONS)
    for each in (issuing, sending, settling, judging):
        each.add_commands(group)
    add_command(
        group,
        "show",
        show,
        example="cscli outreach show A0028 -o draft.eml",
        options=_OPTIONS,
        is_for_screen=True,
    )
    app.add_typer(group, name="outreach", rich_help_panel=None)


def preview(asked: Asked) -> None:
    """Show who would get what (this is what `cscli outreach` alone does). Nothing is booked or sent.

    Exit code 3 for a mistake in the rules, 4 for contacts or opt-outs that cannot be used.
    """
    from cscli import workflows

    path = asked.path("outreach.xlsx")
    done = workflows.preview_messages(asked.request, path)
    asked.show(done.report, path)
    _say_next(asked, done)
    asked.end(done.report.problems, sources_in(done.report))


def show(asked: Asked, account_id: Account, *, message: OneMessage = None) -> None:
    """Show one account: each rule with its outcome, and the draft, if there is one; -o writes it as .html or .eml."""
    from cscli import workflows
    from cscli.workflows.outreach.previewing import draft_lines

    path = asked.path_if_given("draft.eml")
    shown = workflows.show_drafts(asked.request, account_id, message, path)
    asked.tell(shown.problems, shown.language, shown.sources)
    if not asked.quiet:
        for line in shown.lines:
            show_words(line, shown.language)
        for draft in shown.drafts:
            show_words("", shown.language)
            for line in draft_lines(draft, shown.language):
                show_words(line, shown.language)
    asked.show_path(path)
    if path is not None and not asked.quiet:
        show_text("outreach.unbooked", shown.language)
    asked.end(shown.problems, shown.sources)


def _say_next(asked: Asked, done: "Previewed") -> None:

    if done.count and not asked.quiet:
        day = asked.request.as_of
        more = f" --as-of {day}" if day else ""
        show_text("outreach.next", done.report.language, count=done.count, more=more)
