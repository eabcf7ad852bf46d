"""Typed answers: what is read and what is refused, and that right answers pass and wrong ones do not."""

import ast
import json
import random
import re
from dataclasses import dataclass

import jupytext
import pytest
import sympy as sp
import torch
from in_page import WANT_ALL

from helpers import checks
from helpers.codegen import to_javascript
from helpers.notation import to_latex
from helpers.proof import Derivation, decide
from helpers.proof import ledger as claims
from helpers.widgets import Exercise
from helpers.widgets.exercises.formula import expression_of
from helpers.widgets.exercises.hidden import rotated

from .typed_formulas import mutated, rewritten, typed

SEED = 20240611

READ = """{
  read(text, names) {
    try {
      return { tree: reading.read(text, names) };
    } catch (error) {
      if (!(error instanceof reading.Unreadable)) throw error;
      return { error: error.message, at: error.at, end: error.end };
    }
  },
  tex: (tree, latex) => typesetting.texOf(tree, new Map(latex)),
}"""


@pytest.fixture(scope="module")
def page(functions_of):
    """What the page's script says: `page("read", "2 x", ["x"])`."""
    return functions_of(
        deciding="exercises/decide.js",
        reading="exercises/read.js",
        typesetting="exercises/tex.js",
        more=READ,
        whole=True,
    )


def checks_of(exercise: Exercise) -> dict:
    return json.loads(rotated(exercise.page_state()["checks"]))


def names_of(exercise: Exercise) -> list[str]:
    return [symbol["name"] for symbol in exercise.content["symbols"]]


def trees(page, exercise: Exercise, texts: list[str]) -> list:
    """Each cell's text as a tree."""
    found = [page("read", text, names_of(exercise)) for text in texts]
    assert all("tree" in each for each in found), (texts, found)
    return [each["tree"] for each in found]


def said_by_page(page, exercise: Exercise, texts: list[str]) -> dict:
    return page("decide", trees(page, exercise, texts), checks_of(exercise), exercise.content)


def said_by_python(page, exercise: Exercise, texts: list[str]):
    cells = trees(page, exercise, texts)
    rows, columns = exercise.shape
    matrix = [cells[i * columns : (i + 1) * columns] for i in range(rows)]
    return exercise.check(json.dumps(matrix if exercise.content["isMatrix"] else cells[0]))


@dataclass(frozen=True)
class Repeated(checks.Estimate):
    """An estimate, and others of the same mean from other seeds: all intervals must contain what one must."""

    others: tuple[checks.Estimate, ...] = ()

    def contains(self, value) -> bool:
        return all([super().contains(value), *(other.contains(value) for other in self.others)])


def repeated(monte_carlo):
    """`monte_carlo`, done six times with six seeds."""

    def estimate(sample, n, *, generator, **options):
        first = monte_carlo(sample, n, generator=generator, **options)
        seeds = range(generator.initial_seed() + 1, generator.initial_seed() + 6)
        others = [
            monte_carlo(sample, n, generator=torch.Generator(generator.device).manual_seed(seed), **options)
            for seed in seeds
        ]
        return Repeated(**vars(first), others=tuple(others))

    return estimate


