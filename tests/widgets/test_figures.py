"""The figures without a browser: checked traits, links, and what each gives to Jupyter and to the static page."""

import json
import math
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

from helpers import widgets
from helpers.models.games import METHODS
from helpers.widgets import PhasePlane, SpectralRadiusMap, Spectrum
from helpers.widgets.base import Choice, Figure

# Of what `helpers.widgets` gives, what is no figure or needs content.
NO_FIGURES = {"STATIC", "Exercise", "FindTheFlaw", "Progress"}
FIGURES = [PhasePlane, Spectrum, SpectralRadiusMap]
TRAITS = ["learning_rate", "method", "momentum", "start", "step", "strength"]

NOT_NUMBERS = [math.nan, math.inf, -math.inf, "0.2", True, None, 1j, [0.2], 10**400]
BAD_VALUES = {
    "learning_rate": ("a number from 0 to 2.5", [-0.1, 2.51, 1e300, *NOT_NUMBERS]),
    "strength": ("a number from 0 to 3", [-0.01, 3.5, *NOT_NUMBERS]),
    "momentum": ("a number from -1.2 to 1.2", [-1.3, 1.21, *NOT_NUMBERS]),
    "step": ("a whole number from 0 to 200", [-1, 201, 2.5, 3.0, *NOT_NUMBERS]),
    "method": (
        "one of simultaneous, alternating",
        ["newton", "Simultaneous", "", None, 3, True, ["implicit"]],
    ),
    "start": (
        "two finite numbers (d, g)",
        [
            (1.0,),
            (1.0, 0.0, 0.0),
            1.0,
            None,
            "10",
            b"10",
            ("1", "0"),
            (True, False),
            (True, 1.0, 0.0),
            (math.nan, 0.0),
            (0.0, math.inf),
            (10**400, 0),
            (1j, 0),
            [[1.0, 0.0], [0.0, 1.0]],
        ],
    ),
}
BAD = [
    pytest.param(name, value, expected, id=f"{name}-{str(value)[:12]}")
    for name, (expected, values) in BAD_VALUES.items()
    for value in values
]


@pytest.mark.parametrize("name, value, expected", BAD)
def test_bad_values_are_refused_at_construction(name, value, expected):
    with pytest.raises(ValueError) as raised:
        PhasePlane(**{name: value})
    assert str(raised.value).startswith(f"{name}: got {value!r}, expected {expected}")


@pytest.mark.parametrize("name, value, expected", BAD)
def test_bad_values_are_refused_on_assignment_and_the_old_one_stays(name, value, expected):
    figure, seen = PhasePlane(), []
    old = getattr(figure, name)
    figure.observe(seen.append)
    with pytest.raises(ValueError) as raised:
        setattr(figure, name, value)
    assert str(raised.value).startswith(f"{name}: got {value!r}, expected {expected}")
    assert getattr(figure, name) == old
    assert seen == []


@pytest.mark.parametrize(
    "name, given, kept",
    [
        ("learning_rate", 0, 0.0),
        ("learning_rate", 2.5, 2.5),
        ("learning_rate", np.float32(0.5), 0.5),
        ("learning_rate", sp.Rational(1, 4), 0.25),
        ("momentum", -1.2, -1.2),
        ("step", np.int64(200), 200),
        ("method", "implicit", "implicit"),
        ("start", [1, 0], (1.0, 0.0)),
        ("start", np.array([0.5, -1e300]), (0.5, -1e300)),
    ],
)
def test_good_values_are_kept_as_plain_numbers(name, given, kept):
    value = getattr(PhasePlane(**{name: given}), name)
    assert value == kept
    assert type(value) is type(kept)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_can_be_chosen(method):
    assert PhasePlane(method=method).method == method


@pytest.mark.parametrize("figure", FIGURES)
def test_unknown_keyword(figure):
    with pytest.raises(ValueError, match=rf"{figure.__name__}: got eta, expected among {', '.join(TRAITS)}"):
        figure(eta=0.2)


