"""A real Spark cluster on this machine: a standalone master and two workers of one core, from pyspark's own jars.

`python tests/servers/spark_cluster.py start --dir DIR` prints the master's address, `stop --dir DIR` ends it.
"""

import argparse
import contextlib
import json
import os
import shutil
import signal
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

WORKERS = 2
_WORKER_MEMORY = "1g"
_DAEMON_MEMORY = "256m"
_START_SECONDS = 120
_STOP_SECONDS = 10
_MASTER_LINE, _PAGE_LINE = "Starting Spark master at ", "started at "
_STATE = "cluster.json"


@dataclass(frozen=True, slots=True)
class SparkCluster:
    """Where the master listens, where it tells of itself, and the process groups that make up the cluster."""

    master: str
    page: str
    groups: tuple[int, ...]


def has_java() -> bool:
    """Whether this machine has what Spark runs on; pyspark is another matter."""
    return shutil.which("java") is not None or "JAVA_HOME" in os.environ


def start_cluster(folder: Path, *, outlives_caller: bool = False) -> SparkCluster:
    """Start a master and its workers, and wait until the master knows them; everything they write is in `folder`.

    Unless it `outlives_caller`, the cluster ends with the process that started it, even if that is killed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    groups: list[int] = []
    try:
        groups.append(_spawn(folder, "master", "master.Master", "--port", "0", "--webui-port", "0"))
        master = _await_word(folder / "master.log", _MASTER_LINE)
        page = _await_word(folder / "master.log", _PAGE_LINE)
        for number in range(WORKERS):
            size = ("--cores", "1", "--memory", _WORKER_MEMORY, "--webui-port", "0")
            work = ("--work-dir", str(folder / f"work{number}"))
            groups.append(_spawn(folder, f"worker{number}", "worker.Worker", *size, *work, master))
        cluster = SparkCluster(master, page, tuple(groups))
        if not outlives_caller:
            guard = [sys.executable, __file__, "guard", "--dir", str(folder)]
            groups.append(os.posix_spawn(guard[0], guard, dict(os.environ), setsid=True))
        _await_workers(cluster)
    except BaseException:
        _end(groups)
        raise
    (folder / _STATE).write_text(json.dumps({**asdict(cluster), "groups": groups}), encoding="utf-8")
    return SparkCluster(master, page, tuple(groups))


def read_cluster(folder: Path) -> SparkCluster:
    """The cluster that was started in `folder`."""
    state = json.loads((folder / _STATE).read_text(encoding="utf-8"))
    return SparkCluster(state["master"], state["page"], tuple(state["groups"]))


def ask_master(cluster: SparkCluster) -> Mapping[str, Any]:
    """What the master says of its workers and applications."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"{cluster.page}/json/", timeout=5) as answer:
        found: Mapping[str, Any] = json.load(answer)
    return found


def stop_cluster(cluster: SparkCluster) -> None:
    """End every process of the cluster, executors included."""
    _end(cluster.groups)


def guard_cluster(folder: Path) -> None:
    """Wait until the process that started this one is gone, then end the cluster, of which this is a part."""
    caller = os.getppid()
    while os.getppid() == caller:
        time.sleep(0.5)
    _end([group for group in read_cluster(folder).groups if group != os.getpid()])


def _spawn(folder: Path, name: str, part: str, *options: str) -> int:
    home = _spark_home()
    settings = {
        "SPARK_HOME": str(home),
        "SPARK_DAEMON_MEMORY": _DAEMON_MEMORY,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(folder / f"{name}-scratch"),
        "SPARK_NO_DAEMONIZE": "1",
    }
    command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{part}", "--host", "127.0.0.1"]
    log = (os.POSIX_SPAWN_OPEN, 1, str(folder / f"{name}.log"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nothing = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    return os.posix_spawn(
        command[0],
        [*command, *options],
        {**os.environ, **settings},
        file_actions=[nothing, log, (os.POSIX_SPAWN_DUP2, 1, 2)],
        setsid=True,  # a group of its own, to which its executors belong
    )


def _spark_home() -> Path:
    spec = find_spec("pyspark")
    assert spec is not None, "pyspark is not installed"
    assert spec.origin is not None
    return Path(spec.origin).parent


def _await_word(log: Path, line: str) -> str:
    """The word behind `line` in a log, once it stands there."""
    for _ in _until(_START_SECONDS):
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        found = [text.split(line, 1)[1].split()[0] for text in lines if line in text]
        if found:
            return found[0]
    raise TimeoutError(f"{log.name} does not say `{line}`:\n{log.read_text(encoding='utf-8')[-2000:]}")


def _await_workers(cluster: SparkCluster) -> None:
    for _ in _until(_START_SECONDS):
        with contextlib.suppress(OSError):
            alive = [worker for worker in ask_master(cluster)["workers"] if worker["state"] == "ALIVE"]
            if len(alive) == WORKERS:
                return
    raise TimeoutError(f"the master does not know {WORKERS} workers")


def _until(seconds: float) -> Iterator[None]:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        yield
        time.sleep(0.2)


def _end(groups: Sequence[int]) -> None:
    for group in reversed(groups):
        _signal(group, signal.SIGTERM)
    for _ in _until(_STOP_SECONDS):
        if not any(_is_alive(group) for group in groups):
            return
    for group in groups:
        _signal(group, signal.SIGKILL)


def _is_alive(group: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(group, os.WNOHANG)  # a child that ended counts as alive until somebody asks
    return _signal(group, 0)


def _signal(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


def main() -> None:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["start", "stop", "guard"])
    parser.add_argument("--dir", type=Path, required=True)
    asked = parser.parse_args()
    if asked.action == "start":
        sys.stdout.write(f"{start_cluster(asked.dir, outlives_caller=True).master}\n")
    elif asked.action == "guard":
        guard_cluster(asked.dir)
    elif (asked.dir / _STATE).exists():
        stop_cluster(read_cluster(asked.dir))
        (asked.dir / _STATE).unlink()


if __name__ == "__main__":
    main()
