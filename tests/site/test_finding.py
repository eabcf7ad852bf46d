"""The search: what a reader types leads to the symbol, the claim, the mistake, the figure or the exercise."""

import json
import re

import pytest

PAGE = "search.html"

# What is typed, and where the first result leads.
QUERIES = {
    "eta": "book/appendix/notation.html#symbol-tools-eta",
    "learning rate": "book/appendix/notation.html#symbol-tools-eta",
    "η": "book/appendix/notation.html#symbol-",
    "lambda": "book/appendix/notation.html#symbol-",
    "spectral radius": "book/appendix/notation.html#symbol-games-games-spectral_radius",
    "characteristic polynomial": "book/games/index.html#",
    "mean value theorem": "book/invertible_maps/flows_on_a_line.html#lemma-mean-value-theorem",
    "logarithms may be expanded by force": "book/appendix/ledger.html#book-invertible_maps-tools--",
    "the iteration should not converge": "book/games/index.html#mistake-",
    "type B everywhere is good enough": "book/networks/autoregressive_model.html#type-b-",
    "phase plane": "book/games/training_methods.html#figure-phase-plane-1",
    "blind cone": "book/networks/masked_convolution.html#figure-blind-cone-",
}


@pytest.fixture(scope="module")
def search(chromium, site, site_url):
    """The results of a query: address, text and what is said of each."""
    page = chromium.new_page(viewport={"width": 360, "height": 800})
    wrong = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))

    def run(query: str, source: str = "http") -> list[tuple[str, str, str]]:
        base = site_url if source == "http" else f"{site.as_uri()}/"
        page.goto(f"{base}{PAGE}?q={query}")
        page.wait_for_function("document.querySelector('.search-summary')?.textContent")
        assert wrong == []
        found = page.locator("ul.search > li").evaluate_all(
            "items => items.map((item) => [item.querySelector('a').href, item.querySelector('a').innerText, "
            "item.querySelector(':scope > span')?.innerText ?? ''])"
        )
        return [(address.removeprefix(base), text, said) for address, text, said in found]

    yield run
    page.close()


@pytest.mark.parametrize("source", ["http", "file"])
@pytest.mark.parametrize("query", QUERIES)
def test_the_first_result_is_what_was_meant(search, query, source):
    found = search(query, source)
    assert found[0][0].startswith(QUERIES[query]), found[:4]


def test_a_symbol_is_told_with_its_names_its_meaning_and_its_chapters(search):
    _, name, said = search("eta")[0]
    assert name.startswith("η (eta): the learning rate") and "Games" in name
    assert said.strip() == "(symbol, in Notation)"


def test_part_of_a_word_stands_behind_the_word(search):
    names = [name for _, name, _ in search("eta")]
    places = [i for i, name in enumerate(names) if re.search(r"\b(beta|theta|zeta)\b", name)]
    words = [i for i, name in enumerate(names) if re.search(r"\(eta\)", name)]
    assert words and min(places, default=len(names)) > max(words)


def test_every_result_leads_to_a_place_that_is_there(site):
    index = json.loads(
        (site / "searchindex.js").read_text("utf-8").removeprefix("Search.setIndex(").removesuffix(")")
    )
    own = {number for number, (domain, *_) in index["objnames"].items() if domain == "find"}
    kinds = {index["objtypes"][number] for number in own}
    assert kinds == {
        f"find:{kind}"
        for kind in ("symbol", "claim", "refuted-claim", "lemma", "mistake", "figure", "exercise")
    }
    identifiers = {}
    for entries in index["objects"].values():
        for page, kind, _, anchor, _ in entries:
            if str(kind) in own:
                name = index["docnames"][page]
                if name == "book/appendix/ledger":  # leads on to the row's page
                    name += f"/{anchor.partition('--')[0]}"
                html = identifiers.get(name)
                if html is None:
                    text = (site / f"{name}.html").read_text("utf-8")
                    html = identifiers[name] = set(re.findall(r'\bid="([^"]*)"', text))
                assert anchor in html, (name, anchor)


def test_results_are_written_for_people(site):
    index = json.loads(
        (site / "searchindex.js").read_text("utf-8").removeprefix("Search.setIndex(").removesuffix(")")
    )
    names = [f"{prefix}.{entry[4]}" for prefix, entries in index["objects"].items() for entry in entries]
    for name in [*names, *index["alltitles"]]:
        assert "\\" not in name and "$" not in name, name
    # TeX is not what a reader types.
    chapters = {number for number, name in enumerate(index["docnames"]) if "appendix" not in name}
    for command in ("displaystyl", "mathbb", "frac", "bmatrix", "operatornam"):
        pages = index["terms"].get(command, [])
        assert not chapters & set(pages if isinstance(pages, list) else [pages]), command
    assert {"spiral", "slider"} <= set(index["terms"])


def test_an_excerpt_reads_as_text(chromium, site_url):
    page = chromium.new_page()
    page.goto(f"{site_url}{PAGE}?q=spiral")
    page.wait_for_selector("ul.search p.context")
    texts = page.locator("ul.search p.context").all_inner_texts()
    assert texts and not any("\\" in text or "Show the code" in text for text in texts), texts
    page.close()
