"""Laws of small images and models that draw them: exact sums, triangular Jacobians, floors, draws, bad input."""

import itertools
import math

import pytest
import sympy as sp
import torch
from torch.distributions import Bernoulli, Categorical, kl

from helpers import devices
from helpers.checks import jacobian
from helpers.models.autoregressive import (
    PixelModel,
    all_images,
    canvas_conditionals,
    chain_rule,
    chernoff_exponent,
    conditional_entropies,
    entropy,
    gated_network,
    image_numbers,
    kl_divergence,
    law_of_conditionals,
    log_probability_of_pixel,
    masked_network,
    neighbour_law,
    pixels_of_image,
    probability_of_pixel,
    reading_law,
)
from helpers.models.masked_convolution import GatedLayer, Layer, receptive_fields
from helpers.proof import decide

DEVICES = pytest.mark.parametrize("device", devices.available(), ids=str)
SEEDS = pytest.mark.parametrize("seed", range(6))
CONFIDENCE = 1 - 1e-9
MASKED = [Layer(3, "A"), Layer(3, "B"), Layer(1, "B")]
GATED = [GatedLayer(3, "A"), GatedLayer(3, "B")]


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """For tensors this small, threads only cost."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def as_tensor(law):
    return torch.tensor([float(value) for value in law], dtype=torch.float64)


def random_law(pixels, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(2**pixels, generator=generator, dtype=torch.float64).softmax(0)


def random_model(layers, seed=0, width=3):
    torch.manual_seed(seed)
    build = gated_network if isinstance(layers[0], GatedLayer) else masked_network
    model = PixelModel(build(layers, width)).double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(3)  # biases far from a half
    return model


def fields_of(layers, shape):
    n = math.prod(shape)
    return receptive_fields(layers, shape).reshape(n, n)


# Exact laws.


def test_images_and_their_numbers():
    assert pixels_of_image(2, 1) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    images = all_images((2, 3))
    assert images.shape == (64, 1, 2, 3) and images.dtype == torch.float64
    assert torch.equal(image_numbers(images), torch.arange(64))
    assert image_numbers(torch.tensor([[[1.0, 0.0], [0.0, 1.0]]])) == 0b1001


@pytest.mark.parametrize("factor", [3, sp.Rational(1, 2), 1])
def test_the_neighbour_law_by_another_count(factor):
    """Each pair counted from the pictures, with a loop over pixels and their right and lower neighbours."""
    law = neighbour_law(2, 3, factor)
    assert sum(law) == 1 and all(value.is_Rational for value in law)
    weights = []
    for pixels in pixels_of_image(2, 3):
        rows = [pixels[:3], pixels[3:]]
        right = sum(row[c] == row[c + 1] for row in rows for c in range(2))
        weights.append(
            sp.Integer(factor) ** (right + sum(a == b for a, b in zip(*rows, strict=True)))
            if sp.sympify(factor).is_Integer
            else factor ** (right + sum(a == b for a, b in zip(*rows, strict=True)))
        )
    assert law == [weight / sum(weights) for weight in weights]


def test_the_neighbour_law_of_a_chain_is_a_markov_chain():
    law = neighbour_law(1, 4, 3)
    for number, pixels in enumerate(pixels_of_image(1, 4)):
        steps = [sp.Rational(3 if a == b else 1, 4) for a, b in itertools.pairwise(pixels)]
        assert law[number] == sp.prod(steps) / 2


def test_the_reading_law():
    law = reading_law(3, 3)
    assert sum(law) == 1 and set(law) == {0, sp.Rational(1, 2**7)}
    assert law[0b001100000] > 0 and law[0b001000000] == 0 and law[0b000100000] == 0
    assert reading_law(2, 2, sp.Rational(1, 2)) == [sp.Rational(1, 16)] * 16
    assert sum(reading_law(3, 2, sp.Rational(4, 5))) == 1


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_a_product_of_coins_sums_to_one(n):
    bias = {b: sp.Symbol(f"c{b}", real=True) for k in range(n) for b in itertools.product((0, 1), repeat=k)}
    total = sum(chain_rule(image, bias.__getitem__) for image in pixels_of_image(1, n))
    assert decide(total, 1).status == "proved"


@pytest.mark.parametrize("x", [0, 1])
def test_one_pixel_against_pytorch(x):
    for q in (0.1, 0.5, 0.93):
        expected = (
            Bernoulli(torch.tensor(q, dtype=torch.float64)).log_prob(torch.tensor(float(x)).double()).item()
        )
        assert float(log_probability_of_pixel(x, q)) == pytest.approx(expected, abs=1e-14)
        assert float(probability_of_pixel(x, q)) == pytest.approx(math.exp(expected), abs=1e-14)


def test_the_logarithm_of_an_open_pixel_is_right_at_both():
    """The figure compiles it with x as a symbol."""
    pixel, q = sp.symbols("x q", positive=True)
    for x in (0, 1):
        assert log_probability_of_pixel(pixel, q).subs(pixel, x) == sp.log(probability_of_pixel(x, q))


# Entropies by enumeration.


@SEEDS
def test_entropy_and_divergence_against_pytorch(seed):
    p, q = random_law(4, seed), random_law(4, seed + 100)
    assert entropy(p).item() == pytest.approx(Categorical(p).entropy().item(), abs=1e-12)
    expected = kl.kl_divergence(Categorical(p), Categorical(q)).item()
    assert kl_divergence(p, q.log()).item() == pytest.approx(expected, abs=1e-12)
    both = torch.stack([p, q])
    assert torch.equal(entropy(both), torch.stack([entropy(p), entropy(q)]))


def test_zeros_of_a_law():
    p, q = torch.tensor([1.0, 0.0]).double(), torch.tensor([0.5, 0.5]).double()
    assert entropy(p) == 0
    assert kl_divergence(p, q.log()).item() == pytest.approx(math.log(2))
    assert kl_divergence(p, torch.tensor([0.0, -math.inf]).double()) == 0
    assert kl_divergence(q, torch.tensor([0.0, -math.inf]).double()) == math.inf


@SEEDS
def test_conditional_entropies(seed):
    """The chain rule; a loop over contexts as a twin; seeing less costs more."""
    p, n = random_law(5, seed), 5
    past = torch.ones(n, n, dtype=torch.bool).tril(-1)
    assert conditional_entropies(p, past).sum().item() == pytest.approx(entropy(p).item(), abs=1e-12)
    generator = torch.Generator().manual_seed(seed)
    fewer = past & (torch.rand(n, n, generator=generator) < 0.6)
    found = conditional_entropies(p, fewer)
    assert (found >= conditional_entropies(p, past) - 1e-12).all()
    bits = all_images((1, n)).flatten(1)
    for i in range(n):
        expected, seen = 0.0, fewer[i].nonzero().flatten()
        for context in itertools.product((0.0, 1.0), repeat=len(seen)):
            agrees = (bits[:, seen] == torch.tensor(context).double()).all(-1)
            mass = p[agrees].sum()
            share = p[agrees & (bits[:, i] == 1)].sum() / mass
            expected += (mass * Bernoulli(share).entropy()).item()
        assert found[i].item() == pytest.approx(expected, abs=1e-12)


def test_what_the_blind_spot_costs():
    """Nothing but two bits are lost for the text-like law, and agreement a costs 1 - H(a) at each row."""
    masked, gated = fields_of(MASKED, (3, 3)), fields_of(GATED, (3, 3))
    assert (~masked).tril(-1).nonzero().tolist() == [[3, 2], [6, 5]]
    for agreement in (1, sp.Rational(4, 5)):
        p = as_tensor(reading_law(3, 3, agreement))
        a = float(agreement)
        coin = entropy(torch.tensor([a, 1 - a], dtype=torch.float64)).item()
        assert conditional_entropies(p, masked).sum().item() == pytest.approx(9 * math.log(2))
        assert conditional_entropies(p, gated).sum().item() == pytest.approx(7 * math.log(2) + 2 * coin)


# Trees of conditional probabilities.


@SEEDS
def test_the_tree_of_a_law_gives_the_law_back(seed):
    p, n = random_law(4, seed), 4
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed)).tolist()
    cube = p.reshape((2,) * n).permute(order)
    table = []
    for k in range(n):
        sums = cube.reshape(2**k, 2, -1).sum(-1)
        table.append(sums[:, 1] / sums.sum(-1))
    torch.testing.assert_close(law_of_conditionals(torch.cat(table), order), p, rtol=0, atol=1e-14)
    if order != sorted(order):
        assert not torch.allclose(law_of_conditionals(torch.cat(table)), p)


# Models.


@pytest.mark.parametrize(
    "layers", [MASKED, GATED, [Layer(5, "A"), Layer(3, "B")]], ids=["masked", "gated", "wide"]
)
@pytest.mark.parametrize("shape", [(3, 3), (2, 4), (1, 5)])
def test_likelihoods_sum_to_one_whatever_the_weights_are(layers, shape):
    for seed in range(3):
        model = random_model(layers, seed)
        with torch.no_grad():
            law = model.log_prob(all_images(shape)).exp()
        assert law.sum().item() == pytest.approx(1, abs=1e-12)
        drawn = law_of_conditionals(canvas_conditionals(model, shape))
        torch.testing.assert_close(drawn, law, rtol=0, atol=1e-14)  # drawing follows the likelihood


@pytest.mark.parametrize(
    "layers",
    [
        [Layer(3, "B"), Layer(3, "B")],
        [Layer(3, "A"), Layer(3, "B", "below")],
        [Layer(3, "A"), Layer(3, None)],
        [GatedLayer(3, "B"), GatedLayer(3, "A", "below")],
    ],
)
def test_a_leak_breaks_the_sum(layers):
    """Mutants: a missing A, a wrong orientation, a missing mask."""
    model = random_model(layers)
    with torch.no_grad():
        total = model.log_prob(all_images((3, 3))).exp().sum().item()
    assert abs(total - 1) > 0.01
    assert fields_of(layers, (3, 3)).triu().any()


@pytest.mark.parametrize("layers", [MASKED, GATED], ids=["masked", "gated"])
def test_the_jacobian_is_triangular_with_the_zeros_of_the_fields(layers):
    model, shape = random_model(layers), (3, 3)
    points = torch.randn(5, 9, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    matrices = jacobian(lambda x: model.network(x.reshape(-1, 1, *shape)).flatten(), points)
    fields = fields_of(layers, shape)
    assert (matrices.triu() == 0).all()
    assert torch.equal((matrices != 0).any(0), fields)


def test_log_prob_of_pixels_and_batches():
    model = random_model(MASKED)
    images = all_images((2, 3))
    each = model.log_prob_of_pixels(images)
    odds = model(images)
    torch.testing.assert_close(each, Bernoulli(logits=odds).log_prob(images))
    torch.testing.assert_close(each.sum((-3, -2, -1)), model.log_prob(images))
    torch.testing.assert_close(
        model.log_prob(images.reshape(4, 16, 1, 2, 3)).flatten(), model.log_prob(images)
    )
    torch.testing.assert_close(torch.func.vmap(model.log_prob)(images), model.log_prob(images))
    assert model.log_prob(images[:0]).shape == (0,)
    # The pixels before and nothing else: later ones may be what they like.
    changed = images.clone()
    changed[..., 1, 1:] = 1 - changed[..., 1, 1:]
    assert torch.equal(model(changed)[..., 0, :], odds[..., 0, :])
    assert torch.equal(model(changed)[..., 1, :2], odds[..., 1, :2])


def test_the_best_model_reaches_its_floor_and_none_goes_below():
    p = as_tensor(neighbour_law(2, 3, 3))
    images = all_images((2, 3))
    floor = conditional_entropies(p, fields_of(MASKED, (2, 3))).sum().item()
    torch.manual_seed(0)
    model, p, images = PixelModel(masked_network(MASKED, 12)), p.float(), images.float()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.03)
    for _ in range(250):
        loss = -(p * model.log_prob(images)).sum()
        assert loss.item() >= floor - 1e-5  # the rounding of float32
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < floor + 0.01


@SEEDS
def test_draws_follow_the_likelihood(seed):
    """Chernoff's bound with the failure probability 1e-9, and none of the mutants passes."""
    shape, draws = (2, 3), 20_000
    model = random_model(MASKED, seed).float()
    with torch.no_grad():
        law = model.log_prob(all_images(shape, dtype=torch.float32)).double().exp()
    allowed = math.log(2 * len(law) / (1 - CONFIDENCE))

    def exponent(order=None):
        drawn = model.sample(draws, shape, generator=torch.Generator().manual_seed(seed), order=order)
        return chernoff_exponent(
            torch.bincount(image_numbers(drawn), minlength=len(law)), law / law.sum()
        ).item()

    backwards = list(range(5, -1, -1))
    assert exponent() < allowed
    assert exponent(backwards) > allowed
    of_backwards = law_of_conditionals(canvas_conditionals(model, shape, backwards), backwards)
    drawn = model.sample(draws, shape, generator=torch.Generator().manual_seed(seed), order=backwards)
    assert (
        chernoff_exponent(torch.bincount(image_numbers(drawn), minlength=64), of_backwards.double()).item()
        < allowed
    )


