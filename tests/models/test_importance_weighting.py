"""Importance-weighted bounds: exact in symbols and in tensors, against enumeration and Monte Carlo.

Every Monte Carlo check has a confidence of 1 - 1e-9 and runs over six seeds: about thirty checks in all, so that
right code fails one of them with probability below 1e-7 (by the normal approximation of a mean).
"""

import functools
import itertools
import math

import pytest
import sympy as sp
import torch

from helpers import devices
from helpers.checks import monte_carlo
from helpers.models import bounds
from helpers.models.bounds.estimators import ESTIMATORS
from helpers.proof import decide

SEEDS = range(6)
DEVICES = [pytest.param(device, id=str(device)) for device in devices.available()]
CONFIDENCE = 1 - 1e-9
HALF = sp.Rational(1, 2)
RUNGS = ("elbo", "bound", "elbo_resampled", "log_evidence")


def example(samples=2):
    """The example of the chapter: q = (1/2, 1/2), p(x, ·) = (2/5, 1/10)."""
    return bounds.FiniteProblem([HALF, HALF], [sp.Rational(4, 5), sp.Rational(1, 5)], samples=samples)


def symbolic(states, samples):
    q = sp.symbols(f"q_1:{states + 1}", positive=True)
    w = sp.symbols(f"w_1:{states + 1}", positive=True)
    rest = {q[-1]: 1 - sum(q[:-1])}
    return bounds.FiniteProblem(q, w, samples=samples), rest


def random_problems(count, states, *, seed=0, dtype=torch.float64, device="cpu"):
    generator = torch.Generator().manual_seed(seed)
    log_joint = -6 * torch.rand(count, states, generator=generator, dtype=torch.float64)
    log_proposal = torch.randn(count, states, generator=generator, dtype=torch.float64).log_softmax(-1)
    return log_joint.to(device, dtype), log_proposal.to(device, dtype)


def by_enumeration(joint, proposal, samples):
    """The four rungs and q_K by all ordered outcomes, in plain Python: none of the module's formulas."""
    states = range(len(joint))
    weights = [p / q for p, q in zip(joint, proposal, strict=True)]
    bound, kept = 0.0, [0.0 for _ in states]
    for drawn in itertools.product(states, repeat=samples):
        probability = math.prod(proposal[i] for i in drawn)
        total = sum(weights[i] for i in drawn)
        bound += probability * math.log(total / samples)
        for i in drawn:
            kept[i] += probability * weights[i] / total
    elbo = sum(q * math.log(w) for q, w in zip(proposal, weights, strict=True))
    resampled = sum(k * math.log(p / k) for k, p in zip(kept, joint, strict=True))
    return elbo, bound, resampled, math.log(sum(joint)), kept


