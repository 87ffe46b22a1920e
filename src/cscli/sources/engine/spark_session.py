"""A Spark session on the master that the rules name: quiet, in UTC, and ended with what was asked of it."""

import os
import shutil
import socket
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cscli.errors import ConfigError, Problem, SourceError
from cscli.sources.engine.model import EventEngine
from cscli.workspace.signals import handlers_kept

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_CONNECT_SECONDS = 10
_EXECUTOR_SECONDS = 120
_DRIVER_AND_ONE = 2
_STANDALONE = "spark://"
_QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.parquet.binaryAsString": "true",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.legacy.parquet.nanosAsLong": "true",
    "spark.sql.csv.parser.columnPruning.enabled": "false",  # a line is bad in any of its columns
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.legacy.javaCharsets": "true",
}
"""What the results depend on, whatever the rules say."""


@contextmanager
def open_spark(engine: EventEngine) -> Iterator["SparkSession"]:
    """A session on the engine's master, ended afterwards; within an application of Spark, a session of that.

    SourceError without pyspark or Java, where no master or no executor answers, and for a job that fails;
    ConfigError without a master.
    """
    if find_spec("pyspark") is None:
        raise SourceError(Problem("spark.not_installed"))
    _load_quietly()
    from pyspark import SparkContext  # noqa: PLC0415 - an extra

    with _telling():
        running = SparkContext._active_spark_context  # noqa: SLF001 - getOrCreate would start one
        if running is not None:
            yield _prepared(_session_of(running).newSession(), engine.conf)
            return
        with _own_context(engine) as context:
            yield _prepared(_session_of(context), engine.conf)


def first_line(error: BaseException) -> str:
    """What went wrong in Spark, in a line: the message of the first cause."""
    from py4j.protocol import Py4JJavaError  # noqa: PLC0415 - an extra

    if isinstance(error, Py4JJavaError):
        cause: Any = error.java_exception
        while cause.getCause() is not None:
            cause = cause.getCause()
        text = str(cause.getMessage() or cause.getClass().getName())
    else:
        text = str(error)
    return next((line.strip() for line in text.splitlines() if line.strip()), type(error).__name__)


def _load_quietly() -> None:
    """What pyspark loads when it first hands over a list, and what warns of the pandas that is installed: none of
    the work is done by that.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyspark.testing.utils  # noqa: F401, PLC0415 - an extra


@contextmanager
def _telling() -> Iterator[None]:
    """What fails in Spark becomes a SourceError."""
    from py4j.protocol import Py4JError  # noqa: PLC0415 - an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra

    try:
        yield
    except (Py4JError, PySparkException) as error:
        raise SourceError(Problem("spark.failed", details={"reason": first_line(error)})) from error


def _prepared(session: "SparkSession", conf: Mapping[str, str]) -> "SparkSession":
    for key, value in conf.items():
        if key.startswith("spark.sql."):
            with suppress(Exception):  # some can only be set at the start, and were
                session.conf.set(key, value)
    for key, value in _SETTINGS.items():
        session.conf.set(key, value)
    return session


def _session_of(context: Any) -> "SparkSession":
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    return SparkSession(context)


@contextmanager
def _own_context(engine: EventEngine) -> Iterator[Any]:
    from pyspark import SparkConf, SparkContext  # noqa: PLC0415 - an extra

    master = engine.master
    if master is None:
        raise ConfigError(Problem("spark.no_master"))
    _check_java()
    _check_master(master)
    settings = {**_QUIET, **engine.conf, **_SETTINGS}
    conf = SparkConf(loadDefaults=False).setAppName("cscli").setAll(list(settings.items())).setMaster(master)
    with tempfile.TemporaryFile() as log, _java_program(conf, log) as gateway:
        with handlers_kept():
            context = SparkContext(conf=conf, gateway=gateway)
        try:
            _await_executor(context, master)
            yield context
        finally:
            context.stop()


@contextmanager
def _java_program(conf: Any, log: Any) -> Iterator[Any]:
    """Spark's own program, what it prints going to `log`; it ends with the block."""
    from pyspark import SparkContext  # noqa: PLC0415 - an extra
    from pyspark.errors import PySparkRuntimeError  # noqa: PLC0415 - an extra
    from pyspark.java_gateway import launch_gateway  # noqa: PLC0415 - an extra

    launch: Any = launch_gateway  # pyspark gives it no types
    try:
        gateway = launch(conf, {"stdout": log, "stderr": log})
    except PySparkRuntimeError as error:
        raise SourceError(Problem("spark.did_not_start", details={"reason": _last_words(log)})) from error
    try:
        yield gateway
    finally:
        SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001 - the next session starts anew
        gateway.shutdown()
        process = getattr(gateway, "proc", None)
        if process is not None:
            process.stdin.close()  # which it waits for
            process.wait(timeout=60)


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if home and not os.access(Path(home) / "bin" / ("java.exe" if os.name == "nt" else "java"), os.X_OK):
        raise SourceError(Problem("spark.java_home", value=home))
    if not home and shutil.which("java") is None:
        raise SourceError(Problem("spark.no_java"))


def _check_master(master: str) -> None:
    """A standalone master, or one of several, must answer: Spark itself asks for a minute."""
    if not master.startswith(_STANDALONE):
        return
    reasons = []
    for address in master.removeprefix(_STANDALONE).split(","):
        host, _, port = address.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), _CONNECT_SECONDS).close()
        except ValueError as error:
            raise ConfigError(Problem("spark.master_form", value=master)) from error
        except OSError as error:
            reasons.append(error.strerror or str(error))
        else:
            return
    raise SourceError(Problem("spark.master_silent", value=master, details={"reason": reasons[0]}))


def _await_executor(context: Any, master: str) -> None:
    """Jobs wait without end where no executor comes."""
    limit = time.monotonic() + _EXECUTOR_SECONDS
    scala = context._jsc.sc()  # noqa: SLF001 - Python has no other way to it
    while master.startswith(_STANDALONE) and scala.getExecutorMemoryStatus().size() < _DRIVER_AND_ONE:
        if time.monotonic() > limit:
            raise SourceError(
                Problem("spark.no_executors", value=master, details={"seconds": _EXECUTOR_SECONDS})
            )
        time.sleep(0.1)


def _last_words(log: Any) -> str:
    log.seek(0)
    lines = [line.strip() for line in log.read().decode("utf-8", "replace").splitlines() if line.strip()]
    causes = [line for line in lines if "Exception" in line or "Error" in line]
    return str((causes or lines or ["?"])[0])