@pytest.fixture(scope="module")
def chapters(root) -> dict[str, list[Exercise]]:
    """Page → its exercises. Each chapter runs, and what its cells show is looked at.

    The Monte Carlo checks of the chapters must hold for five other seeds as well.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "monte_carlo", repeated(checks.monte_carlo))
        return run_chapters(root)


def run_chapters(root) -> dict[str, list[Exercise]]:
    found: dict[str, list[Exercise]] = {}
    for path in sorted((root / "book").rglob("*.md")):
        if "Exercise(\n" not in path.read_text(encoding="utf-8") or path.name.startswith("_"):
            continue
        shown = values_shown(path)
        page = path.relative_to(root).with_suffix(".html").as_posix()
        found[page] = [value for value in shown if isinstance(value, Exercise)]
        assert len(found[page]) >= 4, f"{page}: a chapter has four exercises or more"
    return found


def values_shown(path):
    """The value of each cell that ends in an expression."""
    names = {}
    for cell in jupytext.read(path).cells:
        if cell.cell_type != "code":
            continue
        *body, last = ast.parse(cell.source).body or [None]
        if not isinstance(last, ast.Expr):
            body, last = [*body, *([last] if last else [])], None
        exec(compile(ast.Module(body, []), str(path), "exec"), names)
        if last:
            yield eval(compile(ast.Expression(last.value), str(path), "eval"), names)


@pytest.fixture(scope="module")
def exercises(chapters) -> list[Exercise]:
    """All exercises of the book."""
    return [exercise for exercises in chapters.values() for exercise in exercises]


# The chapters take a while to run: the tests that need them share one process.
all_exercises = pytest.mark.xdist_group("exercises")


x, y = sp.symbols("x y", real=True)
eta, sigma = sp.symbols("eta sigma_0", positive=True)


def make(**changes) -> Exercise:
    given = {
        "exercise_id": "square",
        "title": "A square",
        "question": "Multiply $(x + y)^2$ out.",
        "answer": x**2 + 2 * x * y + y**2,
        "pitfalls": [(x**2 + y**2, "The term $2xy$ is missing."), ((x - y) ** 2, "A sign.")],
        "hints": ["Each with each."],
        "solution": "$(x + y)(x + y)$",
    }
    return Exercise(**(given | changes))


# Right and wrong at random, for all exercises of the book.


def cells_of(exercise: Exercise) -> list:
    return list(exercise.answer) if exercise.content["isMatrix"] else [exercise.answer]


def right_answers(exercises, rng: random.Random):
    """500 random rewritings of right answers: pairs of an exercise and the text of each cell."""
    for i in range(500):
        exercise = exercises[i % len(exercises)]
        yield exercise, [rewritten(cell, exercise.symbols, rng) for cell in cells_of(exercise)]


def wrong_answers(exercises, rng: random.Random):
    """500 random mutations of right answers."""
    rejected = 0
    while rejected < 500:
        exercise = exercises[rejected % len(exercises)]
        cells = cells_of(exercise)
        changed = rng.randrange(len(cells))
        cells[changed] = mutated(cells[changed], exercise.symbols, rng)
        answer = sp.Matrix(*exercise.shape, cells) if exercise.content["isMatrix"] else cells[0]
        if is_no_mistake(exercise, answer):
            continue
        rejected += 1
        yield exercise, [typed(cell, rng) for cell in cells]


@all_exercises
def test_rewritten_right_answers_pass_and_mutated_ones_do_not(page, exercises):
    """500 of each, by the page's script; every fifth also by the proof engine, which must say the same."""
    print(f"seed {SEED}")
    rng = random.Random(SEED)
    for answers, is_right in ((right_answers, True), (wrong_answers, False)):
        for i, (exercise, texts) in enumerate(answers(exercises, rng)):
            said = said_by_page(page, exercise, texts)
            assert (said["status"] == "right") is is_right, (exercise.exercise_id, texts, said)
            if i % 5 == 0:
                feedback = said_by_python(page, exercise, texts)
                assert (feedback.status == "right") is is_right, (exercise.exercise_id, texts, feedback)


TYPE_ALL = """async ([id, answers]) => {
    const root = document.querySelector(`[data-exercise="${id}"]`);
    const [fields, form, verdict] = [[...root.querySelectorAll("input")], root.querySelector("form"),
        root.querySelector(".dtr-verdict")];
    const said = [];
    for (const cells of answers) {
        fields.forEach((field, i) => {
            field.value = cells[i];
            field.dispatchEvent(new Event("input"));
        });
        form.requestSubmit();
        while (!verdict.dataset.status) await new Promise((resume) => setTimeout(resume));
        said.push(verdict.dataset.status);
    }
    return said;
}"""


@all_exercises
def test_the_built_page_accepts_and_rejects_the_same(chromium, site_url, chapters, exercises):
    """Another 500 of each, typed into the boxes of the built chapters in Chromium."""
    print(f"seed {SEED + 1}")
    rng = random.Random(SEED + 1)
    answers = [(right_answers(exercises, rng), True), (wrong_answers(exercises, rng), False)]
    texts_of: dict[tuple[str, bool], list] = {}
    for stream, is_right in answers:
        for exercise, texts in stream:
            texts_of.setdefault((exercise.exercise_id, is_right), []).append(texts)
    assert sum(map(len, texts_of.values())) == 1000
    browser_page = chromium.new_page()
    wrong = []
    browser_page.on("pageerror", lambda error: wrong.append(str(error)))
    for address, own in chapters.items():
        browser_page.goto(f"{site_url}{address}", wait_until="domcontentloaded")
        browser_page.evaluate(WANT_ALL)
        browser_page.wait_for_function(
            "count => document.querySelectorAll('[data-widget=exercise][data-state]').length === count",
            arg=len(own),
        )
        for name in (exercise.exercise_id for exercise in own):
            for is_right in (True, False):
                texts = texts_of[name, is_right]
                said = browser_page.evaluate(TYPE_ALL, [name, texts])
                pairs = zip(texts, said, strict=True)
                assert [pair for pair in pairs if (pair[1] == "right") is not is_right] == [], name
    browser_page.close()
    assert wrong == []


