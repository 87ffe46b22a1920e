"""A file of any form that is understood into a raw table."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from cscli.analysis.tables.raw import RawTable
from cscli.sources.tabular.delimited import read_delimited
from cscli.sources.tabular.files import FileBytes, load_file
from cscli.sources.tabular.options import ReadOptions
from cscli.sources.tabular.sniff import Form, decide_form
from cscli.sources.workbooks.read import read_excel

KnownHeaders = Callable[[str], bool]
Reader = Callable[[FileBytes, str, ReadOptions, KnownHeaders], RawTable]

# A new form of file is one more entry here, and its magic bytes in `sniff`.
READERS: dict[Form, Reader] = {
    "csv": read_delimited,
    "xlsx": partial(read_excel, form="xlsx"),
    "xlsb": partial(read_excel, form="xlsb"),
    "xls": partial(read_excel, form="xls"),
    "ods": partial(read_excel, form="ods"),
    "html": partial(read_excel, form="html"),
    "xml": partial(read_excel, form="xml"),
}


def know_none(_header: str) -> bool:
    """Stands for a dictionary of headers where there is none."""
    return False


def read_table(
    path: Path,
    source: str,
    options: ReadOptions = ReadOptions(),  # noqa: B008 - frozen
    known_headers: KnownHeaders = know_none,
) -> RawTable:
    """The table in the file at `path`, as the source named `source`; cells untyped, rows in file order.

    `known_headers` tells whether a header is one that a dictionary knows; it helps to find the header row
    and the delimiter. SourceError if the file cannot be read, DataError if it holds no usable table.
    """
    file = load_file(path)
    form, problems = decide_form(file)
    table = READERS[form](file, source, options, known_headers)
    if not problems:
        return table
    return RawTable(
        source=table.source,
        headers=table.headers,
        columns=table.columns,
        lines=table.lines,
        facts=table.facts,
        problems=(*problems, *table.problems),
    )
