"""Identities between matrix expressions of symbolic size, as polynomials in variables that do not commute."""

__all__ = ["prove_matrix_identity"]

from typing import Any

import sympy as sp

from helpers.proof.deadline import OutOfTime, within

SECONDS = 5.0


def prove_matrix_identity(left: Any, right: Any) -> str | None:
    """The name of the argument by which the sides agree for every size, or None.

    Sums, products, powers, transposes, inverses, traces, determinants of products, and matrices of blocks, the
    determinants of which are not taken apart. Two equal polynomials in noncommuting variables are equal for
    matrices of every size for which the shapes fit.
    Cost: that of expanding both polynomials, at most 5 s.
    """
    try:
        return within(SECONDS, _prove, left, right)
    except OutOfTime:
        return None
    except Exception:  # a node without a counterpart in the free algebra, or a rewriting that does not apply
        return None


def _prove(left: Any, right: Any) -> str | None:
    algebra = _FreeAlgebra()
    left, right = (sp.block_collapse(side.doit()) for side in (left, right))
    if isinstance(left, sp.BlockMatrix) and isinstance(right, sp.BlockMatrix):
        pairs = list(zip(left.blocks, right.blocks, strict=True))
        same_sizes = left.rowblocksizes == right.rowblocksizes and left.colblocksizes == right.colblocksizes
        if same_sizes and all(algebra.agree(a, b) for a, b in pairs):
            return "block by block, products expanded"
        return None
    return "matrix products expanded" if algebra.agree(left, right) else None


class _FreeAlgebra:
    """Matrix symbols as noncommuting symbols; traces of words as ordinary ones, up to rotation and transpose."""

    def __init__(self) -> None:
        self._names: dict[Any, sp.Symbol] = {}
        self._keys: dict[sp.Symbol, Any] = {}

    def agree(self, left: Any, right: Any) -> bool:
        return sp.expand(self.read(left) - self.read(right)) == 0

    def _name(self, key: Any, commutative: bool = False) -> sp.Symbol:
        if key not in self._names:
            self._names[key] = name = sp.Symbol(f"w{len(self._names)}", commutative=commutative)
            self._keys[name] = key
        return self._names[key]

    def read(self, node: Any) -> Any:
        if isinstance(node, sp.ZeroMatrix):
            return sp.S.Zero
        if isinstance(node, sp.Identity):
            return sp.S.One
        if isinstance(node, sp.Add | sp.MatAdd):
            return sp.Add(*(self.read(term) for term in node.args))
        if isinstance(node, sp.Mul | sp.MatMul):
            return sp.Mul(*(self.read(factor) for factor in node.args))
        if isinstance(node, sp.Inverse):
            return self._inverse(node.args[0])
        if isinstance(node, sp.MatPow) and node.exp.is_Integer:
            base = self._inverse(node.base) if node.exp < 0 else self.read(node.base)
            return base ** abs(node.exp)
        if isinstance(node, sp.Trace):
            return self._trace(node.arg)
        if isinstance(node, sp.Pow):
            return self.read(node.base) ** self.read(node.exp)
        return node if node.is_number else self._name(node, commutative=not getattr(node, "is_Matrix", False))

    def _inverse(self, base: Any) -> Any:
        inner = sp.expand(self.read(base))
        return inner**-1 if inner.is_Symbol or inner.is_number else self._name(("inverse", inner))

    def _trace(self, argument: Any) -> Any:
        total = sp.S.Zero
        for term in sp.Add.make_args(sp.expand(self.read(argument))):
            coefficient, word = term.args_cnc()
            letters = [letter for factor in word for letter in self._letters(factor)]
            transposed = [self._transposed(letter) for letter in reversed(letters)]
            words = [letters] if None in transposed else [letters, transposed]
            rotations = [tuple(word[i:] + word[:i]) for word in words for i in range(len(word))]
            size = argument.shape[0]
            key = ("trace", min(rotations, key=str)) if rotations else None
            total += sp.Mul(*coefficient) * (self._name(key, commutative=True) if key else self.read(size))
        return total

    def _transposed(self, letter: Any) -> Any:
        """The letter of the transpose; None for what is neither a matrix symbol nor its transpose or inverse."""
        if letter.is_Pow:
            base = self._transposed(letter.base)
            return None if base is None else base**letter.exp
        key = self._keys.get(letter)
        if isinstance(key, sp.Transpose):
            return self._name(key.arg)
        return self._name(sp.Transpose(key)) if isinstance(key, sp.MatrixSymbol) else None

    @staticmethod
    def _letters(factor: Any) -> list[Any]:
        if factor.is_Pow and factor.exp.is_Integer:
            return [factor.base ** sp.sign(factor.exp)] * abs(int(factor.exp))
        return [factor]
