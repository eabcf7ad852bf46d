"""The book's one Matplotlib style: a plot is an inline SVG that follows the page's light or dark theme."""

from __future__ import annotations

import hashlib
import html
import io
import math
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.arguments import checked, one_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["PALETTE", "Plot", "color", "figure", "render", "style"]

PALETTE: dict[str, tuple[str, str]] = {
    "ink": ("#1f2328", "#e6e8eb"),
    "muted": ("#57606a", "#a3abb5"),
    "line": ("#c9d1d9", "#3d444d"),
    "surface": ("#f6f8fa", "#1b2027"),
    "page": ("#ffffff", "#14181e"),
    "accent": ("#076cb7", "#329de9"),
    "warm": ("#b85400", "#f3ac51"),
    "good": ("#2a6643", "#47d1a0"),
    "warn": ("#a40e25", "#fc7574"),
    "violet": ("#893881", "#d9abdc"),
}
"""The light and dark colour of each role. The page's style sheet has the same as CSS variables, `--dtr-<role>`."""

NARROW = 4.3
"""Inches that a plot is wide on a phone: its text, 11 points at least, is then as many pixels on a screen of 360."""


@dataclass(frozen=True, repr=False)
class Plot:
    """A finished plot: shows itself as HTML in a notebook and in the book, as its `alt` text elsewhere.

    `narrow` is the same plot laid out for a phone, where `svg` is too wide for one. The book's style sheet chooses.
    """

    svg: str
    alt: str
    caption: str | None = None
    narrow: str = ""

    def _repr_html_(self) -> str:
        caption = f"<figcaption>{html.escape(self.caption)}</figcaption>" if self.caption else ""
        return f'<figure class="plot">{self.svg}{self.narrow}{caption}</figure>'

    def __repr__(self) -> str:
        return self.alt


@checked(role=one_of(PALETTE))
def color(role: str) -> str:
    """The colour of a role, to draw with; in the page it follows the theme.

    Raises ValueError for a role that `PALETTE` has not.
    """
    if role not in PALETTE:
        raise ValueError(f"role: expected one of {', '.join(PALETTE)}, got {role!r}")
    return PALETTE[role][0]


def style() -> AbstractContextManager[None]:
    """A context in which Matplotlib draws in the book's style, whatever it is set to outside."""
    import matplotlib.style
    from cycler import cycler

    ink, muted, line, page = map(color, ("ink", "muted", "line", "page"))
    settings = {
        **dict.fromkeys(["font.size", "axes.titlesize", "axes.labelsize"], 12),
        **dict.fromkeys(["xtick.labelsize", "ytick.labelsize", "legend.fontsize"], 11),
        "mathtext.fontset": "cm",
        **dict.fromkeys(["figure.facecolor", "axes.facecolor", "savefig.facecolor"], page),
        **dict.fromkeys(["text.color", "axes.labelcolor", "patch.edgecolor", "hatch.color"], ink),
        **dict.fromkeys(["axes.edgecolor", "xtick.color", "ytick.color"], muted),
        **dict.fromkeys(["xtick.labelcolor", "ytick.labelcolor"], ink),
        **dict.fromkeys([f"axes3d.{axis}axis.panecolor" for axis in "xyz"], color("surface")),
        "grid.color": line,
        "legend.edgecolor": line,
        "legend.frameon": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.prop_cycle": cycler(color=[color(c) for c in ("accent", "warm", "good", "violet", "warn")]),
        "lines.linewidth": 2,
        "axes.linewidth": 1,
        "grid.linewidth": 0.8,
        "svg.fonttype": "path",
        # ids are the same in every build
        "svg.hashsalt": "derivations-that-run",
    }
    return matplotlib.style.context(["default", settings])


@contextmanager
def figure(
    *, alt: str, width: float = 5.5, height: float = 3.6, caption: str | None = None, **subplots
) -> Iterator[tuple]:
    """Draw a plot in the book's style; it is displayed at the end of the block.

    `alt` says what is to be seen, for who does not see it; `width` and `height` are in inches. On a phone a wider
    plot is laid out anew, with its panels below each other where they were side by side. Further arguments go to
    `Figure.subplots`: `nrows=2`, `sharex=True`, or `subplot_kw={"projection": "3d"}`. Gives Matplotlib's figure
    and its axes (an array of them, where there are several). Nothing is displayed where the block raises. Raises
    ValueError for an empty `alt` and for a width or height that is not positive.

    >>> with figure(alt="A parabola with its minimum at 0") as (fig, ax):
    ...     lines = ax.plot([-1, 0, 1], [1, 0, 1])
    A parabola with its minimum at 0
    """
    _check_alt(alt)
    for name, inches in (("width", width), ("height", height)):
        if not (isinstance(inches, int | float) and math.isfinite(inches) and inches > 0):
            raise ValueError(f"{name}: expected a positive number of inches, got {inches!r}")
    from IPython.display import display
    from matplotlib.figure import Figure

    with style():
        # no pyplot: it keeps every figure in a global list, and shows it a second time
        drawn = Figure(figsize=(width, height), layout="constrained")
        yield drawn, drawn.subplots(**subplots)
        plot = render(drawn, alt=alt, caption=caption)
    display(plot)


