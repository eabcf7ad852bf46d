"""An expression made ready for code: checked, its symbols safely named, its common subexpressions shared."""

import keyword
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from sympy import (
    Dummy,
    Expr,
    Function,
    I,
    ImmutableDenseMatrix,
    MatrixBase,
    MatrixExpr,
    Piecewise,
    Pow,
    Symbol,
    SympifyError,
    Tuple,
    arg,
    conjugate,
    cse,
    im,
    preorder_traversal,
    sympify,
)
from sympy import re as real_part

from helpers.notation import plain_name

__all__ = ["Program", "is_safe_name", "prepare"]

# JavaScript, in strict mode and modules, and the globals that the generated code reads
_JAVASCRIPT = """
    abstract arguments await boolean byte case catch char const debugger default delete do double enum eval
    export extends false final finally float function goto implements in instanceof int interface let long
    native new null package private protected public short static super switch synchronized this throw throws
    transient true typeof var void volatile Infinity Math NaN undefined
"""
# xp and constant are names that the generated Python uses itself
_RESERVED = frozenset(
    [*keyword.kwlist, *keyword.softkwlist, "xp", "constant", *re.findall(r"\w+", _JAVASCRIPT)]
)


@dataclass(frozen=True)
class Program:
    """Straight-line code, still in SymPy: first the shared subexpressions in order, then the values.

    `values` is a scalar, an explicit matrix, or nested lists and tuples of them. `names` gives every
    argument and every shared subexpression a name that is safe in Python and in JavaScript.
    """

    arguments: tuple[str, ...]
    names: dict[Symbol, str]
    shared: tuple[tuple[Symbol, Expr], ...]
    values: Expr | ImmutableDenseMatrix | list | tuple
    is_complex: bool
    has_branches: bool


def prepare(expr, symbols: Iterable[Symbol]) -> Program:
    """Check `expr` and `symbols`, name the symbols and share common subexpressions.

    Raises ValueError for a free symbol of `expr` that is not in `symbols`, for a symbol given twice and for
    an empty or symbolic-shape matrix, TypeError for what is not a SymPy expression or symbol.
    """
    if not isinstance(symbols, Iterable):
        raise TypeError(f"symbols: expected a sequence of SymPy symbols, got {symbols!r}")
    symbols = tuple(symbols)
    for symbol in symbols:
        if not isinstance(symbol, Symbol):
            raise TypeError(
                f"symbols: expected SymPy symbols, got {symbol!r} of type {type(symbol).__name__}"
            )
        if symbols.count(symbol) > 1:
            raise ValueError(f"symbols: {symbol} is given more than once; expected distinct symbols")

    leaves = [_leaf(leaf) for leaf in _flatten(expr)]
    if not leaves:
        raise ValueError("expr: expected at least one expression, got an empty sequence")
    missing = set().union(*(leaf.free_symbols for leaf in leaves)) - set(symbols)
    if missing:
        listed = ", ".join(sorted(map(str, missing)))
        same_name = {str(s) for s in missing} & {str(s) for s in symbols}
        hint = " (a symbol of that name but with other assumptions is given)" if same_name else ""
        raise ValueError(
            f"symbols: {listed} in expr but not in symbols{hint}; expected every free symbol of expr"
        )

    arguments = _distinct_names(symbols)
    taken = set(arguments)
    fresh = (Dummy(name) for name in map("t{}".format, count()) if name not in taken)
    shared, values = cse(leaves, symbols=fresh)
    shared, values = _inline_constants(shared, values)
    names = dict(zip(symbols, arguments, strict=True)) | {symbol: symbol.name for symbol, _ in shared}
    nodes = [node for leaf in leaves for node in preorder_traversal(leaf)]
    return Program(
        arguments=arguments,
        names=names,
        shared=tuple(shared),
        values=_nest(expr, iter(values)),
        is_complex=any(map(_is_complex_node, nodes)),
        # Heaviside is printed as a Piecewise
        has_branches=any(isinstance(node, Piecewise) for node in nodes),
    )


def _flatten(expr) -> Iterator:
    if isinstance(expr, list | tuple | Tuple):
        for item in expr:
            yield from _flatten(item)
    else:
        yield expr


def _nest(expr, leaves: Iterator):
    if isinstance(expr, list | tuple | Tuple):
        items = [_nest(item, leaves) for item in expr]
        return items if isinstance(expr, list) else tuple(items)
    return next(leaves)


def _leaf(expr) -> Expr | ImmutableDenseMatrix:
    if isinstance(expr, MatrixExpr):
        expr = expr.as_explicit()
    if isinstance(expr, MatrixBase):
        if not expr.rows or not expr.cols:
            raise ValueError(f"expr: a matrix of shape {expr.shape} has no entries; expected at least one")
        return ImmutableDenseMatrix(expr)
    try:
        expr = sympify(expr, strict=True)
    except (SympifyError, ValueError):  # ValueError: arrays and tensors of several numbers
        expr = None if isinstance(expr, str) else expr
    if not isinstance(expr, Expr):
        raise TypeError(
            f"expr: expected a SymPy expression, an explicit matrix, or nested lists or tuples of them, got "
            f"{'a string' if expr is None else type(expr).__name__}"
        )
    return expr


def _inline_constants(shared, values):
    """Put shared subexpressions without symbols back: as literals they are cheaper, and exact functions of
    them (`exp(sqrt(2))`) stay literals too."""
    constants, kept = {}, []
    for symbol, expr in shared:
        expr = expr.xreplace(constants)
        if expr.free_symbols:
            kept.append((symbol, expr))
        else:
            constants[symbol] = expr
    return kept, [value.xreplace(constants) for value in values]


def _is_complex_node(node) -> bool:
    if isinstance(node, real_part | im | conjugate | arg):
        return True
    # covers I itself and what only turns out complex, as (-1)**(1/3)
    return node is I or (isinstance(node, Pow | Function) and node.is_number and node.is_real is False)


def is_safe_name(text: str) -> bool:
    """Whether `text` is an ASCII identifier reserved neither in Python nor in JavaScript."""
    return re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text) is not None and text not in _RESERVED


def _distinct_names(symbols: tuple[Symbol, ...]) -> tuple[str, ...]:
    names: list[str] = []
    for symbol in symbols:
        base = plain_name(symbol.name).replace("'", "_prime")
        base = re.sub(r"[^A-Za-z0-9_]+", "_", base)
        base = base if re.match(r"[A-Za-z_]", base) else f"_{base}"
        base = base if is_safe_name(base) else f"{base}_"
        candidates = (base if k == 1 else f"{base}_{k}" for k in count(1))
        names.append(next(name for name in candidates if name not in names))
    return tuple(names)
