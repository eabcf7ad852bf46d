"""Scalar flows, the radial and the planar flow, contractive residuals."""

import sympy as sp
from sympy import And, Derivative, Limit, Matrix, Max, Rational, Sum, atan, cos, exp, log, oo, pi, sqrt, tanh

from .claim import Claim

x, y, z, t, c, b = sp.symbols("x y z t c b", real=True)
a1, a2, w, r, ρ, α, m, v = sp.symbols("a1 a2 w r rho alpha m v", positive=True)
β, b1, b2, k = sp.symbols("beta b1 b2 k", real=True)
u1, u2, u3, w1, w2, w3 = sp.symbols("u1:4 w1:4", real=True)
n = sp.Symbol("n", integer=True, positive=True)
j = sp.Symbol("j", integer=True, positive=True)
F = sp.Function("F", positive=True)
U, W = Matrix([u1, u2, u3]), Matrix([w1, w2, w3])
REGULAR = [β >= -α]
ROOT = sqrt((ρ - α - β) ** 2 + 4 * α * ρ)


def sigmoid(argument: sp.Expr) -> sp.Expr:
    return 1 / (1 + exp(-argument))


def relu(argument: sp.Expr) -> sp.Expr:
    return Max(0, argument)


def radial(radius: sp.Expr) -> sp.Expr:
    return radius + β * radius / (α + radius)


def radial_jacobian() -> Matrix:
    radius = sqrt(x**2 + y**2)
    moved = Matrix([x, y]) * (1 + β / (α + radius))
    return Matrix(2, 2, lambda i, j: Derivative(moved[i], (x, y)[j]))


def true() -> list[Claim]:
    radius = (ρ - α - β + ROOT) / 2
    plane = sqrt(x**2 + y**2)
    mixed = w * sigmoid(a1 * z + b1) + (1 - w) * sigmoid(a2 * z + b2)
    first, second = sigmoid(a1 * z + b1), sigmoid(a2 * z + b2)
    return [
        Claim(
            "derivative of the sigmoid",
            Derivative(sigmoid(z), z),
            sigmoid(z) * (1 - sigmoid(z)),
            source="flow.2",
        ),
        Claim("sigmoid of the opposite", 1 - sigmoid(z), sigmoid(-z), source="flow.2"),
        Claim("logit undoes the sigmoid", log(sigmoid(z) / (1 - sigmoid(z))), z, source="flow.2"),
        Claim(
            "derivative of a logit",
            Derivative(log(F(z) / (1 - F(z))), z),
            F(z).diff(z) / (F(z) * (1 - F(z))),
            source="flow.2",
        ),
        Claim(
            "derivative of the mixture",
            Derivative(mixed, z),
            w * a1 * first * (1 - first) + (1 - w) * a2 * second * (1 - second),
            source="flow.2",
        ),
        Claim("mixture below one", mixed, 1, "<", domain={w: (0, 1)}, source="flow.2"),
        Claim("mixture rises", w * a1 * first * (1 - first), 0, ">", source="flow.2"),
        Claim(
            "slope bounded by concavity",
            w * x * (1 - x) + (1 - w) * y * (1 - y),
            (w * x + (1 - w) * y) * (1 - w * x - (1 - w) * y),
            "<=",
            domain={w: (0, 1)},
            source="flow.2",
        ),
        Claim("relu in absolute values", relu(z), (z + sp.Abs(z)) / 2, source="flow.1"),
        Claim("relu splits a number", relu(z) - relu(-z), z, source="flow.1"),
        Claim("relu splits a square", relu(z) ** 2 + relu(-z) ** 2, z**2, source="flow.1"),
        Claim("radial derivative", Derivative(radial(r), r), 1 + α * β / (α + r) ** 2, source="flow.4"),
        Claim(
            "radial derivative is positive", 1 + α * β / (α + r) ** 2, 0, ">", domain=REGULAR, source="flow.4"
        ),
        Claim("radius recovered", radius + β * radius / (α + radius), ρ, domain=[β > -α], source="flow.4"),
        Claim("recovered radius is not negative", radius, 0, ">=", source="flow.4"),
        Claim(
            "radial determinant, two dimensions",
            radial_jacobian().det(),
            (1 + β / (α + plane)) * (1 + α * β / (α + plane) ** 2),
            source="flow.5",
        ),
        Claim(
            "determinant lemma",
            (c * sp.eye(3) + k * U * U.T).det(),
            c**2 * (c + k * (U.T * U)[0]),
            source="flow.5",
        ),
        Claim("planar determinant", (sp.eye(3) + k * U * W.T).det(), 1 + k * (W.T * U)[0], source="flow.5"),
        Claim(
            "planar flow made invertible",
            (W.T * (U + (m - (W.T * U)[0]) * W / (W.T * W)[0]))[0],
            m,
            source="flow.5",
        ),
        Claim("softplus less one", -1 + log(1 + exp(t)), -1, ">", source="flow.5"),
        Claim("softplus minus its mirror image", log(1 + exp(t)) - log(1 + exp(-t)), t, source="flow.5"),
        Claim("derivative of the softplus", Derivative(log(1 + exp(t)), t), sigmoid(t), source="flow.5"),
        Claim("tanh as a sigmoid", tanh(x), 2 * sigmoid(2 * x) - 1, source="flow.5"),
        Claim("derivative of tanh", Derivative(tanh(x), x), 1 - tanh(x) ** 2, source="flow.5"),
        Claim("arctangent is bounded", Limit(atan(z), z, oo), pi / 2, source="flow.3"),
        Claim("sine residual rises", 1 + c * cos(z), 0, ">", domain={c: (-1, 1)}, source="flow.3"),
        Claim(
            "error of the fixed point",
            Sum(v**j, (j, n + 1, n + 3)),
            v ** (n + 1) * (1 + v + v**2),
            source="flow.3",
        ),
        Claim("first terms of the log-determinant", log(1 + v), v - v**2 / 2, ">=", source="flow.5"),
    ]


