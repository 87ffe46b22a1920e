"""A PostgreSQL server of this test run alone: made in a temporary folder, reached by a socket and on the loopback."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "wasabi:@/ 7"  # noqa: S105 - of a server that lives for one test run
"""With what a URL gives a meaning to."""


@dataclass(frozen=True, slots=True)
class Server:
    """Everyone may come in by the socket in `folder`; on 127.0.0.1 the user postgres needs `PASSWORD`."""

    folder: Path
    port: int

    def url(self, database: str) -> str:
        """By the socket."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}&port={self.port}"

    def url_by_network(self, database: str) -> str:
        """On the loopback, without the password."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl; None where there is no server."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    config = shutil.which("pg_config")
    found = (
        [subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True).stdout.strip()]
        if config
        else []
    )
    found += map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))
    return next((Path(folder) for folder in found if (Path(folder) / "initdb").exists()), None)


@contextmanager
def run_server(programs: Path) -> Iterator[Server]:
    """Starts one, and ends it with the block."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = Server(folder, _free_port())
    secret = folder / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    if os.geteuid() == 0:  # the server refuses to run as root
        for path in (folder, secret):
            shutil.chown(path, "postgres")
    data = folder / "data"
    settings = (
        f"-k {folder} -p {server.port} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=60"
    )
    try:
        _run(programs / "initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync",
             "--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={secret}")  # fmt: skip
        _run(programs / "pg_ctl", "-D", data, "-l", folder / "log", "-o", settings, "-w", "start")
        yield server
    finally:
        _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: str | Path) -> None:
    user = "postgres" if os.geteuid() == 0 else None
    # No pipes: the server would inherit and hold them.
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=user, cwd="/"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
