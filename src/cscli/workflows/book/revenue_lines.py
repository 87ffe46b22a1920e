"""What the config and a table of revenue say about its lines: rates of exchange, headers, what is pinned."""

from cscli.analysis.revenue.mrr_lines import LineFacts, Rates
from cscli.analysis.tables.conform import TypedTable
from cscli.config.blocks.revenue import MonthlyRates
from cscli.config.schema import Config, Source


def rates_of(config: Config) -> Rates:
    """The rates of exchange of the config, to its currency."""
    constant, by_month = {}, {}
    for currency, rate in config.exchange_rates.items():
        if isinstance(rate, MonthlyRates):
            constant[currency], by_month[currency] = rate.constant, rate.by_month
        else:
            constant[currency] = rate
    return Rates(config.currency, constant, by_month)


def line_facts(table: TypedTable, source: Source, *, anyone_left: bool) -> LineFacts:
    """What `table` calls its ends, amounts and status, with what the source pins of them."""
    headers = {column.mapped.name: column.mapped.header for column in table.columns}
    amount = headers.get("amount") or headers.get("unit_amount") or ""
    return LineFacts(
        end_header=headers.get("ended_on", ""),
        amount_header=amount,
        status_header=headers.get("status") or headers.get("kind") or "",
        ends=source.ends,
        status=source.status,
        anyone_left=anyone_left,
    )
