"""Trajectories of the bilinear game over a grid of starts and learning rates, every state kept.

The peers know the rule of the method by heart: a loop in plain Python over the grid; NumPy with a loop over the
steps, the two players as two arrays, results written in place; SciPy's `lfilter`, which runs the recurrence that one
player's numbers obey, one learning rate at a time, for all starts at once. The plain loop runs over the first starts
alone, and its time is taken in proportion.
"""

from collections.abc import Iterator

import numpy as np
import torch
from side_by_side import Case, Claim, Family, Peer

from helpers.models.games import simulate

__all__ = ["FAMILIES"]

SIDES = (10, 32, 100, 316, 1000)  # starts, and as many learning rates
STEPS = 20
PLAIN = 1000  # trajectories of the plain loop at the most


def _cases(method: str) -> Iterator[Case]:
    plain, vectorised, filtered = PEERS[method]
    for side in SIDES:
        generator = torch.Generator().manual_seed(side)
        starts = torch.randn(side, 2, generator=generator, dtype=torch.float64)
        rates = torch.linspace(0.01, 0.5, side, dtype=torch.float64)
        grid, v, etas = starts[:, None], starts.numpy(), rates.numpy()
        rows = max(1, min(side, PLAIN // side))

        def by_python(v=v, etas=etas, rows=rows, side=side):
            starts, rates = v[:rows].tolist(), etas.tolist()
            return Peer(
                lambda: [plain(d, g, eta) for d, g in starts for eta in rates],
                lambda paths: np.array(paths).reshape(rows, side, STEPS + 1, 2).transpose(2, 0, 1, 3),
                rows / side,
            )

        def by_numpy(v=v, etas=etas):
            return Peer(lambda: vectorised(v[:, :1], v[:, 1:], etas), lambda path: np.stack(path, axis=-1))

        def by_scipy(v=v, etas=etas):
            from scipy.signal import lfilter

            return Peer(
                lambda: np.stack([filtered(lfilter, v.T, eta) for eta in etas]),
                lambda path: path.transpose(1, 3, 0, 2),
            )

        yield Case(
            side**2,
            lambda grid=grid, rates=rates: simulate(method, grid, rates, STEPS),
            {"plain Python": by_python, "NumPy": by_numpy, "SciPy": by_scipy},
            lambda path, part: path[:, : round(part * path.shape[1])],
        )


def _alternating_plain(d, g, eta):
    path = [(d, g)]
    for _ in range(STEPS):
        d = d + eta * g
        g = g - eta * d
        path.append((d, g))
    return path


def _alternating_numpy(d, g, eta):
    shape = (STEPS + 1, len(d), len(eta))
    ds, gs = np.empty(shape), np.empty(shape)
    ds[0], gs[0] = d, g
    for k in range(STEPS):
        np.multiply(eta, gs[k], out=ds[k + 1])
        ds[k + 1] += ds[k]
        np.multiply(eta, ds[k + 1], out=gs[k + 1])
        np.subtract(gs[k], gs[k + 1], out=gs[k + 1])
    return ds, gs


def _alternating_scipy(lfilter, v, eta):
    """Both players' numbers obey x[k] = (2 - eta²) x[k-1] - x[k-2]; the input sets the first two."""
    given = np.zeros((STEPS + 1, *v.shape))
    given[0] = v
    d = v[0] + eta * v[1]
    given[1] = np.stack([d, v[1] - eta * d]) - (2 - eta**2) * v
    return lfilter([1.0], [1.0, eta**2 - 2, 1.0], given, axis=0)


def _optimistic_plain(d, g, eta):
    path, d_before, g_before = [(d, g)], d, g
    for _ in range(STEPS):
        d_next = d + eta * (2 * g - g_before)
        g_next = g - eta * (2 * d - d_before)
        d, g, d_before, g_before = d_next, g_next, d, g
        path.append((d, g))
    return path


def _optimistic_numpy(d, g, eta):
    shape = (STEPS + 1, len(d), len(eta))
    ds, gs, ahead = np.empty(shape), np.empty(shape), np.empty(shape[1:])
    ds[0], gs[0] = d, g
    for k in range(STEPS):
        before = max(k - 1, 0)
        for own, other, step in ((ds, gs, np.add), (gs, ds, np.subtract)):
            np.multiply(other[k], 2.0, out=ahead)
            np.subtract(ahead, other[before], out=ahead)
            np.multiply(ahead, eta, out=ahead)
            step(own[k], ahead, out=own[k + 1])
    return ds, gs


def _optimistic_scipy(lfilter, v, eta):
    """With z = d + ig, z[k] = (1 - 2i eta) z[k-1] + i eta z[k-2]; the input sets z[0], and z[-1] = z[0]."""
    z = v[0] + 1j * v[1]
    given = np.zeros((STEPS + 1, v.shape[1]), dtype=complex)
    given[0] = z
    given[1] = 1j * eta * z
    path = lfilter([1.0], [1.0, 2j * eta - 1, -1j * eta], given, axis=0)
    return np.stack([path.real, path.imag], axis=1)


PEERS = {
    "alternating": (_alternating_plain, _alternating_numpy, _alternating_scipy),
    "optimistic": (_optimistic_plain, _optimistic_numpy, _optimistic_scipy),
}

FAMILIES = [
    Family(
        name=f"trajectories-{method}",
        title=f"Trajectories of the game, {method}",
        size="trajectories: starts × learning rates",
        dtype="float64",
        work=f"{STEPS} steps, every state kept",
        claim=Claim("helpers.models.games.simulate", "Cost O(steps) in time and memory for each start", 1),
        most=1e-9,
        reason=(
            "A call of PyTorch takes longer to begin than one of NumPy, and each step is a few calls. The loop in "
            "NumPy knows one method and checks nothing."
        ),
        cases=lambda method=method: _cases(method),
    )
    for method in PEERS
]
