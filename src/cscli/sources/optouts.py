"""`inputs/optout.csv`: who wants no mail, as people wrote it down. Read strictly: a line that nobody understands stops everything."""

from dataclasses import dataclass
from pathlib import Path

from cscli.analysis.outreach.addresses import is_opt_out, opt_out_key
from cscli.errors import DataError, Location, Problem
from cscli.header_keys import header_key
from cscli.sources.reading import read_table
from cscli.sources.tabular.options import ReadOptions
from cscli.workspace.paths import OPT_OUTS

_ADDRESS = frozenset(
    map(header_key, ("address", "email", "e-mail", "mail", "メール", "メールアドレス", "アドレス"))
)
_NO_ROWS = frozenset({"reading.no_rows"})


@dataclass(frozen=True, slots=True)
class TypedOptOuts:
    """`path`: the file; None where there is none. `addresses`: addresses, and domains that begin with @."""

    path: Path | None = None
    addresses: tuple[str, ...] = ()


def read_opt_outs(workspace: Path) -> TypedOptOuts:
    """The opt-outs of the workspace. SourceError, DataError for a file that cannot be read, or a line that is neither an
    address nor a @domain: then nobody may be written to.
    """
    path = workspace / OPT_OUTS
    if not path.exists():
        return TypedOptOuts()
    try:
        table = read_table(path, "optout", ReadOptions(), lambda header: header_key(header) in _ADDRESS)
    except DataError as error:
        if {each.code for each in error.problems} <= _NO_ROWS:
            return TypedOptOuts(path)
        raise
    header = next((each for each in table.headers if header_key(each) in _ADDRESS), None)
    if header is None:
        raise DataError(Problem("outreach.optout_column", where=Location(file=path.name)))
    problems, found = [], []
    for line, cell in zip(table.lines.tolist(), table.column(header).tolist(), strict=True):
        text = "" if cell is None else str(cell)
        if not is_opt_out(opt_out_key(text)):
            where = Location(file=path.name, line=int(line), column=header)
            problems.append(Problem("outreach.optout_line", where=where, value=text))
        found.append(text)
    if problems:
        raise DataError(*problems)
    return TypedOptOuts(path, tuple(found))
