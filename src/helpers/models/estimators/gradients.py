r"""Unbiased estimates of $\nabla_\phi\, \mathbb E_{q_\phi} f_\phi(z)$, one a draw, by automatic differentiation.

The integrand $f$ and the family $q_\phi$ are functions of *one* draw and one value of each parameter. Draws come in
a batch `(...)`, parameters have none or one that broadcasts against it; each draw then has its own copy of the
parameters, and the result is the gradient with respect to that copy. The mean over the draws estimates the gradient,
their variance says how well. All keep dtype and device, work inside `torch.func.vmap`, are differentiable in the
parameters once more, and draw nothing themselves: noise and draws are the caller's, from an explicit generator.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch.func import grad, grad_and_value, vmap

from helpers.arguments import checked, function, instance, optional
from helpers.models.estimators.family import Family, gaussian
from helpers.models.invertible import check_points, holds

__all__ = [
    "leave_one_out_baseline",
    "log_ratio_integrand",
    "path_gradient",
    "reparameterized_gradient",
    "score_function_gradient",
]

Integrand = Callable[..., torch.Tensor]
Parameters = torch.Tensor | Sequence[torch.Tensor]


@checked(integrand=function)
def reparameterized_gradient(
    integrand: Integrand, parameters: Parameters, *, noise: torch.Tensor, family: Family | None = None
) -> tuple[torch.Tensor, ...]:
    r"""The total derivative of $f_\phi(z)$ along $z = g_\phi(\epsilon)$: both ways in which $f$ depends on $\phi$.

    Args:
        integrand: `(z, *parameters)` → a tensor `()`, differentiable in both; a function of z alone ignores the rest.
        parameters: a tensor or a tuple of them, `(..., *own)`; for the family by default `(mean, scale)`.
        noise: the noise of the draws, `(..., *draw)`, floating.
        family: a `Family` with a `sample`; by default `gaussian()`, scalar Gaussian draws.

    Returns a tuple, one tensor `(..., *own)` for each parameter, `...` being the broadcast batch.

    Unbiased where $f_\phi(g_\phi(\epsilon))$ may be differentiated under the expectation: an $f$ with jumps is not
    allowed. Raises ValueError for tensors of another kind, dtype, device or shape, numbers that are not finite,
    parameters that make no law, a family that cannot be reparameterised, and an integrand that is no number. Cost: a
    gradient of the integrand a draw. Source: Kingma and Welling, "Auto-encoding variational Bayes" (2014).

    >>> import torch
    >>> mean, scale = torch.tensor(1.0), torch.tensor(2.0)
    >>> reparameterized_gradient(lambda z, mean, scale: z**2, (mean, scale), noise=torch.tensor([0.0, 1.0]))
    (tensor([2., 6.]), tensor([0., 6.]))
    """
    family, parameters, noise, batch = _prepare(family, parameters, "noise", noise)
    sample = _sample(family)
    if batch.numel() == 0:
        return _empty(parameters, family, batch)

    def value(noise: torch.Tensor, *parameters: torch.Tensor) -> torch.Tensor:
        return _number(integrand, sample(noise, *parameters), parameters)

    places = tuple(range(1, 1 + len(parameters)))
    over = (0, *_over(parameters, family))
    return _unflatten(vmap(grad(value, argnums=places), over)(noise, *parameters), batch)


@checked(integrand=function)
def path_gradient(
    integrand: Integrand, parameters: Parameters, *, noise: torch.Tensor, family: Family | None = None
) -> tuple[torch.Tensor, ...]:
    r"""The derivative of $f_\phi(z)$ through $z = g_\phi(\epsilon)$ alone: $\phi$ inside $f$ is held fixed.

    Known as "sticking the landing". Unbiased only where what is left out, $\nabla_\phi f_\phi(z)$ at a fixed z, has
    mean zero under $q_\phi$: so for $f_\phi = \log q_\phi - \log h$ and its negative, where it is the score (see
    `log_ratio_integrand`). Arguments, result, errors and cost as of `reparameterized_gradient`. Source: Roeder, Wu
    and Duvenaud, "Sticking the landing" (2017).

    >>> import torch
    >>> ratio = log_ratio_integrand(lambda z: -(z**2) / 2)  # log q - log p for a standard normal p
    >>> at_the_optimum = torch.tensor(0.0), torch.tensor(1.0)
    >>> path_gradient(ratio, at_the_optimum, noise=torch.tensor([0.5, 2.0]))
    (tensor([0., 0.]), tensor([0., 0.]))
    """
    family, parameters, noise, batch = _prepare(family, parameters, "noise", noise)
    sample = _sample(family)
    if batch.numel() == 0:
        return _empty(parameters, family, batch)
    count = len(parameters)

    def value(noise: torch.Tensor, *both: torch.Tensor) -> torch.Tensor:
        moving, fixed = both[:count], both[count:]
        return _number(integrand, sample(noise, *moving), fixed)

    places = tuple(range(1, 1 + count))
    over = _over(parameters, family)
    slopes = vmap(grad(value, argnums=places), (0, *over, *over))(noise, *parameters, *parameters)
    return _unflatten(slopes, batch)


@checked(integrand=function)
def score_function_gradient(
    integrand: Integrand,
    parameters: Parameters,
    *,
    draws: torch.Tensor,
    family: Family | None = None,
    baseline: float | torch.Tensor | tuple[float | torch.Tensor, ...] = 0.0,
    explicit: bool = True,
) -> tuple[torch.Tensor, ...]:
    r"""$(f_\phi(z) - b)\, \nabla_\phi \log q_\phi(z) + \nabla_\phi f_\phi(z)$: the integrand needs no slope in z.

    Args:
        integrand: `(z, *parameters)` → a tensor `()`, differentiable in the parameters.
        parameters: as for `reparameterized_gradient`.
        draws: z, `(..., *draw)`, drawn from $q_\phi$; whole numbers for a discrete family.
        family: a `Family`; by default `gaussian()`.
        baseline: b, which must not depend on the draw that it serves: a number, a tensor that broadcasts against the
            batch, or a tuple with one for each parameter, each broadcasting against that parameter's gradient.
        explicit: whether to add $\nabla_\phi f_\phi(z)$. Leave it out only where its mean is zero, as for
            $f_\phi = \log q_\phi - \log h$; that amounts to another baseline there.

    Returns a tuple, one tensor `(..., *own)` for each parameter, `...` being the broadcast batch.

    Unbiased where the support of $q_\phi$ does not depend on $\phi$ and the integral may be differentiated under its
    sign. Errors and cost as of `reparameterized_gradient`. Source: Williams, "Simple statistical
    gradient-following algorithms for connectionist reinforcement learning" (1992).

    >>> import torch
    >>> mean, scale = torch.tensor(0.0), torch.tensor(1.0)
    >>> score_function_gradient(lambda z, *_: z**2, (mean, scale), draws=torch.tensor([1.0, 2.0]), baseline=1.0)
    (tensor([0., 6.]), tensor([0., 9.]))
    """
    family, parameters, draws, batch = _prepare(family, parameters, "draws", draws)
    if batch.numel() == 0:
        return _empty(parameters, family, batch)
    over = (0, *_over(parameters, family))
    places = tuple(range(1, 1 + len(parameters)))

    def value(z: torch.Tensor, *parameters: torch.Tensor) -> torch.Tensor:
        return _number(integrand, z, parameters)

    scores = _unflatten(vmap(grad(family.log_density, argnums=places), over)(draws, *parameters), batch)
    if explicit:
        slopes, values = vmap(grad_and_value(value, argnums=places), over)(draws, *parameters)
    else:
        slopes, values = None, vmap(value, over)(draws, *parameters)
    values = values.reshape(batch)
    baselines = _baselines(baseline, scores, batch)
    if isinstance(baseline, tuple):
        gains = [_beside(values, b) - b for b in baselines]
    else:  # one subtraction for all parameters
        gains = [values - baselines[0]] * len(scores)
    weighted = [_beside(gain, score) * score for gain, score in zip(gains, scores, strict=True)]
    if slopes is None:
        return tuple(weighted)
    return tuple(a + b for a, b in zip(weighted, _unflatten(slopes, batch), strict=True))


@checked(log_target=function, family=optional(instance(Family)))
def log_ratio_integrand(
    log_target: Callable[[torch.Tensor], torch.Tensor], family: Family | None = None
) -> Integrand:
    r"""The integrand $\log q_\phi(z) - \log h(z)$: its mean is $D_{\mathrm{KL}}(q_\phi \,\|\, h)$, up to a constant.

    `log_target` maps one draw to $\log h(z)$, a tensor `()`; h need not be normalised. `family` is $q_\phi$, by
    default `gaussian()`.

    >>> import torch
    >>> zero, one = torch.tensor(0.0), torch.tensor(1.0)
    >>> ratio = log_ratio_integrand(lambda z: torch.distributions.Normal(0.0, 1.0).log_prob(z))
    >>> ratio(one, zero, one)
    tensor(0.)
    """
    family = gaussian() if family is None else family

    def integrand(z: torch.Tensor, *parameters: torch.Tensor) -> torch.Tensor:
        return family.log_density(z, *parameters) - log_target(z)

    return integrand


def leave_one_out_baseline(values: torch.Tensor, dim: int) -> torch.Tensor:
    r"""For each of n independent draws along `dim` the mean of the other draws' values, of the shape of `values`.

    The mean of all of them would depend on the draw itself, and so bias the estimate. Raises ValueError for tensors
    of another kind, a dimension that it has not, fewer than two draws, and numbers that are not finite. Cost O(n).

    >>> import torch
    >>> leave_one_out_baseline(torch.tensor([1.0, 2.0, 6.0]), dim=0)
    tensor([4.0000, 3.5000, 1.5000])
    """
    check_points("values", values, ())
    if isinstance(dim, bool) or not isinstance(dim, int) or not -values.ndim <= dim < values.ndim:
        raise ValueError(f"dim: got {dim!r}, expected a dimension of shape {tuple(values.shape)}")
    count = values.shape[dim]
    if count < 2:
        raise ValueError(f"values: got {count} draws along dimension {dim}, expected at least two")
    return (values.sum(dim, keepdim=True) - values) / (count - 1)


def _prepare(
    family: Family | None, parameters: Parameters, name: str, draws: torch.Tensor
) -> tuple[Family, tuple[torch.Tensor, ...], torch.Tensor, torch.Size]:
    """Check everything, and lay the batch out flat: draws `(n, *draw)`, parameters `(n, *own)` each.

    A parameter without a batch stays one, `(*own)`: `vmap` gives each draw its own gradient without a copy.
    """
    family = gaussian() if family is None else family
    if not isinstance(family, Family):
        raise ValueError(f"family: got {type(family).__name__}, expected a Family")
    if not isinstance(parameters, torch.Tensor | Sequence):
        raise ValueError(f"parameters: got {type(parameters).__name__}, expected a tensor or a tuple of them")
    parameters = (parameters,) if isinstance(parameters, torch.Tensor) else tuple(parameters)
    dims = family.parameter_dims
    if len(parameters) != len(dims):
        raise ValueError(f"parameters: got {len(parameters)} of them, expected {len(dims)}")
    for place, (parameter, dim) in enumerate(zip(parameters, dims, strict=True)):
        check_points(f"parameters[{place}]", parameter, (None,) * dim)
    if name == "noise" or not isinstance(draws, torch.Tensor) or draws.dtype.is_floating_point:
        check_points(name, draws, (None,) * family.draw_dim)
        alike = (*parameters, draws)
    else:  # whole numbers, of a discrete family
        alike = parameters
        if draws.ndim < family.draw_dim or draws.dtype == torch.bool or draws.is_complex():
            raise ValueError(
                f"{name}: got {draws.dtype} of shape {tuple(draws.shape)}, expected numbers of at least "
                f"{family.draw_dim} dimensions"
            )
    kinds = {(str(value.dtype), str(value.device)) for value in alike}
    if len(kinds) > 1 or draws.device != parameters[0].device:
        found = ", ".join(f"{value.dtype} on {value.device}" for value in (*parameters, draws))
        raise ValueError(f"parameters, {name}: got {found}, expected one dtype and one device")
    if family.check is not None:
        family.check(draws, *parameters)
    own = [parameter.shape[parameter.ndim - dim :] for parameter, dim in zip(parameters, dims, strict=True)]
    one = draws.shape[draws.ndim - family.draw_dim :]
    batches = [value.shape[: value.ndim - len(tail)] for value, tail in zip(parameters, own, strict=True)]
    batches.append(draws.shape[: draws.ndim - len(one)])
    try:
        batch = torch.broadcast_shapes(*batches)
    except RuntimeError as error:
        shapes = ", ".join(str(tuple(value.shape)) for value in (*parameters, draws))
        raise ValueError(
            f"parameters, {name}: got shapes {shapes}, expected batches that broadcast"
        ) from error
    count = batch.numel()
    flat = tuple(
        value.expand(*batch, *tail).reshape(count, *tail) if value.ndim > len(tail) else value
        for value, tail in zip(parameters, own, strict=True)
    )
    return family, flat, draws.expand((*batch, *one)).reshape(count, *one), batch


def _over(parameters: tuple[torch.Tensor, ...], family: Family) -> tuple[int | None, ...]:
    """Along which dimension `vmap` goes: the first one, or none for a parameter that all draws share."""
    return tuple(
        0 if value.ndim > dim else None for value, dim in zip(parameters, family.parameter_dims, strict=True)
    )


def _empty(
    parameters: tuple[torch.Tensor, ...], family: Family, batch: torch.Size
) -> tuple[torch.Tensor, ...]:
    """The gradients of no draws."""
    tails = (
        value.shape[value.ndim - dim :] for value, dim in zip(parameters, family.parameter_dims, strict=True)
    )
    return tuple(value.new_zeros(*batch, *tail) for value, tail in zip(parameters, tails, strict=True))


def _sample(family: Family) -> Callable[..., torch.Tensor]:
    if family.sample is None:
        raise ValueError("family: it has no sample, expected one that makes draws of noise differentiably")
    return family.sample


def _number(integrand: Integrand, z: torch.Tensor, parameters: tuple[torch.Tensor, ...]) -> torch.Tensor:
    value = integrand(z, *parameters)
    if not isinstance(value, torch.Tensor) or value.shape != () or not value.is_floating_point():
        kind = (
            f"{value.dtype} of shape {tuple(value.shape)}"
            if isinstance(value, torch.Tensor)
            else type(value).__name__
        )
        raise ValueError(f"integrand: got {kind}, expected a floating-point tensor () for one draw")
    return value


def _unflatten(gradients: tuple[torch.Tensor, ...], batch: torch.Size) -> tuple[torch.Tensor, ...]:
    return tuple(gradient.reshape(*batch, *gradient.shape[1:]) for gradient in gradients)


def _beside(values: torch.Tensor, gradient: torch.Tensor) -> torch.Tensor:
    """`(...)` with dimensions of one for those of the parameter, so that it multiplies a gradient `(..., *own)`."""
    return values.reshape(*values.shape, *(1,) * (gradient.ndim - values.ndim))


def _baselines(baseline: object, scores: tuple[torch.Tensor, ...], batch: torch.Size) -> list[torch.Tensor]:
    each = isinstance(baseline, tuple)
    if each and len(baseline) != len(scores):
        raise ValueError(f"baseline: got {len(baseline)} of them, expected {len(scores)}, one a parameter")
    found = []
    for place, score in enumerate(scores):
        name, given = (f"baseline[{place}]", baseline[place]) if each else ("baseline", baseline)
        is_number = isinstance(given, int | float) and not isinstance(given, bool)
        if not is_number and not isinstance(given, torch.Tensor):
            raise ValueError(f"{name}: got {type(given).__name__}, expected a number or a tensor")
        # a number is filled in there: a copy would wait for the device
        value = torch.full((), given, dtype=score.dtype, device=score.device) if is_number else given
        if not is_number and (value.dtype, value.device) != (score.dtype, score.device):
            raise ValueError(
                f"{name}: got {value.dtype} on {value.device}, expected {score.dtype} on {score.device}"
            )
        if not holds(torch.isfinite(value).all()):
            raise ValueError(f"{name}: got NaN or infinity, expected finite numbers")
        target = score.shape if each else batch
        try:
            value = value.expand(target)
        except RuntimeError as error:
            raise ValueError(
                f"{name}: got shape {tuple(value.shape)}, expected one that broadcasts to {tuple(target)}"
            ) from error
        found.append(value)
    return found
