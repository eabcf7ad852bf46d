"""Affine maps and moved densities: against PyTorch's distributions, against each other, and against bad input."""

import math

import numpy as np
import pytest
import sympy as sp
import torch
from torch.distributions import AffineTransform, MultivariateNormal, Normal, TransformedDistribution

from helpers import devices
from helpers.checks import jacobian, monte_carlo
from helpers.codegen import to_torch
from helpers.models.densities import (
    Affine,
    DiagonalAffine,
    affine_inverse,
    affine_map,
    change_of_variables_gap,
    density_at_image,
    density_at_point,
    normal_density,
    normal_density_with_scale,
    normal_log_density,
    standard_normal_density,
    triangular_scale,
)
from helpers.proof import decide

SIGNS = pytest.mark.parametrize("sign", [1, -1])
SIZES = pytest.mark.parametrize("size", [1, 2, 3, 6])

x, y, z, u, v = sp.symbols("x y z u v", real=True)
z1, z2 = sp.symbols("z1 z2", real=True)


def close(actual, expected, tolerance=1e-10):
    torch.testing.assert_close(actual, expected, rtol=tolerance, atol=tolerance)


def draw(size, sign=1, seed=0, batch=()):
    """A shift and a matrix of that size with a determinant of that sign, and points."""
    generator = torch.Generator().manual_seed(1000 * size + seed)
    randn = lambda *shape: torch.randn(*shape, generator=generator, dtype=torch.float64)  # noqa: E731
    matrix = randn(*batch, size, size) + 2 * torch.eye(size, dtype=torch.float64)
    first = matrix[..., :1, :] * (sign * torch.linalg.det(matrix).sign())[..., None, None]
    matrix = torch.cat([first, matrix[..., 1:, :]], dim=-2)
    assert (torch.linalg.det(matrix).sign() == sign).all()
    return randn(*batch, size), matrix, randn(7, size)


# The maps and the law that they make.


@SIZES
@SIGNS
def test_the_law_of_an_affine_map_is_pytorchs_normal_law(size, sign):
    shift, matrix, points = draw(size, sign)
    law = MultivariateNormal(shift, matrix @ matrix.T)
    close(normal_log_density(points, shift, matrix), law.log_prob(points))
    base = MultivariateNormal(torch.zeros_like(shift), torch.eye(size, dtype=torch.float64))
    moved = TransformedDistribution(base, [Affine(shift, matrix).as_transform()])
    with torch.no_grad():
        close(moved.log_prob(points), law.log_prob(points))


@SIGNS
def test_a_diagonal_map_is_pytorchs_affine_transform(sign):
    shift, scale = torch.tensor([0.5, -1.0, 2.0]).double(), sign * torch.tensor([0.3, 2.0, 1.7]).double()
    points = torch.linspace(-2, 3, 12).double().reshape(4, 3)
    ours = TransformedDistribution(
        torch.distributions.Independent(Normal(torch.zeros_like(shift), 1.0), 1),
        [DiagonalAffine(shift, scale).as_transform()],
    )
    theirs = TransformedDistribution(Normal(torch.zeros_like(shift), 1.0), AffineTransform(shift, scale))
    with torch.no_grad():
        close(ours.log_prob(points), theirs.log_prob(points).sum(-1))
        close(ours.log_prob(points), Normal(shift, scale.abs()).log_prob(points).sum(-1))
        close(ours.log_prob(points), normal_log_density(points, shift, scale.diag()))


@SIZES
def test_a_diagonal_map_is_an_affine_one(size):
    shift, matrix, points = draw(size)
    scale = matrix[0] + torch.where(matrix[0] < 0, -0.1, 0.1)
    diagonal, affine = DiagonalAffine(shift, scale), Affine(shift, scale.diag())
    for one, other in zip(diagonal(points), affine(points), strict=True):
        close(one, other)
    for one, other in zip(diagonal.inverse(points), affine.inverse(points), strict=True):
        close(one, other)


def test_the_log_determinant_of_many_small_scales_does_not_underflow():
    scale = torch.full((400,), 0.1, dtype=torch.float64)
    assert scale.prod() == 0
    for module in (DiagonalAffine(0 * scale, scale), Affine(0 * scale, scale.diag(), lower_triangular=True)):
        assert module(scale)[1].item() == pytest.approx(-400 * math.log(10), rel=1e-12)