@pytest.mark.parametrize("other", [None, 3, "figure", {}])
def test_only_figures_can_be_linked(other):
    if other is None:
        Spectrum(linked_to=None)
        return
    with pytest.raises(ValueError, match=r"linked_to: got .*, expected a figure"):
        Spectrum(linked_to=other)


CHANGES = {
    "learning_rate": 0.61,
    "method": "penalty",
    "momentum": 0.3,
    "start": (0.5, -0.5),
    "step": 7,
    "strength": 1.5,
}


@pytest.mark.parametrize("changed", [0, 1, 2])
def test_linked_figures_are_equal_both_ways(changed):
    first = PhasePlane(learning_rate=0.4, step=12)
    second = Spectrum(linked_to=first)
    third = SpectralRadiusMap(linked_to=second)
    figures = [first, second, third]
    assert [(figure.learning_rate, figure.step) for figure in figures] == [(0.4, 12)] * 3
    assert sorted(CHANGES) == PhasePlane.state_names() == TRAITS
    for name, value in CHANGES.items():
        setattr(figures[changed], name, value)
        assert [getattr(figure, name) for figure in figures] == [value] * 3


def test_unlinked_figures_are_apart():
    first, second = PhasePlane(), Spectrum()
    first.learning_rate = 1.0
    assert second.learning_rate == 0.2


def test_a_bad_value_changes_no_linked_figure():
    first = PhasePlane()
    second = Spectrum(linked_to=first)
    with pytest.raises(ValueError, match="learning_rate"):
        second.learning_rate = -1
    assert first.learning_rate == second.learning_rate == 0.2


# What a figure gives to the page.


