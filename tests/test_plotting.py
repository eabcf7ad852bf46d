"""Plots as the page gets them: themed, named, without a trace of the build, and without ids in common."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import matplotlib
import numpy
import pytest
from matplotlib.figure import Figure

from helpers import plotting

SVG = "{http://www.w3.org/2000/svg}"
THEME = Path(__file__).parent.parent / "src" / "helpers" / "widgets" / "js" / "theme.css"


@pytest.fixture
def displayed(monkeypatch):
    """What `figure` displays, instead of displaying it."""
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    return shown


def parabola(displayed, *, alt="A parabola", **options) -> plotting.Plot:
    with plotting.figure(alt=alt, **options) as (_, ax):
        x = numpy.linspace(-1, 1, 9)
        ax.plot(x, x**2, "o-", label="$x^2$")
        ax.fill_between(x, x**2, alpha=0.3, hatch="//", color=plotting.color("good"))
        ax.axhline(0.5, color="#123456")
        ax.legend()
        ax.set_title("η & <x> -- y")
        ax.grid()
    return displayed.pop()


def ids(svg: str) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', svg))


def test_a_finished_block_is_displayed_once(displayed):
    with plotting.figure(alt="Nothing yet") as (fig, ax):
        assert displayed == []
        assert ax.figure is fig
    assert len(displayed) == 1
    assert repr(displayed[0]) == "Nothing yet"


def test_a_block_that_raises_displays_nothing(displayed):
    with pytest.raises(RuntimeError, match="in the block"), plotting.figure(alt="Never seen"):
        raise RuntimeError("in the block")
    assert displayed == []


@pytest.mark.parametrize("alt", ["", "  \n", None, 3])
def test_alt_is_required(alt):
    with pytest.raises(ValueError, match="alt: expected"), plotting.figure(alt=alt):
        pass
    with pytest.raises(ValueError, match="alt: expected"):
        plotting.render(Figure(), alt=alt)
    with pytest.raises(TypeError, match="alt"), plotting.figure():
        pass


@pytest.mark.parametrize("size", [{"width": 0}, {"height": -1}, {"width": float("nan")}, {"height": "3"}])
def test_sizes_are_positive(size):
    with (
        pytest.raises(ValueError, match=f"{next(iter(size))}: expected a positive"),
        plotting.figure(alt="x", **size),
    ):
        pass


def test_the_html_is_well_formed_and_named(displayed):
    alt = 'Two "quotes", <b>a tag</b> & an ampersand'
    plot = parabola(displayed, alt=alt, caption="1 < 2")
    root = ElementTree.fromstring(plot._repr_html_())
    wide, narrow, caption = list(root)
    assert (root.tag, root.get("class")) == ("figure", "plot")
    for svg in (wide, narrow):
        assert (svg.get("role"), svg.get("aria-label")) == ("img", alt)
    assert (caption.tag, caption.text) == ("figcaption", "1 < 2")
    assert "figcaption" not in parabola(displayed)._repr_html_()


def test_the_svg_shrinks_with_the_page(displayed):
    svg = ElementTree.fromstring(parabola(displayed, width=5, height=3).svg)
    assert svg.get("width") is None and svg.get("height") is None
    assert svg.get("viewBox") == "0 0 360 216"  # points, 72 an inch
    assert "width: 100%; max-width: 360pt; height: auto" in svg.get("style")


def size_of(svg: str) -> tuple[float, float]:
    return tuple(float(side) for side in ElementTree.fromstring(svg).get("viewBox").split()[2:])


def panels_by_place(svg: str) -> list[list[str]]:
    """The numbers of the panels, row by row, from where their backgrounds begin."""
    spots = re.findall(r'id="[^"]*axes_(\d+)">\s*<g id="[^"]*">\s*<path d="M ([\d.]+) ([\d.]+)', svg)
    rows = {}
    for number, x, y in spots:
        rows.setdefault(round(float(y)), []).append((float(x), int(number)))
    return [[number for _, number in sorted(rows[y])] for y in sorted(rows)]


@pytest.mark.parametrize(
    ("width", "columns", "rows"),
    [
        (5.5, 1, [[1]]),
        (8.4, 3, [[1], [2], [3]]),
        (7.2, 4, [[1, 2], [3, 4]]),
    ],
)
def test_a_wide_plot_is_laid_out_anew_for_a_phone(displayed, width, columns, rows):
    with plotting.figure(alt="Panels", width=width, ncols=columns) as (drawn, _):
        pass
    plot = displayed.pop()
    # Its smallest text, of 11 points, is 11 pixels on a screen of 360, where a plot is 311 pixels wide.
    assert size_of(plot.narrow)[0] == pytest.approx(72 * plotting.NARROW)
    assert size_of(plot.narrow)[0] < 311
    assert "display: none" in plot.narrow and "display: block" in plot.svg  # a notebook shows one
    assert panels_by_place(plot.svg) == [list(range(1, columns + 1))]
    assert panels_by_place(plot.narrow) == rows
    assert not ids(plot.svg) & ids(plot.narrow)
    assert drawn.get_figwidth() == width


def test_a_plot_that_fits_a_phone_is_drawn_once(displayed):
    assert parabola(displayed, width=4.3).narrow == ""


def test_palette_colours_are_variables_and_others_stay(displayed):
    svg = parabola(displayed).svg
    outside = re.sub(r"var\(--dtr-[a-z]+, #[0-9a-f]{6}\)", "", svg)
    assert set(re.findall(r"#[0-9a-fA-F]{6}\b", outside)) == {"#123456"}
    for role in ("page", "ink", "muted", "line", "accent", "good"):
        assert f"var(--dtr-{role}, {plotting.PALETTE[role][0]})" in svg


def test_black_is_ink(displayed):
    with plotting.figure(alt="Black on white") as (_, ax):
        ax.axvline(1, color="black")
        ax.text(0, 0, "black", color="k")
        ax.boxplot([[1, 2, 3]])
    svg = displayed[0].svg
    assert "#000000" not in svg.replace("var(--dtr-ink, #000000)", "")
    assert "stroke: var(--dtr-ink, #000000)" in svg
    # Matplotlib does not write a black fill, it leaves it to the root
    assert "fill: var(--dtr-ink, #000000)" in ElementTree.fromstring(svg).get("style")


def test_the_background_is_the_pages(displayed):
    svg = ElementTree.fromstring(parabola(displayed).svg)
    first = next(svg.iter(f"{SVG}path"))
    assert " ".join(first.get("d").split()) == "M 0 259.2 L 396 259.2 L 396 0 L 0 0 z"  # 5.5 by 3.6 inches
    assert first.get("style") == "fill: var(--dtr-page, #ffffff)"


def test_ids_are_the_plots_own_and_all_references_resolve(displayed):
    one, two = parabola(displayed), parabola(displayed, alt="The same picture, said otherwise")
    assert ids(one.svg) and not ids(one.svg) & ids(two.svg)
    for plot in (one, two):
        references = set(re.findall(r'(?:href="#|url\(#)([^")]+)', plot.svg))
        assert references and references <= ids(plot.svg)


def test_nothing_of_the_svg_reaches_the_rest_of_the_page(displayed):
    svg = parabola(displayed).svg
    assert "<style" not in svg and "<?xml" not in svg and "<!" not in svg and "<metadata" not in svg


PROGRAM = """
import IPython.display
IPython.display.display = lambda plot: print(plot._repr_html_())
from helpers import plotting
with plotting.figure(alt="Two lines", ncols=2) as (fig, axes):
    axes[0].plot([0, 1], [1, 2])
    axes[1].fill_between([0, 1], [1, 2], hatch="x")
