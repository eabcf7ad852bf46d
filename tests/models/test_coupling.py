"""Coupling layers: symbols against SymPy's own derivatives, modules against twins, memory by counting tensors."""

import math

import pytest
import sympy as sp
import torch

from helpers import devices
from helpers.checks import jacobian, monte_carlo
from helpers.models import coupling
from helpers.models.invertible import Composition, Permutation


def network(inputs, outputs, seed, width=3):
    """Two dense layers with tanh between them, whose entries depend on all inputs."""
    generator = torch.Generator().manual_seed(seed)
    layers = torch.nn.Sequential(
        torch.nn.Linear(inputs, width), torch.nn.Tanh(), torch.nn.Linear(width, outputs)
    ).double()
    for parameter in layers.parameters():
        parameter.data = 0.7 * torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
    return layers


def affine(h, seed=1):
    return coupling.AffineCoupling(
        network(h, h, seed), network(h, h, seed + 1), torch.linspace(0.5, -0.8, h, dtype=torch.float64)
    )


def points(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


# Symbols.

sizes = pytest.mark.parametrize("h", [1, 2, 3])
both = pytest.mark.parametrize("elementwise", [False, True])


def is_zero(matrix):
    return all(sp.simplify(entry) == 0 for entry in matrix)


@sizes
@both
def test_the_block_jacobian_is_the_derivative(h, elementwise):
    a, b, *_ = coupling.variables(h, elementwise=elementwise)
    derivative = coupling.forward(h, elementwise=elementwise).jacobian([*a, *b])
    assert is_zero(derivative - coupling.block_jacobian(h, elementwise=elementwise))


def test_the_order_of_the_factors_is_seen():
    """J_G diag(...) in place of diag(...) J_G, and a transposed J_G, are other matrices from h = 2 on."""
    a, b, *_, F, G = coupling.variables(2)
    scaled = sp.diag(*(sp.exp(G[i]) * a[i] for i in (0, 1)))
    corner = coupling.forward(2).jacobian([*a, *b])[:2, 2:]
    for mutant in (G.jacobian(b) * scaled, scaled * G.jacobian(b).T, scaled * G.jacobian(b)):
        right = mutant == scaled * G.jacobian(b)
        assert is_zero(corner - mutant - F.jacobian(b)) is right


@sizes
def test_forward_and_inverse_undo_each_other(h):
    names = coupling.variables(h)
    x, y = [*names.a, *names.b], [*names.u, *names.v]
    there, back = coupling.forward(h), coupling.inverse(h)
    undone = back.subs(dict(zip(y, there, strict=True)), simultaneous=True)
    assert is_zero(undone - sp.Matrix(x))
    redone = there.subs(dict(zip(x, back, strict=True)), simultaneous=True)
    assert is_zero(redone - sp.Matrix(y))


@sizes
def test_the_inverse_jacobian_is_the_inverse(h):
    product = coupling.block_jacobian(h) * coupling.inverse_block_jacobian(h)
    assert is_zero(product - sp.eye(2 * h))


@sizes
@both
def test_the_log_determinant(h, elementwise):
    determinant = coupling.block_jacobian(h, elementwise=elementwise).det(method="berkowitz")
    assert sp.powsimp(determinant) == sp.exp(coupling.log_determinant(h, elementwise=elementwise))


@pytest.mark.parametrize("h", [0, -1, 1.5, True, "2", None])
def test_no_half_is_refused(h):
    for builder in (coupling.forward, coupling.inverse, coupling.block_jacobian, coupling.log_determinant):
        with pytest.raises(ValueError, match=r"h: got .*, expected a positive integer"):
            builder(h)


def test_the_chapter_uses_the_same_symbols():
    from helpers.symbols import Notation

    notation = Notation("coupling")
    a, b, u, v, s = notation("a b u v s")
    names = coupling.variables(1)
    assert [*names.a, *names.b, *names.u, *names.v, *names.s] == [a, b, u, v, s]
    F, G = notation.function("F G", real=True)
    assert (names.F[0], names.G[0]) == (F(b), G(b))


# Modules.


def twin(block, x):
    """The block entry by entry, in Python's own numbers."""
    h = len(x) // 2
    b = x[h:]
    F, G = (f(b).tolist() for f in (block.translation, block.log_scale))
    first = [math.exp(G[i]) * x[i].item() + F[i] for i in range(h)]
    second = [math.exp(block.s[i].item()) * b[i].item() for i in range(h)]
    return [*first, *second], sum(G) + sum(block.s.tolist())


@pytest.mark.parametrize("h", [1, 2, 5])
def test_a_twin_entry_by_entry(h):
    block, x = affine(h), points(4, 2 * h)
    value, log_abs_det = block(x)
    for i, point in enumerate(x):
        expected, expected_log = twin(block, point)
        torch.testing.assert_close(value[i].tolist(), expected, rtol=1e-13, atol=1e-13)
        assert log_abs_det[i].item() == pytest.approx(expected_log, abs=1e-13)


def formula(block, x):
    """The Jacobian by its blocks, with those of the networks by autograd."""
    h = x.shape[-1] // 2
    a, b = x[..., :h], x[..., h:]
    scale = block.log_scale(b).exp()
    corner = (scale * a)[..., None] * jacobian(block.log_scale, b) + jacobian(block.translation, b)
    top = torch.cat([torch.diag_embed(scale), corner], -1)
    low = torch.cat([torch.zeros_like(corner), torch.diag_embed(block.s.exp().expand_as(b))], -1)
    return torch.cat([top, low], -2)


def agree(block, x, *, jacobian_of=formula, log_det=lambda block, x: block(x)[1]):
    """Whether the Jacobian's formula and the log-determinant are what autograd says, and the inverse inverts."""
    exact = jacobian(lambda point: block(point)[0], x)
    with torch.no_grad():
        return (
            torch.allclose(jacobian_of(block, x), exact, rtol=0, atol=1e-12)
            and torch.allclose(log_det(block, x), torch.linalg.slogdet(exact).logabsdet, rtol=0, atol=1e-12)
            and torch.allclose(block.inverse(block(x)[0])[0], x, rtol=0, atol=1e-12)
        )


class ClosedTooEarly(coupling.AffineCoupling):
    """The inverse with its bracket in the wrong place: only the shift is rescaled."""

    def inverse(self, y):
        u, v = y.chunk(2, dim=-1)
        b = (-self.s).exp() * v
        F, G = self.translation(b), self.log_scale(b)
        return torch.cat([u - F * (-G).exp(), b], dim=-1), -(G.sum(-1) + self.s.sum())


def test_plausible_mistakes_are_seen():
    block, x = affine(3), points(20, 6)
    assert agree(block, x)

    def transposed(block, x):
        wrong = formula(block, x)
        b, scale = x[..., 3:], block.log_scale(x[..., 3:]).exp()
        slopes = jacobian(block.log_scale, b)
        wrong[..., :3, 3:] += (scale * x[..., :3])[..., None] * (slopes.mT - slopes)
        return wrong

    def other_order(block, x):
        wrong = formula(block, x)
        b, weights = x[..., 3:], block.log_scale(x[..., 3:]).exp() * x[..., :3]
        slopes = jacobian(block.log_scale, b)
        wrong[..., :3, 3:] += slopes * weights[..., None, :] - weights[..., None] * slopes
        return wrong

    assert not agree(block, x, jacobian_of=transposed)
    assert not agree(block, x, jacobian_of=other_order)
    assert not agree(block, x, log_det=lambda block, x: block(x)[1] / 2)
    assert not agree(block, x, log_det=lambda block, x: block.log_scale(x[..., 3:]).sum(-1))
    assert not agree(ClosedTooEarly(block.translation, block.log_scale, block.s), x)


def test_networks_need_no_inverse():
    """Constant networks, which nothing inverts."""
    block = coupling.AffineCoupling(torch.ones_like, torch.zeros_like, torch.zeros(2))
    y, log_abs_det = block(torch.tensor([1.0, 2.0, 3.0, 4.0]))
    assert y.tolist() == [2, 3, 3, 4] and log_abs_det.item() == 0
    assert block.inverse(y)[0].tolist() == [1, 2, 3, 4]


def test_a_volume_can_be_preserved():
    """G = (g, -g) and s = (c, -c): neither is constant, and every determinant is one."""
    block = coupling.AffineCoupling(
        torch.sin, lambda b: b.prod(-1, keepdim=True) * torch.tensor([1.0, -1.0]), torch.tensor([0.4, -0.4])
    )
    assert block(torch.randn(5, 4, generator=torch.Generator().manual_seed(3)))[1].abs().max() < 1e-6


def test_the_area_of_an_image_is_the_mean_determinant():
    """Of the square [-1, 1]², by points thrown at a box around its image; wrong with probability below 1e-6."""
    block = affine(1, seed=4)
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        b = torch.linspace(-1, 1, 20001, dtype=torch.float64)[:, None]
        outline = [block(torch.cat([a * torch.ones_like(b), b], 1))[0] for a in (-1, 1)]
        low = torch.cat(outline).amin(0) - 0.1
        size = torch.cat(outline).amax(0) + 0.1 - low
        slices = block(torch.cat([torch.zeros_like(b), b], 1))[1].exp()
        area = 4 * torch.trapezoid(slices, b[:, 0]).item() / 2

        def hits(count, generator):
            y = low + size * torch.rand(count, 2, generator=generator, dtype=torch.float64)
            return (block.inverse(y)[0].abs() <= 1).all(-1).double() * size.prod()

        estimate = monte_carlo(hits, 400_000, generator=generator)
    assert estimate.contains(area)
    assert not estimate.contains(area * 1.05)


def test_masked_coupling_against_a_permuted_block():
    """Jacobian in the order (stay, move): identity and zero above, diagonal on the right below."""
    layer = coupling.MaskedCoupling([4, 1], network(2, 3, 5), network(2, 3, 6), size=5)
    x = points(6, 5)
    order = [4, 1, 0, 2, 3]
    matrix = jacobian(lambda point: layer(point)[0], x)[:, order][:, :, order]
    torch.testing.assert_close(matrix[:, :2, :2], torch.eye(2).double().expand(6, 2, 2))
    assert matrix[:, :2, 2:].abs().max() == 0
    scales = layer.log_scale(x[:, [4, 1]]).exp()
    torch.testing.assert_close(matrix[:, 2:, 2:], torch.diag_embed(scales))
    assert matrix[:, 2:, :2].abs().min() > 0
    assert layer(x)[0][:, [4, 1]].equal(x[:, [4, 1]])


@pytest.mark.parametrize(
    "make, message",
    [
        (
            lambda: coupling.AffineCoupling(torch.sin, torch.cos, [0.1]),
            r"s: got \[0\.1\], expected a floating",
        ),
        (
            lambda: coupling.AffineCoupling(torch.sin, torch.cos, torch.zeros(2, 2)),
            r"s: .*\(2, 2\), expected",
        ),
        (lambda: coupling.AffineCoupling(torch.sin, torch.cos, torch.zeros(0)), r"s: .*\(0,\), expected"),
        (lambda: coupling.AffineCoupling(torch.sin, torch.cos, torch.tensor([1])), r"s: got torch.int64"),
        (lambda: coupling.AffineCoupling(torch.sin, torch.cos, torch.tensor([math.nan])), r"s: got NaN"),
        (lambda: coupling.AffineCoupling(1.0, torch.cos, torch.zeros(1)), r"translation: got 1\.0, expected"),
        (lambda: coupling.MaskedCoupling([], torch.sin, torch.cos, size=2), r"indices: got \[\] for size 2"),
        (lambda: coupling.MaskedCoupling([0, 1], torch.sin, torch.cos, size=2), r"indices: .* not all"),
        (lambda: coupling.MaskedCoupling([0, 0], torch.sin, torch.cos, size=3), r"indices: got \[0, 0\]"),
        (lambda: coupling.MaskedCoupling([3], torch.sin, torch.cos, size=3), r"indices: got \[3\]"),
        (lambda: coupling.MaskedCoupling([-1], torch.sin, torch.cos, size=3), r"indices: got \[-1\]"),
        (
            lambda: coupling.ResidualReversibleBlock(torch.sin, torch.cos, size=3),
            r"size: got 3, expected an even",
        ),
        (lambda: coupling.ResidualReversibleBlock(torch.sin, None, size=2), r"G: got None, expected"),
        (
            lambda: coupling.reversible_sequence([], torch.zeros(2)),
            r"blocks: got \[\]",
        ),
        (
            lambda: coupling.reversible_sequence([torch.nn.Tanh()], torch.zeros(2)),
            r"blocks\[0\]: got Tanh",
        ),
    ],
)
def test_bad_arguments_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    "x, message",
    [
        (torch.zeros(3), r"x: got shape \(3,\), expected \(\.\.\., 4\)"),  # odd
        (torch.zeros(2, 2), r"x: got shape \(2, 2\)"),
        (torch.tensor([0.0, 0.0, math.nan, 0.0]), r"x: got NaN"),
    ],
)
def test_points_that_have_no_two_halves_are_refused(x, message):
    with pytest.raises(ValueError, match=message):
        coupling.AffineCoupling(torch.sin, torch.cos, torch.zeros(2))(x)


