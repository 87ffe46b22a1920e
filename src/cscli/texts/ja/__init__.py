"""The catalogue in Japanese, by topic."""

from cscli.texts.ja import (
    actions,
    check,
    config,
    data,
    expressions,
    init,
    labels,
    match,
    reading,
    scoring,
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
    **match.TEXTS,
    **reading.TEXTS,
    **scoring.TEXTS,
    **writing.TEXTS,
}
