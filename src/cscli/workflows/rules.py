"""What people ask about the rules themselves."""

from collections.abc import Sequence

from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.workspace.rules import Rules


def show_config(rules: Rules, overrides: Sequence[str]) -> str:
    """The config in force as YAML, with where each value came from. Raises ConfigError."""
    from cscli.config.show import show

    draft = read_draft(rules.text, rules.name, overrides)
    config, _ = settle(draft, Headers())
    return show(draft, config)
