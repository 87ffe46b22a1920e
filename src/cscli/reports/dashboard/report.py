"""Results to the dashboard: the data of one page, and what stands without scripts."""

from cscli import __version__
from cscli.reports.dashboard.accounts import accounts_part, bands_part
from cscli.reports.dashboard.actions import calls_part, effort_part, grow_part
from cscli.reports.dashboard.changes import changes_part
from cscli.reports.dashboard.course import course_part, weeks_part
from cscli.reports.dashboard.figures import find_figures, find_tiles, first_calls, headline
from cscli.reports.dashboard.metrics import metrics_part
from cscli.reports.dashboard.model import Dashboard, Json, Material, Panel
from cscli.reports.dashboard.practice import late_part, selfcheck_part, silent_part, themes_part
from cscli.reports.dashboard.revenue import revenue_part
from cscli.reports.dashboard.trust import trust_part
from cscli.reports.dashboard.words import head_part, page_texts
from cscli.texts import text

_HEADS = ("name", "owner", "band", "score", "reasons", "action", "due_on")


def _always(_material: Material) -> Json:
    """Everything that the panel needs is among the accounts."""
    return True


def _if_owners(material: Material) -> Json:
    return {"effort": effort_part(material)} if material.frame["owner"].notna().any() else None


def _if_renewals(material: Material) -> Json:
    return True if material.frame["renews_on"].notna().any() else None


def _if_segments(material: Material) -> Json:
    names = [name for name in material.config.segments if name in material.frame]
    return names[:2] or None


def _if_promises(material: Material) -> Json:
    return None if material.work.late is None else True


PANELS: tuple[Panel, ...] = (
    Panel("calls", "main", _always),
    Panel("health", "main", _always),
    Panel("changes", "side", _always),
    Panel("renewals", "side", _if_renewals),
    Panel("grow", "side", _always),
    Panel("costs", "third", _always),
    Panel("unhealthy", "third", _if_segments),
    Panel("owners", "third", _if_owners),
    Panel("late", "third", _if_promises),
    Panel("silent", "third", silent_part),
    Panel("themes", "third", themes_part),
    Panel("selfcheck", "third", selfcheck_part),
)
"""The cards of the first view in the order of their columns."""


def make_dashboard(material: Material) -> Dashboard:
    """The dashboard of the accounts of `material`. Same results, same data, key by key."""
    figures = find_figures(material)
    language = material.language
    panels = {panel.name: (panel.column, panel.data(material)) for panel in PANELS}
    shown = {
        name: column_and_data for name, column_and_data in panels.items() if column_and_data[1] is not None
    }
    data: dict[str, Json] = {
        **account_parts(material),
        "version": __version__,
        **revenue_part(material),
        **trust_part(material),
        "panels": [[name, column, own] for name, (column, own) in shown.items()],
    }
    return Dashboard(
        language=language,
        title=text("page.title", language),
        as_of=material.context.as_of,
        headline=headline(material, figures),
        tiles=find_tiles(material, figures),
        calls=first_calls(material),
        call_heads=(*(text(f"label.{name}", language) for name in _HEADS), text("page.tile.loss", language)),
        without_scripts=text("page.no_scripts", language),
        accounts=figures.accounts,
        data=data,
        panels=tuple(shown),
    )


def account_parts(material: Material) -> dict[str, Json]:
    """What a page says of the accounts themselves, by key."""
    return {
        **head_part(material),
        "t": page_texts(material.language),
        "bands": bands_part(material),
        **accounts_part(material),
        **metrics_part(material),
        **course_part(material),
        **weeks_part(material),
        **calls_part(material),
        **grow_part(material),
        "diff": changes_part(material),
        "late": late_part(material),
    }
