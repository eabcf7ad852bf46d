"""Backpropagation through invertible maps that keeps no activations: each input is recomputed from the output."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch.autograd.function import once_differentiable

from helpers.arguments import checked, instance, several
from helpers.models.invertible import InvertibleMap

__all__ = ["reversible_sequence"]


@checked(blocks=several(instance(InvertibleMap)))
def reversible_sequence(
    blocks: Sequence[torch.nn.Module], x: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """What `Composition(*blocks)(x)` returns, with gradients that need the output alone.

    Between the passes autograd keeps one tensor of the points' size, the output, however many blocks there are. On
    the way back each block's input is recomputed by its inverse, and the block is run again to differentiate it. In
    exact arithmetic the gradients are autograd's; in floating point they carry the round trip's error, which grows
    with the number of blocks.

    Gradients reach `x` and the parameters of the blocks, not what a function that is no module holds. They are not
    differentiable once more. Points are as for the blocks; the log-determinants are `(...)`.

    Raises ValueError without a block and for one that is no `InvertibleMap`. Cost: backwards one inverse and one
    evaluation a block besides what autograd takes; memory O(size of x) between the passes.
    Source: A. Gomez, M. Ren, R. Urtasun, R. Grosse, "The Reversible Residual Network", NIPS 2017.
    """
    blocks = tuple(blocks)
    if not blocks:
        raise ValueError("blocks: got none, expected at least one InvertibleMap")
    for index, block in enumerate(blocks):
        if not isinstance(block, InvertibleMap):
            raise ValueError(f"blocks: number {index} is {type(block).__name__}, expected an InvertibleMap")
    parameters = list({id(p): p for block in blocks for p in block.parameters() if p.requires_grad}.values())
    return _ReversibleSequence.apply(blocks, x, *parameters)


class _ReversibleSequence(torch.autograd.Function):
    @staticmethod
    def forward(ctx, blocks, x, *parameters):
        ctx.blocks = blocks
        total = 0.0
        for block in blocks:
            x, log_abs_det = block(x)
            total = total + log_abs_det
        # The parameters go with the output, so that autograd refuses a backward pass after they have changed.
        ctx.save_for_backward(x, *parameters)
        return x, total

    @staticmethod
    @once_differentiable
    def backward(ctx, gradient, gradient_of_log_det):
        y, *parameters = ctx.saved_tensors
        sums = {id(p): torch.zeros_like(p) for p in parameters}
        for block in reversed(ctx.blocks):
            with torch.no_grad():
                x, _ = block.inverse(y)
            own = [p for p in block.parameters() if id(p) in sums]
            with torch.enable_grad():
                start = x.detach().requires_grad_()
                value, log_abs_det = block(start)
            outputs = [(value, gradient), (log_abs_det, gradient_of_log_det)]
            outputs = [(output, with_respect) for output, with_respect in outputs if output.requires_grad]
            gradient, *found = torch.autograd.grad(
                [output for output, _ in outputs],
                [start, *own],
                [with_respect for _, with_respect in outputs],
                allow_unused=True,
            )
            for parameter, part in zip(own, found, strict=True):
                if part is not None:
                    sums[id(parameter)] += part
            y = x
        return None, gradient, *(sums[id(p)] for p in parameters)
