"""From rules and exports to one book of typed, joined accounts."""