@SIZES
@SIGNS
def test_a_triangular_map_agrees_with_the_general_one(size, sign):
    shift, matrix, points = draw(size)
    lower = matrix.tril()
    lower[0, 0] *= sign
    triangular, general = Affine(shift, lower, lower_triangular=True), Affine(shift, lower)
    for direction in ("forward", "inverse"):
        for one, other in zip(
            getattr(triangular, direction)(points), getattr(general, direction)(points), strict=True
        ):
            close(one, other)


@pytest.mark.parametrize("direction", ["forward", "inverse"])
def test_a_triangular_map_stays_triangular_when_it_learns(direction):
    shift, matrix, points = draw(3)
    module = Affine(shift, matrix.tril(), lower_triangular=True)
    value, log_abs_det = getattr(module, direction)(points)
    (value.square().sum() + log_abs_det.sum()).backward()
    assert torch.equal(module.matrix.grad, module.matrix.grad.tril())
    assert (module.matrix.grad.tril(-1).abs().sum() > 0) and (module.matrix.grad.diagonal() != 0).all()


@SIGNS
def test_the_gradient_of_the_log_density_is_that_of_pytorchs(sign):
    shift, matrix, points = draw(3, sign)
    ours, theirs = (matrix.clone().requires_grad_() for _ in range(2))
    normal_log_density(points, shift, ours).sum().backward()
    MultivariateNormal(shift, theirs @ theirs.T).log_prob(points).sum().backward()
    close(ours.grad, theirs.grad, 1e-8)


def test_batches_of_matrices_broadcast_and_agree_with_one_by_one():
    shift, matrix, points = draw(3, batch=(4, 1))
    together = normal_log_density(points, shift, matrix)
    assert together.shape == (4, 7)
    for row, (m, s) in enumerate(zip(shift[:, 0], matrix[:, 0], strict=True)):
        close(together[row], normal_log_density(points, m, s))
    assert normal_log_density(points[:0], shift[0, 0], matrix[0, 0]).shape == (0,)
    one_by_one = torch.func.vmap(lambda point: normal_log_density(point, shift[0, 0], matrix[0, 0]))(points)
    close(one_by_one, together[0])


