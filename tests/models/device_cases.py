"""A call of every public function with tensors, made from a `Kit`: on any device, for a batch of any size."""

from collections.abc import Callable

import torch
from torch.utils._pytree import tree_map

from helpers import checks, codegen
from helpers.models import (
    amortization,
    autoencoder,
    autoregressive,
    bounds,
    convolution,
    coupling,
    densities,
    divergences,
    estimators,
    flows,
    games,
    gaussians,
    initialization,
    invertible_convolution,
    linear_gaussian,
    masked_convolution,
    projection,
)
from helpers.models.flows import solvers
from helpers.models.invertible import Composition, Permutation, check_points, holds, unchecked
from helpers.models.masked_convolution import GatedLayer, Layer

__all__ = ["CASES", "META", "NOT_ON_META", "TAKE_VALUES", "Kit"]

META = torch.device("meta")
CASES: dict[str, Callable] = {}


class Kit:
    """Arguments on a device: the same numbers on each, `n` of them in a batch."""

    def __init__(self, device: torch.device, n: int, dtype: torch.dtype = torch.float64) -> None:
        self.device, self.n, self.dtype = device, n, dtype
        self._source = torch.Generator().manual_seed(1)

    def normal(self, *shape: int) -> torch.Tensor:
        return self.put(torch.randn(shape, generator=self._source, dtype=torch.float64))

    def positive(self, *shape: int) -> torch.Tensor:
        return self.normal(*shape).abs() + 0.5

    def law(self, *shape: int) -> torch.Tensor:
        return self.normal(*shape).softmax(-1)

    def factor(self, *shape: int) -> torch.Tensor:
        """Cholesky factors."""
        size = shape[-1]
        return self.normal(*shape[:-1], size, size).tril(-1) / size + torch.diag_embed(self.positive(*shape))

    def put(self, values) -> torch.Tensor:
        tensor = torch.as_tensor(values)
        return tensor.to(self.device, self.dtype if tensor.is_floating_point() else None)

    def module(self, module: torch.nn.Module) -> torch.nn.Module:
        return module.to(self.device, self.dtype)

    def generator(self) -> torch.Generator:
        if self.device.type == "meta":
            return _MetaGenerator()
        return torch.Generator(self.device).manual_seed(0)


class _MetaGenerator(torch.Generator):
    device = META


def case(*names: str):
    """A function of a `Kit` that calls these and returns their tensors."""

    def named(function: Callable) -> Callable:
        CASES.update(dict.fromkeys(names, function))
        return function

    return named


def both_ways(module, points: torch.Tensor):
    y, log_abs_det = module(points)
    return y, log_abs_det, *module.inverse(y)


@case("checks.jacobian")
def _(kit):
    return checks.jacobian(lambda x: torch.stack([x[0] * x[1], x.sum()]), kit.normal(kit.n, 3))


@case("codegen.to_torch")
def _(kit):
    import sympy as sp

    x, y = sp.symbols("x y")
    formula = codegen.to_torch(sp.Matrix([x + sp.Piecewise((2, x > 0), (y, True)), sp.sqrt(2)]), [x, y])
    return formula(kit.normal(kit.n), 2.0), codegen.to_torch(3 * x + y, [x, y])(kit.normal(kit.n), 1)


@case("invertible.Composition", "invertible.Permutation")
def _(kit):
    turn = Permutation([1, 2, 0])
    return both_ways(kit.module(Composition(turn, turn)), kit.normal(kit.n, 3))


@case(
    "invertible.check_points",
    "invertible.check_form",
    "invertible.check_finite",
    "invertible.all_finite",
    "invertible.holds",
    "invertible.looks",
    "invertible.InvertibleMap",
)
def _(kit):
    check_points("x", kit.normal(kit.n, 2), (2,))  # its form, and that all is finite
    assert holds((kit.positive(kit.n) > 0).all())
    return kit.module(Permutation([1, 0])).as_transform()(kit.normal(kit.n, 2))


@case("amortization.PolynomialEncoder")
def _(kit):
    x = kit.normal(kit.n)
    with unchecked():
        encoder = amortization.PolynomialEncoder.fit(x, kit.normal(kit.n, 2), 1)
    return encoder(x)


@case("amortization.datum_gaps", "amortization.DatumGaps")
def _(kit):
    mean, scale = kit.normal(kit.n, 3), kit.positive(kit.n, 3)
    return tuple(amortization.datum_gaps(mean, scale, kit.normal(3), kit.factor(3)))


