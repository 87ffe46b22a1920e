"""Columns of a table to those of dates whose order of day and month nobody can tell, by the rules of the reader."""

from collections.abc import Iterator, Sequence

import numpy as np

from cscli.analysis.proposing.proposed import ProposedColumn, UndecidedDates
from cscli.analysis.tables.conform import date_form, kind_of, order_of_file
from cscli.analysis.tables.date_forms import Order
from cscli.analysis.tables.dates import parse_dates
from cscli.analysis.tables.mapping import MappedColumn
from cscli.analysis.tables.raw import RawTable
from cscli.config.schema import Source
from cscli.fields import FieldType


def undecided_dates(
    table: RawTable, columns: Sequence[ProposedColumn], source: Source
) -> Iterator[UndecidedDates]:
    """Those of `columns` of which neither their own cells nor another column of the file tell the order."""
    mapped = tuple(MappedColumn(each.name, each.header, "config") for each in columns if each.header)
    order = order_of_file(table, mapped, source)
    for each in mapped:
        if kind_of(each, source) is not FieldType.DATE:
            continue
        cells = table.column(each.header)
        parsed = parse_dates(cells, form=date_form(table, each, source, order))
        if parsed.order in (Order.AMBIGUOUS, Order.MIXED):
            example = str(cells[int(np.asarray(parsed.bad).argmax())])
            yield UndecidedDates(each.name, example, mixed=parsed.order is Order.MIXED)
