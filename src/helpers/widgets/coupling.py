"""The figures of the chapter on coupling layers: a block that bends the plane, and the Jacobian of a wider one."""

from __future__ import annotations

from helpers.widgets.base import Choice, Figure, Real

__all__ = ["CouplingBlock", "CouplingJacobian"]


class CouplingBlock(Figure):
    """A block with halves of length one carries a square; the way back, right or wrong, and what it does to areas.

    Traits: `level` and `log_scale_bump` (the log-scale network G is the one plus the other times a bump),
    `shift_bump` (F is so many bumps), `s` (log-scale of the second coordinate), all from -1 to 1; `undo` (`nothing`,
    `inverse`, `closed_early`: what is done to the output); `point_a`, `point_b` (a point of the square, -1 to 1).
    """

    topic = "coupling"
    widget = "coupling-block"
    alt = (
        "Left, a square cut into cells, with a point that can be dragged, or what the chosen way back makes of "
        "the output. Right, the square's image under the block: rows keep level, each is shifted and stretched "
        "by its own amount. Cells are coloured by what happens to their area."
    )
    caption = (
        "Each row is moved and stretched by amounts that its height alone decides, and the height can be read off "
        "the output: so the block can be undone, though neither network can."
    )
    printed = (
        ("the block", {"undo": "nothing"}),
        ("and its inverse", {"undo": "inverse"}),
        ("undone with a bracket closed early", {"undo": "closed_early"}),
    )

    level = Real(0.0, -1.0, 1.0)
    log_scale_bump = Real(0.8, -1.0, 1.0)
    shift_bump = Real(0.8, -1.0, 1.0)
    s = Real(-0.4, -1.0, 1.0)
    undo = Choice("nothing", ("nothing", "inverse", "closed_early"))
    point_a = Real(0.5, -1.0, 1.0)
    point_b = Real(0.3, -1.0, 1.0)


class CouplingJacobian(Figure):
    """The Jacobian of a block with halves of length four, by a formula and by numerical differentiation.

    Traits: `mixing` (0 to 1: how much each entry of the networks sees of the other coordinates), `size_a` and
    `size_b` (-2 to 2: multiples of a fixed first and second half), `formula` of the upper right block (`right`,
    `exchanged` with its two factors exchanged, `entrywise` with the diagonal alone).
    """

    topic = "coupling"
    widget = "coupling-jacobian"
    alt = (
        "Two pictures of a matrix with eight rows and columns, cut into four blocks: by the formula and by "
        "numerical differentiation. The left blocks are a diagonal and zero, the lower right block is a diagonal; "
        "the upper right one is a diagonal for networks that act entry by entry and full for others."
    )
    caption = (
        "How the networks mix their inputs shows in one block only, the upper right one, and the determinant never "
        "reads it."
    )
    printed = (
        ("networks entry by entry", {"mixing": 0.0, "formula": "right"}),
        ("networks that mix", {"mixing": 1.0, "formula": "right"}),
        ("networks that mix, factors exchanged", {"mixing": 1.0, "formula": "exchanged"}),
    )

    mixing = Real(0.0, 0.0, 1.0)
    size_a = Real(1.0, -2.0, 2.0)
    size_b = Real(0.5, -2.0, 2.0)
    formula = Choice("right", ("right", "exchanged", "entrywise"))
