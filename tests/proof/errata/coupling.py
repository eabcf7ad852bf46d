"""The affine coupling block y₁ = exp G(x₂) ∘ x₁ + F(x₂), y₂ = exp s ∘ x₂, with halves of length one or two."""

__all__ = ["ERRATA"]

import sympy as sp
from sympy import Derivative, Lambda, Matrix, exp

from .entry import Claim, FalseClaim, NoClaim, Number

x1, x2, s, c = sp.symbols("x1 x2 s c", real=True)
F, G = sp.Function("F", real=True), sp.Function("G", real=True)
y1, y2 = exp(G(x2)) * x1 + F(x2), exp(s) * x2
recovered = (y1 - F(x2)) * exp(-G(x2))

a = sp.symbols("a1:3", real=True)  # the first half
b = sp.symbols("b1:3", real=True)  # the second half
t = sp.symbols("s1:3", real=True)
Fs, Gs = ([sp.Function(f"{name}{i}", real=True) for i in (1, 2)] for name in "FG")
first = [exp(Gs[i](*b)) * a[i] + Fs[i](*b) for i in (0, 1)]
second = [exp(t[i]) * b[i] for i in (0, 1)]
own = [exp(Gs[i](b[i])) * a[i] + Fs[i](b[i]) for i in (0, 1)]  # entry by entry


def differentiated(outputs, inputs):
    return Matrix(len(outputs), len(inputs), lambda i, j: Derivative(outputs[i], inputs[j]))


jacobian = differentiated([*first, *second], [*a, *b]).doit()
log_det = sum(Gs[i](*b) + t[i] for i in (0, 1))
one, identity, zero = Lambda(x2, sp.Integer(1)), Lambda(x2, x2), Lambda(x2, sp.Integer(0))
b1, b2 = b
zeros = Lambda((b1, b2), sp.Integer(0))