@pytest.mark.parametrize("name", ["translation", "log_scale"])
@pytest.mark.parametrize(
    "bad, message",
    [
        (
            lambda b: b[..., :1],
            r"returned torch.float32 of shape \(5, 1\) for points of shape \(5, 2\), expected",
        ),
        (lambda b: b.double(), r"returned torch.float64 .*expected torch.float32"),
        (lambda b: b / 0, r"returned NaN or infinity"),
        (lambda b: 0.0, r"returned float"),
    ],
)
def test_networks_that_return_something_else_are_refused(name, bad, message):
    networks = {"translation": torch.sin, "log_scale": torch.cos} | {name: bad}
    block = coupling.AffineCoupling(networks["translation"], networks["log_scale"], torch.zeros(2))
    for direction in (block, block.inverse):
        with pytest.raises(ValueError, match=f"{name}: {message}"):
            direction(torch.ones(5, 4))


# Backpropagation without stored activations.


def stack(depth, h=3, kind="affine"):
    swap = Permutation([*range(h, 2 * h), *range(h)])
    blocks = []
    for i in range(depth):
        if kind == "affine":
            blocks += [affine(h, seed=10 * i), swap]
        else:
            blocks.append(
                coupling.ResidualReversibleBlock(network(h, h, 10 * i), network(h, h, 10 * i + 1), size=2 * h)
            )
    return blocks


