"""Files into raw tables: CSV, Excel and ODS exports, with the place of every cell."""

from cscli.sources.files import FoundFile, find_file
from cscli.sources.options import ReadOptions
from cscli.sources.reading import READERS, read_table

__all__ = ["READERS", "FoundFile", "ReadOptions", "find_file", "read_table"]