@case("amortization.gradient_ascent")
def _(kit):
    return amortization.gradient_ascent(kit.normal(kit.n, 2), kit.normal(2), kit.factor(2), 0.1, 3)


@case("amortization.perceptron", "amortization.count_parameters")
def _(kit):
    network = kit.module(amortization.perceptron([3, 4, 2]))
    assert amortization.count_parameters(network) == 26
    return network(kit.normal(kit.n, 3)) * 0


@case("autoencoder.GaussianAutoencoder")
def _(kit):
    model = kit.module(autoencoder.GaussianAutoencoder(2, 1, hidden=4))
    x = kit.normal(kit.n, 2)
    random = model.log_weights(x, 5, kit.generator())
    return model.bound(x, kit.normal(kit.n, 1)) * 0, model.log_joint(x, kit.normal(kit.n, 1)) * 0, random * 0


def _log_joint(z: torch.Tensor) -> torch.Tensor:
    return -z.square() - (z - 1).square() / 2


@case("autoencoder.bound_by_quadrature", "autoencoder.log_evidence_by_quadrature", "autoencoder.refine")
def _(kit):
    mean, scale = kit.normal(kit.n), kit.normal(kit.n)
    bound = autoencoder.bound_by_quadrature(_log_joint, mean, scale)
    evidence = autoencoder.log_evidence_by_quadrature(_log_joint, like=mean)
    return bound, evidence, autoencoder.refine(_log_joint, mean, scale, steps=4)


@case("autoregressive.PixelModel", "autoregressive.masked_network", "autoregressive.canvas_conditionals")
def _(kit):
    network = autoregressive.masked_network([Layer(3, "A"), Layer(3, "B")], 2)
    model = kit.module(autoregressive.PixelModel(network))
    images = (kit.normal(kit.n, 1, 2, 3) > 0).to(kit.dtype)
    drawn = model.sample(kit.n, (2, 3), generator=kit.generator())
    return model.log_prob(images) * 0, drawn * 0, autoregressive.canvas_conditionals(model, (1, 3)) * 0


@case("autoregressive.gated_network")
def _(kit):
    network = autoregressive.gated_network([GatedLayer(3, "A"), GatedLayer(3, "B")], 2)
    return kit.module(network)(kit.normal(kit.n, 1, 3, 3)) * 0


@case("autoregressive.all_images", "autoregressive.image_numbers")
def _(kit):
    images = autoregressive.all_images((2, 2), dtype=kit.dtype, device=kit.device)
    return images, autoregressive.image_numbers(images)


@case("autoregressive.entropy", "autoregressive.kl_divergence", "autoregressive.law_of_conditionals")
def _(kit):
    law = autoregressive.law_of_conditionals(kit.normal(7).sigmoid(), [2, 0, 1])
    many = kit.law(kit.n, 8)
    return autoregressive.entropy(many), autoregressive.kl_divergence(many, law.log().expand(kit.n, 8))


@case("autoregressive.chernoff_exponent")
def _(kit):
    return autoregressive.chernoff_exponent(kit.put([3, 4, 5]), kit.law(3))


@case("autoregressive.conditional_entropies")
def _(kit):
    fields = kit.put([[False, False], [True, False]])
    return autoregressive.conditional_entropies(kit.law(4), fields)


@case("bounds.elbo", "bounds.importance_weighted_bound", "bounds.normalized_weights")
@case("bounds.doubly_reparameterized_bound")
def _(kit):
    weights = kit.normal(kit.n, 4)
    functions = (
        bounds.elbo,
        bounds.importance_weighted_bound,
        bounds.normalized_weights,
        bounds.doubly_reparameterized_bound,
    )
    return [function(weights, -1) for function in functions]


@case("bounds.importance_weighted_gradients", "bounds.GradientSamples")
def _(kit):
    def log_joint(z, theta):
        return -((z - theta).square().sum(-1)) - z.square().sum(-1)

    arguments = kit.normal(2), kit.normal(2), kit.positive(2), kit.normal(kit.n, 4, 2)
    names = "reparameterized", "doubly_reparameterized", "score_function"
    return [tuple(bounds.importance_weighted_gradients(log_joint, *arguments, estimator=x)) for x in names]


@case("bounds.ladder", "bounds.Ladder")
def _(kit):
    return tuple(bounds.ladder(kit.normal(kit.n, 3), kit.law(kit.n, 3).log(), 4))


