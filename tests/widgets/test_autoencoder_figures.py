"""The figure of a trained autoencoder: its JavaScript against PyTorch with the same weights, checked traits."""

import json
import math

import pytest
import torch

from helpers.models import autoencoder, bounds
from helpers.widgets import TrainedAutoencoder

DATA = ([1.2, 0.9], [-1.4, 0.6], [0.0, 0.0], [-2.5, -2.0])


def trained():
    torch.manual_seed(3)
    model = autoencoder.GaussianAutoencoder(2, 1, hidden=7, noise=0.3).double().requires_grad_(False)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(
                (3 * parameter).round(decimals=6) if parameter.ndim else parameter.round(decimals=6)
            )
    return model


MODEL = trained()


def layers(network):
    return [[part.weight.tolist(), part.bias.tolist()] for part in network if hasattr(part, "weight")]


@pytest.fixture(scope="module")
def state():
    figure = TrainedAutoencoder(
        encoder=layers(MODEL.encoder), decoder=layers(MODEL.decoder), log_noise=MODEL.log_noise.item()
    )
    return json.loads(json.dumps(figure.page_state()))


@pytest.fixture(scope="module")
def call(functions_of):
    return functions_of(measure="autoencoder/measure.js", formulas="generated/autoencoder.js")


def test_the_networks_are_pytorchs(call, state):
    for x in DATA:
        mean, log_scale = MODEL.encode(torch.tensor(x, dtype=torch.float64))
        assert call("network", state["encoder"], x) == pytest.approx(
            [mean.item(), log_scale.item()], abs=1e-9
        )
    for z in (-2.0, 0.3, 5.0):
        expected = MODEL.decode(torch.tensor([z], dtype=torch.float64)).tolist()
        assert call("network", state["decoder"], [z]) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("x", DATA, ids=str)
def test_evidence_bound_and_best_bell_curve_are_pytorchs(call, state, x):
    facts = call("measureAll", {**state, "x1": x[0], "x2": x[1]})
    point = torch.tensor([x], dtype=torch.float64)
    joint = lambda z: MODEL.log_joint(point.unsqueeze(-2), z.unsqueeze(-1))  # noqa: E731
    evidence = autoencoder.log_evidence_by_quadrature(joint, like=point)
    start = [part.squeeze(-1) for part in MODEL.encode(point)]
    bound = autoencoder.bound_by_quadrature(joint, *start)
    assert facts["log_evidence"] == pytest.approx(evidence.item(), abs=1e-8)
    assert facts["bound"] == pytest.approx(bound.item(), abs=1e-7)
    assert facts["q_mean"] == pytest.approx(start[0].item(), abs=1e-8)
    assert facts["q_scale"] == pytest.approx(start[1].exp().item(), rel=1e-8)
    starts = [start] + [
        (torch.tensor([place]).double(), torch.tensor([-1.0]).double()) for place in (-1.8, 0.0, 1.8)
    ]
    found = [autoencoder.refine(joint, *one, steps=40) for one in starts]
    *_, best = max(found, key=lambda one: one[2].item())
    assert facts["best_bound"] == pytest.approx(best.item(), abs=1e-6)
    assert bound_of(facts, joint) == pytest.approx(best.item(), abs=1e-6)
    parts = facts["bound"] + facts["amortisation"] + facts["approximation"]
    assert parts == pytest.approx(facts["log_evidence"], abs=1e-9)
    assert facts["amortisation"] >= 0 and facts["approximation"] > -1e-6
    assert sum(facts["posterior"]) * 0.01 == pytest.approx(1, abs=1e-9)


def bound_of(facts, joint) -> float:
    """The bound at the bell curve that the figure calls the best one."""
    mean = torch.tensor([facts["best_mean"]]).double()
    return autoencoder.bound_by_quadrature(
        joint, mean, torch.tensor([facts["best_scale"]]).double().log()
    ).item()


def test_the_slopes_are_those_of_autograd(call):
    z, mean, log_scale = 0.3, -0.2, 0.4
    found = call("proposalScore", z, mean, log_scale)
    parameters = torch.tensor([mean, log_scale], dtype=torch.float64, requires_grad=True)
    torch.distributions.Normal(parameters[0], parameters[1].exp()).log_prob(
        torch.tensor(z, dtype=torch.float64)
    ).backward()
    assert found == pytest.approx(parameters.grad.tolist(), abs=1e-12)


