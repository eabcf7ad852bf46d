"""Coupling layers as PyTorch modules: networks inside, invertible whatever the networks are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from helpers.arguments import checked, several, whole
from helpers.models.invertible import InvertibleMap, all_finite, check_finite, check_form

__all__ = ["AffineCoupling", "MaskedCoupling", "ResidualReversibleBlock"]

Network = Callable[[torch.Tensor], torch.Tensor]


class AffineCoupling(InvertibleMap):
    r"""$(a, b) \mapsto (e^{G(b)} \circ a + F(b),\ e^s \circ b)$ on the halves of a vector of even length d = 2h.

    The first half is an affine coupling, the second a constant diagonal scaling. F and G may be any networks: both
    directions only ever evaluate them forwards. The log-determinant is $\sum_i (G_i(b) + s_i)$.

    Args:
        translation: F, a module or another function of `(..., h)` to `(..., h)`.
        log_scale: G, likewise; a scale is its exponential.
        s: a floating-point tensor `(h,)`, the logarithms of the second half's scales. A `Parameter` is shared,
            another tensor is copied into one.

    Points are `(..., 2h)`. Raises ValueError for an s of another kind, for points of another shape, and where a
    network returns another shape or dtype, NaN or infinity. Cost: O(d) besides one evaluation of F and of G, in
    either direction. Source: L. Dinh, J. Sohl-Dickstein, S. Bengio, "Density estimation using Real NVP", ICLR 2017.

    Example:
        >>> import torch
        >>> block = AffineCoupling(torch.sin, torch.cos, torch.tensor([0.5]))
        >>> y, log_abs_det = block(torch.tensor([2.0, 0.0]))
        >>> y, log_abs_det
        (tensor([5.4366, 0.0000], grad_fn=<CatBackward0>), tensor(1.5000, grad_fn=<AddBackward0>))
        >>> block.inverse(y)[0].detach()
        tensor([2., 0.])
    """

    def __init__(self, translation: Network, log_scale: Network, s: torch.Tensor) -> None:
        super().__init__()
        _require_networks(translation=translation, log_scale=log_scale)
        if not isinstance(s, torch.Tensor) or not s.is_floating_point() or s.ndim != 1 or len(s) == 0:
            came = f"{s.dtype} of shape {tuple(s.shape)}" if isinstance(s, torch.Tensor) else repr(s)
            raise ValueError(f"s: got {came}, expected a floating-point tensor of shape (h,)")
        check_finite("s", s)
        self.translation, self.log_scale = translation, log_scale
        self.s = s if isinstance(s, torch.nn.Parameter) else torch.nn.Parameter(s.detach().clone())
        self.event_shape = (2 * len(s),)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        check_form("x", x, self.event_shape)
        a, b = x.chunk(2, dim=-1)
        F, G = self._networks(b)
        s = self.s.to(b.dtype)
        y = torch.cat([torch.addcmul(F, G.exp(), a), s.exp() * b], dim=-1)
        log_abs_det = G.sum(-1) + s.sum()
        _check_numbers((y, log_abs_det), x=x, translation=F, log_scale=G)
        return y, log_abs_det

    def inverse(self, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        check_form("y", y, self.event_shape)
        u, v = y.chunk(2, dim=-1)
        s = self.s.to(y.dtype)
        b = v / s.exp()
        F, G = self._networks(b)
        x = torch.cat([(u - F) / G.exp(), b], dim=-1)
        log_abs_det = -(G.sum(-1) + s.sum())
        _check_numbers((x, log_abs_det), y=y, translation=F, log_scale=G)
        return x, log_abs_det

    def _networks(self, b: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        width = b.shape[-1]
        F = _value_of("translation", self.translation, b, width)
        return F, _value_of("log_scale", self.log_scale, b, width)


class MaskedCoupling(InvertibleMap):
    r"""The entries with the given indices stay; the others become $e^{s(x_\Omega)} \circ x + t(x_\Omega)$.

    Args:
        indices: $\Omega$, the places of the k entries that stay, 0-based and different; 0 < k < `size`.
        log_scale: s, a module or another function of `(..., k)` to `(..., size - k)`.
        translation: t, likewise.
        size: the length of a vector.

    Points are `(..., size)`. Raises ValueError for other indices, for points of another shape, and where a network
    returns another shape or dtype, NaN or infinity. Cost: O(size) besides one evaluation of each network.
    Source: L. Dinh, J. Sohl-Dickstein, S. Bengio, "Density estimation using Real NVP", ICLR 2017.

    >>> import torch
    >>> layer = MaskedCoupling([1], torch.zeros_like, torch.ones_like, size=2)
    >>> layer(torch.tensor([5.0, 7.0]))[0]
    tensor([6., 7.])
    """

    @checked(indices=several(whole(), least=0), size=whole(2))
    def __init__(
        self, indices: Sequence[int], log_scale: Network, translation: Network, *, size: int
    ) -> None:
        super().__init__()
        _require_networks(log_scale=log_scale, translation=translation)
        stay = [int(index) for index in indices]
        if not 0 < len(set(stay)) == len(stay) < size or not all(0 <= index < size for index in stay):
            raise ValueError(
                f"indices: got {list(indices)} for size {size}, expected different ones of 0, ..., {size - 1}: at "
                "least one, and not all"
            )
        move = [index for index in range(size) if index not in stay]
        self.log_scale, self.translation = log_scale, translation
        self.event_shape = (size,)
        self.register_buffer("stay", torch.tensor(stay))
        self.register_buffer("move", torch.tensor(move))
        self.register_buffer("place", torch.argsort(torch.tensor(stay + move)))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        check_form("x", x, self.event_shape)
        known = x[..., self.stay]
        s, t = self._networks(known)
        y, log_abs_det = self._joined(known, s.exp() * x[..., self.move] + t), s.sum(-1)
        _check_numbers((y, log_abs_det), x=x, log_scale=s, translation=t)
        return y, log_abs_det

    def inverse(self, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        check_form("y", y, self.event_shape)
        known = y[..., self.stay]
        s, t = self._networks(known)
        x, log_abs_det = self._joined(known, (-s).exp() * (y[..., self.move] - t)), -s.sum(-1)
        _check_numbers((x, log_abs_det), y=y, log_scale=s, translation=t)
        return x, log_abs_det

    def _networks(self, known: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        width = len(self.move)
        s = _value_of("log_scale", self.log_scale, known, width)
        return s, _value_of("translation", self.translation, known, width)

    def _joined(self, known: torch.Tensor, moved: torch.Tensor) -> torch.Tensor:
        return torch.cat([known, moved], dim=-1)[..., self.place]


class ResidualReversibleBlock(InvertibleMap):
    r"""$u = a + F(b)$, then $v = b + G(u)$: two shears, so that the determinant is 1 for any networks.

    Args:
        F, G: modules or other functions of `(..., size / 2)` to the same shape.
        size: the length of a vector, even.

    Points are `(..., size)`. Raises ValueError for an odd size, for points of another shape, and where a network
    returns another shape or dtype, NaN or infinity. Cost: O(size) besides one evaluation of F and of G.
    Source: A. Gomez, M. Ren, R. Urtasun, R. Grosse, "The Reversible Residual Network", NIPS 2017.

    >>> import torch
    >>> block = ResidualReversibleBlock(torch.sin, torch.cos, size=2)
    >>> y, log_abs_det = block(torch.tensor([1.0, 0.0]))
    >>> block.inverse(y)[0], log_abs_det
    (tensor([1., 0.]), tensor(0.))
    """

    is_volume_preserving = True

    def __init__(self, F: Network, G: Network, *, size: int) -> None:
        super().__init__()
        _require_networks(F=F, G=G)
        if isinstance(size, bool) or not isinstance(size, int) or size < 2 or size % 2:
            raise ValueError(f"size: got {size!r}, expected an even number of at least 2")
        self.F, self.G = F, G
        self.event_shape = (size,)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        check_form("x", x, self.event_shape)
        a, b = x.chunk(2, dim=-1)
        F = _value_of("F", self.F, b, b.shape[-1])
        u = a + F
        G = _value_of("G", self.G, u, u.shape[-1])
        y = torch.cat([u, b + G], dim=-1)
        _check_numbers((y,), x=x, F=F, G=G)
        return y, x.new_zeros(x.shape[:-1])

    def inverse(self, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        check_form("y", y, self.event_shape)
        u, v = y.chunk(2, dim=-1)
        G = _value_of("G", self.G, u, u.shape[-1])
        b = v - G
        F = _value_of("F", self.F, b, b.shape[-1])
        x = torch.cat([u - F, b], dim=-1)
        _check_numbers((x,), y=y, F=F, G=G)
        return x, y.new_zeros(y.shape[:-1])


def _require_networks(**networks: object) -> None:
    for name, network in networks.items():
        if not callable(network):
            raise ValueError(f"{name}: got {network!r}, expected a module or another function of tensors")


def _value_of(name: str, network: Network, points: torch.Tensor, width: int) -> torch.Tensor:
    """The network at these points, `(..., width)`; ValueError where shape or dtype is wrong."""
    value = network(points)
    expected = (*points.shape[:-1], width)
    if not isinstance(value, torch.Tensor) or value.shape != expected or value.dtype != points.dtype:
        came = (
            f"{value.dtype} of shape {tuple(value.shape)}"
            if isinstance(value, torch.Tensor)
            else type(value).__name__
        )
        raise ValueError(
            f"{name}: returned {came} for points of shape {tuple(points.shape)}, expected {points.dtype} of shape "
            f"{expected}"
        )
    return value


def _check_numbers(results: tuple[torch.Tensor, ...], **given: torch.Tensor) -> None:
    """Refuse a NaN or an infinity in what was `given`, the points first, then what the networks returned.

    Each of these maps carries a number that is not finite on into its value or its log-determinant, so that finite
    `results` clear all that was given; only else is it looked at.
    """
    if all(map(all_finite, results)):
        return
    for name, values in given.items():
        check_finite(name, values, verb="got" if name in ("x", "y") else "returned")
