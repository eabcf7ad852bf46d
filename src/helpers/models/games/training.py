"""The same game trained as networks are: PyTorch parameters, autograd, and PyTorch's own optimisers.

Nothing here knows an iteration matrix: each method is the loop that a practitioner would write, so that its
agreement with `simulate` is evidence for both.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from helpers.codegen import to_torch
from helpers.models.games.methods import METHODS, PAYOFF, STATE, check_arguments
from helpers.models.games.trajectories import check_start, check_steps
from helpers.progress import track

if TYPE_CHECKING:
    import torch

__all__ = ["train"]

# The fixed-point iteration for the implicit step contracts by the learning rate: it comes to rest within this
# many sweeps for every rate below 0.95.
IMPLICIT_SWEEPS = 800


def train(method: str, start, learning_rate: float, steps: int, **parameters: float) -> torch.Tensor:
    """Train $V(d, g) = d g$ with `torch.optim.SGD` and autograd from `start`, keeping every state.

    `start` is finite numbers (d, g) of shape `(..., 2)`, a game each; returns a float64 tensor of shape
    `(steps + 1, ..., 2)` on its device. The discriminator's
    optimiser maximises, the generator's minimises. Raises `ValueError` for the arguments of
    `iteration_matrix`, and for the implicit method at a learning rate of 0.95 or more, where the fixed-point
    iteration that solves its step is too slow. Cost O(steps), about 1 ms a step.
    """
    import torch

    check_arguments(method, learning_rate, parameters)
    check_steps(steps)
    point = check_start(start)
    if method == "implicit" and learning_rate >= 0.95:
        raise ValueError(
            f"learning_rate: got {learning_rate!r}, expected less than 0.95 for the implicit method"
        )
    d, g = (x.detach().clone().double().requires_grad_() for x in point.unbind(-1))
    parameter = parameters.get(METHODS[method].parameter or "", 0.0)
    step = _LOOPS[method](d, g, float(learning_rate), float(parameter))
    path = [torch.stack([d, g], dim=-1).detach()]
    for _ in track(range(steps), "Training"):
        next(step)
        path.append(torch.stack([d, g], dim=-1).detach())
    return torch.stack(path)


def _optimisers(d, g, learning_rate: float, momentum: float = 0.0):
    from torch.optim import SGD

    ascend, descend = SGD([d], lr=learning_rate, maximize=True), SGD([g], lr=learning_rate)
    for optimiser in (ascend, descend):
        # SGD's constructor refuses a negative momentum; its step does not.
        optimiser.param_groups[0]["momentum"] = momentum
    return ascend, descend


def _gradients(d, g, objective_d: Callable, objective_g: Callable | None = None) -> None:
    """Fill `d.grad` from what d wants large and `g.grad` from what g wants small, both at the present point."""
    import torch

    # a sum over games has for each the gradient of its own
    (d.grad,) = torch.autograd.grad(objective_d(d, g).sum(), d)
    (g.grad,) = torch.autograd.grad((objective_g or objective_d)(d, g).sum(), g)


_payoff = cache(lambda: to_torch(PAYOFF, list(STATE)))


def payoff(d, g):
    """The value of the game at tensors, compiled from the one expression for it."""
    return _payoff()(d, g)


def _simultaneous(d, g, learning_rate, parameter, momentum=0.0) -> Iterator[None]:
    ascend, descend = _optimisers(d, g, learning_rate, momentum)
    while True:
        _gradients(d, g, payoff)
        ascend.step()
        descend.step()
        yield


def _alternating(d, g, learning_rate, parameter, momentum=0.0) -> Iterator[None]:
    ascend, descend = _optimisers(d, g, learning_rate, momentum)
    while True:
        _gradients(d, g, payoff)
        ascend.step()
        _gradients(d, g, payoff)
        descend.step()
        yield


def _from_saved_point(d, g, point) -> None:
    import torch

    with torch.no_grad():
        d.copy_(point[0])
        g.copy_(point[1])


def _implicit(d, g, learning_rate, parameter) -> Iterator[None]:
    import torch

    ascend, descend = _optimisers(d, g, learning_rate)
    while True:
        here = d.detach().clone(), g.detach().clone()
        guesses = deque([torch.stack([d, g]).detach()], maxlen=4)
        for _ in range(IMPLICIT_SWEEPS):
            _gradients(d, g, payoff)
            _from_saved_point(d, g, here)
            ascend.step()
            descend.step()
            guess = torch.stack([d, g]).detach()
            # each stands still, or turns in quarter turns among neighbouring numbers
            rests = torch.stack([(guess == before).all(0) for before in guesses]).any(0)
            if rests.all():
                break
            guesses.append(guess)
        yield


def _extragradient(d, g, learning_rate, parameter) -> Iterator[None]:
    ascend, descend = _optimisers(d, g, learning_rate)
    while True:
        here = d.detach().clone(), g.detach().clone()
        _gradients(d, g, payoff)
        ascend.step()
        descend.step()
        _gradients(d, g, payoff)
        _from_saved_point(d, g, here)
        ascend.step()
        descend.step()
        yield


def _optimistic(d, g, learning_rate, parameter) -> Iterator[None]:
    ascend, descend = _optimisers(d, g, learning_rate)
    before = None
    while True:
        _gradients(d, g, payoff)
        now = d.grad.clone(), g.grad.clone()
        before = before or now
        d.grad, g.grad = 2 * now[0] - before[0], 2 * now[1] - before[1]
        before = now
        ascend.step()
        descend.step()
        yield


def _consensus(d, g, learning_rate, strength) -> Iterator[None]:
    import torch

    ascend, descend = _optimisers(d, g, learning_rate)

    def disagreement(d, g):
        slopes = torch.autograd.grad(payoff(d, g).sum(), (d, g), create_graph=True)
        return strength / 2 * sum(slope**2 for slope in slopes)

    while True:
        # Both players pay for the squared length of the joint gradient: a gradient of a gradient.
        _gradients(
            d,
            g,
            lambda d, g: payoff(d, g) - disagreement(d, g),
            lambda d, g: payoff(d, g) + disagreement(d, g),
        )
        ascend.step()
        descend.step()
        yield


def _penalty(d, g, learning_rate, strength) -> Iterator[None]:
    ascend, descend = _optimisers(d, g, learning_rate)
    while True:
        _gradients(d, g, lambda d, g: payoff(d, g) - strength / 2 * d**2, payoff)
        ascend.step()
        descend.step()
        yield


def _with_momentum(loop: Callable) -> Callable:
    return lambda d, g, learning_rate, momentum: loop(d, g, learning_rate, None, momentum)


_LOOPS: dict[str, Callable[..., Iterator[None]]] = {
    "simultaneous": _simultaneous,
    "alternating": _alternating,
    "implicit": _implicit,
    "extragradient": _extragradient,
    "optimistic": _optimistic,
    "consensus": _consensus,
    "penalty": _penalty,
    "heavy_ball_simultaneous": _with_momentum(_simultaneous),
    "heavy_ball_alternating": _with_momentum(_alternating),
}
