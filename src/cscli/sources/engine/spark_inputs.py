"""Files and tables as frames of Spark, whatever is asked of them.

The driver looks at the files' first lines or at their schema; only Spark reads their rows.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from cscli.errors import Location, Problem, Scope, SourceError
from cscli.sources.engine.log_files import (
    is_packed,
    open_text,
)
from cscli.sources.engine.model import EventEngine
from cscli.sources.engine.spark_session import open_spark
from cscli.sources.tabular.encoding import decode_text
from cscli.sources.tabular.files import FileBytes

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LINE = "line_as_it_stands"
_SAMPLE_BYTES = 1 << 20
_CHARSETS = {"utf-8": "UTF-8", "cp932": "windows-31j", "euc_jp": "EUC-JP", "cp1252": "windows-1252"}
_CHARSETS |= {"utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE", "utf-8-sig": "UTF-8"}


def read_table_headers(table: str, engine: EventEngine) -> tuple[str, ...]:
    """The columns of a table of Spark's. SourceError as `open_spark`, or if there is no such table."""
    with open_spark(engine) as spark:
        return tuple(read_table(spark, table).columns)


def read_table(spark: "SparkSession", table: str) -> "DataFrame":
    """A table or view of Spark's. SourceError if there is none of that name."""
    from pyspark.errors import AnalysisException  # noqa: PLC0415 - an extra

    try:
        frame = spark.read.table(table)
        frame.schema  # noqa: B018 - asks for it, and so for the table
    except AnalysisException as error:
        raise SourceError(Problem("spark.no_table", value=table)) from error
    return frame


def charset_of(path: Path, encoding: str | None, problems: list[Problem]) -> tuple[str, bool]:
    """What Spark calls the encoding of a text file, by its beginning, and whether fields in quotes may hold line
    ends; to `problems` goes what was assumed. SourceError if Spark would not unpack it.
    """
    if is_packed(path) and path.suffix.lower() != ".gz":
        raise SourceError(Problem("spark.packed_name", where=Location(file=path.name)))
    with open_text(path) as file:
        sample = file.read(_SAMPLE_BYTES)
    whole = sample[: sample.rfind(b"\n") + 1] if len(sample) == _SAMPLE_BYTES else sample
    decoded = decode_text(FileBytes(path, whole or sample, "", 0.0), encoding)
    problems += [problem for problem in decoded.problems if problem.scope is Scope.ENCODING]
    charset = _CHARSETS.get(decoded.encoding, decoded.encoding)
    return charset, '"' in decoded.text or charset.startswith("UTF-16")


def text_frame(
    spark: "SparkSession", paths: list[Path], width: int, reading: tuple[str, str, bool]
) -> "DataFrame":
    """Text files with so many headers as c0, c1, ... and `LINE`, which a line that fits does not have. `reading`:
    delimiter, charset, and whether fields may hold line ends.
    """
    delimiter, charset, over_lines = reading
    schema = ", ".join(f"{name} STRING" for name in (*(f"c{number}" for number in range(width)), LINE))
    options: dict[str, bool | str] = {
        "header": True,
        "sep": delimiter,
        "quote": '"',
        "escape": '"',
        "encoding": charset,
    }
    options |= {"multiLine": over_lines, "mode": "PERMISSIVE", "columnNameOfCorruptRecord": LINE}
    return spark.read.schema(schema).options(**options).csv([*map(spark_path, paths)])


def spark_path(path: Path) -> str:
    """A file of this machine as Spark names it, which would take some signs for a pattern."""
    marked = "".join(f"\\{sign}" if sign in "\\{}[]*?" else sign for sign in path.resolve().as_posix())
    return f"file://{marked}" if marked.startswith("/") else f"file:///{marked}"  # with the letter of a drive


def spark_name(header: str) -> str:
    """A column's name in Spark's SQL."""
    return "`" + header.replace("`", "``") + "`"