def is_no_mistake(exercise: Exercise, answer) -> bool:
    if answer.has(sp.zoo, sp.nan, sp.I):  # nothing that could be typed
        return True
    if exercise.tolerance is not None:
        return bool(sp.Abs(sp.N(answer - exercise.answer)) <= exercise.tolerance)  # it may be complex
    return decide(answer, exercise.answer, domain=exercise.domain).status in ("proved", "sampled")


@all_exercises
def test_every_pitfall_of_the_book_gets_its_hint_in_both_lives(page, exercises):
    rng = random.Random(SEED)
    count = 0
    for exercise in exercises:
        assert len(exercise.pitfalls) >= 2 and len(exercise.hints) >= 1
        assert any(isinstance(part, Derivation) and part.steps for part in exercise.solution)
        for (wrong, hint), check in zip(exercise.pitfalls, checks_of(exercise)["pitfalls"], strict=True):
            texts = [typed(cell, rng) for cell in (wrong if exercise.content["isMatrix"] else [wrong])]
            said = said_by_page(page, exercise, texts)
            assert (said["status"], said.get("html")) == ("pitfall", check["hint"]), (texts, said)
            feedback = said_by_python(page, exercise, texts)
            assert (feedback.status, feedback.text) == ("pitfall", hint)
            count += 1
    assert count >= 18


@all_exercises
def test_what_the_page_holds_has_no_formula_of_the_answer_in_it(exercises):
    """Values and points only; the rest is hidden until it is unfolded."""
    for exercise in exercises:
        shown = exercise.to_html() + exercise.alt
        assert set(checks_of(exercise)) == {"points", "values", "pitfalls", "tolerance", "exact", "simple"}
        source = to_javascript(exercise.answer, exercise.symbols, "answer")
        returned = re.search(r"return (.*);", source)[1]
        for form in (str(exercise.answer), sp.latex(exercise.answer), to_latex(exercise.answer), returned):
            assert len(form) < 5 or form not in shown
        for hint in exercise.hints:
            assert hint not in shown


# Reading.


READINGS = {
    "d² + g² − ηdg": "d**2 + g**2 - eta*d*g",
    "d^2 + g^2 - eta*d*g": "d**2 + g**2 - eta*d*g",
    "2 eta d": "2*eta*d",
    "2ηd": "2*eta*d",
    "d(g+1)^2": "d*(g+1)**2",
    "(d)(g)": "d*g",
    "d · g × 2": "2*d*g",
    "1/2 d": "d/2",
    "1/2d": "d/2",
    "1/(2d)": "1/(2*d)",
    "d/2g": "d/(2*g)",
    "½ d": "d/2",
    "d**2": "d**2",
    "-d²": "-d**2",
    "(-d)²": "d**2",
    "2^-1": "Rational(1,2)",
    "2^3^2": "Integer(512)",
    "d⁻²": "d**-2",
    "σ₀² + sigma0 + sigma_0 + σ_0": "sigma_0**2 + 3*sigma_0",
    "√2": "sqrt(2)",
    "√(1+η²)": "sqrt(1+eta**2)",
    "√ηd": "sqrt(eta)*d",
    "2|d| − |−g|": "2*Abs(d) - Abs(g)",
    "||d| − 1|": "Abs(Abs(d) - 1)",
    "ln(e) + log(pi)": "1 + log(pi)",
    "exp(-d) e^d": "Integer(1)",
    "2 π": "2*pi",
    "0.1": "Rational(1,10)",
    ".5": "Rational(1,2)",
    "1e-3": "Rational(1,1000)",
    "arcsin(d) + arctan(g)": "asin(d) + atan(g)",
    "tanh(d)": "tanh(d)",
    "d+" * 190 + "g": "190*d + g",
    "d " * 190 + "g": "d**190*g",
}