def render(drawn: Figure, *, alt: str, caption: str | None = None) -> Plot:
    """A Matplotlib figure as a `Plot`, for where `figure` does not fit: to return it, or to glue it.

    The palette's light colours and black become CSS variables with these colours as fallback; other colours
    stay, those of colour maps and of shaded surfaces among them (draw surfaces in palette colours with
    `shade=False`). Ids become unique to the picture and its `alt`, and the same figure gives the same bytes.
    A figure wider than `NARROW` inches is drawn a second time, for phones. Raises ValueError for an empty `alt`.
    """
    _check_alt(alt)
    if not hasattr(drawn, "savefig"):
        raise ValueError(f"drawn: expected a Matplotlib figure, got {type(drawn).__name__}")
    with style():
        svg = _as_svg(drawn, alt)
        narrow = ""
        if drawn.get_figwidth() > 1.1 * NARROW:
            with _laid_out_narrow(drawn):
                narrow = _with_frame(_as_svg(drawn, alt), alt, "plot-narrow")
    return Plot(_with_frame(svg, alt, "plot-wide" if narrow else ""), alt, caption, narrow)


@contextmanager
def _laid_out_narrow(drawn: Figure) -> Iterator[None]:
    """The figure `NARROW` inches wide: panels of one grid take fewer columns, and are at least as wide as before."""
    from matplotlib.gridspec import GridSpec

    width, height = drawn.get_size_inches()
    placed = {ax: spec for ax in drawn.axes if (spec := ax.get_subplotspec())}
    panels = sorted(placed, key=lambda ax: placed[ax].num1)
    rows, columns = max((spec.get_gridspec().get_geometry() for spec in placed.values()), default=(1, 1))
    is_grid = len({placed[ax].num1 for ax in panels}) == len(panels) <= rows * columns
    one_cell = all(placed[ax].num1 == placed[ax].num2 for ax in panels)
    fewer = max(1, int(NARROW / (width / columns))) if is_grid and one_cell else columns
    more = -(-len(panels) // fewer) if fewer < columns else rows
    if fewer < columns:
        grid = GridSpec(more, fewer, figure=drawn)
        for place, ax in zip(grid, panels, strict=False):
            ax.set_subplotspec(place)
            if place.is_first_col():
                ax.tick_params(labelleft=True)
    drawn.set_size_inches(NARROW, more * height / rows)
    try:
        yield
    finally:
        drawn.set_size_inches(width, height)
        for ax, spec in placed.items():
            ax.set_subplotspec(spec)


def _as_svg(drawn: Figure, alt: str) -> str:
    buffer = io.StringIO()
    drawn.savefig(buffer, format="svg", metadata=dict.fromkeys(["Creator", "Date", "Format", "Type"]))
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    # what Matplotlib says to all elements of a document, here a whole page, is said to this SVG alone
    svg, rules = re.subn(r"<defs>\s*<style[^>]*>\*\{[^}]*\}</style>\s*</defs>\s*", "", svg)
    if rules != 1:
        raise RuntimeError("Matplotlib's SVG is not as expected: its style rule is not found")
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    return _with_theme(_with_own_ids(svg, alt))


def _check_alt(alt: str) -> None:
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(f"alt: expected a text that says what is to be seen, got {alt!r}")


def _with_own_ids(svg: str, alt: str) -> str:
    prefix = "p" + hashlib.sha256(f"{alt}\n{svg}".encode()).hexdigest()[:10]
    return re.sub(r'(\bid="|href="#|url\(#)(?=[A-Za-z])', rf"\g<1>{prefix}-", svg)


def _with_theme(svg: str) -> str:
    roles = {light: role for role, (light, _) in PALETTE.items()} | {"#000000": "ink"}
    return re.sub(
        r"#[0-9a-fA-F]{6}\b",
        lambda match: (
            f"var(--dtr-{roles[match[0].lower()]}, {match[0]})" if match[0].lower() in roles else match[0]
        ),
        svg,
    )


def _with_frame(svg: str, alt: str, name: str) -> str:
    tag, rest = svg.split(">", 1)
    width = re.search(r'\bwidth="([^"]+)"', tag)[1]
    tag = re.sub(r'\s(width|height)="[^"]*"', "", tag)
    shown = "none" if name == "plot-narrow" else "block"
    name = f' class="{name}"' if name else ""
    layout = f"display: {shown}; width: 100%; max-width: {width}; height: auto; margin: 0 auto"
    # black fills are what Matplotlib leaves unsaid
    inherited = "fill: var(--dtr-ink, #000000); stroke-linejoin: round; stroke-linecap: butt"
    return f'{tag}{name} role="img" aria-label="{html.escape(alt)}" style="{layout}; {inherited}">{rest.rstrip()}'