def mulberry(count: int) -> list[float]:
    """The draws of the figure, written anew with Python's whole numbers."""
    mask, state, found = 2**32 - 1, 1, []

    def uniform():
        nonlocal state
        state = (state + 0x6D2B79F5) & mask
        t = ((state ^ (state >> 15)) * (1 | state)) & mask
        t = ((t + (((t ^ (t >> 7)) * (61 | t)) & mask)) & mask) ^ t
        return ((t ^ (t >> 14)) + 0.5) / 2**32

    for _ in range(count):
        radius = math.sqrt(-2 * math.log(uniform()))
        found.append(radius * math.cos(2 * math.pi * uniform()))
    return found


def test_the_fixed_draws_are_standard_normal(call):
    found = call("draws", 8192)
    assert found == pytest.approx(mulberry(8192), abs=1e-12)
    values = torch.tensor(found, dtype=torch.float64)
    assert abs(values.mean()) < 6 / math.sqrt(8192)
    assert abs(values.square().mean() - 1) < 6 * math.sqrt(2 / 8192)
    assert abs(values.pow(4).mean() - 3) < 6 * math.sqrt(96 / 8192)


@pytest.mark.parametrize("doublings", [0, 4, 10])
def test_the_importance_weighted_bound_is_pytorchs_on_the_same_draws(call, state, doublings):
    x = torch.tensor([1.2, 0.9], dtype=torch.float64)
    facts = call("measureAll", {**state, "x1": 1.2, "x2": 0.9, "doublings": doublings})
    mean, log_scale = MODEL.encode(x)
    epsilon = torch.tensor(mulberry(8192), dtype=torch.float64)[:, None]
    latents = mean + log_scale.exp() * epsilon
    log_q = torch.distributions.Normal(mean, log_scale.exp()).log_prob(latents).sum(-1)
    log_weights = MODEL.log_joint(x, latents) - log_q
    blocks = bounds.importance_weighted_bound(log_weights.reshape(-1, 2**doublings), dim=-1)
    # The figure reads the decoder off a table, with straight lines between its points.
    assert facts["importance"] == pytest.approx(blocks.mean().item(), abs=2e-3)
    assert facts["importance_error"] == pytest.approx((blocks.std() / len(blocks) ** 0.5).item(), rel=0.05)


def test_more_samples_never_lower_the_bound(call, state):
    for x in DATA:
        values = [
            call("measureAll", {**state, "x1": x[0], "x2": x[1], "doublings": k})["importance"]
            for k in range(11)
        ]
        assert values == sorted(values)


# The traits.


def given(**changes):
    return {
        "encoder": layers(MODEL.encoder),
        "decoder": layers(MODEL.decoder),
        "data": [[0.0, 1.00049]],
        **changes,
    }


def test_tensors_are_taken_and_points_rounded():
    figure = TrainedAutoencoder(**given(data=torch.tensor([[0.0, 1.00049]]).double()))
    assert figure.data == [[0.0, 1.0]]
    figure.decoder = [(part.weight, part.bias) for part in MODEL.decoder if hasattr(part, "weight")]
    assert figure.decoder == layers(MODEL.decoder)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"decoder": layers(MODEL.encoder)}, r"decoder: got .*that lead from 1 to 2 numbers"),
        ({"encoder": layers(MODEL.encoder)[:2]}, r"encoder: got .*that lead from 2 to 2 numbers"),
        ({"encoder": []}, r"encoder: got '\[\]', expected layers"),
        ({"encoder": [[[[0.0, math.nan], [0.0, 0.0]], [0.0, 0.0]]]}, r"encoder: got .*finite numbers"),
        ({"encoder": [[[[0.0, 0.0], [0.0]], [0.0, 0.0]]]}, r"encoder: got"),
        ({"encoder": [[[[0.0, 0.0], [0.0, 0.0]], [0.0]]]}, r"encoder: got"),
        ({"encoder": "ab"}, r"encoder: got 'ab'"),
        ({"data": [[1.0]]}, r"data: got .*pairs of finite numbers"),
        ({"data": 3}, r"data: got '3'"),
        ({"x1": 4.0}, r"x1: got 4\.0, expected a number from -3 to 3"),
        ({"z": "a"}, r"z: got 'a'"),
        ({"doublings": 11}, r"doublings: got 11, expected a whole number from 0 to 10"),
        ({"log_noise": -9.0}, r"log_noise: got -9\.0"),
    ],
)
def test_what_is_no_autoencoder_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        TrainedAutoencoder(**given(**changes))