class TestFiniteProblem:
    def test_the_example(self):
        problem = example()
        assert problem.evidence == HALF and problem.posterior == [sp.Rational(4, 5), sp.Rational(1, 5)]
        assert problem.resampled() == problem.kept() == [sp.Rational(13, 20), sp.Rational(7, 20)]
        numbers = [problem.elbo(), problem.bound(), problem.elbo(problem.resampled())]
        assert [round(float(number), 4) for number in numbers] == [-0.9163, -0.8047, -0.754]
        assert [sum(problem.unnormalized([i])) for i in (0, 1)] == [sp.Rational(7, 10), sp.Rational(13, 10)]
        assert round(float(problem.elbo_given([0])), 4) == -0.2502

    @pytest.mark.parametrize("states, samples", [(2, 1), (2, 2), (2, 3), (3, 2), (3, 3), (2, 4)])
    def test_the_identities_for_all_weights(self, states, samples):
        problem, rest = symbolic(states, samples)
        average = problem.expectation(problem.elbo_given, samples - 1)
        claims = [
            (average, problem.bound()),
            (sp.Add(*problem.resampled()).subs(rest), 1),
            (problem.expectation(problem.estimate).subs(rest), problem.evidence.subs(rest)),
            *zip(
                (mass.subs(rest) for mass in problem.kept()),
                (mass.subs(rest) for mass in problem.resampled()),
                strict=True,
            ),
        ]
        assert {decide(left, right).status for left, right in claims} == {"proved"}

    def test_one_sample_is_the_proposal_and_the_plain_bound(self):
        problem, _ = symbolic(3, 1)
        assert [sp.simplify(mass) for mass in problem.resampled()] == problem.proposal
        assert sp.simplify(problem.bound() - problem.elbo()) == 0
        assert problem.elbo(problem.proposal).subs({s: 1 for s in problem.weights}).simplify() == 0

    @pytest.mark.parametrize(
        "proposal, weights, samples, message",
        [
            ([], [], 2, r"proposal: got \[\], expected a sequence"),
            ([1], [1, 2], 2, "weights: got 2, expected 1"),
            ([HALF, sp.Rational(1, 3)], [1, 1], 2, "proposal: got probabilities with the sum 5/6"),
            ([0.5, 0.6], [1, 1], 2, "proposal: got probabilities with the sum 1.1"),
            ([2, -1], [1, 1], 2, "proposal: got -1, expected nonnegative"),
            ([HALF, HALF], [1, -2], 2, "weights: got -2, expected nonnegative"),
            ([HALF, HALF], [1, 1], 0, "samples: got 0, expected a whole number K of at least 1"),
            ([HALF, HALF], [1, 1], 1.5, "samples: got 1.5"),
            ([HALF, HALF], [1, 1], True, "samples: got True"),
        ],
    )
    def test_bad_input(self, proposal, weights, samples, message):
        with pytest.raises(ValueError, match=message):
            bounds.FiniteProblem(proposal, weights, samples=samples)

    @pytest.mark.parametrize("others", [[], [0, 1], [2]])
    def test_bad_outcomes(self, others):
        with pytest.raises(ValueError, match=r"others(\[0\])?: got .*, expected a (sequence|whole number)"):
            example().unnormalized(others)


