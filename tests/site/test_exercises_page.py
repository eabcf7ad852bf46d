"""The exercises of the built book in Chromium: accepted, refused, hinted, kept, and nothing given away."""

import json
import random
import re

import pytest
from in_page import TWO_FRAMES, WANT_ALL

from .answers import chapters

CHAPTERS = chapters()
GAMES, METHODS = CHAPTERS["games"], CHAPTERS["training_methods"]
FORMS = GAMES.forms
(FLAW,) = GAMES.flaws
SEED = 20240611

every_chapter = pytest.mark.parametrize("chapter", CHAPTERS.values(), ids=CHAPTERS)


class Box:
    """One exercise of an open page."""

    def __init__(self, page, name: str) -> None:
        self.page = page
        self.root = page.locator(f'[data-exercise="{name}"]')
        self.fields = self.root.locator("input")
        self.verdict = self.root.locator(".dtr-verdict")
        self.next = self.root.locator("> button")

    @property
    def state(self) -> dict:
        return json.loads(self.root.get_attribute("data-state"))

    def answer(self, cells) -> str:
        """Type an answer, press Enter, and return the verdict's status."""
        for i, text in enumerate(cells):
            self.fields.nth(i).fill(text)
        self.fields.last.press("Enter")
        self.page.wait_for_function(
            "box => box.dataset.status && box.dataset.status !== 'waiting'",
            arg=self.verdict.element_handle(),
        )
        return self.verdict.get_attribute("data-status")


@pytest.fixture
def open_chapter(chromium, site, site_url):
    """Open the chapter in a browser profile of its own; nothing may go wrong in it."""
    contexts, wrong = [], []

    def open_page(
        chapter=GAMES, *, script: str | None = None, source: str = "http", width: int = 1280, **options
    ):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        load(page, (site_url if source == "http" else f"{site.as_uri()}/") + chapter.page, chapter=chapter)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def load(page, address: str | None = None, *, chapter=GAMES) -> None:
    if address:
        page.goto(address, wait_until="domcontentloaded")
    else:
        page.reload(wait_until="domcontentloaded")
    page.evaluate(WANT_ALL)
    page.wait_for_function(
        "count => document.querySelectorAll('[data-exercise][data-state]').length === count",
        arg=len(chapter.names),
    )


def counted(page) -> str:
    page.evaluate(TWO_FRAMES)
    return page.locator(".dtr-progress-count").inner_text()


def test_every_page_with_exercises_is_listed_here(site):
    pages = {
        page.relative_to(site).as_posix()
        for page in site.rglob("*.html")
        if 'data-widget="exercise"' in page.read_text(encoding="utf-8")
    }
    assert pages == {chapter.page for chapter in CHAPTERS.values()}


@every_chapter
def test_every_exercise_of_the_page_is_listed_here(open_chapter, chapter):
    page = open_chapter(chapter)
    names = page.locator("[data-exercise]").evaluate_all("all => all.map(({ dataset }) => dataset.exercise)")
    assert names == list(chapter.names)
    assert len(chapter.forms) >= 4 and chapter.flaws, (
        "a chapter has four exercises and a flawed chain, or more"
    )


@every_chapter
def test_three_forms_of_each_answer_are_right_and_each_pitfall_gets_its_hint(open_chapter, chapter):
    page = open_chapter(chapter)
    for name, (forms, pitfalls) in chapter.forms.items():
        assert len(forms) >= 3 and len(pitfalls) >= 2, (
            f"{name}: expected three forms and two pitfalls, or more"
        )
        box = Box(page, name)
        for cells, words in pitfalls.items():
            assert box.answer(cells) == "pitfall", (name, cells, box.verdict.inner_text())
            assert words in box.verdict.inner_text()
            assert box.verdict.locator(".katex-error").count() == 0
        assert box.state["progress"] is None
        for cells in forms:
            assert box.answer(cells) == "right", (name, cells, box.verdict.inner_text())
            assert box.root.locator(".dtr-preview .katex-html").count() == 1
        assert box.verdict.inner_text() == "Right."
    assert counted(page) == f"Exercises: {len(chapter.forms)} of {len(chapter.names)} solved"


