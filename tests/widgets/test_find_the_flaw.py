"""A chain with a false step: what each pick is answered, and what is refused."""

import json

import pytest
import sympy as sp

from helpers.proof import Derivation
from helpers.widgets import FindTheFlaw
from helpers.widgets.exercises.hidden import rotated

x = sp.Symbol("x", real=True)
REPAIRED = Derivation("A root", lambda: sp.sqrt((x - 1) ** 2)).equals(sp.Abs(x - 1), "a root is not negative")
STEPS = [
    lambda: sp.sqrt((x - 1) ** 2),
    (lambda: sp.sqrt(x**2 - 2 * x + 1), "expand"),
    (x - 1, "the root undoes the square"),
    (lambda: (x**2 - 1) / (x + 1), "multiply and divide by $x + 1$"),
    ("<=", x - 2, "take one away"),
]


def chain(**changes):
    return FindTheFlaw(
        **{"exercise_id": "root", "title": "A root", "steps": STEPS, "repaired": REPAIRED, **changes}
    )


def hidden(figure) -> dict:
    return json.loads(rotated(figure.content["hidden"]))


def test_every_pick_is_answered_as_the_proof_engine_decides():
    figure = chain()
    assert figure.flaw.index == hidden(figure)["flaw"] == 2
    holds, found, later, false_too = hidden(figure)["answers"]
    assert holds.startswith("This step holds. It is proved")
    assert found == "This step is false: at x = 0 the left side is 1, the right side -1."
    assert "though it starts from a false line" in later
    assert "false too" in false_too
    assert "a root is not negative" in hidden(figure)["repaired"]


def test_the_page_shows_the_chain_and_not_where_it_breaks():
    page = chain().to_html()
    assert "the root undoes the square" in page
    for secret in ("This step is false", "false too", "not negative"):
        assert secret not in page
    assert f'id="step-{REPAIRED.anchor}-1"' in page


def test_a_domain_moves_the_flaw():
    """For x > 1 the root is what the chain says, and the last step is the first false one."""
    assert chain(domain=[x > 1]).flaw.index == 4


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"exercise_id": "A root"}, "exercise_id"),
        ({"title": ""}, "title"),
        ({"repaired": "words"}, "repaired"),
        ({"steps": STEPS[:2]}, "steps"),
        ({"steps": [*STEPS[:2], x - 1]}, "steps"),
        ({"steps": [*STEPS[:2], (x - 1, "")]}, "steps"),
        ({"steps": []}, "steps"),
        ({"erratum": "46"}, "erratum"),
    ],
)
def test_bad_input_names_the_argument(changes, named):
    with pytest.raises(ValueError, match=named):
        chain(**changes)
