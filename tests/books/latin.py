"""Latin words in what Japanese readers read: which may stay, and which are English that was forgotten."""

import json
import re
from collections.abc import Iterable
from functools import cache

from cscli.expressions.functions import FUNCTIONS
from cscli.reports.outreach.merge import PRESETS
from cscli.workflows.outreach.issuing import FORMS
from places import CONFIGS

_WORD = re.compile(r"[A-Za-z]*[a-z]{2,}[A-Za-z]*")
_AS_THEY_ARE = re.compile(
    r"`[^`]*`|\bcscli [a-z-]+|--[a-z-]+(?:[ =][a-z]+:[A-Z]+)?|\{[^}]*\}|https?://\S*|\S+@\S+"
    r"|[\w./-]*\.(?:xlsx?|csv|json|ya?ml|html|eml|xml|gz|parquet|md|key|bak|log|db|txt)\b|\b[A-Z]+/[A-Za-z]+\b"
    r"|\b(?=[a-f]*\d)[0-9a-f]{8,64}\b"
)
"""Code, options, fields, addresses, names of files, and hashes."""
_NAMES = frozenset(
    [
        "cscli",
        "Shift",
        "utf",
        "cp",
        "Excel",
        "Spark",
        "PySpark",
        "Java",
        "DuckDB",
        "PostgreSQL",
        "Parquet",
        "Slack",
        "Web",
        "SaaS",
        "Markdown",
        "Ctrl",
        "Executor",
        "Message",
        "gzip",
        "cron",
        "Gamma",
        "Wilson",
        "Hardie",
        "Fader",
        "Lee",
        "Jeffreys",
        "Kaplan",
        "Meier",
        "Brier",
        "Newcombe",
        "Welch",
        "Theil",
        "Sen",
        "Kendall",
        "Cram",
        "wg",
        "log",
        "alpha",
        "Spearman",
        "Success",
        "python",
        "damaged",
        "event",
        "role",
        "League",
        "Lab",
        "Customer",
        "Performance",
        "Index",
        "Asia",
        "Tokyo",
    ]
)
"""Programs, people whose formulas these are, and titles of what is cited."""


@cache
def _of_the_rules() -> frozenset[str]:
    """Every word of the rules' language: keys, values that a key may have, functions; and names of presets and forms."""
    schema = json.loads((CONFIGS / "cscli.schema.json").read_text(encoding="utf-8"))
    found: set[str] = set()

    def walk(node: object) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "properties":
                    found.update(value)
                if key in ("enum", "const", "default"):
                    found.update(str(each) for each in (value if isinstance(value, list) else [value]))
                walk(value)
        elif isinstance(node, list):
            for each in node:
                walk(each)

    walk(schema)
    found |= {path.stem for path in CONFIGS.glob("*.yaml")} | set(FUNCTIONS) | set(FORMS) | set(PRESETS)
    return frozenset(word for each in found for word in _WORD.findall(each))


def english_in(text: str, known: Iterable[str] = ()) -> set[str]:
    """Latin words of `text` that are no names, no words of the rules' language, and none of `known`."""
    words = set(_WORD.findall(_AS_THEY_ARE.sub(" ", text)))
    return words - _NAMES - _of_the_rules() - set(known)


def words_of(*texts: str) -> set[str]:
    """Every Latin word in them, also those joined by `_`."""
    return {word for text in texts for word in _WORD.findall(text)}