ERRATA = [
    FalseClaim(
        "E000-1",
        "A bracket closed too early: only one term is rescaled",
        printed=Claim(x1, y1 - F(x2) * exp(-G(x2))),
        corrected=Claim(x1, recovered),
        number=Number("2.5", "1.0", at={x1: 1, F: one, G: Lambda(x2, sp.log(2))}),
    ),
    FalseClaim(
        "E001-1",
        "Scale and shift networks exchanged",
        printed=Claim(Derivative(y1, x1), exp(F(x2))),
        corrected=Claim(Derivative(y1, x1), exp(G(x2))),
        number=Number("1.0", "2.0", at={F: zero, G: Lambda(x2, sp.log(2))}),
    ),
    FalseClaim(
        "E001-2",
        "One half of the output taken for the whole: points with the same second half",
        printed=Claim(y1, y1.subs(x1, c)),
        corrected=Claim(y1 - y1.subs(x1, c), exp(G(x2)) * (x1 - c)),
        number=Number("0.0", "1.0", at={x2: 0}, of=tuple(recovered.subs(x1, value) for value in (0, 1))),
    ),
    FalseClaim(
        "E001-3",
        "Additive coupling mistaken for a residual reversible block",
        printed=Claim(Matrix([x1 + F(x2), x2]), Matrix([x1 + F(x2), x2 + G(x1 + F(x2))])),
        corrected=Claim(Matrix([y1, y2]).subs({G(x2): 0, s: 0}), Matrix([x1 + F(x2), x2])),
        number=Number(
            "1.0", "2.0", at={x1: 1, x2: 1, F: zero, G: identity}, of=(y2.subs(s, 0), x2 + G(x1 + F(x2)))
        ),
    ),
    NoClaim("E001-4", "Assumptions on the block unsaid", "declarations: even dimension, a free vector"),
    NoClaim(
        "E001-5",
        "The inverse is missing",
        "no formula is left",
        supplied=Claim(Matrix(a), Matrix([(first[i] - Fs[i](*b)) * exp(-Gs[i](*b)) for i in (0, 1)])),
    ),
    FalseClaim(
        "E000-2",
        "A diagonal matrix added to a vector",
        printed=Claim(
            differentiated(own, b),
            Matrix(2, 2, lambda i, j: sp.KroneckerDelta(i, j) * own[i].diff(b[i]))
            + Matrix(2, 2, lambda i, j: (1 - sp.KroneckerDelta(i, j)) * Derivative(Fs[j](b[j]), b[j])),
        ),
        corrected=Claim(differentiated(own, b), sp.diag(*(own[i].diff(b[i]) for i in (0, 1)))),
        number=Number(
            "[[1.0, 1.0], [1.0, 1.0]]",
            "[[1.0, 0.0], [0.0, 1.0]]",
            at={Gs[0]: zero, Gs[1]: zero, Fs[0]: identity, Fs[1]: identity},
        ),
    ),
    FalseClaim(
        "E000-3",
        "Networks assumed to act entry by entry",
        printed=Claim(differentiated(first, b), sp.diag(*(first[i].diff(b[i]) for i in (0, 1)))),
        corrected=Claim(
            differentiated(first, b),
            sp.diag(*(exp(Gs[i](*b)) * a[i] for i in (0, 1))) * differentiated([G_i(*b) for G_i in Gs], b)
            + differentiated([F_i(*b) for F_i in Fs], b),
        ),
        number=Number(
            "[[0.0, 0.0], [0.0, 0.0]]",
            "[[0.0, 1.0], [1.0, 0.0]]",
            at={Gs[0]: zeros, Gs[1]: zeros, Fs[0]: Lambda((b1, b2), b2), Fs[1]: Lambda((b1, b2), b1)},
        ),
    ),
    FalseClaim(
        "E001-6",
        "A vanishing block read as the derivative of a variable by itself",
        printed=Claim(Derivative(x1, x1), 0),
        corrected=Claim(Derivative(x1, x1), 1),
        number=Number("0", "1"),
    ),
    FalseClaim(
        "E001-7",
        "Off-diagonal derivatives of the stacked vector said to vanish",
        printed=Claim(Derivative(y1, x2), 0),
        corrected=Claim(Derivative(y1, x2), exp(G(x2)) * x1 * Derivative(G(x2), x2) + Derivative(F(x2), x2)),
        number=Number("0.0", "1.0", at={F: identity, G: zero}),
    ),
    FalseClaim(
        "E000-4",
        "A vector function applied to one entry",
        printed=Claim(sp.Determinant(jacobian), exp(Gs[0](b1, 0) + Gs[1](0, b2) + t[0] + t[1])),
        corrected=Claim(sp.Determinant(jacobian), exp(log_det)),
        number=Number(
            "0.0",
            "2.0",
            at={b1: 1, b2: 2, Gs[0]: Lambda((b1, b2), b1 * b2), Gs[1]: zeros},
            of=(Gs[0](b1, 0) + Gs[1](0, b2), Gs[0](b1, b2) + Gs[1](b1, b2)),
        ),
    ),
    FalseClaim(
        "E000-5",
        "Never volume preserving, said without a condition",
        printed=Claim(sp.true, sp.Ne(exp(c + s), 1), "=>"),
        corrected=Claim(sp.Ne(exp(c + s), 1), sp.Ne(c + s, 0), "<=>"),
        number=Number("False", "True", at={c: 1, s: -1}, of=(sp.Ne(exp(c + s), 1), sp.Eq(exp(c + s), 1))),
    ),
    FalseClaim(
        "E001-8",
        "A sign of inequality scanned as an added one",
        printed=Claim(sp.Determinant(jacobian), exp(log_det) + 1),
        corrected=Claim(sp.Determinant(jacobian), exp(log_det)),
        number=Number("2.0", "1.0", at={Gs[0]: zeros, Gs[1]: zeros, t[0]: 1, t[1]: -1}),
    ),
    FalseClaim(
        "E001-9",
        "A determinant different from one, asserted and not derived",
        printed=Claim(sp.true, sp.Ne(exp(t[0] + t[1]), 1), "=>"),
        corrected=Claim(sp.Determinant(jacobian).subs({t[0]: -Gs[0](*b), t[1]: -Gs[1](*b)}), 1),
        number=Number("False", "True", at={c: 1, s: -1}, of=(sp.Ne(exp(c + s), 1), sp.Eq(exp(c + s), 1))),
    ),
]
