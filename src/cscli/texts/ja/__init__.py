"""The catalogue in Japanese, by topic."""

from cscli.texts.ja import (
    actions,
    check,
    config,
    data,
    expressions,
    init,
    labels,
    ltv,
    match,
    past,
    people,
    reading,
    revenue,
    scoring,
    segment,
    writing,
)

TEXTS: dict[str, str] = {
    **labels.TEXTS,
    **actions.TEXTS,
    **check.TEXTS,
    **config.TEXTS,
    **data.TEXTS,
    **expressions.TEXTS,
    **init.TEXTS,
    **ltv.TEXTS,
    **match.TEXTS,
    **past.TEXTS,
    **people.TEXTS,
    **reading.TEXTS,
    **revenue.TEXTS,
    **scoring.TEXTS,
    **segment.TEXTS,
    **writing.TEXTS,
}
