"""For all tests: LibreOffice as a calculator, which opens a workbook, computes every formula anew, and saves it;
histories on every kind of database; a cluster of Spark; and what is chosen, skipped and counted.

This folder is on the import path, so that tests can import `books`, `oracles`, `places` and `servers`.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from cscli.sources.engine.model import EventEngine

from oracles import postgres
from places import NO_SHARED_DATA, TESTS
from servers.spark_cluster import has_java, start_cluster, stop_cluster

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # how busy the machine is says nothing of the program

pytest_plugins = ["books.shown_pages"]
NEEDS = {
    "recalculate": "libreoffice",
    "postgres_server": "postgres",
    "spark_master": "spark",
    "chromium": "browser",
}
NOT_QUICK = {"slow", "whole", *NEEDS.values()}


os.environ["CSCLI_ALLOW_FUTURE"] = "1"  # dates in tests stay, whatever day it is


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--quick", action="store_true", help=f"leave out what is marked {', '.join(sorted(NOT_QUICK))}"
    )
    parser.addoption("--update-golden", action="store_true", help="write the expected texts anew")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks each test by what it needs, and leaves out what is not quick where that is asked."""
    for item in items:
        for fixture in set(getattr(item, "fixturenames", ())) & NEEDS.keys():
            item.add_marker(NEEDS[fixture])
        if item.path.is_relative_to(TESTS / "cli"):
            item.add_marker("whole")
    if config.getoption("--quick"):
        left_out = [item for item in items if any(item.get_closest_marker(name) for name in NOT_QUICK)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        if item.get_closest_marker("spark"):
            item.add_marker(
                pytest.mark.skipif(find_spec("pyspark") is None, reason="pyspark is not installed")
            )
            missing = not has_java() and "CI" not in os.environ
            item.add_marker(pytest.mark.skipif(missing, reason="Java is not installed"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says how many tests wait for the shared data."""
    skipped: Sequence[pytest.TestReport] = terminalreporter.stats.get("skipped", [])
    waiting = sum(NO_SHARED_DATA in str(report.longrepr) for report in skipped)
    if waiting:
        terminalreporter.write_line(f"{waiting} tests skipped: {NO_SHARED_DATA}")


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether expected texts are to be written anew; read the difference before it is committed."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def recalculate(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """The same workbook with all its formulas computed by LibreOffice."""
    if shutil.which("soffice") is None and "CI" not in os.environ:
        pytest.skip("LibreOffice is not installed")
    profile = tmp_path_factory.mktemp("profile")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE)

    def run(path: Path) -> Path:
        folder = tmp_path_factory.mktemp("recalculated")
        command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
        command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return folder / path.name

    return run


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A real server, for as long as the tests run."""
    programs = postgres.binaries()
    if programs is None:
        if "CI" in os.environ:
            pytest.fail("PostgreSQL is not installed")
        pytest.skip("PostgreSQL is not installed")
    with postgres.run_server(programs) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """The URL of an empty database of its own."""
    import psycopg  # noqa: PLC0415 - only where there is a server

    name = f"history_{next(_NUMBERS)}"
    address = f"host={postgres_server.folder} port={postgres_server.port} user=postgres"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield postgres_server.url(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def history_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a history that does not exist yet, once for each kind of database."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/.cscli/history.db"


_NUMBERS = count(1)


@pytest.fixture(scope="session")
def spark_master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a standalone master with two workers: the one that CSCLI_TEST_SPARK_MASTER names, or one of
    our own.
    """
    if given := os.environ.get("CSCLI_TEST_SPARK_MASTER"):
        yield given
        return
    cluster = start_cluster(tmp_path_factory.mktemp("cluster"))
    yield cluster.master
    stop_cluster(cluster)


@pytest.fixture(scope="session")
def spark_engine(spark_master: str, tmp_path_factory: pytest.TempPathFactory) -> "EventEngine":
    """Spark on that master, as the rules name it; compiled for short runs."""
    from cscli.sources.engine.model import EventEngine  # noqa: PLC0415 - for few tests

    conf = {
        "spark.driver.host": "127.0.0.1",
        "spark.cores.max": "2",
        "spark.locality.wait": "0s",
        "spark.scheduler.minRegisteredResourcesRatio": "1.0",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.executor.memory": "900m",
    }
    return EventEngine(name="spark", master=spark_master, conf=conf)


@pytest.fixture(scope="session")
def spark(spark_engine: "EventEngine") -> Iterator["SparkSession"]:
    """The application in which every rollup of the tests runs."""
    from cscli.sources.engine.spark_session import open_spark  # noqa: PLC0415 - for few tests

    with open_spark(spark_engine) as session:
        yield session
