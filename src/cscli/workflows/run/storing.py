"""A run's files into their place, its snapshot into the history, and its messages on their way."""

from collections.abc import Sequence
from pathlib import Path

from cscli.analysis.acting.alerts import AlertRecords
from cscli.analysis.acting.messages import Message
from cscli.errors import SourceError
from cscli.workflows.alerting.alerts import alert_records, post_alerts, sending_channels
from cscli.workflows.alerting.posting import Posted
from cscli.workflows.book.stages import zone_of
from cscli.workflows.run.manifest import StepResult, is_newest, write_beside
from cscli.workflows.run.steps import RUN_STEPS, monday_messages_of
from cscli.workflows.scores.actions import call_records
from cscli.workflows.scores.scoring import RunRecords, remember
from cscli.workflows.showing.monday import monday_channels
from cscli.workflows.whole.book import WholeBook
from cscli.workspace.manifest import Manifest
from cscli.workspace.publish import writing_fault
from cscli.workspace.signals import stop_if_signalled
from cscli.workspace.staging import copy_folder, mark_complete, refuse_input, refuse_unwritable

LATEST = "latest"


def put_in_place(whole: WholeBook, results: Sequence[StepResult], tree: Path, manifest: Manifest) -> None:
    """Stores the snapshot, when every file is there and can go where it belongs; then nothing can hold it back."""
    request, book, out = whole.request, whole.book, whole.request.rules.workspace / "out"
    day = book.as_of.isoformat()
    try:
        write_beside(tree / day, manifest, request)
    except OSError as error:
        raise SourceError(writing_fault(tree / day, error)) from error
    newest = is_newest(out, book.as_of, request.today(zone_of(book.config)))
    if newest:
        copy_folder(tree, day, LATEST)
    refuse_input(book.files, out, tree)
    refuse_unwritable(out, tree)
    stop_if_signalled()
    done = {result.step for result in results if result.status == "done"}
    messages = monday_messages_of(whole) if newest and "monday" in done else ()
    if messages or any(step.is_stored for step in RUN_STEPS if step.name in done):
        remember(request, whole.judged, _records(whole, done, messages))
    mark_complete(tree)


def _records(whole: WholeBook, done: set[str], messages: tuple[Message, ...]) -> RunRecords:
    return RunRecords(
        call_list=call_records(whole.judged, whole.calls) if "at-risk" in done else None,
        alerts=_alert_records(whole) if "alerts" in done else None,
        messages=messages,
        forecasts=whole.forecast.records(whole.request) if "renewals" in done else None,
    )


def _alert_records(whole: WholeBook) -> AlertRecords | None:
    """The alerts as they are stored, with messages to the channels that the rules say."""
    channels = sending_channels(whole.book.config)
    return alert_records(whole.request, whole.judged, whole.alerts, channels)[0]


def tell(whole: WholeBook, results: Sequence[StepResult]) -> Posted:
    """Sends what was stored with the run, and what waits from earlier ones."""
    config = whole.book.config
    done = {result.step for result in results if result.status == "done"}
    told = {channel.name for channel in sending_channels(config)} if "alerts" in done else set()
    told |= {channel.name for channel in monday_channels(config)} if "monday" in done else set()
    channels = [channel for channel in config.channels if channel.name in told]
    return post_alerts(whole.request, config, channels) if channels else Posted((), 0)
