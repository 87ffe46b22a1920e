"""Files on the command line and no config: the rules that `init` would write, held in memory for one command."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cscli.analysis.judging.amounts import MONEY
from cscli.analysis.tables.numbers import currency_in, currency_named
from cscli.analysis.tables.raw import RawTable
from cscli.config.load import read_draft
from cscli.errors import CscliError, Location, Problem, Severity
from cscli.fields import known_field
from cscli.texts import Language
from cscli.workflows.book.request import Request
from cscli.workflows.init.making import MadeRules, make_rules
from cscli.workflows.init.reading import find_exports, read_exports
from cscli.workspace.rules import DEFAULT_PRESET, Rules, preset_text

NAME = "cscli.yaml (in memory)"
_TAKEN = {"account_id": "init.id_assumed", "status": "data.status_found"}


def with_rules_for(request: Request, files: Sequence[Path]) -> Request:
    """`request` under rules made of `files`, which have been read then. Raises CscliError as `init` does."""
    here = request.rules.workspace
    language: Language = request.language or request.of_system
    try:
        exports = read_exports(find_exports(files, here))
        made = make_rules(
            exports, preset_text(DEFAULT_PRESET), here, request.now, of_system=request.of_system
        )
    except CscliError as error:
        error.language = language
        raise
    rules = Rules(name=NAME, text=made.text, sources_folder=here, workspace=here, remembers=False)
    return replace(
        request,
        rules=rules,
        reader=made.reader,
        made=(*_say_taken(made), *_say_rates(made), *_say_left(made), *made.problems),
    )


def _say_taken(made: MadeRules) -> Iterator[Problem]:
    """Which columns were taken for the id of a customer and for the status, where their headers do not say so."""
    for source in made.new.sources:
        for name, code in _TAKEN.items():
            header = next((each.header for each in source.columns if each.name == name), None)
            known = known_field(header) if header else None
            if header and not source.via and (known is None or known.name != name):
                place = Location(file=source.table.facts.file, sheet=source.table.facts.sheet, column=header)
                yield Problem(code, severity=Severity.WARNING, where=place, value=header)


def _say_left(made: MadeRules) -> Iterator[Problem]:
    """The files of the command line that serve no source, each with its reason."""
    told = {problem.where.file for problem in made.problems}
    for file, why in made.left.items():
        if Path(file).name not in told:
            place = Location(file=Path(file).name)
            yield Problem("init.file_left", severity=Severity.WARNING, where=place, value=why)


def _say_rates(made: MadeRules) -> Iterator[Problem]:
    """The rates of the preset by which amounts of these files are converted: nobody has given them."""
    config = read_draft(made.text, NAME).config
    rates = {} if config is None else config.exchange_rates
    seen = {code for source in made.new.sources for code in _currencies(source.table)}
    used = ", ".join(
        f"{code} {rates[code]:g}"
        for code in sorted(seen & set(rates))
        if isinstance(rates[code], float | int)
    )
    if used:
        yield Problem("init.rate_of_preset", severity=Severity.WARNING, value=used)


def _currencies(table: RawTable) -> Iterator[str]:
    """The currencies that columns of them, headers of money and its cells name."""
    for header in table.headers:
        known = known_field(header, of_revenue=True) or known_field(header)
        if known is None or known.name not in ("currency", *MONEY):
            continue
        cells = {cell for cell in table.column(header).tolist() if isinstance(cell, str)}
        if known.name == "currency":
            yield from map(currency_named, cells)
        else:
            yield from filter(None, map(currency_in, (header.upper(), *cells)))
