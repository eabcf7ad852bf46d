"""One right call of every public function and method; from its arguments the wrong ones are made."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
import torch

import helpers.widgets as widgets
from helpers import building, checks, codegen, devices, notation, notebook, plotting, progress, proof, symbols
from helpers.models import (
    amortization,
    autoencoder,
    autoregressive,
    bounds,
    convolution,
    coupling,
    densities,
    determinants,
    divergences,
    estimators,
    flows,
    games,
    gaussians,
    initialization,
    invertible,
    invertible_convolution,
    linear_gaussian,
    masked_convolution,
    projection,
    stability,
)
from helpers.models.flows import line, solvers
from helpers.models.masked_convolution import GatedLayer, Layer

__all__ = ["CALLS", "Call"]


@dataclass(frozen=True)
class Call:
    """A right call: `arguments` by name; those of `*name` are given one by one, in place."""

    function: Callable
    arguments: dict[str, Any]

    def __call__(self, changed: dict[str, Any] | None = None) -> Any:
        given = self.arguments | (changed or {})
        function = self.function
        if isinstance(getattr(function, "__self__", None), proof.Derivation):  # a step changes it
            function = getattr(copy.deepcopy(function.__self__), function.__name__)
        places: list = []
        if any(name.startswith("*") for name in given):  # what comes before it has a place, too
            for name in list(given):
                value = given.pop(name)
                places += value if name.startswith("*") else [value]
        return function(*places, **given)


CALLS: list[Call] = []


def call(function: Callable, /, **arguments: Any) -> None:
    CALLS.append(Call(function, arguments))


_source = torch.Generator().manual_seed(1)


def normal(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=_source, dtype=torch.float64)


def positive(*shape: int) -> torch.Tensor:
    return normal(*shape).abs() + 0.5


def law(*shape: int) -> torch.Tensor:
    return normal(*shape).softmax(-1)


def factor(*shape: int) -> torch.Tensor:
    """Cholesky factors."""
    return normal(*shape, shape[-1]).tril(-1) / shape[-1] + torch.diag_embed(positive(*shape))


def random() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def tensor(values: Any) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


x, y, z = sp.symbols("x y z", real=True)
a, b = sp.symbols("a b", positive=True)
n, m = sp.symbols("n m", positive=True, integer=True)
c = sp.Symbol("c")
half = sp.Rational(1, 2)

# --- helpers itself ---

call(building.is_building)
call(devices.available)
call(devices.preferred)
call(devices.supports_float64, device=torch.device("cpu"))
call(notebook.glue, name="radius", variable=2.5, display=True)

call(checks.jacobian, function=lambda v: torch.stack([v[0] * v[1], v.sum()]), x=normal(4, 3), mode="forward")
call(
    checks.monte_carlo,
    sample=lambda k, g: torch.rand(k, 2, generator=g),
    n=20,
    confidence=0.9,
    generator=random(),
)
call(
    checks.monte_carlo(lambda k, g: torch.rand(k, 2, generator=g), 20, generator=random()).contains,
    value=tensor([0.5, 0.5]),
)

call(codegen.to_numpy, expr=sp.exp(x) * y, symbols=[x, y])
call(codegen.to_torch, expr=sp.Matrix([x + y, sp.sqrt(x**2)]), symbols=[x, y])
call(codegen.to_javascript, expr=x**2 + y, symbols=[x, y], name="value")
call(notation.to_latex, expr=sp.exp(x) / y, as_written=True)
call(notation.one_line, expression=sp.exp(x) / y, as_written=True)
call(notation.plain_name, text="theta_1")
call(notation.is_compound, condition=sp.And(x > 0, y > 0))

call(plotting.color, role="ink")
call(plotting.style)
call(plotting.figure, alt="a line", width=3.0, height=2.0, caption="rises")
call(
    plotting.render,
    drawn=__import__("matplotlib.figure").figure.Figure(figsize=(2, 2)),
    alt="nothing",
    caption="here",
)
call(progress.track, items=range(3), label="Counting", total=3, unit="step")
call(progress.bar, label="Counting", total=3, unit="step")

call(symbols.Notation, chapter="games")
call(symbols.Notation("games").__call__, codes="eta lam")
call(symbols.Notation("games").local, names="x_1 y_1", shape=(2, 3))
call(symbols.Notation("games").local, names="x_1 y_1", real=True)
call(symbols.Notation("games").function, names="p q", real=True)
call(symbols.by_chapter, entries=symbols.ENTRIES[:3])
call(symbols.table, entries=symbols.ENTRIES[:3])
call(symbols.merged, entries={"games": symbols.ENTRIES[:2]})

# --- proof ---

call(proof.decide, lhs=x**2 + y**2, rhs=2 * x * y, relation=">=", domain=x > 0, points=5)
call(proof.decide, lhs=sp.Matrix([x, 0]), rhs=sp.Matrix([x, 0]))
call(
    proof.claim,
    title="A square",
    lhs=(x + 1) ** 2,
    rhs=x**2 + 2 * x + 1,
    relation="==",
    domain=x > 0,
    claim_id="a-square",
)
call(
    proof.refute, title="No square", lhs=(x + 1) ** 2, rhs=x**2 + 1, relation="==", domain=x > 0, erratum=None
)
call(
    proof.find_flaw,
    steps=[(x + 1) ** 2, x**2 + 2 * x + 1, x**2 + 1],
    domain=x > 0,
    title="A sum",
    erratum=None,
)
call(
    proof.mistake,
    erratum="E001-1",
    title="A sign",
    fault="error",
    instead="It is plus.",
    quantity="the sum",
    printed=half,
    right=sp.Integer(2),
)
_derivation = proof.Derivation("Squares", (x + 1) ** 2, claim_id="squares")
call(
    proof.Derivation,
    title="Squares",
    start=(x + 1) ** 2,
    claim_id="squares",
    domain=x > 0,
    where={y: x**2},
)
call(_derivation.equals, expression=x**2 + 2 * x + 1, why="expand", by=None)
call(_derivation.at_most, expression=x**2 + 2 * x + 1, why="expand")
call(_derivation.at_least, expression=x**2 + 2 * x + 1, why="expand")
call(_derivation.less_than, expression=x**2 + 2 * x + 3, why="add")
call(_derivation.greater_than, expression=x**2 + 2 * x - 3, why="subtract")
call(_derivation.equals_up_to_constant, expression=x**2 + 2 * x, symbol=x, why="drop it")
call(
    _derivation.equals_in_expectation, expression=x**2 + 2 * x + 1, law=proof.Gaussian(x, 0, 1), why="expand"
)
call(proof.Derivation("Signs", sp.Gt(x, 0)).equivalent_to, condition=sp.Gt(2 * x, 0), why="double")
_lemma = proof.Lemma("A lemma", "It holds.", "Somebody (1900)", lambda: True)
call(_derivation.cites, lemma=_lemma, expression=x**2 + 2 * x + 1, why="expand", relation="==")
call(_derivation.compact)
call(_derivation.latex)
call(_derivation.to_dict)
call(proof.Lemma, name="A lemma", statement="It holds.", reference="Somebody (1900)", check=lambda: True)
call(proof.Gaussian, variable=x, mean=y, std=a)
call(proof.MultivariateGaussian, variables=[x, y], mean=[0, 1], scale=sp.Matrix([[1, 0], [half, 2]]))
call(proof.Density, variable=x, density=sp.exp(-x), low=0, high=sp.oo)
call(proof.Density.unchecked, variable=x, density=sp.exp(-x), low=0, high=sp.oo)
call(proof.Finite, variable=x, probabilities={0: half, 1: half})
call(proof.Independent, **{"*laws": (proof.Gaussian(x, 0, 1), proof.Gaussian(y, 0, 1))})
for _law in (
    proof.Gaussian(x, 0, 1),
    proof.MultivariateGaussian([x, y], [0, 1], sp.eye(2)),
    proof.Density(x, sp.exp(-x), 0, sp.oo),
    proof.Finite(x, {0: half, 1: half}),
    proof.Independent(proof.Gaussian(x, 0, 1), proof.Gaussian(y, 0, 1)),
):
    call(_law.renamed, names={x: z})
    call(proof.log_density, law=_law)
_mean = proof.Expectation(x**2 + a * x, proof.Gaussian(x, 0, 1))
call(proof.Expectation, body=x**2 + a * x, law=proof.Gaussian(x, 0, 1))
call(_mean.renamed, names={x: z})
call(_mean.canonical)
call(_mean.doit)
call(_mean.as_integral)
call(proof.by_linearity, expression=_mean)
call(
    proof.by_independence,
    expression=proof.Expectation(x * y, proof.Independent(proof.Gaussian(x, 0, 1), proof.Gaussian(y, 0, 1))),
)
call(proof.factor_out, expression=proof.Expectation(a * x, proof.Gaussian(x, 0, 1)))
call(
    proof.change_variables,
    expectation=proof.Expectation(x, proof.Gaussian(x, 0, 1)),
    new=z,
    inverse=2 * z,
    low=-sp.oo,
    high=sp.oo,
)
call(proof.reparameterize, expression=proof.Expectation(x**2, proof.Gaussian(x, y, a)), **{"*noise": ()})
call(proof.decide(x**2, -1, "<").describe_counterexample)

# --- models: tools, games ---

_matrix = [[2, 1], [1, 3]]
call(determinants.by_diagonal, matrix=_matrix)
call(determinants.by_elimination, matrix=_matrix)
call(determinants.by_leibniz, matrix=_matrix)
call(determinants.by_rank_one, u=[1, 2], v=[3, 4])
call(determinants.count_operations, function=determinants.by_elimination, **{"*arguments": (_matrix,)})
call(determinants.determinant_cost, method="elimination", size=n)
call(projection.clip, value=x, lower=0, upper=1)
call(projection.project_onto_box, y=normal(3, 2), lower=0.0, upper=1.0)
call(projection.project_onto_box, y=normal(3, 2), lower=-positive(2), upper=positive(2))
call(
    projection.project_onto_masked_box,
    y=normal(3, 2),
    mask=torch.tensor([True, False]),
    fixed=normal(2),
    lower=0.0,
    upper=1.0,
)
call(projection.project_onto_segment, y=normal(3, 2), a=0.5)
call(
    projection.projected_gradient_descent,
    gradient=lambda v: 2 * v,
    start=normal(3, 2),
    learning_rate=0.1,
    steps=3,
    project=lambda v: v.clamp(0, 1),
)
call(stability.schur_cohn_conditions, linear=x, constant=y)
call(stability.hurwitz_conditions, polynomial=c**2 + a * c + b, variable=c)
call(stability.hurwitz_disagreements, count=3, seed=1)

call(games.iteration_matrix, method="alternating", learning_rate=a)
call(games.iteration_matrix, method="penalty", learning_rate=a, strength=b)
call(games.characteristic_polynomial, method="alternating", learning_rate=a, variable=c)
call(games.converges, method="consensus", learning_rate=a, strength=half)
call(games.spectral_radius, method="penalty", learning_rate=0.1, strength=0.5)
call(games.simulate, method="alternating", start=normal(3, 2), learning_rate=0.1, steps=3)
call(
    games.simulate, method="penalty", start=normal(3, 2), learning_rate=positive(3) / 9, steps=3, strength=0.5
)
call(games.train, method="consensus", start=normal(3, 2), learning_rate=0.1, steps=2, strength=0.5)
call(games.dirac_gan_jacobian, variant="gradient_penalty", strength=a)
call(games.sigmoid_log_likelihood, t=x)

# --- models: densities, flows ---

call(densities.density_at_image, density=sp.exp(-(x**2)), variables=x, image=2 * x)
call(densities.density_at_point, density=sp.exp(-(x**2)), variables=x, inverse=y / 2, point=y)
call(densities.standard_normal_density, point=[x, y])
call(densities.normal_density, point=x, mean=y, scale=a)
call(densities.normal_density_with_scale, point=[x, y], mean=[0, 0], matrix=sp.Matrix([[1, 0], [half, 2]]))
call(densities.affine_map, point=[x, y], shift=[0, 1], matrix=sp.Matrix([[1, 0], [half, 2]]))
call(densities.affine_inverse, point=[x, y], shift=[0, 1], matrix=sp.Matrix([[1, 0], [half, 2]]))
call(densities.change_of_variables_gap, points=9, half_width=6.0)
call(densities.DiagonalAffine, shift=normal(3), scale=positive(3))
call(densities.Affine, shift=normal(3), matrix=factor(3), lower_triangular=True)
call(densities.normal_log_density, x=normal(4, 3), shift=normal(3), matrix=factor(3))
call(densities.triangular_scale, matrix=normal(4, 3, 3))

call(line.relu, x=x)
call(line.leaky_relu, x=x, slope=a)
call(line.sigmoid, x=x)
call(line.logit, p=a)
call(line.logistic_density, y=y)
call(line.residual_sine, z=z, strength=half)
_mixture = {"weights": [half, half], "scales": [1, 2], "shifts": [0, 1]}
for _function in (
    line.mixture,
    line.sigmoid_mixture,
    line.sigmoid_mixture_slope,
    line.left_asymptote,
    line.right_asymptote,
):
    call(_function, z=z, **_mixture)
call(line.bracket, y=y, scales=[1, 2], shifts=[0, 1])
call(
    solvers.bisection,
    function=lambda v: v + v**3,
    target=normal(4),
    low=tensor(-9.0),
    high=tensor(9.0),
    steps=60,
)
call(
    solvers.fixed_point,
    function=lambda v: torch.cos(v) / 2,
    start=normal(4),
    steps=60,
    tolerance=1e-9,
    event_dims=0,
)
call(solvers.fixed_point_path, function=torch.sin, start=normal(4), steps=3)
call(
    solvers.newton_step,
    value_and_slope=lambda v: (v + v**3, 1 + 3 * v**2),
    solution=normal(4),
    target=normal(4),
)
call(flows.radial_stretch, r=a, alpha=b, beta=half)
call(flows.radial_distance, r=a, alpha=b, beta=half)
call(flows.radial_slope, r=a, alpha=b, beta=half)
call(flows.radial_preimage, rho=a, alpha=b, beta=half)
call(flows.radial_determinant, r=a, alpha=b, beta=half, dimension=n)
call(flows.planar_determinant, slope=x, inner_product=y)
call(flows.inner_product_repaired, inner_product=x)
call(flows.repaired_direction, u=sp.Matrix([x, y]), w=sp.Matrix([1, 2]))
call(flows.log_determinant_term, trace=x, k=3)
call(flows.truncation_bound, dimension=n, lipschitz=half, terms=3)
call(
    flows.ContractiveResidual,
    weights=[normal(4, 3), normal(3, 4)],
    biases=[normal(4), normal(3)],
    lipschitz=0.5,
)
call(flows.ContractiveResidual.random, dimension=3, width=4, lipschitz=0.5, generator=random())
call(flows.PlanarFlow, w=positive(3), u=positive(3), b=0.5)
call(flows.PlanarFlow.repaired, w=positive(3), u=-positive(3), b=0.5)
call(flows.RadialFlow, center=normal(3), alpha=1.0, beta=0.5)
call(flows.ResidualMap, function=lambda v: torch.sin(v) / 4, lipschitz=0.25, event_shape=(3,))
call(flows.SigmoidMixture, weights=law(3, 2), scales=positive(3, 2), shifts=normal(3, 2))
_contractive = flows.ContractiveResidual([normal(4, 3), normal(3, 4)], [normal(4), normal(3)], 0.5)
call(_contractive.residual, x=normal(4, 3))
call(_contractive.jacobian, x=normal(4, 3))
call(_contractive.log_det_series, x=normal(4, 3), terms=3)
call(_contractive.truncation_bound, terms=3)
call(_contractive.hutchinson_series, x=normal(4, 3), terms=3, generator=random())
call(_contractive.russian_roulette, x=normal(4, 3), generator=random(), continue_probability=0.5)

# --- models: invertible maps ---

call(invertible.Permutation, order=[1, 2, 0])
call(
    invertible.Composition,
    **{"*maps": (invertible.Permutation([1, 2, 0]), invertible.Permutation([2, 1, 0]))},
)
call(invertible.check_points, name="x", points=normal(4, 3), event_shape=(3,))
call(invertible.check_form, name="x", points=normal(4, 3), event_shape=(3,))
call(invertible.check_finite, name="x", values=normal(4, 3))
call(invertible.all_finite, values=normal(4, 3))
call(invertible.holds, condition=torch.tensor(True))
call(invertible.looks)
call(invertible.unchecked)
call(invertible.Permutation([1, 2, 0]).as_transform)
call(coupling.AffineCoupling, translation=torch.sin, log_scale=torch.cos, s=normal(2))
call(coupling.MaskedCoupling, indices=[2, 0], log_scale=torch.sin, translation=torch.cos, size=4)
call(coupling.ResidualReversibleBlock, F=torch.sin, G=torch.cos, size=4)
_block = coupling.ResidualReversibleBlock(torch.sin, torch.cos, size=4)
call(coupling.reversible_sequence, blocks=[_block, _block], x=normal(4, 4).requires_grad_())
for _function in (
    coupling.block_jacobian,
    coupling.forward,
    coupling.inverse,
    coupling.inverse_block_jacobian,
    coupling.log_determinant,
    coupling.variables,
):
    call(_function, h=2, elementwise=True)
for _map in (
    coupling.AffineCoupling(torch.sin, torch.cos, normal(2)),
    coupling.MaskedCoupling([2, 0], torch.sin, torch.cos, size=4),
    _block,
    densities.Affine(normal(4), factor(4)),
    densities.DiagonalAffine(normal(4), positive(4)),
    invertible.Permutation([1, 2, 0, 3]),
    invertible.Composition(_block, invertible.Permutation([1, 2, 0, 3])),
    flows.PlanarFlow(positive(4), positive(4), 0.5),
    flows.RadialFlow(normal(4), 1.0, 0.5),
    flows.ResidualMap(lambda v: torch.sin(v) / 4, 0.25, event_shape=(4,)),
    flows.SigmoidMixture(law(4, 2), positive(4, 2), normal(4, 2)),
    flows.ContractiveResidual([normal(5, 4), normal(4, 5)], [normal(5), normal(4)], 0.5),
):
    call(_map.forward, x=normal(3, 4))
    call(_map.inverse, y=normal(3, 4))

call(invertible_convolution.PLUConvolution, channels=3, permutation=[1, 2, 0], sign=[1, -1, 1])
call(invertible_convolution.PLUConvolution.from_matrix, matrix=factor(3))
call(invertible_convolution.PLUConvolution.random_rotation, channels=3, generator=random())
call(
    invertible_convolution.ConditionalPLUConvolution,
    channels=2,
    conditioner=lambda v: v.mean((-2, -1)).repeat(1, 2),
    permutation=[1, 0],
    sign=[1, -1],
    per_pixel=False,
)
_convolution = invertible_convolution.PLUConvolution.from_matrix(factor(3))
_conditional = invertible_convolution.ConditionalPLUConvolution(
    2, lambda v: v.mean((-2, -1)).repeat(1, 2)
).double()
call(_convolution.matrix)
call(_convolution.forward, x=normal(3, 3, 2, 2))
call(_convolution.inverse, y=normal(3, 3, 2, 2))
call(_conditional.entries, first=normal(3, 2, 2, 2))
call(_conditional.forward, x=normal(3, 4, 2, 2))
call(_conditional.inverse, y=normal(3, 4, 2, 2))
call(invertible_convolution.additions_and_logarithms, size=n)
call(invertible_convolution.elimination_operations, size=n)
call(invertible_convolution.conditional_layer, channels=1, pixels=2, per_pixel=True)
call(invertible_convolution.flatten, image=sp.Matrix([[1, 2], [3, 4]]), order="row_major")
call(
    invertible_convolution.layer_jacobian,
    matrix=sp.Matrix([[1, x], [0, 1]]),
    pixels=2,
    input_order="row_major",
    output_order="row_major",
)
call(invertible_convolution.permutation_matrix, order=[1, 2, 0])
call(invertible_convolution.plu_factors, size=2, permutation=[1, 0])
call(invertible_convolution.plu_matrix, size=2, permutation=[1, 0])

# --- models: gaussians, divergences, gradients ---

call(
    gaussians.kl_divergence,
    mean_q=normal(4, 3),
    scale_tril_q=factor(4, 3),
    mean_p=normal(3),
    scale_tril_p=factor(3),
)
call(gaussians.kl_to_standard_normal, mean=normal(4, 3), scale=positive(4, 3))
call(gaussians.cholesky_factor, covariance=torch.diag_embed(positive(4, 3)))
call(gaussians.diagonal_projection, scale_tril=factor(4, 3), direction="forward")
_covariance = sp.Matrix([[2, half], [half, 1]])
call(gaussians.diagonal_variances, covariance=_covariance, direction="reverse")
for _function in (gaussians.divergence, gaussians.divergence_terms):
    call(_function, mean_q=[x, 0], covariance_q=_covariance, mean_p=[0, y], covariance_p=sp.eye(2))
call(gaussians.divergence_to_standard_normal, mean=x, scale=a)
call(gaussians.fisher_metric, scale=a)
call(
    gaussians.mean_of_quadratic,
    polynomial=x**2 + x * y,
    variables=[x, y],
    mean=[0, 1],
    covariance=_covariance,
)
call(gaussians.scalar_divergence, mean_q=x, scale_q=a, mean_p=y, scale_p=b)
call(divergences.chain_rule, q=law(6).reshape(2, 3), p=law(6).reshape(2, 3))
call(divergences.f_divergence, q=law(4, 3), p=law(3), name="reverse_kl")
call(divergences.kl_divergence, q=law(4, 3), p=law(3))
call(divergences.mass_on_support, q=law(4, 3), p=law(3))
call(divergences.total_correlation, table=law(4, 6).reshape(4, 2, 3), coordinates=2)
call(divergences.cross_term, mean=x, rho_q=half, rho_p=c)
call(divergences.pair_divergence, mean=x, rho_q=half, rho_p=c)
call(divergences.total_correlation_of_pair, rho=half)
call(divergences.finite_divergence, q=[half, half], p=[a, 1 - a])
call(divergences.generator, name="kl", ratio=a)
call(divergences.tangent, ratio=a, touch=1)
call(divergences.tangent_gap, ratio=a, touch=1)

_ratio = estimators.log_ratio_integrand(lambda v: -(v**2).sum() / 2, estimators.gaussian(1))
_parameters = (normal(3), positive(3))
call(
    estimators.Family,
    log_density=lambda v, rate: -v,
    sample=lambda v, rate: v,
    parameter_dims=(0,),
    draw_dim=0,
    check=lambda *_: None,
)
call(estimators.gaussian, dim=1)
call(estimators.categorical)
call(estimators.log_ratio_integrand, log_target=lambda v: -(v**2), family=estimators.gaussian(0))
call(
    estimators.reparameterized_gradient,
    integrand=_ratio,
    parameters=_parameters,
    noise=normal(4, 3),
    family=estimators.gaussian(1),
)
call(
    estimators.path_gradient,
    integrand=_ratio,
    parameters=_parameters,
    noise=normal(4, 3),
    family=estimators.gaussian(1),
)
call(
    estimators.score_function_gradient,
    integrand=_ratio,
    parameters=_parameters,
    draws=normal(4, 3),
    family=estimators.gaussian(1),
    baseline=0.5,
    explicit=True,
)
call(
    estimators.score_function_gradient,
    integrand=lambda v, *_: v + 1.0,
    parameters=normal(3),
    draws=torch.tensor([0, 2, 1, 1]),
    family=estimators.categorical(),
    baseline=normal(4),
    explicit=False,
)
call(estimators.leave_one_out_baseline, values=normal(4), dim=0)
call(estimators.estimator, name="path", epsilon=x, mu=y, sigma=a)
call(estimators.log_ratio, epsilon=x, mu=y, sigma=a)
call(estimators.optimal_baseline, mu=y, sigma=a)
call(estimators.divergence_gradient, mu=y, sigma=a)
call(estimators.score, epsilon=x, sigma=a)
call(estimators.variance, name="path", mu=y, sigma=a)
call(estimators.wave_estimator, name="score", epsilon=x, mu=y, sigma=a, omega=b)
call(estimators.wave_variance, name="score", mu=y, sigma=a, omega=b)
call(estimators.wave_gradient, mu=y, sigma=a, omega=b)
call(estimators.wave_optimal_baseline, mu=y, sigma=a, omega=b)

# --- models: bounds, amortisation, linear-Gaussian, autoencoder ---

for _function in (
    bounds.elbo,
    bounds.importance_weighted_bound,
    bounds.normalized_weights,
    bounds.doubly_reparameterized_bound,
):
    call(_function, log_weights=normal(3, 4), dim=-1)
call(bounds.resample, log_weights=normal(3, 4), dim=-1, generator=random())
call(bounds.ladder, log_joint=normal(2, 3), log_proposal=law(2, 3).log(), samples=3)
call(
    bounds.bound_on_a_line, log_weight=lambda v: -v.square() / 4, mean=0.5, scale=1.0, samples=3, device="cpu"
)
call(
    bounds.resampled_density_on_a_line,
    points=normal(4),
    log_weight=lambda v: -v.square() / 4,
    mean=0.5,
    scale=1.0,
    samples=3,
)
call(
    bounds.importance_weighted_gradients,
    log_joint=lambda v, theta: -((v - theta).square().sum(-1)) - v.square().sum(-1),
    parameter=normal(2),
    mean=normal(2),
    scale=positive(2),
    noise=normal(3, 4, 2),
    estimator="score_function",
)
call(bounds.log_normal_density, point=x, mean=y, scale=a)
call(bounds.entropy, scale=a)
call(bounds.e_step, theta=x, x=y, tau=a)
call(bounds.m_step, mu=x, x=y)
call(bounds.em_rate, tau=a)
call(bounds.em_iterates, start=x, x=y, steps=2, tau=a)
call(bounds.FiniteModel, prior=[half, half], likelihood=[a, b])
_finite = bounds.FiniteModel([half, half], [a, b])
for _function in (_finite.log_weights, _finite.bound, _finite.divergence):
    call(_function, proposal=[half, half])
call(bounds.FiniteProblem, proposal=[half, half], weights=[sp.Rational(4, 5), sp.Rational(1, 5)], samples=2)
_problem = bounds.FiniteProblem([half, half], [sp.Rational(4, 5), sp.Rational(1, 5)], samples=2)
call(_problem.outcomes, draws=2)
call(_problem.probability, outcome=(0, 1))
call(_problem.expectation, value=lambda drawn: sum(drawn), draws=2)
call(_problem.estimate, outcome=(0, 1))
call(_problem.bound)
call(_problem.elbo, density=[half, half])
call(_problem.unnormalized, others=(0,))
call(_problem.elbo_given, others=(0,))
call(_problem.inverse_estimate, state=0)
call(_problem.resampled)
call(_problem.kept)
call(bounds.GaussianModel, x=x, scale=a, shift=y)
_gaussian = bounds.GaussianModel(x, a, y)
for _function in (_gaussian.log_likelihood, _gaussian.log_joint, _gaussian.log_posterior):
    call(_function, z=z)
call(_gaussian.log_weight, z=z, mu=y, sigma=b)
for _function in (
    _gaussian.reconstruction,
    _gaussian.energy,
    _gaussian.divergence_to_prior,
    _gaussian.divergence,
    _gaussian.bound,
):
    call(_function, mu=y, sigma=b)
call(_gaussian.estimator, z=z, mu=y, sigma=b, splitting="evidence")
call(_gaussian.estimator_variance, mu=y, sigma=b, splitting="evidence")

call(
    amortization.mean_field_divergence,
    mean=[x, y],
    scale=[a, b],
    posterior_mean=[0, 0],
    precision=_covariance,
)
call(amortization.amortization_gap, mean=[x, y], scale=[a, b], posterior_mean=[0, 0], precision=_covariance)
call(amortization.mean_field_gap, precision=_covariance)
call(amortization.contraction, learning_rate=a, precision=_covariance)
call(amortization.steps_to_tolerance, error=1, factor=half, tolerance=sp.Rational(1, 10))
_sizes = {"encoder": [n, 4, 2], "decoder": [2, 4, n]}
call(amortization.amortized_cost, data=n, training_steps=m, **_sizes)
call(amortization.cost_crossing, steps=20, training_steps=m, encoder=[9, 4, 2], decoder=[2, 4, 9])
call(amortization.instance_cost, data=n, steps=m, decoder=[2, 4, n])
call(amortization.step_multiplications, decoder=[2, 4, n])
call(amortization.training_multiplications, **_sizes)
call(amortization.multiplication_count, widths=[n, 4, 2])
call(amortization.parameter_count, widths=[n, 4, 2])
call(amortization.break_even, parameters=n, numbers_per_datum=m)
call(amortization.perceptron, widths=[3, 4, 2])
call(amortization.count_parameters, module=torch.nn.Linear(2, 3))
call(
    amortization.datum_gaps, mean_q=normal(4, 3), scale_q=positive(4, 3), mean=normal(3), scale_tril=factor(3)
)
call(
    amortization.gradient_ascent,
    start=normal(4, 2),
    mean=normal(2),
    precision=factor(2),
    learning_rate=0.1,
    steps=3,
)
call(amortization.PolynomialEncoder, coefficients=normal(2, 2), blind=False)
call(amortization.PolynomialEncoder.fit, x=normal(5), targets=normal(5, 2), degree=1, blind=True)
call(amortization.PolynomialEncoder(normal(2, 2)).forward, x=normal(5))

call(linear_gaussian.evidence_covariance, weight=sp.Matrix([1, 2]), noise=a)
call(linear_gaussian.log_evidence, x=[x, y], weight=sp.Matrix([1, 2]), noise=a)
call(linear_gaussian.log_joint, x=[x, y], z=[z], weight=sp.Matrix([1, 2]), noise=a)
call(linear_gaussian.posterior, x=[x, y], weight=sp.Matrix([1, 2]), noise=a)
call(linear_gaussian.scalar_bound, x=x, weight=y, noise=a, mean=z, scale=b)
call(linear_gaussian.probabilistic_pca, covariance=torch.diag_embed(positive(4, 3)), latent_size=1)
call(linear_gaussian.LinearGaussian, weight=normal(4, 2), shift=normal(4), noise=positive(4))
_model = linear_gaussian.LinearGaussian(normal(4, 2), normal(4), positive(4))
call(_model.log_evidence, x=normal(3, 4))
call(_model.posterior, x=normal(3, 4))
call(_model.log_joint, x=normal(3, 4), z=normal(3, 2))
call(_model.sample, n=3, generator=random())

call(autoencoder.GaussianAutoencoder, data_size=2, latent_size=1, hidden=4, noise=1.0)
_autoencoder = autoencoder.GaussianAutoencoder(2, 1, hidden=4).double()
call(_autoencoder.encode, x=normal(3, 2))
call(_autoencoder.decode, z=normal(3, 1))
call(_autoencoder.log_joint, x=normal(3, 2), z=normal(3, 1))
call(_autoencoder.bound, x=normal(3, 2), epsilon=normal(3, 1))
call(_autoencoder.log_weights, x=normal(3, 2), samples=5, generator=random())
_log_joint = lambda v: -v.square() - (v - 1).square() / 2  # noqa: E731
call(autoencoder.bound_by_quadrature, log_joint=_log_joint, mean=normal(4), log_scale=normal(4))
call(autoencoder.log_evidence_by_quadrature, log_joint=_log_joint, reach=7.0, points=41, like=normal(4))
call(autoencoder.refine, log_joint=_log_joint, mean=normal(4), log_scale=normal(4), steps=3)
call(autoencoder.log_joint, x=[x, y], decoded=[0, z], z=z, log_noise=0)
call(autoencoder.log_normal, value=x, mean=y, log_scale=z)
call(autoencoder.proposal_score, z=z, mean=x, log_scale=y)

# --- models: convolution, masks, images, initialisation ---

_run = convolution.forward(
    normal(3, 6), [normal(3), normal(2)], biases=[normal(), normal()], activation=torch.tanh
)
call(
    convolution.forward,
    x=normal(3, 6),
    kernels=[normal(3), normal(2)],
    biases=[normal(), normal()],
    activation=torch.tanh,
)
call(convolution.forward, x=sp.Matrix([x, y, z]), kernels=[sp.Matrix([a, b])], biases=[c], activation=sp.tanh)
call(convolution.backpropagate, run=_run, cotangent=normal(3, 3))
call(convolution.backward_matrix, run=_run, layer=1)
call(convolution.bias_jacobian, run=_run, layer=1, shared=True)
call(convolution.weight_jacobian, run=_run, layer=1)
call(convolution.input_jacobian, run=_run)
call(convolution.toeplitz, w=normal(3), n=6, stride=2, padding=1, dilation=1)
call(convolution.toeplitz, w=sp.Matrix([a, b]), n=4, stride=2, padding=1, dilation=1)
call(convolution.hankel, y=normal(3, 6), f=2, stride=2, padding=1, dilation=1)
call(convolution.hankel, y=sp.Matrix([x, y, z]), f=2, stride=1, padding=1, dilation=1)
call(convolution.transposed_convolution, v=normal(3, 4), w=normal(3))
call(convolution.transposed_convolution, v=sp.Matrix([x, y]), w=sp.Matrix([a, b]))
_steps = {"stride": 2, "padding": 1, "dilation": (1, 1)}
call(convolution.conv2d, x=normal(3, 2, 5, 5), weight=normal(3, 2, 3, 3), bias=normal(3), **_steps)
call(
    convolution.input_gradient, cotangent=normal(3, 3, 3, 3), weight=normal(3, 2, 3, 3), size=(5, 5), **_steps
)
call(
    convolution.weight_gradient,
    x=normal(3, 2, 5, 5),
    cotangent=normal(3, 3, 3, 3),
    kernel_size=(3, 3),
    **_steps,
)
call(convolution.bias_gradient, cotangent=normal(3, 3, 3, 3))
call(
    convolution.correlate_images,
    x=np.arange(9).reshape(1, 1, 3, 3),
    weight=np.ones((1, 1, 2, 2), dtype=int),
    stride=1,
    padding=1,
    dilation=1,
)
call(convolution.output_size, size=7, kernel_size=3, stride=2, padding=1, dilation=1)
call(convolution.output_padding, size=7, kernel_size=3, stride=2, padding=1, dilation=1)
call(convolution.overlap_counts, kernel_size=3, stride=2, positions=4)
call(convolution.interior_counts, kernel_size=3, stride=2)

_layer, _gated = Layer(3, "A"), GatedLayer(3, "B")
call(Layer, kernel_size=3, mask="A", orientation="raster", dilation=1, stride=1, padding=1, flipped=False)
call(GatedLayer, kernel_size=3, mask="A", orientation="raster", dilation=1)
call(masked_convolution.taps, layer=_layer)
call(masked_convolution.layer_offsets, layer=_layer)
call(masked_convolution.gated_offsets, layer=_gated)
call(masked_convolution.mask, layer=_layer, device="cpu")
call(masked_convolution.output_shape, layers=[_layer, _layer], shape=(3, 4))
call(masked_convolution.receptive_field, layers=[_layer, _gated], shape=(3, 4), pixel=(2, 2), device="cpu")
call(masked_convolution.receptive_fields, layers=[_layer, _gated], shape=(3, 4), device="cpu")
call(masked_convolution.path_counts, layers=[_layer, _gated], shape=(3, 4), pixel=(2, 2), device="cpu")
call(
    masked_convolution.MaskedConv2d, layer=_layer, in_channels=2, out_channels=4, channel_groups=2, bias=True
)
call(masked_convolution.MaskedConv2d(_layer, 2, 4).double().forward, x=normal(3, 2, 4, 4))
call(masked_convolution.GatedConv2d, layer=_gated, in_channels=2, out_channels=4)
call(
    masked_convolution.GatedConv2d(_gated, 2, 4).double().forward,
    features=(normal(3, 2, 4, 4), normal(3, 2, 4, 4)),
)
call(masked_convolution.GatedStack, layers=[GatedLayer(3, "A")], widths=[1, 2])
call(masked_convolution.GatedStack([GatedLayer(3, "A")], [1, 2]).double().forward, x=normal(3, 1, 4, 4))
call(
    masked_convolution.gradient_probe,
    network=masked_convolution.MaskedConv2d(_layer, 2, 4).double(),
    image=normal(2, 3, 3),
    pixel=(1, 1),
)
rho, kappa = sp.symbols("rho kappa", nonzero=True)
call(masked_convolution.mask_polynomial, layer=_layer, rho=rho, kappa=kappa)
call(masked_convolution.path_polynomial, layers=[_layer, _gated], rho=rho, kappa=kappa)
call(masked_convolution.offset_counts, polynomial=2 * rho / kappa + 1, rho=rho, kappa=kappa)
call(masked_convolution.layer_matrix, layer=_layer, shape=(2, 3), weights=sp.Matrix(3, 3, lambda i, j: i + j))
call(masked_convolution.stack_matrix, layers=[_layer, _layer], shape=(2, 3))
call(masked_convolution.reach, i=1, m=1, L=n, n_A=1)
call(masked_convolution.field_offsets, m=1, L=2, n_A=1, orientation="raster")
call(masked_convolution.gated_field_offsets, m=1, L=2, orientation="raster")
call(masked_convolution.causal_count, m=m, L=n)
call(masked_convolution.field_count, m=m, L=n, n_A=1)
call(masked_convolution.blind_count, m=m, L=n, n_A=1)
call(masked_convolution.blind_fraction, m=m, L=n)

_network = autoregressive.masked_network([Layer(3, "A"), Layer(3, "B")], 2)
_pixels = autoregressive.PixelModel(_network).double()
_images = (normal(3, 1, 2, 3) > 0).double()
call(autoregressive.masked_network, layers=[Layer(3, "A"), Layer(3, "B")], width=2)
call(autoregressive.gated_network, layers=[GatedLayer(3, "A"), GatedLayer(3, "B")], width=2)
call(autoregressive.PixelModel, network=_network)
call(_pixels.forward, images=_images)
call(_pixels.log_prob, images=_images)
call(_pixels.log_prob_of_pixels, images=_images)
call(_pixels.sample, n=2, shape=(2, 3), generator=random(), order=[0, 1, 2, 3, 4, 5])
call(autoregressive.canvas_conditionals, model=_pixels, shape=(1, 3), order=[0, 1, 2])
call(autoregressive.all_images, shape=(2, 2), dtype=torch.float64, device="cpu")
call(autoregressive.image_numbers, images=(normal(3, 1, 2, 2) > 0).double())
call(autoregressive.entropy, probabilities=law(3, 4))
call(autoregressive.kl_divergence, p=law(3, 4), log_q=law(3, 4).log())
call(autoregressive.law_of_conditionals, table=normal(7).sigmoid(), order=[2, 0, 1])
call(autoregressive.chernoff_exponent, counts=torch.tensor([3, 4, 5]), probabilities=law(3))
call(
    autoregressive.conditional_entropies,
    probabilities=law(4),
    fields=torch.tensor([[False, False], [True, False]]),
)
call(autoregressive.neighbour_law, rows=2, columns=2, factor=2)
call(autoregressive.reading_law, rows=2, columns=2, agreement=half)
call(autoregressive.pixels_of_image, rows=2, columns=2)
call(autoregressive.chain_rule, image=(0, 1), conditional=lambda before: half)
call(autoregressive.probability_of_pixel, x=1, q=half)
call(autoregressive.log_probability_of_pixel, x=1, q=half)

call(initialization.activation_factor, activation="leaky_relu", slope=half)
call(
    initialization.gradient_factor, fan_in=n, fan_out=m, activation="leaky_relu", scheme="kaiming", slope=half
)
call(initialization.next_second_moment, moment=a, fan_in=n, fan_out=m, scheme="kaiming", slope=half)
call(
    initialization.variance_profile,
    widths=[n, m, 3],
    activation="relu",
    scheme="kaiming",
    input_second_moment=a,
    slope=0,
)
call(initialization.unrolled_moment, widths=[n, m, 3], input_second_moment=a, activation="relu")
call(initialization.equal_width_moment, width=n, depth=m, input_second_moment=a)
call(initialization.fans, shape=(4, 3, 2, 2))
call(initialization.weight_variance, scheme="kaiming", fan_in=n, fan_out=m, slope=half)
call(initialization.weight_bound, scheme="torch", fan_in=n, fan_out=m, slope=0)
call(initialization.bias_bound, scheme="torch", fan_in=n)
_random = {"networks": 3, "generator": random(), "slope": 0.0, "dtype": torch.float64}
call(initialization.draw_layer, fan_in=3, fan_out=2, scheme="torch", **_random)
call(initialization.draw_network, widths=[3, 4, 2], scheme="torch", **_random)
call(
    initialization.simulate,
    widths=[3, 4],
    activation="tanh",
    scheme="xavier",
    inputs=normal(3, 3),
    **_random,
)
call(
    initialization.propagate,
    x=normal(4, 3),
    layers=initialization.draw_network([3, 4, 2], "torch", generator=random(), dtype=torch.float64),
    activation="leaky_relu",
    slope=0.1,
)
call(initialization.layer_moments, values=normal(20, 3), confidence=0.9)
_scales = {"activation": "tanh", "weight_scale": 1.5, "bias_scale": 0.1}
call(initialization.length_map, q=0.5, **_scales)
call(initialization.fixed_point, **_scales)
call(initialization.susceptibility, **_scales)
call(initialization.correlation_map, c=0.5, **_scales)
call(initialization.relu_correlation, c=half)
call(initialization.depth_scale, factor=half)
call(initialization.gaussian_mean, function=lambda v: v**2, variance=1.0)
call(initialization.gaussian_nodes)

# --- widgets ---

for _name in widgets.__all__:
    _class = getattr(widgets, _name)
    if isinstance(_class, type) and _name not in ("Exercise", "FindTheFlaw", "Progress"):
        _figure = _class()
        call(
            _class, linked_to=None, **{name: getattr(_figure, name) for name in _class.state_names()}
        ) if _name != "FlowJourney" else call(
            _class, **{name: getattr(_figure, name) for name in _class.state_names()}
        )
call(widgets.Progress, linked_to=None)
call(
    widgets.Exercise,
    exercise_id="a-square",
    title="A square",
    question="Expand it.",
    answer=x**2 + 2 * x + 1,
    domain=x > 0,
    pitfalls=[(x**2 + 1, "The middle is missing.")],
    hints=["Multiply."],
    solution="It is a sum.",
)
call(
    widgets.FindTheFlaw,
    exercise_id="a-flaw",
    title="A flaw",
    steps=[(x + 1) ** 2, (x**2 + 2 * x + 1, "expand"), (x**2 + 1, "simplify")],
    repaired=proof.Derivation("Right", (x + 1) ** 2).equals(x**2 + 2 * x + 1, "expand"),
    domain=x > 0,
    erratum=None,
)