@SEEDS
def test_chernoff_bounds_the_binomial_tails(seed):
    """Against exact tails: a share beyond the exponent t has a probability of at most e⁻ᵗ on its side."""
    n, p = 30, [0.03, 0.2, 0.5, 0.77, 0.97, 0.11][seed]
    pmf = [math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
    for k in range(n + 1):
        counts, law = torch.tensor([k, n - k]), torch.tensor([p, 1 - p], dtype=torch.float64)
        t = chernoff_exponent(counts, law).item()
        tail = sum(pmf[k:]) if k >= n * p else sum(pmf[: k + 1])
        assert tail <= math.exp(-t) * (1 + 1e-9)
    assert chernoff_exponent(torch.tensor([1, 1]), torch.tensor([1.0, 0.0])) == math.inf


@DEVICES
def test_on_devices(device):
    model = random_model(MASKED).to(device)
    images = all_images((2, 2), device=device)
    assert model.log_prob(images).device.type == device.type
    drawn = model.sample(5, (2, 2), generator=torch.Generator(device=device).manual_seed(0))
    assert drawn.device.type == device.type and drawn.shape == (5, 1, 2, 2)
    law = law_of_conditionals(canvas_conditionals(model, (2, 2)))
    assert law.device.type == device.type
    torch.testing.assert_close(law, model.log_prob(images).exp().detach())


def test_draws_can_be_repeated_and_may_be_none():
    model = random_model(GATED)
    first, second = (model.sample(7, (2, 2), generator=torch.Generator().manual_seed(1)) for _ in range(2))
    assert torch.equal(first, second)
    assert model.sample(0, (2, 2), generator=torch.Generator()).shape == (0, 1, 2, 2)


# Bad input.

LAW = torch.tensor([0.25, 0.75])


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: pixels_of_image(0, 3), "rows: got 0, expected a positive whole number"),
        (lambda: pixels_of_image(2, 2.0), "columns: got 2.0"),
        (lambda: all_images((5, 5)), "rows, columns: got 5 × 5 pixels, expected at most 16"),
        (lambda: neighbour_law(2, 2, 0), "factor: got 0, expected a positive number"),
        (lambda: neighbour_law(2, 2, 0.5), "factor: got 0.50*, expected a positive rational"),
        (lambda: neighbour_law(2, 2, sp.sqrt(2)), r"factor: got sqrt\(2\)"),
        (lambda: reading_law(2, 2, 2), "agreement: got 2, expected a rational number from 0 to 1"),
        (lambda: image_numbers(torch.zeros(3, 3)), r"images: got shape \(3, 3\)"),
        (
            lambda: image_numbers(torch.zeros(2, 3, 3)),
            r"images: got shape \(2, 3, 3\), expected \(..., 1, H, W\)",
        ),
        (
            lambda: entropy(torch.tensor([0.5, 0.6])),
            "probabilities: expected numbers of at least 0 with the sum 1",
        ),
        (lambda: entropy(torch.tensor([1.5, -0.5])), "probabilities: expected"),
        (lambda: entropy([0.5, 0.5]), "probabilities: got list"),
        (lambda: kl_divergence(LAW, torch.zeros(3)), r"log_q: got shape \(3,\), expected \(2,\)"),
        (lambda: conditional_entropies(LAW, torch.ones(2, 2).bool()), r"fields: got torch.bool \(2, 2\)"),
        (lambda: conditional_entropies(LAW, torch.zeros(1, 1)), "fields: got torch.float32"),
        (lambda: conditional_entropies(LAW, torch.ones(1, 1).bool()), "fields: got a pixel that sees itself"),
        (
            lambda: conditional_entropies(torch.ones(3) / 3, torch.zeros(1, 1).bool()),
            r"probabilities: got shape \(3,\), expected \(2 \*\* n,\)",
        ),
        (lambda: law_of_conditionals(torch.ones(4) / 2), r"table: got shape \(4,\)"),
        (lambda: law_of_conditionals(torch.tensor([1.5])), "table: got numbers outside"),
        (lambda: law_of_conditionals(torch.tensor([math.nan])), "table: got numbers outside"),
        (
            lambda: law_of_conditionals(torch.ones(3) / 2, [0, 0]),
            r"order: got \[0, 0\], expected each of 0, ..., 1",
        ),
        (lambda: chernoff_exponent(torch.tensor([0, 0]), LAW), "counts: got 0 draws"),
        (lambda: chernoff_exponent(torch.tensor([3]), LAW), r"counts: got shape \(1,\)"),
        (lambda: random_model(MASKED)(torch.full((1, 2, 2), 0.5).double()), "images: got other numbers"),
        (lambda: random_model(MASKED)(torch.zeros(2, 2).double()), r"images: got shape \(2, 2\)"),
        (lambda: random_model(MASKED).sample(-1, (2, 2), generator=torch.Generator()), "n: got -1"),
        (
            lambda: random_model(MASKED).sample(1, (2, 2), generator=torch.Generator(), order=[0, 1, 2]),
            r"order: got \[0, 1, 2\], expected each of 0, ..., 3 once",
        ),
        (lambda: canvas_conditionals(random_model(MASKED), (2, 2), [1, 2, 3, 4]), "order: got"),
    ],
)
def test_bad_input(make, message):
    with pytest.raises(ValueError, match=message):
        make()