def test_a_wrong_answer_is_told_a_point_and_both_values(open_chapter):
    page = open_chapter()
    box = Box(page, "stronger-coupling")
    assert box.answer(["1 + kappa"]) == "wrong"
    text = box.verdict.inner_text()
    assert text == "Not right yet: at η = 1, κ = 1 yours gives 2, the right value is 1.414."
    box = Box(page, "steps-to-double")
    assert box.answer(["7"]) == "wrong"
    assert "140" not in box.verdict.inner_text()


def test_what_cannot_be_read_is_marked_where_it_stands(open_chapter):
    page = open_chapter(METHODS)
    box = Box(page, "other-order-energy")
    assert box.answer(["d + constructor"]) == "unreadable"
    assert box.verdict.locator("p").first.inner_text() == (
        "“constructor” is not known here (character 5). The letters here are d, η, g."
    )
    assert box.verdict.locator("mark").inner_text() == "constructor"
    assert box.fields.get_attribute("aria-invalid") == "true"
    box.fields.fill("d")
    assert box.verdict.inner_text() == ""
    assert box.fields.get_attribute("aria-invalid") is None
    assert box.answer([""]) == "unreadable"
    box = Box(page, "other-order-matrix")
    assert box.answer(["1", "2", "(3", "4"]) == "unreadable"
    assert box.verdict.inner_text().startswith("Row 2, column 1: This bracket is never closed (character 1)")


def holds(text: str, form: str) -> bool:
    """Whether a text holds the formula as a whole: 7/20 is not 7/2."""
    wholes = [re.escape(each) for each in (form, form.replace("&", "&amp;"))]
    return any(re.search(rf"(?<![\w.]){each}(?![\w.])", text) for each in wholes)


@every_chapter
def test_the_page_gives_no_answer_away(site, open_chapter, chapter):
    """Not in its source, nor in the search index, nor in the page as scripts have left it."""
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    source = (site / chapter.page).read_text(encoding="utf-8")
    exercises = source[source.index('id="exercises"') : source.index('id="further-reading"')]
    live = open_chapter(chapter).locator("section#exercises").evaluate("section => section.outerHTML")
    for name in chapter.forms:
        assert f'data-exercise="{name}"' in live
    assert len(chapter.giveaways) >= 3 * len(chapter.forms), "expected three giveaways an exercise, or more"
    for text in (exercises, live, index):
        found = [form for form in chapter.giveaways if holds(text, form)]
        assert found == []
    assert "Exercise(" not in source and "pitfalls" not in source


@every_chapter
def test_solutions_are_in_the_ledger_whose_rows_lead_to_the_exercise(site, open_chapter, site_url, chapter):
    ledger = json.loads((site / "ledger.json").read_text(encoding="utf-8"))["claims"]
    rows = [claim for claim in ledger if claim["page"] == chapter.page.removesuffix(".html")]
    rows = [claim for claim in rows if re.match(r"Solution \d+:", claim["title"])]
    numbers = {int(claim["title"].partition(":")[0].removeprefix("Solution ")) for claim in rows}
    assert numbers == set(range(1, len(chapter.forms) + 1))
    assert all(claim["mark"] == "proved" for claim in rows)
    page = open_chapter(chapter)
    for claim in rows:
        assert page.locator(f'[id="step-{claim["place"]}"]').count() == 1
    page.goto(f"{site_url}book/appendix/ledger/{rows[0]['row'].partition('--')[0]}.html")
    link = page.locator(f'[id="{rows[0]["row"]}"] .ledger-title > a')
    assert link.get_attribute("href").endswith(f"#step-{rows[0]['place']}")


