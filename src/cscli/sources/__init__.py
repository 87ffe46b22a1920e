"""Files into raw tables: CSV, Excel, ODS and what poses as them, with the place of every cell."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cscli.sources.reading import READERS, read_table
    from cscli.sources.tabular.files import FoundFile, find_file
    from cscli.sources.tabular.options import ReadOptions

__all__ = ["READERS", "FoundFile", "ReadOptions", "find_file", "read_table"]
_HOMES = {"FoundFile": "tabular.files", "find_file": "tabular.files", "ReadOptions": "tabular.options"}


def __getattr__(name: str) -> object:
    """Loads what is asked for. The reader of workbooks runs in a process of its own that starts through
    this package and has no use for numpy.
    """
    if name not in __all__:
        raise AttributeError(name)
    from importlib import import_module  # noqa: PLC0415 - see above

    value: object = getattr(import_module(f"cscli.sources.{_HOMES.get(name, 'reading')}"), name)
    globals()[name] = value
    return value
