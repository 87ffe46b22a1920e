"""The Monday page of a run, as files."""

from pathlib import Path

from cscli.reports.monday.page import MondayPage

STEM = "monday"


def write_monday(page: MondayPage, folder: Path) -> tuple[Path, ...]:
    """`monday.md` and `monday.html`, for their owner's eyes alone. Raises SourceError."""
    from cscli.render.dashboard.monday import monday_html, monday_markdown
    from cscli.workspace.publish import publish

    contents = {folder / f"{STEM}.md": monday_markdown(page), folder / f"{STEM}.html": monday_html(page)}
    for path, content in contents.items():
        with publish(path, private=True) as temporary:
            temporary.write_text(content, encoding="utf-8", newline="\n")
    return tuple(contents)