class TestLadder:
    @pytest.mark.parametrize("states, samples", [(1, 3), (2, 1), (2, 2), (2, 7), (3, 2), (3, 4), (4, 3)])
    def test_against_all_outcomes(self, states, samples):
        log_joint, log_proposal = random_problems(12, states, seed=states + samples)
        found = bounds.ladder(log_joint, log_proposal, samples)
        for i in range(12):
            twin = by_enumeration(log_joint[i].exp().tolist(), log_proposal[i].exp().tolist(), samples)
            for rung, expected in zip(found, twin, strict=True):
                expected = torch.tensor(expected, dtype=torch.float64)
                torch.testing.assert_close(rung[i], expected, rtol=0, atol=1e-12)

    @pytest.mark.parametrize("samples", [1, 2, 3, 8])
    def test_the_order_of_the_rungs(self, samples):
        """On 600 problems, two to four states: the chapter's inequality, and its exact gap as a divergence."""
        for states in (2, 3, 4):
            log_joint, log_proposal = random_problems(200, states, seed=samples)
            rungs = bounds.ladder(log_joint, log_proposal, samples)
            for lower, upper in itertools.pairwise(RUNGS):
                assert (getattr(rungs, lower) <= getattr(rungs, upper) + 1e-12).all(), (lower, upper)
            log_posterior = log_joint.log_softmax(-1)
            gap = (rungs.resampled * (rungs.resampled.log() - log_posterior)).sum(-1)
            torch.testing.assert_close(rungs.log_evidence - rungs.elbo_resampled, gap, rtol=0, atol=1e-12)
            before = (log_posterior.exp() * (log_posterior - log_proposal)).sum(-1)
            after = (log_posterior.exp() * (log_posterior - rungs.resampled.log())).sum(-1)
            assert (after <= before + 1e-12).all()

    def test_more_samples_are_never_worse(self):
        log_joint, log_proposal = random_problems(100, 3)
        rungs = [bounds.ladder(log_joint, log_proposal, k) for k in range(1, 8)]
        for fewer, more in itertools.pairwise(rungs):
            assert (fewer.bound <= more.bound + 1e-12).all()

    def test_the_bias_falls_as_one_over_the_samples(self):
        joint = torch.tensor([0.4, 0.1], dtype=torch.float64).log()
        proposal = torch.tensor([0.5, 0.5], dtype=torch.float64).log()
        scaled = []
        for samples in (8, 64, 512, 2048):
            rungs = bounds.ladder(joint, proposal, samples)
            scaled.append(samples * (rungs.log_evidence - rungs.bound).item())
        assert scaled[-1] == pytest.approx(0.18, abs=1e-4)
        assert all(abs(b - 0.18) < abs(a - 0.18) / 4 for a, b in itertools.pairwise(scaled))

    def test_at_the_posterior_all_rungs_are_one(self):
        log_joint, _ = random_problems(5, 4)
        rungs = bounds.ladder(log_joint, log_joint.log_softmax(-1), 5)
        for name in RUNGS[:3]:
            torch.testing.assert_close(getattr(rungs, name), rungs.log_evidence, rtol=0, atol=1e-12)

    def test_a_state_that_is_impossible(self):
        joint = torch.tensor([0.3, 0.0], dtype=torch.float64).log()
        rungs = bounds.ladder(joint, torch.tensor([0.5, 0.5], dtype=torch.float64).log(), 3)
        assert rungs.elbo == rungs.bound == -math.inf
        # with probability 1/8 nothing that is drawn can be kept
        torch.testing.assert_close(rungs.resampled, torch.tensor([7 / 8, 0.0], dtype=torch.float64))
        assert not torch.isnan(torch.cat([rung.reshape(-1) for rung in rungs])).any()

    def test_gradients(self):
        log_joint, logits = random_problems(3, 3)
        inputs = (log_joint.requires_grad_(), logits.clone().requires_grad_())
        assert torch.autograd.gradcheck(lambda a, b: bounds.ladder(a, b.log_softmax(-1), 3), inputs)

    @pytest.mark.parametrize("device", DEVICES)
    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
    def test_shapes_dtype_and_device(self, device, dtype):
        if dtype == torch.float64 and not devices.supports_float64(device):
            pytest.skip("no float64 on this device")
        log_joint, log_proposal = random_problems(6, 3, dtype=dtype, device=device)
        rungs = bounds.ladder(log_joint.reshape(2, 3, 3), log_proposal[:1], 4)
        assert rungs.bound.shape == (2, 3) and rungs.resampled.shape == (2, 3, 3)
        assert rungs.bound.dtype == dtype and rungs.bound.device == log_joint.device
        assert bounds.ladder(log_joint[:0], log_proposal[:0], 2).resampled.shape == (0, 3)
        mapped = torch.func.vmap(lambda a, b: bounds.ladder(a, b, 4))(log_joint, log_proposal)
        torch.testing.assert_close(mapped, bounds.ladder(log_joint, log_proposal, 4))

    @pytest.mark.parametrize(
        "joint, proposal, samples, message",
        [
            ([0.4, 0.1], [0.5, 0.6], 2, "log_proposal: got probabilities that do not sum to 1"),
            ([0.4, 0.1], [1.0, 0.0], 2, "log_proposal: got -inf"),
            ([0.0, 0.0], [0.5, 0.5], 2, "log_joint: got only -inf for a problem"),
            ([math.nan, 0.1], [0.5, 0.5], 2, "log_joint: got NaN or"),
            ([0.4, 0.1], [0.5, 0.5], 0, "samples: got 0, expected a whole number K of at least 1"),
            ([0.4, 0.1], [0.5, 0.5], 2.0, "samples: got 2.0"),
            (
                [0.4, 0.1, 0.1],
                [0.5, 0.5],
                2,
                r"log_proposal: got shape \(2,\), expected one that fits \(3,\)",
            ),
            ([0.1] * 30, [1 / 30] * 30, 9, "samples: got 9 for 30 states"),
            ([], [], 2, r"log_joint: got shape \(0,\)"),
        ],
    )
    def test_bad_input(self, joint, proposal, samples, message):
        joint, proposal = (torch.tensor(p, dtype=torch.float64).log() for p in (joint, proposal))
        with pytest.raises(ValueError, match=message):
            bounds.ladder(joint, proposal, samples)

    def test_other_kinds_are_refused(self):
        half = torch.tensor([0.5, 0.5]).log()
        with pytest.raises(ValueError, match="log_joint: got list"):
            bounds.ladder([0.5, 0.5], half, 2)
        with pytest.raises(
            ValueError, match=r"log_proposal: got torch\.float32 on cpu, expected torch\.float64"
        ):
            bounds.ladder(half.double(), half, 2)


