"""What an expression says of time: which columns it holds against the run's date, and whether that bounds its rows."""

from sqlglot import exp

from cscli.expressions.bare.model import AS_OF, Expression
from cscli.expressions.functions import AGGREGATE_NODES
from cscli.expressions.parse import checked_tree

_HELD_AGAINST = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.EQ, exp.NEQ, exp.Between, exp.Sub, exp.DateDiff)
_NOT_LATER = (exp.LT, exp.LTE)
_NOT_EARLIER = (exp.GT, exp.GTE)


def held_against_as_of(aggregate: Expression) -> frozenset[str]:
    """See `cscli.expressions.held_against_as_of`."""
    tree = checked_tree(aggregate.text, aggregate=True)
    held = (node for node in tree.find_all(*_HELD_AGAINST) if AS_OF in _columns(node))
    return frozenset(name for node in held for name in _columns(node)) - {AS_OF}


def ends_at_as_of(aggregate: Expression) -> bool:
    """See `cscli.expressions.ends_at_as_of`."""
    tree = checked_tree(aggregate.text, aggregate=True)
    return all(_is_bounded(node) for node in tree.find_all(*AGGREGATE_NODES))


def _is_bounded(aggregate: exp.Expr) -> bool:
    around = aggregate.parent
    if isinstance(around, exp.IgnoreNulls):
        around = around.parent
    if not isinstance(around, exp.Filter):
        return False
    condition = around.expression.this
    parts = condition.flatten() if isinstance(condition, exp.And) else (condition,)
    return any(_is_upper_bound(part.unnest()) for part in parts)


def _is_upper_bound(condition: exp.Expr) -> bool:
    if isinstance(condition, exp.Between):
        return AS_OF not in _columns(condition.this) and AS_OF in _columns(condition.args["high"])
    if isinstance(condition, _NOT_LATER):
        earlier, later = condition.this, condition.expression
    elif isinstance(condition, _NOT_EARLIER):
        earlier, later = condition.expression, condition.this
    else:
        return False
    names = _columns(earlier)
    return bool(names) and AS_OF not in names and AS_OF in _columns(later)


def _columns(tree: exp.Expr) -> set[str]:
    return {column.name for column in tree.find_all(exp.Column)}