@pytest.mark.parametrize("text", READINGS)
def test_readings(page, text):
    d, g = sp.symbols("d g", real=True)
    known = {"d": d, "g": g, "eta": eta, "sigma_0": sigma}
    found = page("read", text, list(known))
    expected = sp.sympify(READINGS[text], locals=known)
    assert sp.simplify(expression_of(found["tree"], known) - expected) == 0, found


UNREADABLE = {
    "": ("Type your answer first", None),
    "   ": ("Type your answer first", None),
    "x" * 10_000: ("10,000 characters", None),
    "(x": ("never closed", 0),
    "x)": ("closes nothing", 1),
    "|x": ("never closed", 0),
    "(|x)": ("bar is never closed", 1),
    "x+": ("ends too early", 2),
    "x*/y": ("missing or misplaced", 2),
    "z": ("“z” is not known", 0),
    "x + zeta": ("“zeta” is not known", 4),
    "constructor": ("“constructor” is not known", 0),
    "toString": ("“toString” is not known", 0),
    "__proto__": ("“_” has no meaning", 0),
    "<script>": ("“<” has no meaning", 0),
    "x 😀": ("“😀” has no meaning", 2),
    "\u200bx": ("U+200B", 0),
    "f = x": ("without “=”", 2),
    "0,5": ("with a point", 1),
    "[x]": ("round brackets", 0),
    "sqrt x": ("bracket after “sqrt”", 0),
    "sin^2(x)": ("power after the bracket", 0),
    "sqrt": ("bracket after “sqrt”", 0),
    "√": ("bracket after “√”", 0),
    "1e999": ("too large", None),
    "1 2": ("missing or misplaced", 2),
    "(" * 200 + "x" + ")" * 199: ("brackets stand inside", 40),
    "-" * 399 + "x": ("nested too deeply", None),
    "x^" * 100 + "x": ("nested too deeply", None),
    "x!": ("“!” has no meaning", 1),
    "x;y": ("“;” has no meaning", 1),
    "'x'": ("“'” has no meaning", 0),
    "log(x, 2)": ("comma", 5),
    "sqrt()": ("Nothing stands in this bracket", 5),
}


@pytest.mark.parametrize("text", UNREADABLE, ids=lambda text: text[:14] or "empty")
def test_what_cannot_be_read_is_named_with_its_place(page, text):
    sentence, at = UNREADABLE[text]
    found = page("read", text, ["x", "y"])
    assert sentence in found["error"]
    assert found["at"] == at


def test_hostile_texts_give_a_tree_or_a_sentence(page):
    """Anything else that the reader throws would end the program, and this test with it."""
    rng = random.Random(SEED)
    scraps = [
        "x",
        "y",
        "(",
        ")",
        "|",
        "√",
        "^",
        "²",
        "−",
        "1e",
        "e",
        ".",
        "sqrt",
        "*",
        "**",
        "/",
        " ",
        "½",
        "ˣ",
    ]
    scraps += [
        "constructor",
        "__proto__",
        "<img onerror=1>",
        "😀",
        "\ud800",
        "\x00",
        "${1}",
        "in",
        "to",
        "mod",
        "end",
    ]
    read = 0
    for _ in range(3000):
        text = "".join(rng.choice(scraps) for _ in range(rng.choice([2, 4, 8, 30, 200])))
        found = page("read", text, ["x", "y"])
        assert ("tree" in found) != ("error" in found)
        read += "tree" in found
        if "tree" in found:
            page("tex", found["tree"], [["x", "x"], ["y", "y"]])
    assert read > 30


BAD_TREES = [
    None,
    [],
    {},
    "x",
    ["sym"],
    ["sym", "z"],
    ["sym", "__class__"],
    ["sym", ["x"]],
    ["num", "__import__('os')"],
    ["num", "1e999"],
    ["num", "nan"],
    ["num", 1],
    ["const", "I"],
    ["call", "eval", ["num", "1"]],
    ["call", "sqrt"],
    ["add", ["num", "1"]],
    ["neg", ["num", "1"], ["num", "1"]],
    ["pow", ["num", "9"], ["pow", ["num", "9"], ["num", "9"]]],
    ["pow", ["pow", ["sym", "x"], ["num", "99"]], ["num", "99"]],
    ["div", ["num", "1"], ["num", "0"]],
]


@pytest.mark.parametrize("tree", BAD_TREES, ids=str)
def test_bad_trees_are_refused_by_python_with_a_sentence(tree):
    feedback = make().check(json.dumps(tree))
    assert feedback.status == "unreadable"
    assert feedback.text.endswith(".")


