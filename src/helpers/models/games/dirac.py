r"""The Dirac-GAN: one real datum at 0, a generator that puts its datum at $\theta$, a linear discriminator $\psi x$.

Source: Mescheder, Geiger and Nowozin, "Which Training Methods for GANs do actually Converge?", ICML 2018.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from helpers.arguments import checked, scalar
from helpers.models.games.methods import check_number
from helpers.symbols import Notation

__all__ = ["DIRAC_VARIANTS", "dirac_gan_jacobian", "sigmoid_log_likelihood"]

_psi, _theta = Notation("training_methods")("psi theta")
_epsilon = sp.Symbol("epsilon", real=True)


@checked(t=scalar)
def sigmoid_log_likelihood(t: sp.Expr) -> sp.Expr:
    r"""$f(t) = -\log(1 + e^{-t})$, the log-probability that a logistic discriminator with logit $t$ says yes."""
    return -sp.log(1 + sp.exp(-t))


def _objective(f: Callable, noise: sp.Expr = sp.S.Zero) -> sp.Expr:
    r"""$L = f(\psi(\theta + \epsilon)) + f(-\psi\epsilon)$, before the expectation over the noise."""
    return f(_psi * (_theta + noise)) + f(-_psi * noise)


def _field(objective: sp.Expr) -> sp.Matrix:
    return sp.Matrix([sp.diff(objective, _psi), -sp.diff(objective, _theta)])


def _at_equilibrium(field: sp.Matrix) -> sp.Matrix:
    return field.jacobian([_psi, _theta]).subs({_psi: 0, _theta: 0}).applyfunc(sp.simplify)


def _plain() -> sp.Matrix:
    return _at_equilibrium(_field(_objective(sigmoid_log_likelihood)))


def _wgan() -> sp.Matrix:
    return _at_equilibrium(_field(_objective(lambda t: t)))


def _gradient_penalty(strength: sp.Expr) -> sp.Matrix:
    field = _field(_objective(sigmoid_log_likelihood))
    # The slope of the discriminator psi*x is psi everywhere; only the discriminator pays for it.
    return _at_equilibrium(field - sp.Matrix([sp.diff(strength * _psi**2 / 2, _psi), 0]))


def _instance_noise(std: sp.Expr) -> sp.Matrix:
    jacobian = _at_equilibrium(_field(_objective(sigmoid_log_likelihood, _epsilon)))
    # Each entry is a polynomial in the noise: E[eps] = 0 and E[eps^2] = std^2 are all that is needed.
    return jacobian.applyfunc(lambda entry: sp.expand(entry).subs(_epsilon**2, std**2).subs(_epsilon, 0))


def _consensus(strength: sp.Expr) -> sp.Matrix:
    field = _field(_objective(sigmoid_log_likelihood))
    disagreement = (field.T * field)[0] / 2
    slope = sp.Matrix([sp.diff(disagreement, _psi), sp.diff(disagreement, _theta)])
    return _at_equilibrium(field - strength * slope)


_BUILDERS: dict[str, tuple[Callable[..., sp.Matrix], str | None]] = {
    "plain": (_plain, None),
    "wgan": (_wgan, None),
    "gradient_penalty": (_gradient_penalty, "strength"),
    "instance_noise": (_instance_noise, "std"),
    "consensus": (_consensus, "strength"),
}

DIRAC_VARIANTS: dict[str, str | None] = {name: parameter for name, (_, parameter) in _BUILDERS.items()}
"""Name of each variant and of the parameter that it takes, or None."""


def dirac_gan_jacobian(variant: str, **parameters) -> sp.Matrix:
    r"""Jacobian, shape (2, 2), of the field $(\partial_\psi L, -\partial_\theta L)$ at the equilibrium $(0, 0)$.

    The state is $(\psi, \theta)$: the discriminator first, as in the bilinear game. `variant` is ``"plain"``,
    ``"wgan"`` ($f(t) = t$), ``"gradient_penalty"`` ($\frac{\gamma}{2}\psi^2$, `strength` $\gamma$),
    ``"instance_noise"`` (Gaussian noise of standard deviation `std` on both data) or ``"consensus"``
    (`strength`). Parameters are numbers, 0 or greater, or SymPy expressions. Raises `ValueError` for an
    unknown variant, a parameter that is missing, unknown, negative or not finite.
    """
    if not isinstance(variant, str) or variant not in _BUILDERS:
        raise ValueError(f"variant: got {variant!r}, expected one of {', '.join(_BUILDERS)}")
    build, parameter = _BUILDERS[variant]
    if set(parameters) != {parameter} - {None}:
        need = f"the parameter {parameter}" if parameter else "no parameter"
        came = ", ".join(sorted(parameters)) or "none"
        raise ValueError(f"parameters: got {came}; the variant {variant!r} takes {need}")
    return build(*(check_number(name, value, negative=False) for name, value in parameters.items()))
