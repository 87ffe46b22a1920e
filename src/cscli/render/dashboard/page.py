"""A dashboard as one HTML file that works without a network: data, style and scripts inside, and nothing else runs."""

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files

from cscli.render.text.cells import without_controls
from cscli.reports.dashboard.model import Dashboard
from cscli.reports.dashboard.words import long_day
from cscli.texts import text

SCRIPTS = ("dom.js", "forms.js", "book.js", "state.js", "charts.js", "overview.js")
VIEWS = ("table.js", "account.js", "whole.js", "main.js")
"""The scripts in the order in which they stand in the page; those of the panels come between."""


def page_html(page: Dashboard) -> str:
    """The whole file. The same dashboard gives the same bytes."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - loaded for it alone
    from markupsafe import Markup  # noqa: PLC0415 - as above

    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    style, script = _read("style.css"), script_of(page.panels)
    language = page.language
    rendered = environment.from_string(_read("page.html")).render(
        page=page,
        as_of=text("page.as_of", language, day=long_day(page.as_of, language)),
        skip=text("page.skip", language),
        views=text("page.views", language),
        calls=text("page.card.calls", language),
        style=Markup(style),  # noqa: S704 - ours, from this folder
        script=Markup(script),  # noqa: S704 - as above
        data=Markup(data_json(page)),  # noqa: S704 - no `<` is left in it
        style_hash=source_hash(style),
        script_hash=source_hash(script),
    )
    return without_controls(rendered)


def data_json(page: Dashboard) -> str:
    """The data as JSON in which nothing can end the element that it stands in."""
    dumped = json.dumps(page.data, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
    return dumped.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def script_of(panels: tuple[str, ...]) -> str:
    """All scripts as one, in which no name is open to others."""
    names = (*SCRIPTS, *(f"panels/{name}.js" for name in panels), *VIEWS)
    return '(() => {\n"use strict";\n' + "\n".join(map(_read, names)) + "})();\n"


def source_hash(source: str) -> str:
    """What names a style or script in the policy of the page."""
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


@cache
def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
