"""The formulas of the figures on amortised inference."""

from __future__ import annotations

import sympy as sp

from helpers.codegen import to_javascript
from helpers.models import amortization

__all__ = ["PIXELS", "START_ERROR", "TOLERANCE", "source"]

PIXELS = 784  # numbers in a datum: an image of 28 × 28
START_ERROR = sp.Rational(3, 2)  # of the mean 0, where the posterior of x = 3 has the mean 3/2
TOLERANCE = sp.Rational(1, 10**6)

x, u, guess, rho, a, b = sp.symbols("x u guess rho a b", real=True)
tau, sigma, eta, error, factor = sp.symbols("tau sigma eta error factor", positive=True)
k = sp.Symbol("k", integer=True, nonnegative=True)
n, h, d, steps, training = sp.symbols("n h d steps training", integer=True, positive=True)


def source() -> str:
    """Gaps of two latent variables behind one saturating sensor; the mean field in the plane; errors and counts."""
    # Two latent variables, and a signal u = z₁ + z₂ + τε, read as x = u/√(1 + u²).
    loading = sp.Matrix([1, 1])
    precision = sp.eye(2) + loading * loading.T / tau**2
    mean = (precision.inv() * loading * u / tau**2).applyfunc(sp.cancel)
    guessed = list(mean.subs(u, guess))
    best = [1 / sp.sqrt(precision[i, i]) for i in range(2)]
    gap = sp.factor(sp.simplify(amortization.amortization_gap(guessed, best, list(mean), precision)))

    correlated = sp.Matrix([[1, rho], [rho, 1]])
    sharp = correlated.inv().applyfunc(sp.cancel)
    circle = sp.Matrix([[1, 0], [rho, sp.sqrt(1 - rho**2)]]) * sp.Matrix([a, b])
    two = sp.Integer(2)  # the precision of the posterior N(x/2, 1/2)

    encoder, decoder = [PIXELS, h, 2 * d], [d, h, PIXELS]
    sizes = [h, d]
    parts = [
        to_javascript(x / sp.sqrt(1 - x**2), [x], "signal"),
        to_javascript(mean[0], [u, tau], "posteriorMean"),
        to_javascript(best[0], [tau], "bestScale"),
        to_javascript(sp.simplify(amortization.mean_field_gap(precision)), [tau], "approximationGap"),
        to_javascript(gap, [guess, u, tau], "amortizationGap"),
        to_javascript(sp.simplify(amortization.mean_field_gap(sharp)), [rho], "meanFieldGap"),
        to_javascript(
            sp.simplify(amortization.mean_field_divergence([0, 0], [sigma, sigma], [0, 0], sharp)),
            [sigma, rho],
            "meanFieldDivergence",
        ),
        to_javascript(sp.simplify(1 / sp.sqrt(sharp[0, 0])), [rho], "meanFieldScale"),
        to_javascript(list(circle), [a, b, rho], "correlatedPoint"),
        to_javascript(amortization.contraction(eta, two), [eta], "contraction"),
        to_javascript(error * sp.Abs(amortization.contraction(eta, two)) ** k, [k, eta, error], "errorAfter"),
        to_javascript(
            amortization.steps_to_tolerance(error, factor, TOLERANCE), [error, factor], "stepsToTolerance"
        ),
        to_javascript(amortization.parameter_count(encoder), sizes, "parameterCount"),
        to_javascript(2 * d, [d], "numbersPerDatum"),
        to_javascript(
            amortization.break_even(amortization.parameter_count(encoder), 2 * d), sizes, "breakEven"
        ),
        to_javascript(amortization.instance_cost(n, steps, decoder), [n, steps, *sizes], "instanceCost"),
        to_javascript(
            amortization.amortized_cost(n, training, encoder, decoder), [n, training, *sizes], "amortizedCost"
        ),
        to_javascript(
            amortization.cost_crossing(steps, training, encoder, decoder),
            [steps, training, *sizes],
            "costCrossing",
        ),
        f"const START_ERROR = {float(START_ERROR)};\n",
        f"const TOLERANCE = {float(TOLERANCE)};\n",
    ]
    return "\n".join("export " + part for part in parts)
