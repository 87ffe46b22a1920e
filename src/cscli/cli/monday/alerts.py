"""`cscli alerts`: exports in; what must be told out, once, to the terminal and to where it is asked for."""

from typing import TYPE_CHECKING, Annotated

import typer

from cscli.cli.command import Asked, add_command, sources_in
from cscli.cli.console import show_text, show_words

if TYPE_CHECKING:
    from cscli.texts import Language
    from cscli.workflows.alerting.posting import Posted

Send = Annotated[bool, typer.Option("--send", help="Tell every channel of the rules what is not told yet.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Print exactly what --send would send; store and send nothing.")
]
Deliver = Annotated[
    bool, typer.Option("--deliver", help="Only send what waits in the outbox; look for nothing new.")
]
Wait = Annotated[
    float,
    typer.Option("--wait", min=0, metavar="SECONDS", help="Before sending, wait so long for another run."),
]
Retry = Annotated[bool, typer.Option("--retry", help="As --deliver, also what was refused or given up.")]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(app, "alerts", alerts, example="cscli alerts --dry-run", findings=("alert",))


def alerts(
    asked: Asked,
    *,
    send: Send = False,
    dry_run: DryRun = False,
    deliver: Deliver = False,
    retry: Retry = False,
    wait: Wait = 0,
) -> None:
    """List what must be told: what is new, what goes on, what has cleared; send it where you say.

    An alert is told once, until it has cleared. Nothing is sent without --send; --dry-run shows the exact
    payloads first, and stores nothing. Messages are stored with the run before they are sent, tried again for a
    while, and wait for the next run where that fails (exit code 7, also where one was refused or given up);
    after 7 days they are given up, and that is said. If the process is killed between sending a message and noting it, the next run sends it again under the
    same key (Idempotency-Key, Message-ID): nothing is lost, and such a message may arrive twice.
    """
    from cscli import workflows
    from cscli.errors import ExitCode

    if sum((send, dry_run, deliver or retry)) > 1:
        raise typer.BadParameter("choose one of --send, --dry-run and --deliver", param_hint="--send")
    if dry_run:
        return _preview(asked)
    if deliver or retry:
        posted, language = workflows.deliver_waiting(asked.request, retry=retry, wait_seconds=wait)
        return _show_posted(asked, posted, language)
    path = asked.path("alerts.xlsx")
    done = workflows.alerts(asked.request, path, send=send, wait_seconds=wait)
    asked.show(done.report, path, rows=20)
    if done.undelivered:
        raise typer.Exit(ExitCode.OUTBOX)
    return asked.end(done.report.problems, sources_in(done.report), ["alert"] if done.active else [])


def _preview(asked: Asked) -> None:
    from cscli import workflows
    from cscli.workflows.alerting.alerts import payload_heading

    shown = workflows.preview_alerts(asked.request)
    asked.tell(shown.problems, shown.language, store=False)
    for channel, payload in shown.payloads:
        show_words(f"--- {payload_heading(channel, shown.language)}\n{payload}\n", shown.language)
    if not shown.payloads:
        show_text("alerts.nothing_to_send", shown.language)


def _show_posted(asked: Asked, posted: "Posted", language: "Language") -> None:
    from cscli.errors import ExitCode

    asked.tell(posted.problems, language)
    if not (asked.quiet or posted.problems):
        show_text("alerts.nothing_to_send", language)
    if posted.undelivered:
        raise typer.Exit(ExitCode.OUTBOX)
