"""The book against the list of errata: a chapter treats every erratum of its topics, with the right numbers.

Run with `-s` (as `make errata` does), it prints what the book does not have yet.
"""

import json
import re
from collections import Counter

import pytest
import yaml

from ..proof import errata

# The topics that each chapter of `_toc.yml` teaches, alone or with others; none where it has no errata.
CHAPTERS = {
    "book/invertible_maps/tools": ("chvar", "proj"),
    "book/invertible_maps/change_of_variables": ("chvar",),
    "book/invertible_maps/flows_on_a_line": ("flow",),
    "book/invertible_maps/radial_flows": ("flow",),
    "book/invertible_maps/coupling": ("coupling",),
    "book/invertible_maps/invertible_convolution": ("plu",),
    "book/invertible_maps/learned_density": (),
    "book/inference/divergence": ("kl",),
    "book/inference/gaussian_divergence": ("kl",),
    "book/inference/gradients": ("grad",),
    "book/inference/evidence_bound": ("elbo",),
    "book/inference/amortised_inference": ("elbo",),
    "book/inference/importance_weighting": ("iwae",),
    "book/inference/autoencoder": (),
    "book/networks/convolution": ("convbp",),
    "book/networks/masked_convolution": ("masked",),
    "book/networks/autoregressive_model": (),
    "book/networks/initialization": ("init",),
    "book/games/index": ("gan",),
    "book/games/training_methods": (),
}


@pytest.fixture(scope="module")
def treated(site) -> dict[str, dict]:
    """Erratum → its entry in the ledger."""
    claims = json.loads((site / "ledger.json").read_text(encoding="utf-8"))["claims"]
    return {claim["erratum"]: claim for claim in claims if claim["erratum"] and claim["quantity"]}


def missing(topics: dict[str, str], treated: dict[str, dict]) -> dict[str, list[str]]:
    """Topic → its errata that the book has not."""
    found: dict[str, list[str]] = {}
    for erratum, topic in topics.items():
        found.setdefault(topic, [])
        if erratum not in treated:
            found[topic].append(erratum)
    return found


def test_every_chapter_says_which_topics_it_teaches(root):
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [
        chapter["file"]
        for part in toc["parts"]
        if part["caption"] != "Appendices"
        for chapter in part["chapters"]
    ]
    assert chapters == list(CHAPTERS)
    assert {topic for topics in CHAPTERS.values() for topic in topics} <= set(errata.CATALOGUE)


def test_a_chapter_treats_every_erratum_of_its_topics(treated):
    lacking = missing(errata.TOPICS, treated)
    totals = Counter(errata.TOPICS.values())
    print("\nerrata that the book does not have yet:")
    for topic, ids in lacking.items():
        print(f"  {topic:10}{len(ids):3} of {totals[topic]:2}  {' '.join(ids)}")
    for chapter, topics in CHAPTERS.items():
        for topic in topics:
            assert lacking[topic] == [], chapter


def test_what_is_missing_is_told():
    topics = {"E000-1": "kl", "E000-2": "kl", "E000-3": "gan"}
    assert missing(topics, {"E000-1": {}, "E000-3": {}}) == {"kl": ["E000-2"], "gan": []}


def test_the_book_has_no_other_errata_and_each_in_its_chapter(treated):
    for erratum, entry in treated.items():
        assert errata.TOPICS[erratum] in CHAPTERS[entry["page"]], erratum


def test_each_is_of_the_kind_that_the_list_says(treated):
    assert {erratum: entry["fault"] for erratum, entry in treated.items()} == {
        erratum: errata.FAULTS[erratum] for erratum in treated
    }


def test_the_numbers_of_the_book_are_those_of_the_list(treated):
    """To the five digits that the book shows and the four decimals that the list has."""
    compared = 0
    for erratum in errata.ERRATA:
        number = getattr(erratum, "number", None)
        if number is None or erratum.id not in treated:
            continue
        for listed, shown in ((number.printed, "printed"), (number.correct, "right")):
            if re.fullmatch(r"-?[\d.]+", listed):
                expected = pytest.approx(float(listed), abs=6e-5, rel=6e-5)
                assert float(treated[erratum.id][shown]) == expected, erratum.id
                compared += 1
    assert compared >= 8
