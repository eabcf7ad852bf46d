"""The bilinear game: iteration matrices, eigenvalues, regions of convergence, and the Dirac GAN."""

import sympy as sp
from sympy import (
    Abs,
    And,
    Derivative,
    Determinant,
    I,
    MatAdd,
    MatMul,
    Matrix,
    Rational,
    cos,
    diag,
    exp,
    log,
    sin,
    sqrt,
    symbols,
)

from .claim import Claim

η, γ, f = symbols("eta gamma f", positive=True)
β, t, d, g, h, x, y, σ, w = symbols("beta t d g h x y sigma w", real=True)
λ = sp.Symbol("lambda")
J = Matrix([[0, 1], [-1, 0]])
ONE = sp.eye(2)
UPDATE = ONE + η * J
ALTERNATING = Matrix([[1, η], [-η, 1 - η**2]])
STATE = Matrix([d, g])
ENERGY = Matrix([[1, η / 2], [η / 2, 1]])
LIFTED = Matrix([[1 + β, η, -β, 0], [-η * (1 + β), 1 + β - η**2, η * β, -β], [1, 0, 0, 0], [0, 1, 0, 0]])
FLOW = Matrix([[cos(t), sin(t)], [-sin(t), cos(t)]])
HEAVY_BALL = (λ - 1) ** 2 * (λ - β) ** 2 + η**2 * λ**3


def loss(value: sp.Expr) -> sp.Expr:
    return -log(1 + exp(-value))


def convergent(trace: sp.Expr, determinant: sp.Expr) -> sp.logic.boolalg.Boolean:
    """Both roots of λ² − trace λ + determinant inside the unit circle."""
    return And(determinant < 1, 1 - trace + determinant > 0, 1 + trace + determinant > 0)


def true() -> list[Claim]:
    optimistic = (1 + 2 * I * η + sqrt(1 - 4 * η**2)) / 2
    penalised = 2 - η * γ, 1 - η * γ + η**2
    penalty = Matrix([[-γ, f], [-f, 0]])
    quartic = HEAVY_BALL.subs(λ, (1 + w) / (1 - w)) * (1 - w) ** 4
    hurwitz = (
        w**4 * (4 * (1 + β) ** 2 - η**2)
        + w**3 * (8 * (1 - β**2) - 2 * η**2)
        + 4 * w**2 * (1 - β) ** 2
        + 2 * η**2 * w
        + η**2
    )
    return [
        Claim("growth of every step", MatMul(UPDATE.T, UPDATE), (1 + η**2) * ONE, source="gan.3"),
        Claim("only the origin is fixed", Determinant(UPDATE - ONE), η**2, source="gan.2"),
        Claim(
            "characteristic polynomial",
            (λ * ONE - UPDATE).det(),
            (λ - 1 - I * η) * (λ - 1 + I * η),
            source="gan.3",
        ),
        Claim(
            "continuous time", FLOW.applyfunc(lambda entry: Derivative(entry, t)), J * FLOW, source="gan.3"
        ),
        Claim("continuous time conserves the norm", FLOW.T * FLOW, ONE, source="gan.3"),
        Claim("alternating steps keep the area", Determinant(ALTERNATING), 1, source="gan.3"),
        Claim(
            "alternating steps conserve an ellipse",
            ALTERNATING.T * ENERGY * ALTERNATING,
            ENERGY,
            source="gan.3",
        ),
        Claim("implicit steps contract", Abs(1 / (1 - I * η)), 1, "<", source="gan.3"),
        Claim(
            "extragradient, modulus",
            Determinant(ONE + η * J * (ONE + η * J)),
            1 - η**2 + η**4,
            source="gan.3",
        ),
        Claim("extragradient, region", Abs(1 - η**2 + I * η) < 1, η < 1, "<=>", source="gan.3"),
        Claim("extragradient, best", 1 - η**2 + η**4, Rational(3, 4), ">=", source="gan.3"),
        Claim(
            "extragradient as a matrix",
            MatAdd(ONE, MatMul(η * J, ONE + η * J)),
            (1 - η**2) * ONE + η * J,
            source="gan.3",
        ),
        Claim(
            "optimistic, equation", optimistic**2 - (1 + 2 * I * η) * optimistic + I * η, 0, source="gan.3"
        ),
        Claim(
            "optimistic, modulus",
            Abs(optimistic) ** 2,
            (1 + sqrt(1 - 4 * η**2)) / 2,
            domain={η: (0, Rational(1, 2))},
            source="gan.3",
        ),
        Claim(
            "consensus, region", (1 - η * γ) ** 2 + η**2 < 1, η < 2 * γ / (1 + γ**2), "<=>", source="gan.3"
        ),
        Claim(
            "penalty, region", convergent(*penalised), And(η < γ, 2 * η * γ < 4 + η**2), "<=>", source="gan.3"
        ),
        Claim(
            "alternating heavy ball, polynomial", (λ * sp.eye(4) - LIFTED).det(), HEAVY_BALL, source="gan.3"
        ),
        Claim("alternating heavy ball, bilinear transform", quartic, hurwitz, source="gan.3"),
        Claim("slope of the Dirac GAN", Derivative(loss(t), t).subs(t, 0), Rational(1, 2), source="gan.3"),
        Claim(
            "curvature of the Dirac GAN",
            sp.Subs(Derivative(loss(t), (t, 2)), t, 0),
            -Rational(1, 4),
            source="gan.3",
        ),
        Claim(
            "gradient penalty, polynomial",
            Determinant(λ * ONE - penalty),
            λ**2 + γ * λ + f**2,
            source="gan.3",
        ),
        Claim(
            "consensus, eigenvalues",
            (λ * ONE - (f * J - γ * f**2 * ONE)).det(),
            (λ + γ * f**2) ** 2 + f**2,
            source="gan.3",
        ),
        Claim(
            "game along singular directions",
            Determinant(ONE + η * diag(x, y) * J),
            1 + η**2 * x * y,
            source="gan.1",
        ),
        Claim(
            "norm after two steps",
            (STATE.T * UPDATE.T**2 * UPDATE**2 * STATE)[0],
            (1 + η**2) ** 2 * (d**2 + g**2),
            source="gan.3",
        ),
    ]


