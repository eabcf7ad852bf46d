"""The figure that draws pixel by pixel: its draws against a Python twin and the exact law, and its traits."""

import math

import pytest
import torch

from helpers.models.autoregressive import all_images, chernoff_exponent, image_numbers, law_of_conditionals
from helpers.widgets import PixelSampler

PIXELS = 9


@pytest.fixture(scope="module")
def javascript(functions_of):
    return functions_of(
        draws="autoregressive/draws.js",
        more="""{
            many: (table, seed, count) => Array.from({ length: count }, (_, k) => draws.drawnOn(table, seed, k, [])),
        }""",
    )


def random_table(seed):
    generator = torch.Generator().manual_seed(seed)
    return (0.05 + 0.9 * torch.rand(2**PIXELS - 1, generator=generator, dtype=torch.float64)).tolist()


def uniform(seed, image, step):
    """The finalizer of MurmurHash3, twice."""
    bits = (seed * 0x9E3779B1 + image * PIXELS + step) % 2**32
    for _ in range(2):
        bits = ((bits ^ (bits >> 16)) * 0x85EBCA6B) % 2**32
        bits = ((bits ^ (bits >> 13)) * 0xC2B2AE35) % 2**32
        bits ^= bits >> 16
    return bits / 2**32


def node(before):
    """The entry of the tree: those of all shorter beginnings come first."""
    return 2 ** len(before) - 1 + int("0" + "".join(map(str, before)), 2)


def draw(table, seed, image):
    pixels = []
    for step in range(PIXELS):
        pixels.append(int(uniform(seed, image, step) < table[node(pixels)]))
    return pixels


@pytest.mark.parametrize("seed", [1, 2, 17, 50])
def test_draws_against_the_twin(javascript, seed):
    table = random_table(seed)
    counts = [0] * (PIXELS + 1)
    for image in range(60):
        pixels = javascript("drawnOn", table, seed, image, [])
        assert pixels == draw(table, seed, image)
        assert javascript("uniform", seed, image, 4) == uniform(seed, image, 4)
        assert javascript("setByHand", table, seed, image, pixels) == []
        counts[sum(map(int, pixels))] += 1
    assert javascript("tally", table, seed, 0, 60) == counts
    first = javascript("tally", table, seed, 0, 25)
    assert javascript("tally", table, seed, 25, 60, first) == counts


@pytest.mark.parametrize("seed", range(1, 7))
def test_the_draws_follow_the_law(javascript, seed):
    """The numbers of a seed are fixed, so that this passes always or never; at random it would fail once in 1e9."""
    table = random_table(100 + seed)
    law = law_of_conditionals(torch.tensor(table, dtype=torch.float64))
    drawn = javascript("many", table, seed, 2000)
    numbers = image_numbers(torch.tensor(drawn).reshape(-1, 1, 3, 3))
    exponent = chernoff_exponent(torch.bincount(numbers, minlength=2**PIXELS), law).item()
    assert exponent < math.log(2 * 2**PIXELS / 1e-9)


def test_the_numbers_of_two_seeds_or_steps_differ(javascript):
    seen = {
        javascript("uniform", seed, image, step)
        for seed in (1, 2, 50)
        for image in (0, 1, 2)
        for step in range(9)
    }
    assert len(seen) == 81 and all(0 <= value < 1 for value in seen)


@pytest.mark.parametrize("seed", range(3))
def test_probabilities(javascript, seed):
    table = random_table(seed)
    law = law_of_conditionals(torch.tensor(table, dtype=torch.float64))
    images = all_images((3, 3)).flatten(1).long()
    ink = [law[images.sum(1) == k].sum().item() for k in range(PIXELS + 1)]
    assert javascript("inkLaw", table) == pytest.approx(ink, abs=1e-12)
    for number in range(0, 512, 37):
        pixels = images[number].tolist()
        assert javascript("logProbability", table, pixels) == pytest.approx(math.log(law[number]), abs=1e-12)
        assert javascript("conditional", table, pixels[:4]) == table[node(pixels[:4])]
    assert javascript("logProbability", table, []) == 0
    assert javascript("conditional", table, []) == table[0]


def test_orders(javascript):
    assert javascript("inRaster", "mask", [1, 0, 1]) == [1, 0, 1, *[None] * 6]
    assert javascript("inRaster", "backwards", [1, 0, 1]) == [*[None] * 6, 1, 0, 1]
    assert [javascript("placeOf", "backwards", step) for step in (0, 8)] == [8, 0]


def test_what_is_set_by_hand(javascript):
    table = random_table(0)
    pixels = draw(table, 3, 5)
    pixels[8] = 1 - pixels[8]
    assert javascript("setByHand", table, 3, 5, pixels) == [8]
    pixels = draw(table, 3, 5)[:4]
    assert javascript("drawnOn", table, 3, 5, pixels, 6) == draw(table, 3, 5)[:6]
    changed = [1 - pixels[0]]
    assert javascript("setByHand", table, 3, 5, changed) == [0]
    assert javascript("drawnOn", table, 3, 5, changed)[:1] == changed


# Traits.


def test_tensors_are_taken_and_rounded():
    figure = PixelSampler(conditionals=torch.full((511,), 0.25 + 1e-8, dtype=torch.float64), pixels=(1, 0))
    assert figure.conditionals == [0.25] * 511 and figure.pixels == [1, 0]
    assert figure.page_state()["fields"][2] == [0, 1]


@pytest.mark.parametrize(
    "name, value, message",
    [
        ("seed", 0, "seed: got 0, expected a whole number from 1 to 50"),
        ("drawn", 5001, "drawn: got 5001, expected a whole number from 0 to 5000"),
        ("order", "raster", "order: got 'raster', expected one of mask, backwards"),
        ("pixels", [1] * 10, "pixels: got .*, expected up to nine zeros and ones"),
        ("pixels", [0.5], "pixels: got .0.5., expected up to nine"),
        ("pixels", [True], "pixels: got"),
        ("pixels", "101", "pixels: got 101"),
        ("conditionals", [0.5] * 510, "conditionals: got 510 items, expected 511 probabilities"),
        ("conditionals", [0.5] * 510 + [1.0], "conditionals: got 1.0 among them, expected 511"),
        ("conditionals", [0.5] * 510 + [math.nan], "conditionals: got nan among them"),
        ("backwards", 0.5, "backwards: got 0.5, expected 511 probabilities"),
        ("backwards", [True] * 511, "backwards: got True among them"),
        ("fields", [[]] * 8, "fields: got .*, expected nine lists of places from 0 to 8"),
        ("fields", [[9]] * 9, "fields: got"),
        ("fields", [0] * 9, "fields: got"),
    ],
)
def test_bad_values_are_refused(name, value, message):
    with pytest.raises(ValueError, match=message):
        PixelSampler(**{name: value})