class TestResample:
    @pytest.mark.parametrize("seed", SEEDS)
    @pytest.mark.parametrize("samples", [2, 5])
    def test_the_law_of_what_is_kept(self, samples, seed):
        log_joint, log_proposal = (values[0] for values in random_problems(1, 3, seed=7))
        expected = bounds.ladder(log_joint, log_proposal, samples).resampled

        def sample(count, generator):
            drawn = torch.multinomial(
                log_proposal.exp().expand(count, 3), samples, replacement=True, generator=generator
            )
            kept = bounds.resample((log_joint - log_proposal)[drawn], dim=-1, generator=generator)
            states = drawn.gather(-1, kept.unsqueeze(-1)).squeeze(-1)
            return torch.nn.functional.one_hot(states, 3).double()

        generator = torch.Generator().manual_seed(seed)
        estimate = monte_carlo(sample, 40_000, confidence=CONFIDENCE, generator=generator)
        assert estimate.contains(expected)
        assert not estimate.contains(log_proposal.exp())

    @pytest.mark.parametrize("seed", SEEDS)
    def test_the_chances_are_the_weights(self, seed):
        """Three weights: with two the largest product with exponential noise would have the right law, too."""
        log_weights = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64).log()

        def sample(count, generator):
            kept = bounds.resample(log_weights.expand(count, 3), dim=1, generator=generator)
            return torch.nn.functional.one_hot(kept, 3).double()

        generator = torch.Generator().manual_seed(seed)
        estimate = monte_carlo(sample, 80_000, confidence=CONFIDENCE, generator=generator)
        assert estimate.contains(torch.tensor([1 / 6, 1 / 3, 1 / 2]))

    def test_what_the_logarithms_keep(self):
        log_weights = torch.tensor([[-1000.0, -torch.inf, -1100.0], [-torch.inf, 3.0, -torch.inf]])
        generator = torch.Generator().manual_seed(0)
        assert bounds.resample(log_weights, dim=1, generator=generator).tolist() == [0, 1]
        assert bounds.resample(log_weights.T, dim=0, generator=generator).tolist() == [0, 1]

    def test_the_generator_decides(self):
        log_weights = torch.zeros(50, 4)
        first, again, other = (
            bounds.resample(log_weights, dim=1, generator=torch.Generator().manual_seed(seed))
            for seed in (1, 1, 2)
        )
        assert (first == again).all() and (first != other).any()
        assert bounds.resample(torch.zeros(0, 4), dim=1, generator=torch.Generator()).shape == (0,)

    @pytest.mark.parametrize(
        "log_weights, dim, message",
        [
            (torch.full((2, 3), -torch.inf), 1, "log_weights: got only -inf along dimension 1"),
            (torch.tensor([0.0, torch.nan]), 0, "log_weights: got NaN"),
            (torch.zeros(2, 0), 1, "log_weights: got K = 0"),
            (torch.zeros(2), 1, "dim: got 1"),
            (torch.zeros(2, dtype=torch.int64), 0, "log_weights: got torch.int64"),
        ],
    )
    def test_bad_input(self, log_weights, dim, message):
        with pytest.raises(ValueError, match=message):
            bounds.resample(log_weights, dim=dim, generator=torch.Generator())
        with pytest.raises(ValueError, match=message):
            bounds.doubly_reparameterized_bound(log_weights, dim=dim)

    def test_a_generator_is_needed(self):
        with pytest.raises(TypeError, match=r"generator: expected a torch\.Generator, got NoneType"):
            bounds.resample(torch.zeros(2), dim=0, generator=None)


