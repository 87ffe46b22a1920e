"""`cscli`, and `python -m cscli`. Signals are looked after before anything large is loaded."""

from cscli.workspace.signals import catch_signals


def main() -> None:
    """Runs the command line."""
    catch_signals()
    from cscli.cli import main as run  # noqa: PLC0415 - takes longer than all that comes before

    run()


if __name__ == "__main__":
    main()