def gradients(run, blocks, x):
    x = x.clone().requires_grad_()
    value, log_abs_det = run(blocks, x)
    loss = (value.cos() * torch.linspace(1, 2, value.shape[-1], dtype=x.dtype)).sum() - log_abs_det.mean()
    parameters = list(torch.nn.ModuleList(blocks).parameters())
    return loss.detach(), torch.autograd.grad(loss, [x, *parameters])


def by_autograd(blocks, x):
    return Composition(*blocks)(x)


@pytest.mark.parametrize("kind", ["affine", "residual"])
@pytest.mark.parametrize("depth", [1, 6])
def test_gradients_without_activations_are_autograds(kind, depth):
    blocks, x = stack(depth, kind=kind), points(7, 6)
    expected_loss, expected = gradients(by_autograd, blocks, x)
    loss, found = gradients(coupling.reversible_sequence, blocks, x)
    assert loss == expected_loss
    largest = max(gradient.abs().max() for gradient in expected)
    for a, b in zip(found, expected, strict=True):
        assert (a - b).abs().max() <= 1e-11 * largest


def test_a_block_used_twice_gets_both_parts_of_its_gradient():
    block, swap = affine(2), Permutation([2, 3, 0, 1])
    x = points(3, 4)
    expected = gradients(by_autograd, [block, swap, block], x)[1]
    found = gradients(coupling.reversible_sequence, [block, swap, block], x)[1]
    for a, b in zip(found, expected, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-10, atol=1e-10)


