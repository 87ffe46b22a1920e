"""`cscli alerts`: exports in; what must be told out, once, to the terminal and to where it is asked for."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cscli.cli import options as o

if TYPE_CHECKING:
    from cscli.texts import Language
    from cscli.workflows import Request
    from cscli.workflows.alerts.posting import Posted

_HELP = """List what must be told: what is new, what goes on, what has cleared; send it where you say.

An alert is told once, until it has cleared. Nothing is sent without --send; --dry-run shows the exact
payloads first, and stores nothing. Messages are stored with the run before they are sent, tried again for a
while, and wait for the next run where that fails (exit code 7, also where one was refused or given up);
after 7 days they are given up, and that is said. If the process is killed between sending a message and noting it, the next run sends it again under the
same key (Idempotency-Key, Message-ID): nothing is lost, and such a message may arrive twice.
"""


class Finding(StrEnum):
    """What `--fail-on` knows here: severities, and that any alert is on."""

    ERROR = "error"
    WARNING = "warning"
    ALERT = "alert"


FailOn = Annotated[
    list[Finding],
    typer.Option(
        "--fail-on",
        help="End with exit code 10: problems of this severity or worse, or any alert that is on.",
    ),
]
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
    app.command("alerts", help=_HELP, epilog="Example: cscli alerts --dry-run")(alerts)


def alerts(
    accounts: o.Accounts = None,
    config: o.ConfigFile = None,
    as_of: o.AsOf = None,
    output: o.Output = None,
    send: Send = False,
    dry_run: DryRun = False,
    deliver: Deliver = False,
    retry: Retry = False,
    wait: Wait = 0,
    lang: o.Lang = None,
    overrides: o.Overrides = [],
    plain: o.Plain = False,
    no_history: o.NoHistory = False,
    fail_on: FailOn = [],
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """The command; its help is above."""
    from cscli import workflows
    from cscli.cli import console
    from cscli.errors import ExitCode
    from cscli.render import show_report

    if sum((send, dry_run, deliver or retry)) > 1:
        raise typer.BadParameter("choose one of --send, --dry-run and --deliver", param_hint="--send")
    request = o.make_request(
        config=config, accounts=accounts, as_of=as_of, lang=lang, overrides=overrides, plain=plain,
        no_history=no_history,
    )  # fmt: skip
    if dry_run:
        return _preview(request, quiet=quiet, verbose=verbose)
    if deliver or retry:
        posted, language = workflows.deliver_waiting(request, retry=retry, wait_seconds=wait)
        return _show_posted(posted, language, quiet=quiet, verbose=verbose)
    path = o.output_path(output, "alerts.xlsx", request.rules.workspace)
    done = workflows.alerts(request, path, send=send, wait_seconds=wait)
    console.show_problems(done.report.problems, done.report.language, quiet=quiet, verbose=verbose)
    if not quiet:
        show_report(done.report, console.results(), rows=20)
        typer.echo(str(path))
    if done.undelivered:
        raise typer.Exit(ExitCode.OUTBOX)
    o.end_on_findings(
        done.report.problems, [o.Finding(each) for each in fail_on if each is not Finding.ALERT]
    )
    if Finding.ALERT in fail_on and done.active:
        raise typer.Exit(ExitCode.FINDINGS)
    return None


def _preview(request: "Request", *, quiet: bool, verbose: bool) -> None:
    from cscli import workflows
    from cscli.cli import console
    from cscli.texts import text
    from cscli.workflows.alerts.alerting import payload_heading

    shown = workflows.preview_alerts(request)
    console.show_problems(shown.problems, shown.language, quiet=quiet, verbose=verbose)
    for channel, payload in shown.payloads:
        typer.echo(f"--- {payload_heading(channel, shown.language)}\n{payload}\n")
    if not shown.payloads:
        typer.echo(text("alerts.nothing_to_send", shown.language))


def _show_posted(posted: "Posted", language: "Language", *, quiet: bool, verbose: bool) -> None:
    from cscli.cli import console
    from cscli.errors import ExitCode
    from cscli.texts import text

    console.show_problems(posted.problems, language, quiet=quiet, verbose=verbose)
    if not (quiet or posted.problems):
        typer.echo(text("alerts.nothing_to_send", language))
    if posted.undelivered:
        raise typer.Exit(ExitCode.OUTBOX)