def test_hints_come_one_at_a_time_the_solution_last(open_chapter):
    page = open_chapter()
    for name in FORMS:
        box = Box(page, name)
        hints = json.loads(box.root.get_attribute("data-initial"))["content"]["hints"]
        for number in range(1, len(hints) + 1):
            assert box.next.inner_text() == f"Show hint {number} of {len(hints)}"
            box.next.click()
            assert box.root.locator(".dtr-hint").count() == number
        assert box.root.locator(".dtr-solution").count() == 0
        assert box.next.inner_text() == "Show the solution"
        box.next.click()
        assert box.root.locator(".dtr-solution .derivation .katex").count() > 0
        assert box.root.locator(".katex-error").count() == 0
        assert not box.next.is_visible()
    assert counted(page) == "Exercises: 0 of 5 solved, 4 read only"
    repeated = page.evaluate(
        "() => { const all = [...document.querySelectorAll('[id]')].map(({ id }) => id);"
        " return all.filter((id, i) => all.indexOf(id) !== i); }"
    )
    assert [identifier for identifier in repeated if identifier.startswith(("step-", "how-", "dtr-"))] == []
    box = Box(page, "steps-to-double")
    assert box.answer(["140"]) == "right"
    assert counted(page) == "Exercises: 1 of 5 solved, 3 read only"


def test_by_keyboard_alone(open_chapter):
    page = open_chapter(METHODS)
    box = Box(page, "other-order-energy")
    box.fields.focus()
    assert box.fields.evaluate("field => field.labels[0].textContent") == "Your answer"
    page.keyboard.type("d^2+g^2-eta d g")
    page.keyboard.press("Tab")
    focused = "() => document.activeElement.textContent"
    assert page.evaluate(focused) == "Check"
    outline = "() => getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) != "none"
    page.keyboard.press("Enter")
    box.root.locator('.dtr-verdict[data-status="right"]').wait_for()
    page.keyboard.press("Tab")
    for expected in ("Show hint 1 of 2", "Show hint 2 of 2", "Show the solution"):
        assert page.evaluate(focused) == expected
        assert page.evaluate(outline) != "none"
        page.keyboard.press("Enter")
    assert page.evaluate(focused) == "Solution"
    assert box.state["progress"] == "solved"


def test_hostile_answers_do_no_harm(open_chapter):
    """2000 strings: a verdict in words each time, no error, and no element that their text could have made."""
    print(f"seed {SEED}")
    page = open_chapter(METHODS)
    rng = random.Random(SEED)
    scraps = [
        "d",
        "g",
        "η",
        "eta",
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
        "sqrt(",
        "*",
        "/",
        " ",
        "½",
        "7",
    ]
    scraps += [
        "constructor",
        "__proto__",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\\",
        "&lt;",
    ]
    scraps += [
        "😀",
        "\u202e",
        "\ud800",
        "\x00",
        "${alert(1)}",
        "\\href{javascript:alert(1)}{x}",
        "$d$",
        "in",
        "to",
        "'",
        '"',
    ]
    texts = ["".join(rng.choice(scraps) for _ in range(rng.choice([1, 2, 4, 8, 30]))) for _ in range(1990)]
    texts += [
        "",
        " ",
        "d" * 10_000,
        "(" * 5000,
        "(" * 30 + "d" + ")" * 30,
        "-" * 399 + "d",
        "√" * 300,
        "|" * 399,
    ]
    texts += ["d^" * 190 + "d", "9^" * 190 + "9"]
    assert len(texts) == 2000
    page.evaluate("() => { window.alert = () => { window.attacked = true; }; }")
    found = page.evaluate(
        """async (texts) => {
            const root = document.querySelector('[data-exercise="other-order-energy"]');
            const [field, form, verdict] = ["input", "form", ".dtr-verdict"].map((what) => root.querySelector(what));
            const before = document.querySelectorAll("*").length - root.querySelectorAll("*").length;
            const statuses = {}, tags = new Set(), silent = [];
            for (const text of texts) {
                field.value = text;
                field.dispatchEvent(new Event("input"));
                form.requestSubmit();
                for (let i = 0; i < 5; i += 1) await Promise.resolve();
                const { status } = verdict.dataset;
                statuses[status] = (statuses[status] ?? 0) + 1;
                if (!verdict.textContent.trim()) silent.push(text);
                for (const { localName } of verdict.querySelectorAll("*")) tags.add(localName);
                const odd = root.querySelectorAll("script, img, iframe, a, object, [onerror]");
                for (const { localName } of odd) tags.add(localName);
            }
            const after = document.querySelectorAll("*").length - root.querySelectorAll("*").length;
            const attacked = window.attacked ?? false;
            return { statuses, tags: [...tags].sort(), silent, grown: after - before, attacked };
        }""",
        texts,
    )
    assert found["silent"] == []
    assert found["attacked"] is False
    assert found["grown"] == 0
    assert found["tags"] == ["code", "mark", "p"]
    assert found["statuses"]["unreadable"] > 1000
    assert sum(found["statuses"].values()) == 2000
    assert set(found["statuses"]) <= {"unreadable", "wrong", "partly", "undefined"}


