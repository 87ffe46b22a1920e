"""The Monday page as HTML without any script, and as Markdown."""

from cscli.render.dashboard.page import render_page
from cscli.render.text.markdown import escape_markdown
from cscli.reports.monday.page import MondayPage
from cscli.texts import text


def monday_html(page: MondayPage) -> str:
    """The whole file. The same page gives the same bytes."""
    language = page.language
    decide, foot = text("monday.decide", language), text("monday.foot", language)
    return render_page("monday.html", "customer.css", page=page, decide=decide, foot=foot)


def monday_markdown(page: MondayPage) -> str:
    """The same sentences, with nothing live in them."""
    lines = [f"# {escape_markdown(page.title)}", ""]
    lines += [f"- {escape_markdown(sentence)}" for sentence in page.sentences]
    decide = escape_markdown(text("monday.decide", page.language))
    lines += ["", f"## {decide}", "", escape_markdown(page.decision)]
    return "\n".join(lines) + "\n"
