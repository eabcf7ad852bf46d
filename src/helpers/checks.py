"""A formula against the machine: Jacobians by autograd, means by Monte Carlo with a confidence interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

from helpers.arguments import checked, finite, function, one_of
from helpers.devices import supports_float64
from helpers.progress import track

if TYPE_CHECKING:
    import torch

__all__ = ["Estimate", "jacobian", "monte_carlo"]

# Draws taken at a time, so that the memory a mean needs does not grow with the number of draws. A CPU has so many in
# its cache; a GPU is kept waiting by as few.
_CHUNK, _CHUNK_ELSEWHERE = 2**17, 2**22


@checked(function=function, mode=one_of(("reverse", "forward")))
def jacobian(
    function: Callable[[torch.Tensor], torch.Tensor],
    x: torch.Tensor,
    *,
    mode: Literal["reverse", "forward"] = "reverse",
) -> torch.Tensor:
    """The full Jacobian of `function` at every point of a batch, by automatic differentiation.

    `x` is `(..., n)`, floating and finite, and `function` maps one point `(n,)` to `(m,)`; a function of
    `(..., n)` that does the same for each point is one too. The result is `(..., m, n)`: entry `[i, j]` is
    the derivative of output i with respect to input j. It keeps dtype and device.

    `mode="reverse"` costs m backward passes a point, `mode="forward"` n forward passes; where a formula is at
    stake, check with both. Raises ValueError for `x` of another kind, an unknown mode, and a function
    whose value is not a vector.
    """
    import torch

    if not isinstance(x, torch.Tensor) or not x.is_floating_point() or x.is_sparse:
        kind = x.dtype if isinstance(x, torch.Tensor) else type(x).__name__
        raise ValueError(f"x: expected a floating-point tensor, got {kind}")
    if x.ndim == 0 or x.numel() == 0:
        raise ValueError(f"x: expected shape (..., n) with at least one point, got {tuple(x.shape)}")
    if not torch.isfinite(x).all():
        raise ValueError("x: expected finite numbers, got NaN or infinity")
    transforms = {"reverse": torch.func.jacrev, "forward": torch.func.jacfwd}

    def vector_function(point: torch.Tensor) -> torch.Tensor:
        value = function(point)
        if not isinstance(value, torch.Tensor) or value.ndim != 1:
            kind = f"shape {tuple(value.shape)}" if isinstance(value, torch.Tensor) else type(value).__name__
            raise ValueError(f"function: expected it to map ({len(point)},) to a vector (m,), got {kind}")
        return value

    points = x.reshape(-1, x.shape[-1])
    matrices = torch.func.vmap(transforms[mode](vector_function))(points)
    return matrices.reshape(*x.shape[:-1], *matrices.shape[1:])


@dataclass(frozen=True)
class Estimate:
    """A mean from random draws, with an interval `[low, high]` around every entry.

    All entries' true means lie in their intervals together with probability at least `confidence`, by the
    normal approximation of the mean: good for many draws of finite variance, without worth for heavy tails.
    Tensors are float64 and of the shape of one draw.
    """

    mean: torch.Tensor
    standard_error: torch.Tensor
    low: torch.Tensor
    high: torch.Tensor
    n: int
    confidence: float

    def contains(self, value) -> bool:
        """Whether every entry of `value`, a number or of the shape of `mean`, is in its interval."""
        import torch

        try:
            value = torch.as_tensor(value, dtype=self.mean.dtype, device=self.mean.device)
        except (TypeError, ValueError, RuntimeError):
            raise ValueError(f"value: expected a number or a tensor, got {value!r}") from None
        if value.is_sparse:
            raise ValueError("value: expected a number or a tensor, got a sparse one")
        if value.shape not in (self.mean.shape, ()):
            raise ValueError(
                f"value: expected a number or shape {tuple(self.mean.shape)}, got {tuple(value.shape)}"
            )
        return bool(((self.low <= value) & (value <= self.high)).all())


@checked(sample=function, confidence=finite())
def monte_carlo(
    sample: Callable[[int, torch.Generator], torch.Tensor],
    n: int,
    *,
    confidence: float = 1 - 1e-9,
    generator: torch.Generator,
) -> Estimate:
    """The mean of `n` random draws, and how far from the truth it can be.

    `sample(k, generator)` gives k independent draws as a tensor `(k, ...)`. It is asked for at most 131 072
    at a time, with a generator of another device than the CPU 4 194 304, so memory is O(1) in `n`; nothing waits
    for the device before the end. Mean and variance are merged in float64, by the pairwise update of
    Chan, Golub and LeVeque, "Algorithms for computing the sample variance" (1983). A test that asserts
    `monte_carlo(...).contains(truth)` fails on right code with probability at most `1 - confidence`, by the
    normal approximation, over all entries together (Bonferroni).

    The interval is wider by one rounding of the draws' dtype: draws without variance do not fail by it.
    Raises ValueError for fewer than two draws, a confidence outside (0, 1), and draws that are not finite
    real tensors of one shape; TypeError for a generator that is none.
    """
    import torch

    if isinstance(n, bool) or not isinstance(n, int) or n < 2:
        raise ValueError(f"n: expected an integer of at least 2, got {n!r}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence: expected a probability strictly between 0 and 1, got {confidence!r}")
    if not isinstance(generator, torch.Generator):
        raise TypeError(f"generator: expected a torch.Generator, got {type(generator).__name__}")

    mean = squares = None
    chunk = _CHUNK if generator.device.type == "cpu" else _CHUNK_ELSEWHERE
    for seen in track(range(0, n, chunk), "Drawing", unit="batch"):
        size = min(chunk, n - seen)
        draws = sample(size, generator)
        _check_draws(draws, size, mean)
        precision = torch.finfo(draws.dtype if draws.is_floating_point() else torch.float64).eps
        draws = (
            draws.detach().to("cpu" if not supports_float64(draws.device) else draws.device).to(torch.float64)
        )
        chunk_mean = draws.mean(0)
        chunk_squares = (draws - chunk_mean).square_().sum(0)
        if mean is None:
            mean, squares = chunk_mean, chunk_squares
        else:
            difference = chunk_mean - mean
            mean = mean + difference * (size / (seen + size))
            squares = squares + chunk_squares + difference.square() * (seen * size / (seen + size))

    # of any NaN or infinity, however early
    if not torch.isfinite(mean).all():
        raise ValueError("sample: expected finite draws, got NaN or infinity")
    standard_error = (squares / (n - 1) / n).sqrt()
    # the lower tail: near 1 a quantile has lost its digits
    quantile = -NormalDist().inv_cdf((1 - confidence) / (2 * mean.numel()))
    half_width = quantile * standard_error + precision * mean.abs()
    return Estimate(mean, standard_error, mean - half_width, mean + half_width, n, confidence)


def _check_draws(draws, size: int, mean: torch.Tensor | None) -> None:
    import torch

    if not isinstance(draws, torch.Tensor) or draws.is_complex():
        kind = draws.dtype if isinstance(draws, torch.Tensor) else type(draws).__name__
        raise ValueError(f"sample: expected a real tensor, got {kind}")
    if draws.ndim == 0 or draws.shape[0] != size or draws.numel() == 0:
        raise ValueError(f"sample: expected shape ({size}, ...) for {size} draws, got {tuple(draws.shape)}")
    if mean is not None and draws.shape[1:] != mean.shape:
        raise ValueError(
            f"sample: expected draws of shape {tuple(mean.shape)} as before, got {tuple(draws.shape[1:])}"
        )
