"""Ends `cscli outreach send` and `issue` by SIGKILL at random moments, again and again, and counts what a real mail server got:
no address gets a message twice, nobody who opted out gets any, and every message is settled, or `unknown`.
A third of the kills come while files are issued, the others while mails are sent.
`python benchmarks/outreach_kills.py [COUNT] [SEED]` (1000, 20261030); interrupted, it tells what it has seen.
"""

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from books.outreach_workspace import asked, lay
from cscli.analysis.outreach.sent import State
from cscli.history import entries_of
from cscli.workflows.outreach.issued_files import unfinished_runs
from cscli.workflows.outreach.issuing import IssueOptions, issue, issue_again
from cscli.workflows.outreach.previewing import planned_of
from cscli.workflows.outreach.sending import SendOptions, send
from oracles.loopback import mail_server

COUNT, SEED = 1000, 20_261_030
SQLITE = "sqlite:///.cscli/history.db"
_LONGEST_SECONDS = {"send": 0.25, "issue": 0.12}
_SETTLED = {State.SENT, State.UNKNOWN, State.FAILED, State.ISSUED}
_UNTIL_IN_DOUBT_SECONDS = 700


@dataclass
class Tally:
    """What was seen over all kills."""

    kills: int = 0
    too_late: int = 0
    mails: int = 0
    files: int = 0
    double: list[str] = field(default_factory=list)
    opted_out: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)


def main() -> None:
    """Prints the tally; ends with 1 where anything is wrong with it."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else SEED
    tally = run_kills(count, seed)
    print(json.dumps({**vars(tally), "states": dict(tally.states)}, indent=1))
    sys.exit(bool(tally.double or tally.opted_out or tally.unsettled or tally.lost))


def run_kills(count: int, seed: int) -> Tally:
    """So many kills, each in a workspace of its own, which is then brought to an end."""
    chance, tally = random.Random(seed), Tally()  # noqa: S311 - moments of kills
    root = Path(tempfile.mkdtemp(prefix="kills-"))
    server, port, stop, box = _serve(root)
    try:
        for number in range(count):
            how = "issue" if chance.random() < 1 / 3 else "send"
            smtp = f"{{host: localhost, port: {port}, security: none, per_minute: 6000}}"
            folder = lay(root / str(number), smtp=smtp, domain=f"t{number}.example")
            _one_kill(folder, how, chance.random() * _LONGEST_SECONDS[how], tally)
            tally.kills += 1
            shutil.rmtree(folder)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
    finally:
        os.write(stop, b".")
        os.waitpid(server, 0)
    got = Counter(json.loads(box.read_text(encoding="utf-8")))
    tally.mails = sum(got.values())
    tally.double += [f"{address} x {times}" for address, times in got.items() if times > 1]
    tally.opted_out += [address for address in got if address.startswith("p@a8.")]
    shutil.rmtree(root)
    return tally


def _serve(root: Path) -> tuple[int, int, int, Path]:
    """A mail server in a process of its own, which writes down who got something when it is told to end: its process, its port, by what
    it is told, and where that is written.
    """
    box = root / "recipients.json"
    reading, writing = os.pipe()
    end, stop = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(stop)
        with mail_server() as mailbox:
            os.write(writing, f"{mailbox.port}\n".encode())
            os.read(end, 1)
            recipients = [each for mail in mailbox.recipients for each in mail]
            box.write_text(json.dumps(recipients), encoding="utf-8")
            os._exit(0)
    port = int(os.read(reading, 32).decode())
    return pid, port, stop, box


def _one_kill(folder: Path, how: str, after: float, tally: Tally) -> None:
    reading, writing = os.pipe()
    pid = _forked(lambda: _work(folder, how, lambda: os.write(writing, b".")))
    os.close(writing)
    os.read(reading, 1)  # what would go is decided
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    tally.too_late += not os.WIFSIGNALED(status)
    os.close(reading)
    for _ in range(2):
        done = _forked(lambda: _work(folder, how, lambda: None, seconds=_UNTIL_IN_DOUBT_SECONDS))
        _, status = os.waitpid(done, 0)
        if status:
            tally.unsettled.append(f"{folder.name}: {how} ended with {os.waitstatus_to_exitcode(status)}")
    _look(folder, how, tally)


def _forked(work: Callable[[], None]) -> int:
    """A process that does `work`; its libraries are loaded already."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told by its exit code
            print(repr(error), getattr(error, "problems", ""), file=sys.stderr)
            os._exit(1)
        os._exit(0)
    return pid


def _work(folder: Path, how: str, decided: Callable[[], Any], seconds: int = 0) -> None:
    """As the command would, with the count of the preview; an issue that was interrupted is finished first."""
    request = asked(folder, seconds=seconds)
    for run in unfinished_runs(folder):
        if entries_of(SQLITE, folder, run_id=run):
            issue_again(request, run)
    count = len(planned_of(request).going)

    def plan(_: object) -> Any:
        planned = planned_of(request)
        decided()
        return planned

    if how == "issue":
        issue(request, IssueOptions(folder=folder / f"mails{seconds}", expect=count), plan)
    else:
        send(request, SendOptions(expect=count, pause=lambda _: None), plan)


def _look(folder: Path, how: str, tally: Tally) -> None:
    """In a process of its own, as a database must not be open where others are forked."""
    told = folder / "look.json"

    def look() -> None:
        rows = [(each.account_id, each.state.value) for each in entries_of(SQLITE, folder)]
        told.write_text(json.dumps(rows), encoding="utf-8")

    os.waitpid(_forked(look), 0)
    rows = json.loads(told.read_text(encoding="utf-8"))
    tally.states.update(state for _, state in rows)
    tally.unsettled += [
        f"{folder.name} {account}: {state}" for account, state in rows if State(state) not in _SETTLED
    ]
    if how == "issue":
        files = Counter(path.name.split("-")[1] for path in folder.glob("mails*/*.eml"))
        tally.files += sum(files.values())
        tally.double += [f"{folder.name} {account} x {n} files" for account, n in files.items() if n > 1]
        tally.opted_out += [f"{folder.name} {account}" for account in files if account == "A8"]
        tally.lost += [f"{folder.name} {account}" for account, _ in rows if account not in files]


if __name__ == "__main__":
    main()