class Root(HTMLParser):
    """Attributes of the first element, and the text inside it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.attributes, self.text, self.tags = None, "", []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if self.attributes is None:
            self.attributes = dict(attributes)

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def static_page(monkeypatch):
    monkeypatch.setenv("DERIVATIONS_STATIC_PAGE", "1")


@pytest.mark.parametrize("figure", FIGURES)
def test_in_the_page_it_is_html_alone(static_page, figure):
    bundle = figure()._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == figure.alt


@pytest.mark.parametrize("setting", [None, "", "0"])
@pytest.mark.parametrize("figure", FIGURES)
def test_in_jupyter_it_is_a_widget_alone(monkeypatch, figure, setting):
    if setting is None:
        monkeypatch.delenv("DERIVATIONS_STATIC_PAGE", raising=False)
    else:
        monkeypatch.setenv("DERIVATIONS_STATIC_PAGE", setting)
    shown = figure()
    bundle = shown._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "text/html" not in data
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == shown.model_id


@pytest.mark.parametrize("figure", FIGURES)
def test_html_carries_the_traits_and_the_description(static_page, figure):
    traits = {
        "learning_rate": 0.61,
        "method": "heavy_ball_alternating",
        "momentum": -0.3,
        "start": (0.5, -1e300),
        "step": 7,
        "strength": 1.5,
    }
    root = Root(figure(**traits)._repr_mimebundle_()["text/html"])
    assert json.loads(root.attributes["data-initial"]) == {**traits, "start": [0.5, -1e300]}
    assert root.attributes["data-widget"] == figure.widget
    assert root.attributes["data-topic"] == "games"
    assert root.attributes["data-alt"] == figure.alt
    assert root.attributes["data-caption"] == figure.caption
    assert figure.alt in root.text
    assert "data-linked-to" not in root.attributes


def test_html_says_whom_it_is_linked_to():
    first = PhasePlane()
    root = Root(Spectrum(linked_to=first).to_html())
    assert root.attributes["data-linked-to"] == Root(first.to_html()).attributes["id"]


def test_html_is_escaped():
    class Odd(Figure):
        topic = "games"
        widget = "odd"
        alt = """<b>"it's" & that</b>"""
        caption = '<i title="x">so</i>'
        name = Choice('"><script>alert(1)</script>', ('"><script>alert(1)</script>',))

    root = Root(Odd().to_html())
    assert root.tags == ["div", "p", "noscript", "p"]
    assert (root.attributes["data-alt"], root.attributes["data-caption"]) == (Odd.alt, Odd.caption)
    assert Odd.alt in root.text
    assert json.loads(root.attributes["data-initial"]) == {"name": '"><script>alert(1)</script>'}


def test_identifiers_differ():
    figures = [figure() for figure in FIGURES for _ in range(3)]
    assert len({Root(figure.to_html()).attributes["id"] for figure in figures}) == 9


def test_an_identifier_stays_when_a_figure_of_another_kind_is_added():
    def number(figure):
        return int(figure.identifier.removeprefix(f"figure-{figure.widget}-"))

    first = number(PhasePlane())
    Spectrum()
    assert number(PhasePlane()) == first + 1


@pytest.mark.parametrize("figure", FIGURES)
def test_the_view_gets_its_name_description_and_caption(figure):
    state = figure().get_state()
    assert (state["_widget"], state["_alt"], state["_caption"]) == (figure.widget, figure.alt, figure.caption)
    assert "export" in state["_esm"] and ".dtr-figure" in state["_css"]


@pytest.mark.parametrize("name", [name for name in widgets.__all__ if name not in NO_FIGURES])
def test_the_page_gets_name_topic_state_and_words_of_every_figure(name):
    figure = getattr(widgets, name)
    made = figure()
    root = Root(made.to_html()).attributes
    assert (root["data-widget"], root["data-topic"]) == (figure.widget, figure.topic)
    assert set(json.loads(root["data-initial"])) == set(made.page_state()) == set(figure.state_names())
    assert len(figure.alt) > 80 and len(figure.caption) > 60


def test_a_topics_styles_hold_in_its_figures_alone():
    """Two topics may call a class alike: each sheet's rules are bound to the figures of its topic."""
    source = Path(widgets.__file__).parent / "js"
    common = "".join((source / name).read_text("utf-8") for name in ("theme.css", "figures.css"))
    bundled = (widgets.STATIC / "figures.css").read_text("utf-8")
    assert "&" not in bundled
    sheets = [sheet for sheet in source.glob("*/*.css") if sheet.stem == sheet.parent.name]
    assert len(sheets) >= 10
    for sheet in sheets:
        own = set(re.findall(r"\.dtr-[\w-]+", sheet.read_text("utf-8"))) - set(
            re.findall(r"\.dtr-[\w-]+", common)
        )
        bound = re.compile(rf':where\(\[data-topic="?{sheet.stem}"?\]\)')
        assert bound.search(bundled), sheet
        for selectors in re.findall(r"([^{}]*)\{", bundled):
            for selector in re.split(r",(?![^(]*\))", selectors):
                if own & set(re.findall(r"\.dtr-[\w-]+", selector)):
                    assert ":where([data-topic=" in selector, selector


def test_figures_work_where_pytorch_is_absent():
    code = """
import sys
sys.modules["torch"] = sys.modules["matplotlib"] = None
from helpers.widgets import PhasePlane, SpectralRadiusMap, Spectrum
figure = PhasePlane(method="optimistic")
SpectralRadiusMap(linked_to=figure).learning_rate = 1
assert figure.learning_rate == 1
assert "optimistic" in Spectrum(linked_to=figure).to_html()
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr


def test_figures_whose_javascript_is_not_built_say_so(monkeypatch, tmp_path):
    from helpers.widgets import base

    monkeypatch.setattr(base, "STATIC", tmp_path)
    base._bundle.cache_clear()
    try:
        with pytest.raises(FileNotFoundError, match=r"not built \(games\.mjs is missing\): run `make book`"):
            PhasePlane()
    finally:
        base._bundle.cache_clear()


def test_unknown_figure():
    with pytest.raises(AttributeError, match="no attribute 'Histogram'"):
        _ = widgets.Histogram


def test_every_public_figure_can_be_made():
    for name in set(widgets.__all__) - {"STATIC"}:
        assert issubclass(getattr(widgets, name), Figure)