# Progress.


def test_the_flaw_is_found(open_chapter):
    page = open_chapter()
    chain = page.locator(f'[data-exercise="{FLAW}"]')
    steps, verdict = chain.locator("button.dtr-step"), chain.locator(".dtr-verdict")
    assert steps.count() == 4
    for number, words in ((1, "This step holds. It is proved"), (4, "though it starts from a false line")):
        steps.nth(number - 1).click()
        assert words in verdict.inner_text()
        assert chain.locator(".dtr-solution").count() == 0
    assert counted(page) == "Exercises: 0 of 5 solved"
    steps.nth(2).focus()
    page.keyboard.press("Enter")
    assert verdict.get_attribute("data-status") == "right"
    assert verdict.inner_text() == (
        "Found. This step is false: at d = 0, η = 1, g = 1 the left side is 2, the right side 1."
    )
    assert chain.locator('[data-verdict="flaw"]').count() == 1
    assert chain.locator(".dtr-solution .derivation .katex").count() > 0
    assert chain.locator(".katex-error").count() == 0
    assert counted(page) == "Exercises: 1 of 5 solved"
    load(page)
    assert chain.locator(".dtr-exercise-mark").inner_text() == "✓ solved"
    assert chain.locator(".dtr-solution").count() == 0


def test_the_flaw_is_shown_to_who_asks(open_chapter):
    page = open_chapter()
    chain = page.locator(f'[data-exercise="{FLAW}"]')
    source = chain.evaluate("element => element.outerHTML")
    assert "This step is false" not in source and "stretches" not in source
    chain.get_by_role("button", name="Show the false step").click()
    assert chain.locator('[data-verdict="flaw"]').count() == 1
    assert chain.locator(".dtr-solution").count() == 1
    assert "Found" not in chain.inner_text()
    assert page.evaluate("document.activeElement.textContent") == "Repaired"
    chain.locator("button.dtr-step").nth(2).click()  # to pick what was shown solves nothing
    assert counted(page) == "Exercises: 0 of 5 solved, 1 read only"


@pytest.mark.parametrize("source", ["http", "file"])
def test_progress_is_kept_exported_and_erased(open_chapter, source):
    page = open_chapter(source=source)
    assert counted(page) == "Exercises: 0 of 5 solved"
    assert Box(page, "steps-to-double").answer(["140"]) == "right"
    for _ in range(3):
        Box(page, "stronger-coupling").next.click()
    load(page)
    assert counted(page) == "Exercises: 1 of 5 solved, 1 read only"
    assert Box(page, "steps-to-double").root.locator(".dtr-exercise-mark").inner_text() == "✓ solved"
    keys = page.evaluate("Object.keys(localStorage).filter((key) => key.includes('exercise'))")
    assert sorted(keys) == [
        "derivations-that-run/exercise/book/games/index#steps-to-double",
        "derivations-that-run/exercise/book/games/index#stronger-coupling",
    ]
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    data = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert data["page"] == "book/games/index"
    assert data["exercises"] == {name: None for name in (FLAW, *FORMS)} | {
        "steps-to-double": "solved",
        "stronger-coupling": "shown",
    }
    page.evaluate("localStorage.setItem('of-another', 'page')")
    erase = page.get_by_role("button", name="Erase", exact=True)
    erase.click()
    assert page.evaluate("document.activeElement.textContent") == "No, keep"
    page.keyboard.press("Escape")
    assert counted(page) == "Exercises: 1 of 5 solved, 1 read only"
    erase.click()
    page.get_by_role("button", name="Yes, erase").click()
    assert counted(page) == "Exercises: 0 of 5 solved"
    load(page)
    assert counted(page) == "Exercises: 0 of 5 solved"
    assert page.evaluate("localStorage.getItem('of-another')") == "page"