TAU, OBSERVED = 0.8, 1.0


def log_joint(z, parameter):
    """z ~ N(θ, 1) and x ~ N(z, τ²), at one x."""
    prior = -((z - parameter) ** 2) / 2
    return (prior - ((OBSERVED - z) / TAU) ** 2 / 2 - math.log(2 * math.pi * TAU)).sum(-1)


def log_weight(mean, scale):
    def value(z):
        log_proposal = -(((z - mean) / scale) ** 2) / 2 - math.log(scale * math.sqrt(2 * math.pi))
        return log_joint(z.unsqueeze(-1), 0.0) - log_proposal

    return value


EVIDENCE = -(OBSERVED**2) / (2 * (1 + TAU**2)) - math.log(2 * math.pi * (1 + TAU**2)) / 2


class TestOnALine:
    @pytest.mark.parametrize("mean, scale", [(-0.5, 1.0), (0.0, 0.5), (0.3, 1.5)])
    @pytest.mark.parametrize("samples", [1, 2, 5, 20])
    def test_the_density_has_mass_one_and_the_ladder_holds(self, mean, scale, samples):
        weight = log_weight(mean, scale)
        z = torch.linspace(-14, 14, 2801, dtype=torch.float64)
        density = bounds.resampled_density_on_a_line(z, weight, mean, scale, samples)
        assert torch.trapezoid(density, z).item() == pytest.approx(1, abs=1e-9)
        assert (density >= 0).all()
        bound = bounds.bound_on_a_line(weight, mean, scale, samples).item()
        terms = torch.where(density > 1e-300, density * (log_joint(z[:, None], 0.0) - density.log()), 0.0)
        resampled = torch.trapezoid(terms, z).item()
        variance, posterior = TAU**2 / (1 + TAU**2), OBSERVED / (1 + TAU**2)
        gap = math.log(math.sqrt(variance) / scale) - 0.5
        gap += (scale**2 + (mean - posterior) ** 2) / (2 * variance)  # KL(q || posterior)
        if samples == 1:
            assert bound == pytest.approx(EVIDENCE - gap, abs=1e-6)
        assert EVIDENCE - gap - 1e-6 <= bound <= resampled + 1e-6 and resampled <= EVIDENCE + 1e-6

    def test_at_the_posterior(self):
        mean, scale = OBSERVED / (1 + TAU**2), TAU / math.sqrt(1 + TAU**2)
        assert bounds.bound_on_a_line(log_weight(mean, scale), mean, scale, 3).item() == pytest.approx(
            EVIDENCE
        )

    @pytest.mark.parametrize("seed", SEEDS)
    def test_against_draws(self, seed):
        """The bound and the second moment of q_K, from draws and from integrals."""
        mean, scale, samples = -0.5, 1.0, 4
        weight = log_weight(mean, scale)

        def sample(count, generator):
            z = mean + scale * torch.randn(count, samples, generator=generator, dtype=torch.float64)
            weights = weight(z)
            kept = bounds.resample(weights, dim=1, generator=generator)
            square = z.gather(1, kept.unsqueeze(1)).squeeze(1).square()
            return torch.stack([bounds.importance_weighted_bound(weights, dim=1), square], dim=1)

        z = torch.linspace(-10, 10, 2001, dtype=torch.float64)
        density = bounds.resampled_density_on_a_line(z, weight, mean, scale, samples)
        expected = torch.stack(
            [bounds.bound_on_a_line(weight, mean, scale, samples), torch.trapezoid(density * z**2, z)]
        )
        generator = torch.Generator().manual_seed(seed)
        estimate = monte_carlo(sample, 60_000, confidence=CONFIDENCE, generator=generator)
        assert estimate.contains(expected)
        assert not estimate.contains(torch.tensor([EVIDENCE, mean**2 + scale**2]))

    def test_bad_input(self):
        weight, z = log_weight(0.0, 1.0), torch.zeros(2, dtype=torch.float64)
        for arguments, message in (
            ((math.nan, 1.0, 2), "mean: got nan"),
            ((0.0, 0.0, 2), "scale: got 0.0, expected a positive"),
            ((0.0, 1.0, 0), "samples: got 0"),
        ):
            with pytest.raises(ValueError, match=message):
                bounds.bound_on_a_line(weight, *arguments)
            with pytest.raises(ValueError, match=message):
                bounds.resampled_density_on_a_line(z, weight, *arguments)
        with pytest.raises(ValueError, match="log_weight: got"):
            bounds.bound_on_a_line(lambda z: z.sum(), 0.0, 1.0, 2)
        with pytest.raises(ValueError, match="log_weight: got NaN or infinity"):
            bounds.bound_on_a_line(lambda z: z / 0, 0.0, 1.0, 2)
        with pytest.raises(ValueError, match=r"points: got torch\.float32"):
            bounds.resampled_density_on_a_line(z.float(), weight, 0.0, 1.0, 2)