@case("bounds.bound_on_a_line")
def _(kit):
    return bounds.bound_on_a_line(lambda z: -z.square() / 4, 0.5, 1.0, 3, device=kit.device)


@case("bounds.resampled_density_on_a_line")
def _(kit):
    points = kit.normal(kit.n).double()
    return bounds.resampled_density_on_a_line(points, lambda z: -z.square() / 4, 0.5, 1.0, 3)


@case("bounds.resample")
def _(kit):
    return bounds.resample(kit.normal(kit.n, 4), -1, generator=kit.generator()) * 0


@case("convolution.conv2d", "convolution.Convolution2d", "convolution.input_gradient")
@case("convolution.weight_gradient", "convolution.bias_gradient")
def _(kit):
    x, weight, bias = kit.normal(kit.n, 2, 5, 5), kit.normal(3, 2, 3, 3), kit.normal(3)
    for value in (x, weight, bias):
        value.requires_grad_()
    y = convolution.conv2d(x, weight, bias, stride=2, padding=1)
    return y, torch.autograd.grad(y.square().sum(), (x, weight, bias))


@case("convolution.forward", "convolution.ForwardPass", "convolution.backpropagate", "convolution.Gradients")
@case("convolution.backward_matrix", "convolution.bias_jacobian", "convolution.input_jacobian")
@case("convolution.weight_jacobian", "convolution.toeplitz", "convolution.hankel")
@case("convolution.transposed_convolution")
def _(kit):
    kernels, biases = [kit.normal(3), kit.normal(2)], [kit.normal(), kit.normal()]
    run = convolution.forward(kit.normal(kit.n, 6), kernels, biases=biases, activation=torch.tanh)
    jacobians = [
        convolution.backward_matrix(run, 1),
        convolution.bias_jacobian(run, 1),
        convolution.weight_jacobian(run, 1),
        convolution.input_jacobian(run),
    ]
    return jacobians, tuple(convolution.backpropagate(run, kit.normal(kit.n, 3)))


@case("coupling.AffineCoupling")
def _(kit):
    return both_ways(coupling.AffineCoupling(torch.sin, torch.cos, kit.normal(2)), kit.normal(kit.n, 4))


@case("coupling.MaskedCoupling")
def _(kit):
    layer = coupling.MaskedCoupling([2, 0], torch.sin, torch.cos, size=4)
    return both_ways(kit.module(layer), kit.normal(kit.n, 4))


@case("coupling.ResidualReversibleBlock", "coupling.reversible_sequence")
def _(kit):
    block = coupling.ResidualReversibleBlock(torch.sin, torch.cos, size=4)
    x = kit.normal(kit.n, 4).requires_grad_()
    y, _ = coupling.reversible_sequence([block, block], x)
    return both_ways(block, x), y, torch.autograd.grad(y.square().sum(), x)


@case("densities.Affine", "densities.DiagonalAffine")
def _(kit):
    x = kit.normal(kit.n, 3)
    maps = (
        densities.Affine(kit.normal(3), kit.factor(3)),
        densities.Affine(kit.normal(3), kit.factor(3), lower_triangular=True),
        densities.DiagonalAffine(kit.normal(3), kit.positive(3)),
    )
    return [both_ways(module, x) for module in maps]


@case("densities.normal_log_density", "densities.triangular_scale")
def _(kit):
    x, shift, matrix = kit.normal(kit.n, 3), kit.normal(3), kit.normal(3, 3)
    many = kit.normal(kit.n, 3, 3)
    values = [densities.normal_log_density(x, shift, scale) for scale in (matrix, many)]
    return values, densities.triangular_scale(many)


@case("divergences.chain_rule", "divergences.total_correlation")
def _(kit):
    q, p = (kit.law(kit.n, 6).unflatten(-1, (2, 3)) for _ in range(2))
    return divergences.chain_rule(q, p), divergences.total_correlation(q)


@case("divergences.f_divergence", "divergences.kl_divergence", "divergences.mass_on_support")
def _(kit):
    q, p = kit.law(kit.n, 4), kit.law(4)
    values = [divergences.f_divergence(q, p, name) for name in divergences.GENERATORS]
    return values, divergences.kl_divergence(q, p), divergences.mass_on_support(q, p)


@case("estimators.reparameterized_gradient", "estimators.path_gradient", "estimators.Family")
@case("estimators.gaussian", "estimators.log_ratio_integrand")
def _(kit):
    ratio = estimators.log_ratio_integrand(lambda z: -(z**2).sum() / 2, estimators.gaussian(1))
    options = {"noise": kit.normal(kit.n, 3), "family": estimators.gaussian(1)}
    functions = estimators.reparameterized_gradient, estimators.path_gradient
    return [function(ratio, (kit.normal(3), kit.positive(3)), **options) for function in functions]


