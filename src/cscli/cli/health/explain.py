"""`cscli explain`: one account, what makes its score and what would lift it."""

from typing import Annotated

import typer

from cscli.cli import options as o

Account = Annotated[str, typer.Argument(metavar="ACCOUNT_ID", help="The account's id, or its name.")]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="From the exports as they are now, not from the newest stored run.")
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        "explain", epilog="Example: cscli explain A0001 sample_data/accounts.xlsx --as-of 2026-10-31"
    )(explain)


def explain(
    account_id: Account,
    accounts: o.Accounts = None,
    config: o.ConfigFile = None,
    as_of: o.AsOf = None,
    fresh: Fresh = False,
    output: o.Output = None,
    lang: o.Lang = None,
    overrides: o.Overrides = [],
    no_history: o.NoHistory = False,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Explain one account: what makes its score, its peers and its course, and what would lift it into the next band.

    From the newest run of the history, or from the exports where nothing is stored.
    """
    from cscli import workflows
    from cscli.cli import console
    from cscli.render.screen.explanation import show_explanation

    request = o.make_request(
        config=config, accounts=accounts, as_of=as_of, lang=lang, overrides=overrides, plain=True,
        no_history=no_history,
    )  # fmt: skip
    path = None if output is None else o.output_path(output, "explained.xlsx", request.rules.workspace)
    report = workflows.explain(request, workflows.Asked(account_id, fresh), path)
    console.show_problems(report.problems, report.language, quiet=quiet, verbose=verbose)
    if quiet:
        return
    show_explanation(report, console.results())
    if path is not None:
        typer.echo(str(path))