def false() -> list[Claim]:
    radius = (ρ - α - β - ROOT) / 2
    plane = sqrt(x**2 + y**2)
    return [
        Claim(
            "sigmoid's derivative with a plus",
            Derivative(sigmoid(z), z),
            sigmoid(z) * (1 + sigmoid(z)),
            source="flow.2",
        ),
        Claim(
            "derivative of a logit without its second factor",
            Derivative(log(F(z) / (1 - F(z))), z),
            F(z).diff(z) / F(z),
            source="flow.2",
        ),
        Claim("odds upside down", log((1 - sigmoid(z)) / sigmoid(z)), z, source="flow.2"),
        Claim("weakly rising for strictly", z**2 >= 0, z**2 > 0, "<=>", source="E002-35"),
        Claim("strictly increasing, hence onto", Limit(atan(z), z, oo), pi, source="E002-51"),
        Claim(
            "dead zone without a slope",
            And(b * z + c <= 0),
            sp.Ne(relu(b * z + c), 0),
            "<=>",
            source="E002-34",
        ),
        Claim("relu is odd", relu(-z), -relu(z), source="flow.1"),
        Claim("relu splits a square without the mirror image", relu(z) ** 2, z**2, source="flow.1"),
        Claim(
            "fraction's bar too long", Derivative(radial(r), r), (1 + α * β) / (α + r) ** 2, source="E002-38"
        ),
        Claim(
            "bound from the wrong derivative",
            1 + α * β / (α + r) ** 2 > 0,
            β >= -1 / α,
            "<=>",
            source="E002-39",
        ),
        Claim("positive also at the centre", α * (α + β), 0, ">", domain=REGULAR, source="E002-40"),
        Claim("norm without bars", sp.Abs(radial(r)), radial(r), source="E002-41"),
        Claim("other root of the quadratic", radius, 0, ">=", domain=[β > -α], source="flow.4"),
        Claim("necessary for every radius", 1 + α * β / (α + r) ** 2 > 0, β >= -α, "<=>", source="flow.4"),
        Claim(
            "radial determinant, factors of one kind",
            radial_jacobian().det(),
            (1 + β / (α + plane)) ** 2,
            source="flow.5",
        ),
        Claim("direction of a collapsed sphere", 1 + β / (α + r), 0, ">", source="E002-42"),
        Claim(
            "determinant lemma without its powers",
            (c * sp.eye(3) + k * U * U.T).det(),
            c * (c + k * (U.T * U)[0]),
            source="flow.5",
        ),
        Claim(
            "planar determinant of the wrong vector",
            (sp.eye(3) + k * U * W.T).det(),
            1 + k * (U.T * U)[0],
            source="flow.5",
        ),
        Claim(
            "planar flow divided by the norm",
            (W.T * (U + (m - (W.T * U)[0]) * W / sqrt((W.T * W)[0])))[0],
            m,
            source="flow.5",
        ),
        Claim("softplus is the relu", log(1 + exp(t)), relu(t), source="flow.5"),
        Claim(
            "derivative of the softplus mirrored",
            Derivative(log(1 + exp(t)), t),
            sigmoid(-t),
            source="flow.5",
        ),
        Claim("tanh as a sigmoid of the same argument", tanh(x), 2 * sigmoid(x) - 1, source="flow.5"),
        Claim(
            "sine residual rises at the bound",
            1 + c * cos(z),
            0,
            ">",
            domain={c: sp.Interval(-1, 1)},
            source="flow.3",
        ),
        Claim(
            "condition taken for necessary",
            Derivative(z**3 - z, z).doit() > -1,
            sp.true,
            "<=>",
            source="flow.3",
        ),
        Claim("log-determinant cut off at the wrong side", log(1 + v), v - v**2 / 2, "<=", source="flow.5"),
        Claim(
            "logarithm of a sum is the sum",
            log(1 + x**2 + y**2),
            log(1 + x**2) + log(1 + y**2),
            source="flow.5",
        ),
        Claim(
            "slope of a convex mixture",
            w * x**2 + (1 - w) * y**2,
            (w * x + (1 - w) * y) ** 2,
            "<=",
            domain={w: (0, 1)},
            source="flow.2",
        ),
        Claim("half at the origin forgotten", Rational(1, 2) + tanh(x) / 2, sigmoid(x), source="flow.5"),
    ]
