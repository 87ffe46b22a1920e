"""What people ask about the rules themselves."""

from collections.abc import Sequence

from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.errors import Problem
from cscli.workspace.rules import Rules


def show_config(rules: Rules, overrides: Sequence[str]) -> tuple[str, tuple[Problem, ...]]:
    """The config in force as YAML, with where each value came from; and what may be wrong with it, as no export is read.
    Raises ConfigError.
    """
    from cscli.config.show import show

    draft = read_draft(rules.text, rules.name, overrides)
    config, warnings = settle(draft, Headers())
    return show(draft, config), warnings
