"""What `gpu.py` times: each kernel with its arguments, and the least that any program has to move and to compute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from helpers.checks import monte_carlo
from helpers.models.bounds import importance_weighted_bound
from helpers.models.coupling import AffineCoupling
from helpers.models.estimators import reparameterized_gradient, score_function_gradient
from helpers.models.games import simulate
from helpers.models.gaussians import kl_divergence, kl_to_standard_normal
from helpers.models.masked_convolution import Layer, receptive_fields, taps

__all__ = ["KERNELS", "Kernel", "Numbers"]

NUMBER = 4  # bytes of a float32
DRAWS, ENTRIES, SIZE, STEPS = 64, 64, 16, 10
SIDE, STACK = 64, [Layer(3, "A"), *[Layer(3, "B")] * 11]


class Numbers:
    """Where a kernel's arguments come from: the same on each device if drawn on the CPU, faster if drawn there."""

    def __init__(self, device: torch.device, dtype: torch.dtype, *, drawn_there: bool) -> None:
        self.device, self.dtype = device, dtype
        self.drawn = dtype if drawn_there else torch.float64  # of another dtype they would be other numbers
        self.generator = torch.Generator(device if drawn_there else "cpu").manual_seed(0)

    def normal(self, *shape: int) -> torch.Tensor:
        drawn = torch.randn(shape, generator=self.generator, device=self.generator.device, dtype=self.drawn)
        return drawn.to(self.device, self.dtype)

    def factor(self, n: int, size: int) -> torch.Tensor:
        lower = self.normal(n, size, size).tril_(-1).div_(2 * size)
        lower.diagonal(dim1=-2, dim2=-1).copy_(0.5 + self.normal(n, size).abs())
        return lower


@dataclass(frozen=True)
class Kernel:
    """One kernel at the size n.

    `make(numbers, n)` gives the call. `moved(n)` and `done(n)` are the least bytes and operations, in float32, and
    `least` says in words where they come from. `room` is the memory that one of n takes, in bytes, at the worst.
    """

    name: str
    title: str
    counted: str
    largest: int
    small: int
    room: int
    make: Callable[[Numbers, int], Callable[[], Any]]
    moved: Callable[[int], float]
    done: Callable[[int], float]
    least: str


def _draws_of(numbers: Numbers, n: int) -> Callable[[], Any]:
    drawn, generator = numbers.normal(n), torch.Generator(numbers.device)

    def run():
        taken = 0

        def sample(k: int, _) -> torch.Tensor:
            nonlocal taken
            taken += k
            return drawn[taken - k : taken]

        estimate = monte_carlo(sample, n, generator=generator)
        return estimate.mean, estimate.standard_error

    return run


def _weights(numbers: Numbers, n: int) -> Callable[[], Any]:
    weights = numbers.normal(n, DRAWS)
    return lambda: importance_weighted_bound(weights, -1)


def _path_derivatives(numbers: Numbers, n: int) -> Callable[[], Any]:
    noise, law = numbers.normal(n), (numbers.normal(), numbers.normal().exp())
    return lambda: reparameterized_gradient(lambda z, *_: z.square() / 2, law, noise=noise)


def _scores(numbers: Numbers, n: int) -> Callable[[], Any]:
    draws, law = numbers.normal(n), (numbers.normal(), numbers.normal().exp())
    return lambda: score_function_gradient(lambda z, *_: z.square() / 2, law, draws=draws, explicit=False)


def _fields(numbers: Numbers, n: int) -> Callable[[], Any]:
    return lambda: receptive_fields(STACK, (n, n), device=numbers.device)


def _games(numbers: Numbers, n: int) -> Callable[[], Any]:
    start, rates = numbers.normal(n, 2), numbers.normal(n).abs().clamp(max=1) / 10
    return lambda: simulate("simultaneous", start, rates, STEPS)