BLOCKED = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("denied", "SecurityError"); },
});"""
FULL = """const { setItem } = Storage.prototype;
Storage.prototype.setItem = function (key, text) {
    if (key.includes("exercise")) throw new DOMException("full", "QuotaExceededError");
    setItem.call(this, key, text);
};"""
CORRUPTED = """for (const text of ["{", "null", '{"state":"<b>"}', "7"]) {
    localStorage.setItem("derivations-that-run/exercise/book/games/training_methods#other-order-energy", text);
}"""


@pytest.mark.parametrize(
    "script, words",
    [(FULL, "storage for this page is full"), (CORRUPTED, "cannot be read")],
    ids=["full", "corrupted"],
)
def test_exercises_work_where_progress_cannot_be_kept_and_the_page_says_so(open_chapter, script, words):
    page = open_chapter(METHODS, script=script)
    box = Box(page, "other-order-energy")
    assert box.answer(["d²+g²−ηdg"]) == "right"
    assert counted(page) == "Exercises: 1 of 5 solved"
    trouble = page.locator(".dtr-progress-problem").inner_text()
    assert trouble.startswith("Progress is not kept") and words in trouble


def test_corrupted_progress_is_cured_by_erasing(open_chapter):
    page = open_chapter(
        METHODS, script=f"if (!sessionStorage.done) {{ {CORRUPTED} sessionStorage.done = 1; }}"
    )
    assert "cannot be read" in page.locator(".dtr-progress-problem").inner_text()
    page.get_by_role("button", name="Erase", exact=True).click()
    page.get_by_role("button", name="Yes, erase").click()
    assert counted(page) == "Exercises: 0 of 5 solved"
    assert page.locator(".dtr-progress-problem").inner_text() == ""
    Box(page, "other-order-energy").answer(["d²+g²−ηdg"])
    load(page, chapter=METHODS)
    assert counted(page) == "Exercises: 1 of 5 solved"


def test_exercises_work_where_storage_is_blocked(chromium, site_url):
    """The theme's own scripts fail there, which is not for the exercises to answer."""
    context = chromium.new_context()
    context.add_init_script(BLOCKED)
    page = context.new_page()
    load(page, site_url + GAMES.page)
    assert Box(page, "steps-to-double").answer(["140"]) == "right"
    assert counted(page) == "Exercises: 1 of 5 solved"
    assert "does not let the page store" in page.locator(".dtr-progress-problem").inner_text()
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(open_chapter, theme):
    page = open_chapter(METHODS, width=360, color_scheme=theme, has_touch=True, is_mobile=True)
    for name, (forms, _) in METHODS.forms.items():
        box = Box(page, name)
        box.answer(forms[0])
        while box.next.is_visible():
            box.next.tap()
        right_edges = box.root.locator("input, button, p, h3").evaluate_all(
            "all => all.filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect().right)"
        )
        assert max(right_edges) <= 360
    Box(page, "other-order-energy").answer(["d" * 380])
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0


def test_without_scripts_the_questions_stand_there(chromium, site_url):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site_url + GAMES.page)
    titles = page.locator(".dtr-exercise-title").all_inner_texts()
    assert [title.split(":")[0] for title in titles] == [
        "Find the flaw. A step keeps the distance from the centre",
        *(f"Exercise {n}" for n in range(1, 5)),
    ]
    assert page.locator('[data-widget="exercise"] .katex').count() >= 6
    context.close()
