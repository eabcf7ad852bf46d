"""Invertible scalar maps and the radial flow."""

__all__ = ["ERRATA"]

import sympy as sp
from sympy import Abs, And, Derivative, Eq, Interval, Max, atan, oo, pi, sqrt, tan

from .entry import Claim, FalseClaim, NoClaim, Number

a, b, c, z, y, β, x1, x2 = sp.symbols("a b c z y beta x1 x2", real=True)
α = sp.Symbol("alpha", positive=True)
r, s = sp.symbols("r s", nonnegative=True)
w, share = sp.Symbol("w", real=True), sp.Symbol("c", positive=True)

# The radial flow about z₀ = 0: the new radius, and the map itself in one and in two dimensions.
radius = r + r * β / (α + r)
slope = 1 + α * β / (α + r) ** 2
printed_slope = (1 + β * α) / (α + r) ** 2
distance = sqrt(x1**2 + x2**2)
factor = 1 + β / (α + distance)


def image(z):
    return z + β * z / (α + Abs(z))


def distinct_images(points):
    """How many images the radial flow with α = 1, β = −2 gives these points."""
    return len({tuple(factor.subs({α: 1, β: -2, x1: p, x2: q}) * k for k in (p, q)) for p, q in points})


ERRATA = [
    FalseClaim(
        "E002-34",
        "A case forgotten: no point is mapped to zero where the slope is zero",
        printed=Claim(a * Max(0, b * z + c).subs(b, 0), 0),
        corrected=Claim(a * Max(0, b * z + c).subs(b, 0), a * Max(0, b * y + c).subs(b, 0)),
        number=Number("0", "2", at={a: 2, c: 1}, of=(None, a * Max(0, b * z + c).subs(b, 0))),
    ),
    FalseClaim(
        "E002-35",
        "Strictly increasing concluded from a derivative that is nonnegative",
        printed=Claim(a >= 0, a * 1 + c > a * 0 + c, "=>"),
        corrected=Claim(a > 0, a * 1 + c > a * 0 + c, "=>"),
        number=Number("True", "False", at={a: 0, c: 3}, of=(a >= 0, a * 1 + c > a * 0 + c)),
    ),
    FalseClaim(
        "E002-51",
        "Strictly increasing taken for onto: the arctangent reaches no number beyond π/2",
        printed=Claim(atan(tan(y)), y),
        corrected=Claim(atan(tan(y)), y, domain={y: Interval.open(-pi / 2, pi / 2)}),
        evidence="sampled",
        number=Number("oo", "pi/2", of=(None, sp.Limit(atan(z), z, oo))),
    ),
    FalseClaim(
        "E002-36",
        "Weights below one that sum to one: a single weight excluded",
        printed=Claim(And(w > 0, Eq(w, 1)), w < 1, "=>"),
        corrected=Claim(And(w > 0, Eq(w, 1)), w <= 1, "=>"),
    ),
    FalseClaim(
        "E002-37",
        "A derivative above −1 taken to make a residual map onto",
        printed=Claim(Abs(z + (atan(z) - z)), share * Abs(z), ">=", domain={share: (0, 1)}),
        corrected=Claim(Derivative(z - share * atan(z), z), 1 - share, ">=", domain={share: (0, 1)}),
        number=Number("oo", "pi/2", of=(None, sp.Limit(z + (atan(z) - z), z, oo))),
    ),
    FalseClaim(
        "E002-38",
        "One term of a derivative put over the other's denominator",
        printed=Claim(Derivative(radius, r), printed_slope),
        corrected=Claim(Derivative(radius, r), slope),
        number=Number("0.5", "1.25", at={α: 1, β: 1, r: 1}),
    ),
    FalseClaim(
        "E002-39",
        "A right bound that does not follow from the derivative as printed",
        printed=Claim(printed_slope >= 0, β >= -((α + r) ** 2) / α, "<=>"),
        corrected=Claim(slope >= 0, β >= -((α + r) ** 2) / α, "<=>"),
        number=Number("-0.5", "-2.0", at={α: 2, r: 0}, of=(-1 / α, -((α + r) ** 2) / α)),
    ),
    FalseClaim(
        "E002-40",
        "A derivative that may vanish taken for positive",
        printed=Claim(slope, 0, ">", domain=[β >= -α]),
        corrected=Claim(radius, radius.subs(r, s), "<", domain=[β >= -α, r < s]),
        number=Number(
            "0.0", "0.5", at={α: 1, β: -1}, of=(slope.subs(r, 0), radius.subs(r, 1) - radius.subs(r, 0))
        ),
    ),
    FalseClaim(
        "E002-41",
        "A norm without its absolute value",
        printed=Claim(sqrt((factor * x1) ** 2 + (factor * x2) ** 2), distance * factor),
        corrected=Claim(sqrt((factor * x1) ** 2 + (factor * x2) ** 2), distance * Abs(factor)),
        number=Number("-0.5", "0.5", at={α: 1, β: -3, x1: 1, x2: 0}),
    ),
    NoClaim("E002-50", "Letters with several meanings", "notation across questions"),
    FalseClaim(
        "E002-42",
        "Division by a factor that may be zero: two points with one image",
        printed=Claim(Eq(image(x1), image(x2)), Eq(x1, x2), "=>"),
        corrected=Claim(Eq(image(x1), image(x2)), Eq(x1, x2), "=>", domain=[β >= -α]),
        number=Number("2", "1", of=(None, sp.Integer(distinct_images([(1, 0), (0, 1)])))),
    ),
]