def false() -> list[Claim]:
    optimistic = (1 + 2 * I * η + sqrt(1 - 4 * η**2)) / 2
    penalised = 2 - η * γ, 1 - η * γ + η**2
    penalty = Matrix([[-γ, f], [-f, 0]])
    printed = Matrix([cos(t), sin(t)])
    return [
        Claim("steps that keep the norm", UPDATE.T * UPDATE, ONE, source="gan.3"),
        Claim(
            "norm grows by η² a step",
            (STATE.T * UPDATE.T * UPDATE * STATE)[0],
            (1 + η) ** 2 * (d**2 + g**2),
            source="gan.3",
        ),
        Claim("real eigenvalues", (λ * ONE - UPDATE).det(), (λ - 1 - η) * (λ - 1 + η), source="gan.3"),
        Claim("modulus not squared", Abs(1 + I * η), 1 + η**2, source="gan.3"),
        Claim("both players ascend", UPDATE, Matrix([[1, η], [η, 1]]), source="E002-47"),
        Claim("anticlockwise solution", Derivative(printed[1], t), -printed[0], source="E002-46"),
        Claim("every point is fixed", (UPDATE - ONE) * STATE, sp.zeros(2, 1), source="E002-44"),
        Claim("discrete orbit as closed as the continuous one", Abs(1 + I * η / 5), 1, source="E002-45"),
        Claim("other player first", ALTERNATING, Matrix([[1 - η**2, η], [-η, 1]]), source="gan.3"),
        Claim(
            "ellipse tilted the other way",
            ALTERNATING.T * ENERGY.subs(η, -η) * ALTERNATING,
            ENERGY.subs(η, -η),
            source="gan.3",
        ),
        Claim("alternating steps conserve the norm", ALTERNATING.T * ALTERNATING, ONE, source="gan.3"),
        Claim("explicit for implicit", 1 / (1 - I * η), 1 + I * η, source="gan.3"),
        Claim(
            "extragradient, sign of the square", Abs(1 + η**2 + I * η) ** 2, 1 - η**2 + η**4, source="gan.3"
        ),
        Claim(
            "extragradient, region up to √2", Abs(1 - η**2 + I * η) < 1, η < sqrt(2), "<=>", source="gan.3"
        ),
        Claim("extragradient, closed region", Abs(1 - η**2 + I * η) < 1, η <= 1, "<=>", source="gan.3"),
        Claim("extragradient, best missed", 1 - η**2 + η**4, Rational(3, 4), ">", source="gan.3"),
        Claim(
            "optimistic, root without its two",
            optimistic**2 - (1 + I * η) * optimistic + I * η,
            0,
            source="gan.3",
        ),
        Claim(
            "optimistic, modulus beyond a half",
            Abs(optimistic) ** 2,
            (1 + sqrt(1 - 4 * η**2)) / 2,
            source="gan.3",
        ),
        Claim(
            "consensus, region halved", (1 - η * γ) ** 2 + η**2 < 1, η < γ / (1 + γ**2), "<=>", source="gan.3"
        ),
        Claim("penalty, second condition lost", convergent(*penalised), η < γ, "<=>", source="gan.3"),
        Claim(
            "penalty, two lost", convergent(*penalised), And(η < γ, η * γ < 4 + η**2), "<=>", source="gan.3"
        ),
        Claim(
            "alternating heavy ball, square of λ",
            (λ * sp.eye(4) - LIFTED).det(),
            HEAVY_BALL.subs(η, 0) + η**2 * λ**2,
            source="gan.3",
        ),
        Claim(
            "curvature of the Dirac GAN, sign",
            sp.Subs(Derivative(loss(t), (t, 2)), t, 0),
            Rational(1, 4),
            source="gan.3",
        ),
        Claim("gradient penalty halved", (λ * ONE - penalty).det(), λ**2 + γ * λ / 2 + f**2, source="gan.3"),
        Claim(
            "consensus without the square",
            (λ * ONE - (f * J - γ * f * ONE)).det(),
            (λ + γ * f**2) ** 2 + f**2,
            source="gan.3",
        ),
        Claim(
            "game along singular directions, sign",
            (ONE + η * diag(x, y) * J).det(),
            1 - η**2 * x * y,
            source="gan.1",
        ),
    ]