def kept(run, blocks, x):
    """How many numbers autograd keeps for the way back, without parameters and counting each tensor once."""
    parameters = {p.data_ptr() for p in torch.nn.ModuleList(blocks).parameters()}
    seen = {}

    def pack(tensor):
        if tensor.data_ptr() not in parameters:
            seen[tensor.data_ptr(), tensor.numel()] = tensor  # held, so that no address is used twice
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        result = run(blocks, x.clone().requires_grad_())
    del result
    return sum(tensor.numel() for tensor in seen.values())


def test_what_is_kept_does_not_grow_with_the_depth():
    x = points(50, 6)
    reversible = [kept(coupling.reversible_sequence, stack(depth), x) for depth in (1, 4, 16)]
    assert reversible == [x.numel()] * 3
    stored = [kept(by_autograd, stack(depth), x) for depth in (1, 4, 16)]
    assert stored[0] > x.numel()
    assert stored[2] - stored[1] == 4 * (stored[1] - stored[0])  # a line in the depth


def test_parameters_changed_between_the_passes_are_noticed():
    blocks, x = stack(2), points(3, 6).requires_grad_()
    total = coupling.reversible_sequence(blocks, x)[1].sum()
    with torch.no_grad():
        blocks[0].s += 1
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        total.backward()


@pytest.mark.parametrize("device", devices.available(), ids=str)
def test_gradients_without_activations_on_each_device(device):
    blocks = [block.to(device=device, dtype=torch.float32) for block in stack(2)]
    x = points(5, 6).to(device=device, dtype=torch.float32)
    expected = gradients(by_autograd, blocks, x)[1]
    found = gradients(coupling.reversible_sequence, blocks, x)[1]
    for a, b in zip(found, expected, strict=True):
        assert a.dtype == torch.float32 and a.device == b.device
        torch.testing.assert_close(a, b, rtol=1e-3, atol=1e-4)