@pytest.mark.parametrize("device", devices.available(), ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_dtype_and_device_are_kept(device, dtype):
    if dtype == torch.float64 and not devices.supports_float64(device):
        pytest.skip(f"{device} has no float64")
    shift, matrix, points = (tensor.to(device=device, dtype=dtype) for tensor in draw(4, -1))
    for found, expected in (
        (normal_log_density(points, shift, matrix), normal_log_density(*reversed_arguments(draw(4, -1)))),
        (triangular_scale(matrix), triangular_scale(draw(4, -1)[1])),
    ):
        assert (found.dtype, found.device.type) == (dtype, device.type)
        close(found.cpu().double(), expected, 1e-4 if dtype == torch.float32 else 1e-10)


def reversed_arguments(drawn):
    shift, matrix, points = drawn
    return points, shift, matrix


@SIZES
@SIGNS
def test_the_triangular_scale_is_the_cholesky_factor(size, sign):
    _, matrix, _ = draw(size, sign, batch=(5,))
    lower = triangular_scale(matrix)
    close(lower, torch.linalg.cholesky(matrix @ matrix.mT))
    assert torch.equal(lower, lower.tril()) and (lower.diagonal(dim1=-2, dim2=-1) > 0).all()
    orthogonal = torch.linalg.qr(draw(size, seed=1)[1]).Q
    close(triangular_scale(matrix @ orthogonal), lower)


def test_the_triangular_scale_needs_no_covariance():
    """Forming the covariance squares the condition number, and its Cholesky factor has lost the small entry."""
    matrix = torch.tensor([[1.0, 1.0], [1.0, 1.0 + 1e-9]], dtype=torch.float64)
    lower = triangular_scale(matrix)
    assert (lower[0, 0] * lower[1, 1]).item() == pytest.approx(1e-9, rel=1e-6)
    by_covariance, failed = torch.linalg.cholesky_ex(matrix @ matrix.T)
    assert failed or abs(by_covariance[0, 0] * by_covariance[1, 1] / 1e-9 - 1) > 0.1


@SIGNS
def test_the_covariance_of_samples_is_that_of_the_matrix(sign):
    """Fails on right code with a probability of at most 1e-9, by the normal approximation."""
    shift, matrix, _ = draw(3, sign)
    affine = Affine(shift, matrix)

    def products(count, generator):
        with torch.no_grad():
            moved = affine(torch.randn(count, 3, generator=generator, dtype=torch.float64))[0] - shift
        return moved.unsqueeze(-1) * moved.unsqueeze(-2)

    generator = torch.Generator().manual_seed(5)
    estimate = monte_carlo(products, 400_000, confidence=1 - 1e-9, generator=generator)
    assert estimate.contains(matrix @ matrix.T)
    assert not estimate.contains(matrix.T @ matrix)  # the transposed matrix is another law


# The formulas.


@pytest.mark.parametrize("size", [1, 2, 3])
@SIGNS
def test_the_formulas_agree_with_pytorch(size, sign):
    shift, matrix, points = draw(size, sign)
    names = sp.symbols(f"x1:{size + 1}", real=True)
    mean, exact = [sp.Rational(m) for m in shift.tolist()], sp.Matrix(matrix.tolist()).applyfunc(sp.Rational)
    formula = to_torch(normal_density_with_scale(names, mean, exact), names)
    law = MultivariateNormal(shift, matrix @ matrix.T)
    close(formula(*points.unbind(-1)), law.log_prob(points).exp())
    base = sp.symbols(f"z1:{size + 1}", real=True)
    backwards = density_at_point(
        standard_normal_density(base), base, affine_inverse(names, mean, exact), names
    )
    close(to_torch(backwards, names)(*points.unbind(-1)), law.log_prob(points).exp())
    forwards = density_at_image(standard_normal_density(base), base, affine_map(base, mean, exact))
    close(
        to_torch(forwards, base)(*points.unbind(-1)),
        law.log_prob(Affine(shift, matrix)(points)[0].detach()).exp(),
    )


def test_independent_coordinates_with_scales_of_either_sign():
    found = to_torch(normal_density([x, y], [1, -1], [2, -3]), [x, y])
    points = torch.linspace(-3, 3, 8).double().reshape(4, 2)
    law = Normal(torch.tensor([1.0, -1.0]).double(), torch.tensor([2.0, 3.0]).double())
    close(found(*points.unbind(-1)), law.log_prob(points).sum(-1).exp())


def test_forwards_and_backwards_give_one_number_for_a_map_that_is_not_affine():
    image, inverse = [-z1, z2**3 + z2 + z1**2], None
    base = standard_normal_density([z1, z2])
    forwards = density_at_image(base, [z1, z2], image)
    assert decide(forwards, base / (3 * z2**2 + 1)).status == "proved"
    inverse = [u, v - u**2]
    backwards = density_at_point(base, [z1, z2], inverse, [u, v])
    ahead = density_at_image(base, [z1, z2], [z1, z2 + z1**2])
    assert decide(backwards.subs({u: z1, v: z2 + z1**2}, simultaneous=True), ahead).status == "proved"


def test_variables_that_stand_for_each_other_are_put_in_at_once():
    base = standard_normal_density(x) * standard_normal_density(2 * y)
    swapped = density_at_point(base, [x, y], [y, x], [x, y])
    assert decide(swapped, standard_normal_density(y) * standard_normal_density(2 * x)).status == "proved"


def test_the_jacobian_and_the_absolute_value_are_there():
    base = standard_normal_density(z)
    assert density_at_point(base, z, -2 * x, x) == 2 * base.subs(z, -2 * x)
    assert density_at_image(base, z, -2 * z) == base / 2


def test_the_theorem_holds_in_numbers_and_the_check_could_fail():
    assert change_of_variables_gap() < 1e-11
    assert change_of_variables_gap(points=6) > 1e-6


# Bad input.

ONE, TWO = torch.ones(1), torch.ones(2)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: DiagonalAffine(TWO, torch.tensor([1.0, 0.0])), r"scale: got \[1.0, 0.0\], expected no zero"),
        (lambda: DiagonalAffine(TWO, ONE), r"scale: got shape \(1,\), expected \(2,\)"),
        (lambda: DiagonalAffine(torch.ones(()), ONE), r"shift: got shape \(\), expected \(d,\)"),
        (lambda: DiagonalAffine(torch.ones(0), torch.ones(0)), r"shift: got shape \(0,\), expected \(d,\)"),
        (lambda: DiagonalAffine([1.0], ONE), r"shift: got list, expected a floating-point tensor"),
        (lambda: DiagonalAffine(ONE, ONE.long()), r"scale: got torch.int64, expected a floating"),
        (lambda: DiagonalAffine(ONE, ONE.double()), r"scale: got torch.float64 on cpu, expected torch.float32"),
        (lambda: DiagonalAffine(ONE, ONE * math.nan), r"scale: got NaN or infinity, expected finite"),
        (lambda: Affine(TWO, torch.ones(2, 2)), r"matrix: got a singular matrix, expected an invertible"),
        (lambda: Affine(TWO, torch.zeros(2, 2), lower_triangular=True), r"matrix: got a singular matrix"),
        (lambda: Affine(TWO, torch.ones(2, 3)), r"matrix: got shape \(2, 3\), expected \(2, 2\)"),
        (lambda: Affine(TWO, torch.eye(3)), r"matrix: got shape \(3, 3\), expected \(2, 2\)"),
        (lambda: Affine(TWO, torch.eye(2) * math.inf), r"matrix: got NaN or infinity"),
        (
            lambda: Affine(TWO, torch.tensor([[1.0, 1.0], [0.0, 1.0]]), lower_triangular=True),
            r"matrix: got numbers above the diagonal, expected a lower triangular matrix",
        ),
        (lambda: normal_log_density(TWO, TWO, torch.ones(2, 2)), r"matrix: got a singular matrix"),
        (lambda: normal_log_density(TWO, TWO, torch.ones(2, 1)), r"matrix: got shape \(2, 1\), expected \(\.\.\., 2"),
        (lambda: normal_log_density(TWO, ONE, torch.eye(2)), r"shift: got shape \(1,\), expected \(\.\.\., 2\)"),
        (lambda: normal_log_density(TWO.long(), TWO, torch.eye(2)), r"x: got torch.int64"),
        (
            lambda: normal_log_density(torch.ones(3, 2), torch.ones(4, 2), torch.eye(2)),
            r"x, shift, matrix: got shapes .*expected batches that broadcast",
        ),
        (lambda: triangular_scale(torch.ones(2, 2)), r"matrix: got a singular matrix"),
        (lambda: triangular_scale(torch.ones(2)), r"matrix: got shape \(2,\), expected \(\.\.\., 2, 2\)"),
        (lambda: normal_density(x, 0, 0), r"scale: got \[0\], expected no zero"),
        (lambda: normal_density([x, y], [0], [1, 1]), r"point, mean, scale: expected equally many entries"),
        (lambda: normal_density_with_scale([x, y], [0, 0], [[1, 2], [2, 4]]), r"matrix: .* is singular"),
        (lambda: normal_density_with_scale([x], [0], [[1, 2]]), r"matrix: got shape \(1, 2\), expected \(K, K\)"),
        (lambda: affine_map([x], [0, 0], [[1, 0], [0, 1]]), r"point, shift, matrix: expected equally many"),
        (lambda: affine_inverse([x, y], [0, 0], [[x, x], [x, x]]), r"matrix: .* is singular"),
        (lambda: density_at_image(z, z, 3), r"image: the determinant of its Jacobian is zero everywhere"),
        (lambda: density_at_point(z, [z], [x, y], [x, y]), r"variables, inverse: expected equally many"),
        (lambda: density_at_point(z1, [z1, z2], [x, x], [x, y]), r"inverse: the determinant"),
        (lambda: standard_normal_density([]), r"point: got \[\], expected .*, at least one"),
        (lambda: standard_normal_density(sp.eye(2)), r"point: got Matrix\(.*, expected finite numbers"),
    ],
)  # fmt: skip
def test_bad_input_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_map_that_training_has_made_singular_is_refused():
    diagonal, affine = DiagonalAffine(TWO, TWO), Affine(TWO, torch.eye(2))
    with torch.no_grad():
        diagonal.scale[1] = 0
        affine.matrix[1, 1] = 0
    for direction in (diagonal, diagonal.inverse):
        with pytest.raises(ValueError, match="scale: got"):
            direction(TWO)
    for direction in (affine, affine.inverse):
        with pytest.raises(ValueError, match="matrix: got a singular matrix"):
            direction(TWO)


def test_the_modules_keep_their_own_copies():
    shift, matrix = torch.zeros(2), torch.eye(2)
    module = Affine(shift, matrix)
    matrix[0, 0] = 5
    assert module(TWO)[0].tolist() == [1, 1]
    np.testing.assert_allclose(jacobian(lambda p: module(p)[0], TWO).detach(), np.eye(2))