def test_deep_trees_are_refused():
    tree = ["sym", "x"]
    for _ in range(300):
        tree = ["neg", tree]
    assert "too deeply" in make().check(json.dumps(tree)).text
    assert make().check("[" * 100_000).status == "unreadable"


# What is said.


@pytest.mark.parametrize(
    "answer, text, status, words",
    [
        (sp.Abs(x), "x", "partly", "Right on a part of the domain, for example at x = 1. But at x = −"),
        (x + 1, "(x^2-1)/(x-1)", "partly", "at x = 1 yours"),
        (x**2, "x^2/x*x", "partly", "at x = 0 yours"),
        (x, "1/(x-x)", "undefined", "yours divides by zero"),
        (x**2 + 1, "x^2+1.0001", "wrong", "the right value is"),
        (x**2 + 1, "sqrt(-x^2-1)", "undefined", "square root of a negative number"),
        (x, "10^(400+x-x)", "undefined", "too large"),
    ],
)
def test_feedback_in_the_page(page, answer, text, status, words):
    exercise = make(answer=answer, pitfalls=[])
    said = said_by_page(page, exercise, [text])
    assert said["status"] == status
    assert words in said["text"]


def test_points_beyond_the_range_of_numbers_do_not_count_against_an_answer(page):
    """At the far points e^(x⁴) is beyond 10³⁰⁸; the formula is right all the same, and a wrong one is wrong."""
    exercise = make(
        answer=sp.exp(-(x**4)),
        pitfalls=[(sp.exp(-2 * x**4), "Twice."), (2 * sp.exp(-(x**4)), "Double.")],
    )
    points = [sp.Rational(point[0]) for point in checks_of(exercise)["points"]]
    assert any(point**4 > 710 for point in points) and any(abs(point) <= 1 for point in points)
    assert said_by_page(page, exercise, ["1/e^(x^4)"])["status"] == "right"
    assert "Double." in said_by_page(page, exercise, ["2/exp(x^4)"])["html"]
    assert said_by_page(page, exercise, ["3/exp(x^4)"])["status"] != "right"


@pytest.mark.parametrize("given", [sp.Abs(x) - x, 2 * x, x + 1 / (x - 1) - 1 / (x - 1), 1 / x, x])
@pytest.mark.parametrize("answer", [sp.Abs(x), x, 2 * x])
def test_both_lives_say_the_same(page, answer, given):
    exercise = make(answer=answer, pitfalls=[(answer + 1, "Not that."), (answer + 2, "Nor that.")])
    said = said_by_page(page, exercise, [typed(given, random.Random(1))])
    assert exercise.check(given).status == said["status"]


def test_wrong_answers_are_told_the_simplest_point_and_both_values():
    exercise = make(answer=1 / (1 + sigma**2), pitfalls=[])
    feedback = exercise.check(1 / (1 + sigma))
    assert (feedback.status, feedback.text) == (
        "wrong",
        "Not right yet: at σ₀ = 2 yours gives 0.3333, the right value is 0.2.",
    )


def test_a_wrong_number_is_not_told_the_right_one(page):
    exercise = make(answer=140, pitfalls=[])
    for said in (exercise.check(70).text, said_by_page(page, exercise, ["70"])["text"]):
        assert said == "Not right yet: yours is 70."
    root = make(answer=sp.sqrt(2), pitfalls=[])
    assert root.check(sp.Rational("1.414")).text.startswith("Close, but rounded")
    assert said_by_page(page, root, ["1.414"])["text"].startswith("Close, but rounded")


def test_a_rounded_decimal_is_not_exact(page):
    """Ten digits of a calculator; and the same of a foreseen mistake, which is still that mistake."""
    root = sp.sqrt(sp.sqrt(sp.Rational(3, 4)))
    exercise = make(answer=root, pitfalls=[(root**2, "A factor of two steps.")])
    for text, status in (("0.9306048591", "wrong"), ("√√(3/4)", "right"), ("0.8660254", "pitfall")):
        said = said_by_page(page, exercise, [text])
        assert said["status"] == status, (text, said)
        tree = page("read", text, [])["tree"]
        assert exercise.check(json.dumps(tree)).status == status
    whole = make(answer=140, pitfalls=[])
    assert "whole number" in said_by_page(page, whole, ["140.0000001"])["text"]
    assert "whole number" in whole.check(sp.Rational("140.0000001")).text


