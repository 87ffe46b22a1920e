"""Themes as people typed them to those of the rules; rows that cannot be used are said."""

from collections.abc import Mapping, Sequence

from cscli.analysis.inputs.rows import SheetRows
from cscli.analysis.inputs.spelled import as_named, called, spellings
from cscli.config.work.voice import Theme
from cscli.errors import Problem, Severity


def read_themes(rows: Mapping[str, SheetRows], themes: Sequence[Theme]) -> None:
    """Gives the rows of the sheets themes and tell the names of the rules; leaves out those of no theme, and the second status of a theme."""
    known = spellings(themes)
    details: dict[str, object] = {"known": called(themes)}
    for sheet in (rows["themes"], rows["tell"]):
        names = as_named(sheet.frame["theme"], known)
        unknown = (names == "").to_numpy(bool)
        sheet.say(
            unknown, "theme", Problem("voice.unknown_theme", severity=Severity.WARNING, details=details)
        )
        kept = ~unknown & names.notna().to_numpy(bool)
        sheet.frame = sheet.frame.assign(theme=names)[kept].reset_index(drop=True)
        sheet.lines = sheet.lines[kept]
    twice = rows["themes"].frame["theme"].duplicated().to_numpy(bool)
    rows["themes"].leave_out(twice, "theme", Problem("voice.typed_twice", severity=Severity.WARNING))
