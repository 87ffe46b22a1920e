"""The page for a customer as one HTML file, without any script."""

from cscli.render.dashboard.page import render_page
from cscli.reports.brief.customer import HEIGHT, WIDTH, CustomerBrief
from cscli.reports.dashboard.words import long_day
from cscli.texts import text

_HEADS = ("contract", "figures", "figure", "now", "course", "goal", "next_step")


def customer_html(page: CustomerBrief) -> str:
    """The whole file. The same page gives the same bytes."""
    language = page.language
    return render_page(
        "customer.html",
        "customer.css",
        page=page,
        as_of=text("page.as_of", language, day=long_day(page.as_of, language)),
        heads={name: text(f"brief.customer.{name}", language) for name in _HEADS},
        width=WIDTH,
        height=HEIGHT,
    )