def test_a_value_that_is_not_real_is_not_shown():
    exercise = make(answer=x, pitfalls=[])
    said = exercise.check(sp.Pow(x**3, sp.Rational(1, 3), evaluate=False))
    assert said.status == "partly"
    assert said.text == "Not right yet: at x = −1 yours has no real value."


def test_almost_equal_is_not_right_on_a_part(page):
    exercise = make(pitfalls=[])
    for said in (
        said_by_page(page, exercise, ["x^2 + 2 x y + y^2 + 0.0000001"])["text"],
        exercise.check((x + y) ** 2 + sp.Rational(1, 10**7)).text,
    ):
        assert said.startswith("Close, but not equal")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("√√16", 2),
        ("√ √(16)", 2),
        ("√√√(256)", 2),
        ("√(√¼)^2", 0.5),
        ("3√√16", 6),
        ("√½·√½", 0.5),
        ("√(√(16)+5)", 3),
    ],
)
def test_root_signs_stand_inside_one_another(page, text, value):
    exercise = make(answer=sp.nsimplify(value), pitfalls=[])
    assert said_by_page(page, exercise, [text])["status"] == "right"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1½", "mixed number"),
        ("2 ½", "mixed number"),
        ("√[4]", "round brackets"),
        ("sin²(1)", "after the bracket"),
        ("sin^2(1)", "after the bracket"),
    ],
)
def test_what_would_be_misread_is_refused(page, text, words):
    assert words in page("read", text, [])["error"]


def test_towers_of_exponentials_are_refused_at_once():
    """Their values have more digits than any computer can hold."""
    exercise = make(pitfalls=[])
    tower = ["sym", "x"]
    for _ in range(3):
        tower = ["call", "exp", tower]
    power = ["pow", ["sym", "x"], ["pow", ["sym", "x"], ["sym", "x"]]]
    number = ["call", "exp", ["call", "exp", ["num", "9e99"]]]
    for tree in (tower, power, number):
        feedback = exercise.check(json.dumps(tree))
        assert feedback.status == "unreadable"
        assert "too large" in feedback.text


@pytest.mark.parametrize("outer", ["exp(-exp(2x)/2)", "e^(-e^(2x)/2)"])
def test_an_exponential_in_an_exponential_can_be_answered(page, outer):
    """The density of a logarithm has one, and so has a Gaussian whose scale is an exponential."""
    exercise = make(answer=sp.exp(-sp.exp(2 * x) / 2), pitfalls=[(sp.exp(-sp.exp(x) / 2), "The square.")])
    assert said_by_page(page, exercise, [outer])["status"] == "right"
    assert said_by_python(page, exercise, [outer]).status == "right"


def test_tolerance_is_kept_on_both_sides_of_its_border(page):
    exercise = make(answer=sp.Rational(1, 2), tolerance=0.02, pitfalls=[(1, "The border.")])
    for text, status in {
        "0.48": "right",
        "0.52": "right",
        "0.479": "wrong",
        "0.521": "wrong",
        "1": "pitfall",
    }.items():
        assert said_by_page(page, exercise, [text])["status"] == status
        assert exercise.check(sp.Rational(text)).status == status


def test_matrices_are_compared_cell_by_cell(page):
    answer = sp.Matrix([[1, eta], [-eta, 1 - eta**2]])
    exercise = make(answer=answer, pitfalls=[(answer.T, "Transposed.")])
    assert exercise.check(answer).status == "right"
    assert exercise.check(answer.T).text == "Transposed."
    assert "in row 2, column 2" in exercise.check(sp.Matrix([[1, eta], [-eta, 1 - eta]])).text
    said = said_by_page(page, exercise, ["1", "η", "-η", "1-η"])
    assert (said["status"], "in row 2, column 2, at η = 2" in said["text"]) == ("wrong", True)
    assert exercise.check(eta).text == "The answer has 2 rows and 2 columns."
    assert exercise.check(json.dumps([[["num", "1"]]])).text == "The answer has 2 rows and 2 columns."


def test_symbols_count_by_name_and_unknown_ones_are_named():
    assert make().check((sp.Symbol("x") + sp.Symbol("y")) ** 2).status == "right"
    feedback = make().check(sp.Symbol("z"))
    assert (feedback.status, feedback.text) == ("unreadable", "“z” is not known here. Known are x, y.")


