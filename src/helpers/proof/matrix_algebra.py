"""Identities between matrix expressions of symbolic size, as polynomials in variables that do not commute."""

__all__ = ["prove_matrix_identity"]

from itertools import combinations
from typing import Any

import sympy as sp
from sympy.matrices.expressions.kronecker import combine_kronecker

from helpers.proof.deadline import OutOfTime, within

SECONDS = 5.0
LARGEST_NUMBER_OF_INVERSES = 4


def prove_matrix_identity(left: Any, right: Any) -> str | None:
    """The name of the argument by which the sides agree for every size, or None.

    Sums, products, powers, transposes, inverses (of sums as well), traces, determinants of products, Kronecker
    products, and matrices of blocks; of their determinants, only the block-triangular ones are taken apart. Two
    equal polynomials in noncommuting variables are equal for matrices of every size for which the shapes fit.
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
    left, right = (_collapsed(side) for side in (left, right))
    if isinstance(left, sp.BlockMatrix) and isinstance(right, sp.BlockMatrix):
        pairs = list(zip(left.blocks, right.blocks, strict=True))
        same_sizes = left.rowblocksizes == right.rowblocksizes and left.colblocksizes == right.colblocksizes
        if same_sizes and all(algebra.agree(a, b) for a, b in pairs):
            return "block by block, products expanded"
        return None
    return "matrix products expanded" if algebra.agree(left, right) else None


def _collapsed(side: Any) -> Any:
    side = side.replace(
        lambda node: isinstance(node, sp.Determinant) and isinstance(node.arg, sp.BlockMatrix), _triangular
    )
    collapsed = sp.block_collapse(side.doit())
    # SymPy's rule for Kronecker products stumbles over a matrix of blocks.
    return combine_kronecker(collapsed) if side.has(sp.KroneckerProduct) else collapsed


def _triangular(determinant: sp.Determinant) -> Any:
    """The product of the diagonal blocks' determinants, where they are square and all below or above vanish."""
    matrix = determinant.arg
    blocks, count = matrix.blocks, matrix.blocks.rows
    square = matrix.rowblocksizes == matrix.colblocksizes
    below, above = (
        all(isinstance(blocks[pair[::step]], sp.ZeroMatrix) for pair in combinations(range(count), 2))
        for step in (-1, 1)
    )
    if not square or not (below or above):
        return determinant
    return sp.Mul(*(sp.Determinant(blocks[i, i]) for i in range(count)))


class _FreeAlgebra:
    """Matrix symbols as noncommuting symbols; traces of words as ordinary ones, up to rotation and transpose."""

    def __init__(self) -> None:
        self._names: dict[Any, sp.Symbol] = {}
        self._keys: dict[sp.Symbol, Any] = {}
        self._inverted: dict[sp.Symbol, Any] = {}  # the letter of an inverse: what it is the inverse of

    def agree(self, left: Any, right: Any) -> bool:
        difference = self._reduce(sp.expand(self.read(left) - self.read(right)))
        for _ in range(LARGEST_NUMBER_OF_INVERSES):
            if difference == 0 or not self._inverted:
                break
            difference = self._cleared(difference)
        return difference == 0

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
        if isinstance(node, sp.KroneckerProduct):
            factors = [(sp.expand(self.read(factor)), factor.shape) for factor in node.args]
            return self._name(
                ("kronecker", *factors)
            )  # the shapes, because identities of all sizes read as 1
        if isinstance(node, sp.Pow):
            return self.read(node.base) ** self.read(node.exp)
        return node if node.is_number else self._name(node, commutative=not getattr(node, "is_Matrix", False))

    def _inverse(self, base: Any) -> Any:
        if isinstance(base, sp.MatMul) and all(getattr(part, "is_square", True) for part in base.args):
            # A product of square matrices is invertible only if every factor is.
            parts = [self._inverse(part) if part.is_Matrix else 1 / self.read(part) for part in base.args]
            return sp.Mul(*reversed(parts))
        inner = sp.expand(self.read(base))
        if inner.is_Symbol or inner.is_number:
            return inner**-1
        letter = self._name(("inverse", inner))
        self._inverted[letter] = inner
        return letter

    def _reduce(self, polynomial: Any) -> Any:
        """Put J N = N J = 1 to work, J the letter of the inverse of N: its longest word W, of N = cW + r, gives
        J W = (1 − J r)/c and W J = (1 − r J)/c, which lower the degree."""
        rules = [(j, *split) for j, inner in self._inverted.items() if (split := self._longest(inner))]
        terms, done = list(sp.Add.make_args(polynomial)), sp.S.Zero
        while terms:
            term = terms.pop()
            rewritten = self._rewritten(term, rules)
            if rewritten is None:
                done += term
            else:
                terms.extend(sp.Add.make_args(sp.expand(rewritten)))
        return sp.expand(done)

    def _rewritten(self, term: Any, rules: list[tuple]) -> Any:
        scalars, word = term.args_cnc()
        letters = [letter for factor in word for letter in self._letters(factor)]
        for j, coefficient, longest, rest in rules:
            for pattern, replacement in (
                ([j, *longest], (1 - j * rest) / coefficient),
                ([*longest, j], (1 - rest * j) / coefficient),
            ):
                for start in range(len(letters) - len(pattern) + 1):
                    end = start + len(pattern)
                    if letters[start:end] == pattern:
                        return sp.Mul(*scalars, *letters[:start], replacement, *letters[end:])
        return None

    def _longest(self, inner: Any) -> tuple | None:
        """Coefficient, letters and remainder of the one longest word; None if there is no such word."""
        words = []
        for term in sp.Add.make_args(inner):
            scalars, word = term.args_cnc()
            words.append(([letter for factor in word for letter in self._letters(factor)], scalars, term))
        words.sort(key=lambda entry: len(entry[0]), reverse=True)
        if not words[0][0] or (len(words) > 1 and len(words[1][0]) == len(words[0][0])):
            return None
        letters, scalars, term = words[0]
        coefficient = sp.Mul(*scalars)
        return (coefficient, letters, inner - term) if coefficient.is_nonzero else None

    def _cleared(self, difference: Any) -> Any:
        """The difference times N, on the side on which a term begins or ends with the letter of N's inverse:
        zero if and only if the difference is."""
        words = []
        for term in sp.Add.make_args(difference):
            scalars, word = term.args_cnc()
            words.append((scalars, [letter for factor in word for letter in self._letters(factor)]))
        for end in (0, -1):
            for j in (letters[end] for _, letters in words if letters and letters[end] in self._inverted):
                inner = self._inverted[j]
                cleared = sp.S.Zero
                for scalars, letters in words:
                    if letters and letters[end] == j:
                        factors = letters[1:] if end == 0 else letters[:-1]
                    else:
                        factors = [inner, *letters] if end == 0 else [*letters, inner]
                    cleared += sp.Mul(*scalars, *factors)
                return self._reduce(sp.expand(cleared))
        return difference

    def _trace(self, argument: Any) -> Any:
        total = sp.S.Zero
        for term in sp.Add.make_args(sp.expand(self.read(argument))):
            coefficient, word = term.args_cnc()
            letters = [letter for factor in word for letter in self._letters(factor)]
            while len(letters) > 1 and letters[0] * letters[-1] == 1:  # neighbours, by rotation
                letters = letters[1:-1]
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