@functools.cache
def derivatives(samples, step=1e-4):
    """The gradient of the bound in θ, μ and σ by central differences of the integral on the line."""

    def bound(theta, mean, scale):
        def weight(z):
            log_proposal = -(((z - mean) / scale) ** 2) / 2 - math.log(scale * math.sqrt(2 * math.pi))
            return log_joint(z.unsqueeze(-1), theta) - log_proposal

        return bounds.bound_on_a_line(weight, mean, scale, samples).item()

    at = (0.3, -0.5, 0.9)
    slopes = []
    for i in range(3):
        up, down = ([value + sign * step * (i == j) for j, value in enumerate(at)] for sign in (1, -1))
        slopes.append((bound(*up) - bound(*down)) / (2 * step))
    return torch.tensor(slopes, dtype=torch.float64)


def gradients(noise, estimator):
    parameter, mean, scale = (torch.tensor([v], dtype=noise.dtype) for v in (0.3, -0.5, 0.9))
    found = bounds.importance_weighted_gradients(
        log_joint, parameter, mean, scale, noise, estimator=estimator
    )
    return torch.cat(found, dim=-1)


class TestGradients:
    @pytest.mark.parametrize("seed", SEEDS)
    @pytest.mark.parametrize("estimator", ESTIMATORS)
    def test_all_have_the_mean_of_the_integral(self, estimator, seed):
        def sample(count, generator):
            noise = torch.randn(count, 3, 1, generator=generator, dtype=torch.float64)
            return gradients(noise, estimator)

        expected = derivatives(3)
        generator = torch.Generator().manual_seed(seed)
        estimate = monte_carlo(sample, 20_000, confidence=CONFIDENCE, generator=generator)
        assert estimate.contains(expected)
        halved = torch.tensor([1.0, 0.5, 0.5])
        assert not estimate.contains(expected * halved)

    @pytest.mark.parametrize("estimator", ESTIMATORS)
    def test_against_autograd_one_set_at_a_time(self, estimator):
        noise = torch.randn(4, 5, 1, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
        found = gradients(noise, estimator)
        for i in range(4):
            parameter, mean, scale = (
                torch.tensor([v], dtype=torch.float64, requires_grad=True) for v in (0.3, -0.5, 0.9)
            )
            law = torch.distributions.Normal(mean, scale)
            z = mean + scale * noise[i]
            weights = log_joint(z, parameter) - law.log_prob(z).sum(-1)
            (plain,) = torch.autograd.grad(weights.logsumexp(0), parameter, retain_graph=True)
            torch.testing.assert_close(found[i, :1], plain)
            if estimator == "reparameterized":
                expected = torch.autograd.grad(weights.logsumexp(0), [mean, scale])
            elif estimator == "doubly_reparameterized":
                fixed = torch.distributions.Normal(mean.detach(), scale.detach())
                weights = log_joint(z, parameter) - fixed.log_prob(z).sum(-1)
                shares = weights.detach().softmax(0)
                expected = torch.autograd.grad((shares**2 * weights).sum(), [mean, scale])
            else:
                z = z.detach()
                weights = log_joint(z, parameter) - law.log_prob(z).sum(-1)
                bound = weights.logsumexp(0) - math.log(5)
                score = law.log_prob(z).sum()
                expected = torch.autograd.grad(bound + bound.detach() * score, [mean, scale])
            torch.testing.assert_close(found[i, 1:], torch.cat(expected))

    def test_at_the_posterior_the_doubly_reparameterized_one_has_no_variance(self):
        mean = torch.tensor([(0.3 * TAU**2 + OBSERVED) / (1 + TAU**2)], dtype=torch.float64)
        scale = torch.tensor([TAU / math.sqrt(1 + TAU**2)], dtype=torch.float64)
        noise = torch.randn(50, 4, 1, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
        parameter = torch.tensor([0.3], dtype=torch.float64)
        found = {
            name: bounds.importance_weighted_gradients(
                log_joint, parameter, mean, scale, noise, estimator=name
            )
            for name in ESTIMATORS
        }
        assert found["doubly_reparameterized"].mean.abs().max() < 1e-12
        assert found["reparameterized"].mean.std() > 0.1

    def test_shapes_vmap_and_empty_batches(self):
        noise = torch.randn(6, 3, 1, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
        found = gradients(noise.reshape(2, 3, 3, 1), "doubly_reparameterized")
        assert found.shape == (2, 3, 3)
        mapped = torch.func.vmap(lambda eps: gradients(eps, "doubly_reparameterized"))(noise)
        torch.testing.assert_close(mapped, found.reshape(6, 3))
        assert gradients(noise[:0], "reparameterized").shape == (0, 3)

    def test_a_weight_of_zero_has_no_gradient(self):
        weights = torch.tensor([0.5, -torch.inf, 0.1], requires_grad=True)
        bounds.doubly_reparameterized_bound(weights, dim=0).backward()
        shares = weights.detach().softmax(0)
        torch.testing.assert_close(weights.grad, shares**2)

    @pytest.mark.parametrize(
        "change, message",
        [
            ({"estimator": "magic"}, "estimator: got 'magic', expected one of reparameterized"),
            ({"scale": [-1.0]}, "scale: got a number that is not positive"),
            ({"scale": [1.0, 1.0]}, r"scale: got shape \(2,\)"),
            ({"mean": [[0.0]]}, r"mean: got shape \(1, 1\), expected one vector"),
            ({"noise": [0.0]}, r"noise: got shape \(1,\)"),
            ({"log_joint": lambda z, theta: z}, r"log_joint: got \(2, 1\), expected values of shape \(2,\)"),
        ],
    )
    def test_bad_input(self, change, message):
        given = {"parameter": [0.0], "mean": [0.0], "scale": [1.0], "noise": [[0.0], [1.0]]}
        given |= {"log_joint": log_joint, **change}
        given = {n: torch.tensor(v) if isinstance(v, list) else v for n, v in given.items()}
        with pytest.raises(ValueError, match=message):
            bounds.importance_weighted_gradients(**given)


def test_float32_needs_the_logarithm():
    log_weights = torch.tensor([-200.0, -201.0])
    assert log_weights.exp().mean().log() == -math.inf
    expected = -200 + math.log((1 + math.exp(-1)) / 2)
    assert bounds.importance_weighted_bound(log_weights, dim=0).item() == pytest.approx(expected, rel=1e-6)
