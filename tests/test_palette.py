"""The book's colours, which stand in one place: enough contrast, and told apart by colour-blind readers."""

import itertools
import re

import pytest
from coloraide import Color

from helpers.plotting import PALETTE

THEMES = {"light": 0, "dark": 1}
SERIES = ["accent", "warm", "good", "violet", "warn"]
GROUNDS = ["page", "surface"]

# Full loss of one kind of cone, by two published simulations: Brettel, Viénot and Mollon (1997); Machado, Oliveira
# and Fernandes (2009).
EYES = [(kind, method) for kind in ("protan", "deutan", "tritan") for method in ("brettel", "machado")]


def colour(role: str, theme: str) -> Color:
    return Color(PALETTE[role][THEMES[theme]])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("role", ["ink", "muted", *SERIES])
def test_words_in_every_colour_can_be_read_on_every_ground(role, ground, theme):
    # WCAG 2 AA: 4.5 to 1 for words, which is more than the 3 to 1 for marks
    assert colour(role, theme).contrast(colour(ground, theme), method="wcag21") >= 4.5


def test_every_role_is_a_ground_a_line_or_has_its_contrast_tested():
    # "line" is for grid lines and borders alone: nothing is said by it
    assert set(PALETTE) == {*GROUNDS, "line", "ink", "muted", *SERIES}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eye", [None, *EYES], ids=str)
def test_all_eyes_tell_the_colours_of_curves_apart(eye, theme):
    seen = {role: colour(role, theme) for role in [*SERIES, "muted"]}
    if eye:
        seen = {role: each.filter(eye[0], method=eye[1]) for role, each in seen.items()}
    for (one, a), (other, b) in itertools.combinations(seen.items(), 2):
        # a difference of 1 is just seen side by side; muted lines are thin and dashed besides
        least = 8 if "muted" in (one, other) else 10
        assert a.delta_e(b, method="2000") >= least, (one, other)


@pytest.mark.parametrize("theme", THEMES)
def test_code_can_be_read(site, theme):
    sheet = (site / "_static" / "pygments.css").read_text(encoding="utf-8")
    rules = re.findall(rf'html\[data-theme="{theme}"\] \.highlight \.(\w+) \{{([^}}]*)\}}', sheet)
    assert len(rules) > 50
    for token, rule in rules:
        for ink in re.findall(r"(?<!-)color: (#\w+)", rule):
            ground = re.findall(r"background-color: (#\w+)", rule) or [PALETTE["surface"][THEMES[theme]]]
            assert Color(ink).contrast(ground[0], method="wcag21") >= 4.5, token
