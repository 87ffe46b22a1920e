"""The fault for a function that is not on the list."""

from cscli.expressions.faults import ExpressionError
from cscli.expressions.functions import FUNCTIONS
from cscli.nearest import nearest_name


def unknown_function(name: str) -> ExpressionError:
    """The fault for a function that is not on the list, with the nearest one that is."""
    folded = name.casefold()
    if nearest := nearest_name(folded, FUNCTIONS):
        return ExpressionError("expressions.unknown_function", folded, nearest=nearest)
    return ExpressionError("expressions.function_not_allowed", folded, allowed=", ".join(FUNCTIONS))
