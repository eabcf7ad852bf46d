"""Gradient descent-ascent on the bilinear game V(d, g) = d·g."""

__all__ = ["ERRATA"]

import sympy as sp
from sympy import And, Derivative, Eq, Matrix, cos, sin

from .entry import Claim, FalseClaim, NoClaim, Number

d, g, t, η = sp.symbols("d g t eta", real=True)
state = Matrix([d, g])
iteration = Matrix([[1, η], [-η, 1]])
after = iteration * state
rotation = Matrix([[cos(t), sin(t)], [-sin(t), cos(t)]])
field = Matrix([[0, 1], [-1, 0]])


def trajectory(first, second):
    return Matrix([Derivative(first, t), Derivative(second, t)]), Matrix([second, -first])


fixed = And(Eq(after[0], d), Eq(after[1], g))
origin = And(Eq(d, 0), Eq(g, 0))
growth = (after.dot(after) / state.dot(state)).factor()

ERRATA = [
    NoClaim("E002-43", "Two letters for the learning rate", "notation"),
    FalseClaim(
        "E002-44",
        "Fixed points of the map where the learning rate vanishes",
        printed=Claim(fixed, origin, "<=>"),
        corrected=Claim(fixed, origin, "<=>", domain=[sp.Ne(η, 0)]),
        number=Number(
            "0",
            "2",
            of=tuple(sp.Integer(len((iteration - sp.eye(2)).subs(η, rate).nullspace())) for rate in (1, 0)),
        ),
    ),
    FalseClaim(
        "E002-45",
        "The iteration said to keep the radius of the flow that it discretises",
        printed=Claim(after.dot(after), state.dot(state)),
        corrected=Claim(after.dot(after), (1 + η**2) * state.dot(state)),
        number=Number(
            "1.0",
            "7.1067",
            at={η: sp.Rational(1, 5), t: 100 * sp.Rational(1, 5)},
            of=(rotation[0, 0] ** 2 + rotation[1, 0] ** 2, growth**50),
        ),
    ),
    FalseClaim(
        "E002-46",
        "Sense of rotation: a solution with the sign of one component wrong",
        printed=Claim(*trajectory(cos(t), sin(t))),
        corrected=Claim(
            *trajectory(d * cos(t) + g * sin(t), g * cos(t) - d * sin(t)),
        ),
        number=Number("-0.8415", "0.8415", at={t: 1}, of=(Derivative(cos(t), t), sin(t))),
    ),
    FalseClaim(
        "E002-47",
        "Payoffs called losses: descending a payoff goes the wrong way",
        printed=Claim(d - η * Derivative(d * g, d), after[0]),
        corrected=Claim(d - η * Derivative(-d * g, d), after[0]),
        number=Number("-1", "1", at={d: 1, g: 1}, of=(-Derivative(d * g, d), -Derivative(-d * g, d))),
    ),
]
