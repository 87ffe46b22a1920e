"""The text of an expression to a small tree, where it is one of names, numbers, texts, arithmetic and comparisons alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cscli.expressions.bare.model import AS_OF, Expression, Shape, Way
from cscli.expressions.bare.words import KEPT_WORDS

_LONGEST, _MOST_TOKENS = 500, 60
_TOKEN = re.compile(
    r" *(?:(\d{1,15}(?:\.\d{1,15})?)(?![\w.])|'([^'\\]*)'|([A-Za-z_][A-Za-z0-9_]*)|(<=|>=|<>|!=|[-+*/()=<>]))"
)
_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_COMMENTS = ("--", "/*")
_COMPARISONS = frozenset({"=", "<>", "!=", "<", "<=", ">", ">="})


class NotBareError(Exception):
    """It needs the parser and the engine, or may be wrong: they say so in words."""


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Words:
    text: str


@dataclass(frozen=True, slots=True)
class Single:
    """`sign`: - or NOT; ( for brackets; IS NULL or IS NOT NULL behind it."""

    sign: str
    of: "Tree"


@dataclass(frozen=True, slots=True)
class Pair:
    """`sign`: + - * / = <> < <= > >= AND OR."""

    sign: str
    left: "Tree"
    right: "Tree"


@dataclass(frozen=True, slots=True)
class Between:
    value: "Tree"
    low: "Tree"
    high: "Tree"


Tree = Name | Number | Words | Single | Pair | Between


def read_bare(text: str) -> Expression | None:
    """The expression as the parser would read it; None where that is needed."""
    tree = bare_tree(text)
    shape = None if tree is None else _shape(without_brackets(tree))
    if tree is None or shape is None:
        return None
    nodes = list(_by_depth(tree))
    return Expression(
        text=text,
        names=tuple(sorted({node.name for node in nodes if isinstance(node, Name)} - {AS_OF})),
        plain_column=shape.column if shape.way is Way.PLAIN else None,
        literals=tuple(_numbers(tree)),
        shape=shape,
        texts=tuple(pair for node in nodes if isinstance(node, Pair) for pair in _compared_text(node)),
    )


@lru_cache(maxsize=4096)
def bare_tree(text: str) -> Tree | None:
    """The tree of a bare expression; None for any other."""
    try:
        return _Reader(_tokens(text)).whole()
    except NotBareError:
        return None


def without_brackets(tree: Tree) -> Tree:
    """What stands in the outermost brackets."""
    while isinstance(tree, Single) and tree.sign == "(":
        tree = tree.of
    return tree


def _shape(tree: Tree) -> Shape | None:
    """As `shape_of` sees it in the parser's tree; None where it may be a ratio with a factor, or growth."""
    if isinstance(tree, Name):
        return Shape() if tree.name == AS_OF else Shape(Way.PLAIN, tree.name)
    if not isinstance(tree, Pair) or tree.sign not in "-/":
        return Shape()
    left, right = without_brackets(tree.left), without_brackets(tree.right)
    if isinstance(left, Name) and isinstance(right, Name):
        if tree.sign == "/":
            return Shape() if AS_OF in (left.name, right.name) else Shape(Way.RATIO, left.name, right.name)
        is_since = left.name == AS_OF != right.name
        return Shape(Way.SINCE, right.name) if is_since else Shape()
    may_be_ratio = isinstance(left, Pair) and left.sign == "*" if tree.sign == "/" else right == Number(1.0)
    return None if may_be_ratio else Shape()


def _numbers(tree: Tree) -> Iterator[float]:
    """The numbers as they are written, each with the sign directly before it."""
    match tree:
        case Number(value):
            yield value
        case Single("-", Number(value)):
            yield -value
        case _:
            for part in _parts(tree):
                yield from _numbers(part)


def _compared_text(pair: Pair) -> Iterator[tuple[str, str]]:
    sides = (pair.left, pair.right)
    names = [side.name for side in map(without_brackets, sides) if isinstance(side, Name)]
    if pair.sign == "=" and len(names) == 1:
        yield from ((names[0], side.text) for side in sides if isinstance(side, Words))


def _by_depth(tree: Tree) -> Iterator[Tree]:
    """Every node, level by level."""
    level = [tree]
    while level:
        yield from level
        level = [part for node in level for part in _parts(node)]


def _parts(tree: Tree) -> tuple[Tree, ...]:
    match tree:
        case Single(_, of):
            return (of,)
        case Pair(_, left, right):
            return (left, right)
        case Between(value, low, high):
            return (value, low, high)
    return ()


def _tokens(text: str) -> list[str | float | Words]:
    """Signs and words as texts (words of ours in capitals), numbers, and texts. Raises NotBareError."""
    if len(text) > _LONGEST or not text.isprintable() or any(mark in text for mark in _COMMENTS):
        raise NotBareError
    found: list[str | float | Words] = []
    at, end = 0, len(text.rstrip(" "))
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or len(found) == _MOST_TOKENS:
            raise NotBareError
        number, words, word, sign = match.groups()
        if number is not None:
            found.append(float(number))
        elif words is not None:
            found.append(Words(words))
        else:
            found.append(sign or _word(word))
        at = match.end()
    return found


def _word(word: str) -> str:
    """A word of ours in capitals, or the name of a column as it is."""
    if word.upper() in _Reader.words and word in (word.upper(), word.lower()):
        return word.upper()
    if not _NAME.fullmatch(word) or word in KEPT_WORDS:
        raise NotBareError
    return word


class _Reader:
    """Reads from the loosest to the tightest sign, as SQL binds them."""

    words = frozenset({"AND", "OR", "NOT", "BETWEEN", "IS", "NULL"})

    def __init__(self, tokens: list[str | float | Words]) -> None:
        self.tokens = tokens[::-1]

    def whole(self) -> Tree:
        tree = self.either()
        if self.tokens:
            raise NotBareError
        return tree

    def either(self) -> Tree:
        tree = self.both()
        while self.takes("OR"):
            tree = Pair("OR", tree, self.both())
        return tree

    def both(self) -> Tree:
        tree = self.negated()
        while self.takes("AND"):
            tree = Pair("AND", tree, self.negated())
        return tree

    def negated(self) -> Tree:
        return Single("NOT", self.negated()) if self.takes("NOT") else self.compared()

    def compared(self) -> Tree:
        tree = self.summed()
        if self.takes("IS"):
            sign = "IS NOT NULL" if self.takes("NOT") else "IS NULL"
            self.must("NULL")
            return Single(sign, tree)
        if self.takes("BETWEEN"):
            low = self.summed()
            self.must("AND")
            return Between(tree, low, self.summed())
        sign = self.takes(*_COMPARISONS)
        return Pair("<>" if sign == "!=" else sign, tree, self.summed()) if sign else tree

    def summed(self) -> Tree:
        tree = self.multiplied()
        while sign := self.takes("+", "-"):
            tree = Pair(sign, tree, self.multiplied())
        return tree

    def multiplied(self) -> Tree:
        tree = self.signed()
        while sign := self.takes("*", "/"):
            tree = Pair(sign, tree, self.signed())
        return tree

    def signed(self) -> Tree:
        return Single("-", self.signed()) if self.takes("-") else self.single()

    def single(self) -> Tree:
        if self.takes("("):
            tree = self.either()
            self.must(")")
            return Single("(", tree)
        token = self.tokens.pop() if self.tokens else ""
        if isinstance(token, float):
            return Number(token)
        if isinstance(token, Words):
            return token
        if token in self.words or not _NAME.fullmatch(token):
            raise NotBareError
        return Name(token)

    def takes(self, *signs: str) -> str:
        """The next token if it is one of `signs`, which is read then; else nothing."""
        if self.tokens and isinstance(self.tokens[-1], str) and self.tokens[-1] in signs:
            return str(self.tokens.pop())
        return ""

    def must(self, sign: str) -> None:
        if not self.takes(sign):
            raise NotBareError