"""


def test_two_builds_give_the_same_bytes():
    first, second = (
        subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True, timeout=60).stdout
        for _ in range(2)
    )
    assert b"<svg" in first
    assert first == second


def test_three_dimensions(displayed):
    with plotting.figure(alt="A helix", subplot_kw={"projection": "3d"}) as (_, ax):
        t = numpy.linspace(0, 6, 50)
        ax.plot(numpy.cos(t), numpy.sin(t), t)
    ElementTree.fromstring(displayed[0].svg)
    assert "var(--dtr-accent" in displayed[0].svg


def test_matplotlib_is_left_as_it_was(displayed):
    before = dict(matplotlib.rcParams)
    plot = parabola(displayed)
    assert dict(matplotlib.rcParams) == before
    # and what it was does not matter
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red"}):
        assert parabola(displayed).svg == plot.svg


def test_the_figure_is_not_given_to_pyplot(displayed):
    from matplotlib import pyplot

    parabola(displayed)
    assert pyplot.get_fignums() == []


def test_colours_by_role():
    assert plotting.color("accent") == plotting.PALETTE["accent"][0]
    with pytest.raises(ValueError, match=r"role: got 'red', expected one of ink, "):
        plotting.color("red")


def test_the_style_sheet_has_the_same_colours():
    css = re.sub(r"/\*.*?\*/", "", THEME.read_text("utf-8"), flags=re.DOTALL)
    themes: dict[str, dict[str, str]] = {"light": {}, "dark": {}}
    for selector, rules in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        colours = re.findall(r"--dtr-([a-z]+):\s*(#[0-9a-f]{6})\b", rules)
        themes["dark" if "dark" in selector else "light"].update(colours)
    light, dark = themes["light"], themes["dark"]
    assert {role: (light[role], dark[role]) for role in light} == plotting.PALETTE