def _coupling(direction: str) -> Callable[[Numbers, int], Callable[[], Any]]:
    def make(numbers: Numbers, n: int) -> Callable[[], Any]:
        layer = AffineCoupling(lambda b: b, lambda b: b, numbers.normal(ENTRIES // 2) / 9)
        layer.requires_grad_(False)
        points, call = numbers.normal(n, ENTRIES) / 3, getattr(layer, direction)
        return lambda: call(points)

    return make


def _divergence(numbers: Numbers, n: int) -> Callable[[], Any]:
    laws = [(numbers.normal(n, SIZE), numbers.factor(n, SIZE)) for _ in range(2)]
    return lambda: kl_divergence(*laws[0], *laws[1])


def _diagonal_divergence(numbers: Numbers, n: int) -> Callable[[], Any]:
    mean, scale = numbers.normal(n, ENTRIES), numbers.normal(n, ENTRIES).abs() + 0.5
    return lambda: kl_to_standard_normal(mean, scale)


KERNELS = [
    Kernel(
        "monte-carlo-mean",
        "mean and standard error of given draws",
        "draws",
        10**8,
        1000,
        8 * NUMBER,
        _draws_of,
        lambda n: NUMBER * n,
        lambda n: 3 * n,
        "each draw is read once; added, squared, and its square added",
    ),
    Kernel(
        "importance-weighted-bound",
        f"importance-weighted bound of {DRAWS} draws",
        "bounds",
        2 * 10**6,
        100,
        4 * DRAWS * NUMBER,
        _weights,
        lambda n: NUMBER * (DRAWS + 1) * n,
        lambda n: 3 * DRAWS * n,
        "each log-weight is read once, each bound written; a weight is shifted, exponentiated and added",
    ),
    Kernel(
        "reparameterised-gradient",
        "reparameterised gradient in mean and scale",
        "draws",
        10**8,
        1000,
        20 * NUMBER,
        _path_derivatives,
        lambda n: 3 * NUMBER * n,
        lambda n: 3 * n,
        "each draw's noise is read once, its two derivatives written; the draw takes two operations, the slope one",
    ),
    Kernel(
        "score-function-gradient",
        "score-function gradient in mean and scale",
        "draws",
        10**8,
        1000,
        24 * NUMBER,
        _scores,
        lambda n: 3 * NUMBER * n,
        lambda n: 9 * n,
        "each draw is read once, its two derivatives written; two operations for the value, two for the "
        "standardised draw, three for the scores, two for the products",
    ),
    Kernel(
        "receptive-fields",
        f"all receptive fields of {len(STACK)} masked layers",
        "rows and columns of the image",
        SIDE,
        8,
        0,
        _fields,
        lambda n: n**4,
        lambda n: sum(len(taps(layer)) for layer in STACK) * n**4 / 32,
        "each pixel of each field is written once, a byte; for each tap of each layer 32 pixels are joined at a time",
    ),
    Kernel(
        "game-trajectories",
        f"game trajectories of {STEPS} steps",
        "trajectories",
        10**7,
        100,
        (6 * STEPS + 30) * NUMBER,
        _games,
        lambda n: NUMBER * (3 + 2 * (STEPS + 1)) * n,
        lambda n: 4 * STEPS * n,
        "start and rate are read once, each state is written; a step is two products and two additions",
    ),
    *(
        Kernel(
            f"coupling-{direction}",
            f"affine coupling of {ENTRIES} entries, {direction}",
            "points",
            4 * 10**6,
            100,
            5 * ENTRIES * NUMBER,
            _coupling(direction),
            lambda n: NUMBER * (2 * ENTRIES + 1) * n,
            lambda n: 5 * ENTRIES // 2 * n,
            "each entry is read and written once, a log-determinant written; for two entries five operations: "
            "exponential, product and sum of the one, product of the other, sum of the log-scales",
        )
        for direction in ("forward", "inverse")
    ),
    Kernel(
        "gaussian-divergence",
        f"Kullback–Leibler divergence of Gaussian laws of {SIZE} coordinates",
        "pairs",
        10**6,
        100,
        (10 * SIZE**2 + 8 * SIZE) * NUMBER,
        _divergence,
        lambda n: NUMBER * (SIZE * (SIZE + 1) + 2 * SIZE + 1) * n,
        lambda n: (SIZE**3 / 3 + 2 * SIZE**2) * n,
        "the lower halves of two factors and two means are read once, a number is written; a triangular solve for a "
        "triangle, and for the mean",
    ),
    Kernel(
        "diagonal-divergence",
        f"Kullback–Leibler divergence from a standard normal law of {ENTRIES} coordinates",
        "laws",
        4 * 10**6,
        100,
        24 * ENTRIES * NUMBER,
        _diagonal_divergence,
        lambda n: NUMBER * (2 * ENTRIES + 1) * n,
        lambda n: 6 * ENTRIES * n,
        "mean and scale are read once, a number is written; two squares, a logarithm, and three sums a coordinate",
    ),
]