@case("estimators.score_function_gradient", "estimators.categorical", "estimators.leave_one_out_baseline")
def _(kit):
    draws = torch.arange(kit.n, device=kit.device) % 3
    baseline = estimators.leave_one_out_baseline(kit.normal(kit.n), 0)
    of = {"draws": draws, "family": estimators.categorical()}
    values = [
        estimators.score_function_gradient(
            lambda z, *_: z + 1.0, kit.normal(3), baseline=b, explicit=False, **of
        )
        for b in (baseline, 0.5)
    ]
    return values if kit.dtype == torch.float64 else baseline


@case("flows.ContractiveResidual")
def _(kit):
    block = flows.ContractiveResidual(
        [kit.normal(4, 3), kit.normal(3, 4)], [kit.normal(4), kit.normal(3)], 0.5
    )
    x = kit.normal(kit.n, 3)
    random = block.hutchinson_series(x, 3, generator=kit.generator())
    return both_ways(block, x), block.log_det_series(x, 3), random * 0


@case("flows.PlanarFlow", "flows.RadialFlow", "flows.ResidualMap", "flows.SigmoidMixture")
def _(kit):
    x = kit.normal(kit.n, 3)
    w = kit.positive(3)
    maps = (
        flows.PlanarFlow(w, kit.positive(3), 0.5),
        flows.RadialFlow(kit.normal(3), 1.0, 0.5),
        flows.ResidualMap(lambda z: torch.sin(z) / 4, 0.25, event_shape=(3,)),
        flows.SigmoidMixture(kit.law(3, 2), kit.positive(3, 2), kit.normal(3, 2)),
    )
    return [both_ways(module, x) for module in maps]


@case("flows.solvers.bisection", "flows.solvers.fixed_point", "flows.solvers.fixed_point_path")
@case("flows.solvers.newton_step")
def _(kit):
    target = kit.normal(kit.n)
    root = solvers.bisection(lambda x: x + x**3, target, kit.put(-9.0), kit.put(9.0))
    better = solvers.newton_step(lambda x: (x + x**3, 1 + 3 * x**2), root, target)
    fixed = solvers.fixed_point(lambda x: torch.cos(x) / 2, target, steps=40)
    return better, fixed, solvers.fixed_point_path(torch.sin, target, 3)


@case("games.simulate")
def _(kit):
    rates = kit.positive(kit.n) / 9
    runs = [
        games.simulate(method, kit.normal(kit.n, 2), rates, 4) for method in ("alternating", "optimistic")
    ]
    return runs, games.simulate("penalty", kit.normal(kit.n, 2), 0.1, 4, strength=1)


@case("games.train")
def _(kit):
    return [
        games.train(name, kit.normal(kit.n, 2), 0.1, 2, strength=0.5) for name in ("consensus", "penalty")
    ], [
        games.train(name, kit.normal(kit.n, 2), 0.1, 2)
        for name in ("simultaneous", "alternating", "extragradient", "optimistic")
    ]


@case("gaussians.kl_divergence", "gaussians.diagonal_projection", "gaussians.cholesky_factor")
def _(kit):
    factor = kit.factor(kit.n, 3)
    value = gaussians.kl_divergence(kit.normal(kit.n, 3), factor, kit.normal(3), kit.factor(3))
    sides = [gaussians.diagonal_projection(factor, name) for name in ("forward", "reverse")]
    return value, sides, gaussians.cholesky_factor(factor @ factor.mT)


@case("gaussians.kl_to_standard_normal")
def _(kit):
    return gaussians.kl_to_standard_normal(kit.normal(kit.n, 3), kit.positive(kit.n, 3))


@case("initialization.draw_layer", "initialization.draw_network", "initialization.propagate")
@case("initialization.simulate")
def _(kit):
    options = {"networks": kit.n, "generator": kit.generator(), "dtype": kit.dtype}
    layers = initialization.draw_network([3, 4, 2], "torch", **options)
    found = initialization.propagate(kit.normal(kit.n, 3), layers, "relu")
    return tree_map(lambda x: x * 0, (found, initialization.simulate([3, 4], "tanh", "xavier", **options)))


