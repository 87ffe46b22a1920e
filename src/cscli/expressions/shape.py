"""The simple forms that an expression may have, read from its tree: what a person can act on, and how."""

from sqlglot import exp

from cscli.expressions.bare.model import AS_OF, Shape, Way


def shape_of(tree: exp.Expr) -> Shape:
    """The shape of a checked tree; brackets do not matter."""
    bare = tree.unnest()
    if name := _column(bare):
        return Shape(Way.PLAIN, name)
    if name := _since(bare):
        return Shape(Way.SINCE, name)
    if isinstance(bare, exp.Div):
        return _ratio(bare)
    if isinstance(bare, exp.Sub) and _number(bare.expression) == 1:
        ratio = shape_of(bare.this)
        if ratio.way is Way.RATIO and ratio.factor == 1:
            return Shape(Way.GROWTH, ratio.column, ratio.other)
    return Shape()


def literals_of(tree: exp.Expr) -> tuple[float, ...]:
    """The numbers that stand in a tree, with their signs."""
    return tuple(
        -float(each.this) if isinstance(each.parent, exp.Neg) else float(each.this)
        for each in tree.find_all(exp.Literal, bfs=False)
        if not each.is_string
    )


def _ratio(tree: exp.Div) -> Shape:
    below = tree.expression.unnest()
    if isinstance(below, exp.Nullif) and _number(below.expression) == 0:
        below = below.this.unnest()
    above, factor = tree.this.unnest(), 1.0
    if isinstance(above, exp.Mul):
        sides = (above.this.unnest(), above.expression.unnest())
        number = next((number for number in map(_number, sides) if number is not None), None)
        above = next((side for side in sides if _column(side)), above)
        factor = 0.0 if number is None else number
    column, other = _column(above), _column(below)
    return Shape(Way.RATIO, column, other, factor) if column and other and factor else Shape()


def _since(tree: exp.Expr) -> str | None:
    """The column of `as_of - column`, or of `date_diff('day', column, as_of)`."""
    is_days = isinstance(tree, exp.DateDiff) and tree.text("unit").lower() == "day"
    if not (is_days or isinstance(tree, exp.Sub)):
        return None
    this = tree.this.unnest()
    is_today = isinstance(this, exp.Column) and this.name == AS_OF
    return _column(tree.expression.unnest()) if is_today else None


def _column(tree: exp.Expr) -> str | None:
    return tree.name if isinstance(tree, exp.Column) and tree.name != AS_OF else None


def _number(tree: exp.Expr) -> float | None:
    bare = tree.unnest()
    return float(bare.this) if isinstance(bare, exp.Literal) and not bare.is_string else None
