"""Change of variables and Gaussian densities."""

__all__ = ["ERRATA"]

import sympy as sp

from .entry import Claim, FalseClaim, NoClaim, Number, gaussian

z, x, μ, b = sp.symbols("z x mu b", real=True)
a = sp.Symbol("a", real=True, nonzero=True)
σ = sp.Symbol("sigma", positive=True)
n, k, K = sp.symbols("n k K", integer=True, positive=True)
S = sp.Matrix(2, 2, sp.symbols("s1:5", real=True))
A = sp.MatrixSymbol("A", n, n)
swap = dict(zip(S, (0, 1, 1, 0), strict=True))
ω, best = sp.Rational("2.373"), sp.Rational("2.3714")
# divisions, multiplications and subtractions below each pivot, and the product of the pivots
elimination = sp.summation((K - k) + 2 * (K - k) ** 2, (k, 1, K - 1)) + K - 1

ERRATA = [
    FalseClaim(
        "E002-6",
        "One letter for two densities, and a map whose derivative may vanish",
        printed=Claim(gaussian(a * z, 0, 1), gaussian(z, 0, 1) / sp.Abs(a)),
        corrected=Claim(gaussian(a * z, 0, sp.Abs(a)), gaussian(z, 0, 1) / sp.Abs(a)),
        # a fat Cantor set: its length, and that of its image under the integral of the distance to it
        number=Number("0.5", "0.0", of=(1 - sp.Sum(sp.Integer(2) ** (k - 1) / 4**k, (k, 1, sp.oo)), None)),
    ),
    FalseClaim(
        "E002-7",
        "Determinant without its absolute value in a density",
        printed=Claim(1 / sp.sqrt((S * S.T).det()), 1 / S.det()),
        corrected=Claim(1 / sp.sqrt((S * S.T).det()), 1 / sp.Abs(S.det())),
        number=Number("-1.0", "1.0", at=swap),
    ),
    FalseClaim(
        "E002-8",
        "Determinant of the scale where that of the covariance belongs",
        printed=Claim(
            sp.Integral(sp.exp(-(((x - μ) / σ) ** 2) / 2) / sp.sqrt(2 * sp.pi * σ), (x, -sp.oo, sp.oo)), 1
        ),
        corrected=Claim(sp.Integral(gaussian(x, μ, σ), (x, -sp.oo, sp.oo)), 1),
        number=Number("0.2821", "0.1995", at={σ: 2}, of=(1 / sp.sqrt(2 * sp.pi * σ), gaussian(μ, μ, σ))),
    ),
    NoClaim("E002-10", "Two letters for the dimension", "notation: the letter of the dimension"),
    FalseClaim(
        "E002-9",
        "Upper bound on a cost announced as a lower bound",
        printed=Claim(K**best, K**ω, ">="),
        corrected=Claim(elimination, K**3, "<="),
    ),
    FalseClaim(
        "E003-12",
        "Normaliser without the square root",
        printed=Claim(sp.Integral(sp.exp(-(x**2) / 2), (x, -sp.oo, sp.oo)) ** n / (2 * sp.pi) ** n, 1),
        corrected=Claim(
            sp.Integral(sp.exp(-(x**2) / 2), (x, -sp.oo, sp.oo)) ** n / (2 * sp.pi) ** (n / 2), 1
        ),
        number=Number("0.1592", "0.3989", at={n: 1}, of=((2 * sp.pi) ** -n, (2 * sp.pi) ** (-n / 2))),
    ),
    FalseClaim(
        "E003-13",
        "Root of a squared determinant without its absolute value",
        printed=Claim(1 / sp.sqrt(sp.Determinant(A * A.T)), 1 / sp.Determinant(A)),
        corrected=Claim(1 / sp.sqrt(sp.Determinant(A * A.T)), 1 / sp.Abs(sp.Determinant(A))),
        number=Number("-1.0", "1.0", at={n: 1, A: sp.Matrix([[-1]])}),
        evidence="sampled",
    ),
    NoClaim("E003-14", "Two letters for one argument", "notation: the letter of the argument"),
]