@case("invertible_convolution.PLUConvolution")
def _(kit):
    layer = kit.module(invertible_convolution.PLUConvolution(3, permutation=[1, 2, 0], sign=[1, -1, 1]))
    return both_ways(layer, kit.normal(kit.n, 3, 2, 2))


@case("invertible_convolution.ConditionalPLUConvolution")
def _(kit):
    layers = (
        invertible_convolution.ConditionalPLUConvolution(2, lambda x: x.mean((-2, -1)).repeat(1, 2)),
        invertible_convolution.ConditionalPLUConvolution(2, lambda x: x.repeat(1, 2, 1, 1), per_pixel=True),
    )
    return [both_ways(kit.module(layer), kit.normal(kit.n, 4, 2, 2)) for layer in layers]


@case("linear_gaussian.LinearGaussian")
def _(kit):
    model = linear_gaussian.LinearGaussian(kit.normal(4, 2), kit.normal(4), kit.positive(4))
    x = kit.normal(kit.n, 4)
    drawn = tree_map(lambda value: value * 0, model.sample(kit.n, kit.generator()))
    return model.log_evidence(x), model.posterior(x), model.log_joint(x, kit.normal(kit.n, 2)), drawn


@case("linear_gaussian.probabilistic_pca")
def _(kit):
    factor = kit.factor(kit.n, 3)
    weight, noise = linear_gaussian.probabilistic_pca(factor @ factor.mT, 1)
    return weight.abs(), noise


@case("masked_convolution.MaskedConv2d")
def _(kit):
    layer = kit.module(masked_convolution.MaskedConv2d(Layer(3, "A"), 2, 4, channel_groups=2))
    return layer(kit.normal(kit.n, 2, 4, 4)) * 0


@case("masked_convolution.GatedConv2d", "masked_convolution.GatedStack", "masked_convolution.gradient_probe")
def _(kit):
    stack = kit.module(masked_convolution.GatedStack([GatedLayer(3, "A")], [1, 2]))
    probe = masked_convolution.gradient_probe(stack, kit.normal(1, 3, 3), (1, 1))
    return stack(kit.normal(kit.n, 1, 3, 3)) * 0, probe * 0


@case("masked_convolution.mask", "masked_convolution.path_counts", "masked_convolution.receptive_field")
@case("masked_convolution.receptive_fields")
def _(kit):
    stack, shape, device = [Layer(3, "A"), GatedLayer(3, "B")], (3, 4), kit.device
    return (
        masked_convolution.mask(stack[0], device=device),
        masked_convolution.path_counts(stack, shape, (2, 2), device=device),
        masked_convolution.receptive_field(stack, shape, (2, 2), device=device),
        masked_convolution.receptive_fields(stack, shape, device=device),
    )


@case("projection.project_onto_box", "projection.project_onto_masked_box", "projection.project_onto_segment")
def _(kit):
    y, keep = kit.normal(kit.n, 2), kit.put([True, False])
    return (
        projection.project_onto_segment(y, 0.5),
        projection.project_onto_box(y, 0, kit.positive(2)),
        projection.project_onto_masked_box(y, keep, kit.normal(2)),
    )


@case("projection.projected_gradient_descent")
def _(kit):
    return projection.projected_gradient_descent(
        lambda x: 2 * x, kit.normal(kit.n, 2), 0.1, 5, lambda x: projection.project_onto_box(x, 0, 1)
    )


# Functions of values: numbers for Python come out of them, or decide what is computed next.
TAKE_VALUES = {
    "checks.jacobian": "checks its points, once",
    "checks.Estimate": "is what `monte_carlo` returns",
    "checks.monte_carlo": "checks draws once, at its end",
    "amortization.PolynomialEncoder": "is fitted to different data, which are counted",
    "autoregressive.conditional_entropies": "takes the fields as lists",
    "bounds.bound_on_a_line": "lays a grid between the least and the greatest weight",
    "bounds.resampled_density_on_a_line": "lays a grid between the least and the greatest weight",
    "flows.solvers.fixed_point": "ends where the point is found",
    "flows.ContractiveResidual.russian_roulette": "draws how many terms there are",
    "games.train": "PyTorch's optimisers make tensors of their own",
    "initialization.layer_moments": "gives Python numbers",
    "initialization.LayerMoments": "gives Python numbers",
    "invertible_convolution.PLUConvolution.from_matrix": "keeps the order of the pivots as a list",
}
# Random functions that PyTorch does not offer on its meta device with a generator.
NOT_ON_META = {"bounds.resample"}
