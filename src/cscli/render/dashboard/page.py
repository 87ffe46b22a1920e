"""Pages that work without a network: data, style and scripts inside one HTML file, and nothing else runs."""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from cscli.render.text.cells import without_controls
from cscli.reports.brief.internal import Briefs
from cscli.reports.dashboard.model import Dashboard, Json
from cscli.reports.dashboard.words import long_day
from cscli.texts import text

SCRIPTS = ("dom.js", "forms.js", "book.js", "charts.js", "brief.js")
FIRST_VIEW = ("state.js", "overview.js")
VIEWS = ("table.js", "account.js", "whole.js", "main.js")
"""The scripts in the order in which they stand in a dashboard; those of the panels come before the views."""


def page_html(page: Dashboard) -> str:
    """A dashboard as a file. The same dashboard gives the same bytes."""
    panels = (f"panels/{name}.js" for name in page.panels)
    scripts = (*SCRIPTS, *FIRST_VIEW, *panels, *VIEWS)
    calls = text("page.card.calls", page.language)
    views = text("page.views", page.language)
    return _with_scripts("page.html", page, scripts, calls=calls, views=views)


def briefs_html(page: Briefs) -> str:
    """A page of paper for each account, as a file. The same accounts give the same bytes."""
    return _with_scripts("brief.html", page, (*SCRIPTS, "briefs.js"))


def _with_scripts(template: str, page: Dashboard | Briefs, scripts: tuple[str, ...], **more: str) -> str:
    from markupsafe import Markup  # noqa: PLC0415 - loaded for it alone

    script = joined_scripts(scripts)
    return render_page(
        template,
        "style.css",
        script=script,
        page=page,
        skip=text("page.skip", page.language),
        as_of=text("page.as_of", page.language, day=long_day(page.as_of, page.language)),
        data=Markup(data_json(page.data)),  # noqa: S704 - no `<` is left in it
        **more,
    )


def render_page(template: str, style: str, *, script: str | None = None, **values: object) -> str:
    """A template of this folder, its values escaped, under a policy that lets the style and the script alone act."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415 - loaded for it alone
    from markupsafe import Markup  # noqa: PLC0415 - as above

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True, loader=FunctionLoader(_read)
    )
    source = _read(style)
    allowed = f"script-src '{source_hash(script)}'; " if script is not None else ""
    policy = f"default-src 'none'; style-src '{source_hash(source)}'; {allowed}img-src data:; base-uri 'none'; form-action 'none'"
    rendered = environment.get_template(template).render(
        policy=Markup(policy),  # noqa: S704 - ours
        style=Markup(source),  # noqa: S704 - ours, from this folder
        script=Markup(script or ""),  # noqa: S704 - as above
        **values,
    )
    return without_controls(rendered)


def data_json(data: Mapping[str, Json]) -> str:
    """The data as JSON in which nothing can end the element that it stands in."""
    dumped = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
    return dumped.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def joined_scripts(names: tuple[str, ...]) -> str:
    """The scripts as one, in which no name is open to others; without the lines that are for who reads their source."""
    return '(() => {\n"use strict";\n' + "".join(_bare(_read(name)) for name in names) + "})();\n"


def _bare(script: str) -> str:
    """Without indentation, blank lines, and lines of comment alone. No text of a script goes over several lines."""
    lines = (line.strip() for line in script.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


def source_hash(source: str) -> str:
    """What names a style or script in the policy of the page."""
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


@cache
def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