def test_the_kernel_answers_the_view(monkeypatch):
    exercise, sent = make(), []
    monkeypatch.setattr(exercise, "send", sent.append)
    tree = ["add", ["pow", ["sym", "x"], ["num", "2"]], ["pow", ["sym", "y"], ["num", "2"]]]
    exercise._receive(exercise, {"kind": "answer", "number": 7, "tree": tree}, [])
    assert [(m["kind"], m["number"], m["status"]) for m in sent] == [("feedback", 7, "pitfall")]
    assert '<span class="tex">\\(2xy\\)</span>' in sent[0]["html"]
    exercise._receive(exercise, {"kind": "other"}, [])
    exercise._receive(exercise, "nothing", [])
    assert len(sent) == 1


# What authors get wrong.


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"exercise_id": "Two words"}, "exercise_id: got 'Two words'"),
        ({"title": ""}, "title: got ''"),
        ({"question": None}, "question: got None"),
        ({"answer": "x + y"}, "answer: got the string"),
        ({"answer": sp.MatrixSymbol("A", 2, 2)}, "answer: got A"),
        ({"answer": sp.Symbol("x'")}, "cannot be typed"),
        ({"answer": sp.Symbol("sin")}, "cannot be typed"),
        ({"answer": sp.Symbol("x_1") + sp.Symbol("x1"), "pitfalls": []}, "typed alike"),
        ({"answer": sp.sqrt(-1 - x**2), "pitfalls": []}, "finite real value at no rational point"),
        ({"pitfalls": [((x + y) ** 2, "No.")]}, "refuted as the answer, but it is proved"),
        ({"pitfalls": [(x, "No."), (x + y - y, "No.")]}, "no sample point tells x from x"),
        ({"pitfalls": [(sp.Matrix([x]), "No.")]}, "another shape"),
        ({"pitfalls": [(x, "")]}, "pitfalls: got ''"),
        ({"pitfalls": [x]}, "expected pairs"),
        ({"pitfalls": [(x + sp.Rational(1, 10**12) * 0 + sp.sqrt(-1 - x**2), "No.")]}, "at no sample point"),
        ({"hints": "one"}, "hints: got 'one', expected a list"),
        ({"solution": 3}, "solution: got 3"),
        ({"solution": []}, "solution: got []"),
        ({"tolerance": 0.1}, "tolerance: only for an answer that is one number"),
        ({"answer": 1, "pitfalls": [], "tolerance": -1}, "tolerance: got -1"),
        (
            {"answer": 1, "pitfalls": [(sp.Rational(101, 100), "No.")], "tolerance": 0.1},
            "no sample point tells",
        ),
    ],
    ids=str,
)
def test_bad_arguments(changes, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        make(**changes)


def test_sample_points_are_rational_in_the_domain_and_simplest_first():
    exercise = make(answer=1 / (1 - eta), pitfalls=[], domain={eta: (0, 1)})
    values = [point[eta] for point in exercise.points]
    assert len(values) == 16 == len(set(values))
    assert all(value.is_Rational and 0 < value < 1 for value in values)
    assert values[0] == sp.Rational(1, 2)
    assert max(value.q for value in values) > 100
    assert exercise.check(1 / sp.Abs(1 - eta)).status == "right"


def test_what_is_hidden_reads_as_nothing_and_comes_back():
    text = "Half of 12 is \\(\\tfrac{12}{2}\\), ηd."
    assert rotated(text) == "Unys bs 67 vf \\(\\gsenp{67}{7}\\), ηq."
    assert rotated(rotated(text)) == text


def test_solutions_enter_the_ledger_and_are_hidden_in_the_page(monkeypatch):
    before = len(claims.entries())
    solution = Derivation("The unfolded square", lambda: (x + y) ** 2).equals(
        x**2 + 2 * x * y + y**2, "expand"
    )
    exercise = make(solution=["In words.", solution])
    assert [entry.title for entry in claims.entries()[before:]] == ["The unfolded square"]
    page = exercise.to_html()
    assert "2 x y" not in page and "In words" not in page
    assert f'<span id="step-{solution.anchor}-1"></span>' in page
    unfolded = rotated(exercise.content["solution"])
    assert "2 x y" in unfolded and "In words" in unfolded
    assert 'id="step-' not in unfolded and 'id="claim-' not in unfolded


def test_a_link_to_an_exercise_names_it():
    assert make().identifier == "figure-exercise-square"
