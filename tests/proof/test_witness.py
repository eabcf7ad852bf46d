"""The second witness: what Maxima is asked, what it may say, and that nothing makes it hang or lie."""

import os
import random
import signal

import mpmath
import pytest
import sympy as sp
from sympy import Abs, I, Integral, Product, Rational, Sum, conjugate, cos, exp, log, oo, pi, sin, sqrt

from helpers.proof import witness
from helpers.proof.domain import Domain
from helpers.proof.witness import available, second_witness
from helpers.proof.witness.process import MaximaFailed, MaximaProcess, OutOfPatience
from helpers.proof.witness.syntax import Translation

z, w = sp.symbols("z w")
x, y, t = sp.symbols("x y t", real=True)
a, b = sp.symbols("a b", positive=True)
n = sp.Symbol("n", integer=True, positive=True)
k = sp.Symbol("k", integer=True)
size, other = sp.symbols("N M", integer=True, positive=True)
A, B = sp.MatrixSymbol("A", size, size), sp.MatrixSymbol("B", size, size)
C = sp.MatrixSymbol("C", size, other)
S = sp.MatrixSymbol("S", 2, 2)
f, g = sp.Function("f"), sp.Function("g")
h = sp.Function("h", positive=True)
real = sp.Function("r", real=True)


pytestmark = pytest.mark.usefixtures("maxima")

PROVED = {
    "expanded": ((z + 1) ** 3, z**3 + 3 * z**2 + 3 * z + 1),
    "conjugate factors": ((1 + I * a) * (1 - I * a), 1 + a**2),
    "modulus": (Abs(1 + z) ** 2, 1 + 2 * sp.re(z) + z * conjugate(z)),
    "square of a root of unknown sign": ((sqrt(z) + 1) ** 2, z + 2 * sqrt(z) + 1),
    "cube of a cube root": (sp.cbrt(z) * z ** Rational(2, 3), z),
    "logarithm of a product, positive": (log(a) + log(b), log(a * b)),
    "Pythagoras": (sin(z) ** 2 + cos(z) ** 2, 1),
    "double angle": (sin(2 * z), 2 * sin(z) * cos(z)),
    "sigmoid": (1 / (1 + exp(-x)), (1 + sp.tanh(x / 2)) / 2),
    "sine of whole turns": (sin(pi * k), 0),
    "even power": ((-1) ** (2 * k), 1),
    "maximum": (sp.Max(x, y), (x + y + Abs(x - y)) / 2),
    "gamma": (sp.gamma(z + 1), z * sp.gamma(z)),
    "binomial coefficient": (sp.binomial(n, 2), n * (n - 1) / 2),
    "sum": (Sum(k, (k, 1, n)), n * (n + 1) / 2),
    "infinite sum": (Sum(1 / k**2, (k, 1, oo)), pi**2 / 6),
    "Gaussian integral": (Integral(exp(-a * x**2), (x, -oo, oo)), sqrt(pi / a)),
    "linearity": (Integral(2 * f(t) + g(t), (t, 0, 1)), Integral(g(x), (x, 0, 1)) + 2 * Integral(f(t), (t, 0, 1))),
    "fundamental theorem": (sp.Derivative(Integral(exp(-(t**2)), (t, 0, x)), x), exp(-(x**2))),
    "limit": (sp.Limit(sin(x) / x, x, 0), 1),
    "product rule": (sp.Derivative(f(z) * g(z), z), f(z) * g(z).diff(z) + g(z) * f(z).diff(z)),
    "chain rule": (sp.Derivative(f(g(z)), z), sp.Subs(sp.Derivative(f(w), w), w, g(z)) * sp.Derivative(g(z), z)),
    "mixed derivatives": (sp.Derivative(f(x, y), x, y), sp.Derivative(f(x, y), y, x)),
    "derivative by a function": (sp.Derivative(f(x) ** 2, f(x)), 2 * f(x)),
    "logarithmic derivative": (sp.Derivative(log(h(x)), x), h(x).diff(x) / h(x)),
    "transposed product, every size": ((A * B).T, B.T * A.T),
    "determinant of a product": (sp.Determinant(A * B), sp.Determinant(A) * sp.Determinant(B)),
    "derivative by a matrix": (sp.Derivative(sp.Trace(S.T * S), S), 2 * S),
    "explicit matrix": (sp.Matrix([[1, a], [-a, 1]]) ** 2, sp.Matrix([[1 - a**2, 2 * a], [-2 * a, 1 - a**2]])),
}  # fmt: skip


@pytest.mark.parametrize("name", PROVED)
def test_true_equality_is_proved_by_maxima(name):
    testimony = second_witness(*PROVED[name])
    assert testimony.status == "proves", testimony
    assert testimony.seconds > 0


# True, but beyond the exact steps: nothing inert may be taken for proved.
AGREED = {
    "piecewise": (sp.Piecewise((x, x > 0), (-x, True)), Abs(x)),
    "complementary angles": (sp.asin(x), pi / 2 - sp.acos(x)),
    "root of a square": (sqrt(x**2 + 2 * x * y + y**2), Abs(x + y)),
    "sum of squares of binomials": (Sum(sp.binomial(n, k), (k, 0, n)), 2**n),
    "product": (Product(1 + 1 / k, (k, 1, n)), n + 1),
    "reflection": (sp.gamma(x) * sp.gamma(1 - x), pi / sin(pi * x)),
}


WITHIN_ONE = ("complementary angles", "reflection")


@pytest.mark.parametrize("name", AGREED)
def test_true_equality_beyond_the_exact_steps_agrees(name):
    testimony = second_witness(*AGREED[name], domain={x: (0, 1)} if name in WITHIN_ONE else None)
    assert testimony.status == "agrees", testimony
    assert f"to {witness.AGREEING_DIGITS} digits at" in testimony.method


FALSE = {
    "sign": ((1 + I * a) * (1 - I * a), 1 - a**2),
    "factor": ((z + 1) ** 2, z**2 + z + 1),
    "root of a square, real": (sqrt(x**2), x),
    "root of a square, complex": (sqrt(z**2), z),
    "modulus for a root of a square": (sqrt(z**2), Abs(z)),
    "product of roots": (sqrt(z) * sqrt(w), sqrt(z * w)),
    "root of an inverse": (sqrt(1 / z), 1 / sqrt(z)),
    "power of a power": ((z**2) ** a, z ** (2 * a)),
    "real cube root": (sp.cbrt(-a), -sp.cbrt(a)),
    "logarithm of a product": (log(z) + log(w), log(z * w)),
    "logarithm of a real square": (log(x**2), 2 * log(x)),
    "logarithm of an inverse": (log(1 / z), -log(z)),
    "logarithm of an exponential": (log(exp(z)), z),
    "arctangent of a tangent": (sp.atan(sp.tan(x)), x),
    "arctangents": (sp.atan(x) + sp.atan(1 / x), pi / 2),
    "conjugate of an arbitrary function": (conjugate(f(x)), f(x)),
    "modulus of an arbitrary function": (Abs(f(x)) ** 2, f(x) ** 2),
    "one at every whole number": (cos(2 * pi * x), 1),
    "odd power": ((-1) ** k, 1),
    "sum off by one": (Sum(k, (k, 1, n)), n * (n - 1) / 2),
    "two functions": (f(x), g(x)),
    "chain rule without the inner derivative": (
        sp.Derivative(f(g(z)), z),
        sp.Subs(sp.Derivative(f(w), w), w, g(z)),
    ),
    "product in the wrong order": (A * B, B * A),
    "transposed": (C * C.T, (C * C.T) * 2),
    "determinant of a negative, even sizes only": (sp.Determinant(-A), sp.Determinant(A)),
    "entry": (sp.Matrix([[1, a], [-a, 1]]), sp.Matrix([[1, -a], [a, 1]])),
    "digamma": (sp.digamma(a + 1), sp.digamma(a) - 1 / a),
}


@pytest.mark.parametrize("name", FALSE)
def test_false_equality_disagrees_at_a_named_point(name):
    testimony = second_witness(*FALSE[name])
    assert testimony.status == "disagrees", testimony
    assert " the left side" in testimony.method


@pytest.mark.parametrize("name", FALSE)
def test_the_exact_steps_alone_prove_nothing_false(name, monkeypatch):
    # As if every point had agreed: then only the exact steps speak.
    monkeypatch.setattr(witness._Hearing, "_evaluate", lambda self: (12, False, ""))
    assert second_witness(*FALSE[name]).status != "proves"


def test_a_proof_at_explicit_sizes_says_which():
    method = second_witness(C.T * C, (C.T * C).T).method
    assert method.startswith("with M = 2, N = 3 and with M = 3, N = 2: ")


def test_a_domain_is_known_to_both():
    claim = sp.atan(x) + sp.atan(1 / x), pi / 2
    assert second_witness(*claim).status == "disagrees"
    assert second_witness(*claim, domain={x: (0, oo)}).status in ("agrees", "proves")
    assert second_witness(sqrt(x**2 + 0 * y), -x, domain=[x < 0]).status == "proves"
    assert second_witness(sqrt(z**2), z, domain={z: (0, oo)}).status == "proves"
    assert second_witness(log(z**2), 2 * log(z), domain={z: (0, oo)}).status == "proves"


def test_signs_of_a_range_need_both_of_its_ends():
    # t runs over negative numbers where x is negative.
    upto = Integral(sqrt(t**2), (t, 0, x))
    assert second_witness(upto, x**2 / 2).status != "proves"
    assert second_witness(upto, x**2 / 2, domain={x: (0, oo)}).status in ("proves", "agrees")


def test_a_root_in_a_closed_form_is_not_taken_for_its_square(monkeypatch):
    # radcan would make s of the sqrt(s^2) that Maxima's integrate may leave.
    s = sp.Symbol("s", real=True, nonzero=True)
    mass = Integral(exp(-(x**2) / (2 * s**2)) / (s * sqrt(2 * pi)), (x, -oo, oo))
    assert second_witness(mass, 1).status == "silent"
    monkeypatch.setattr(witness._Hearing, "_evaluate", lambda self: (12, False, ""))
    assert second_witness(mass, 1).status != "proves"
    assert second_witness(mass.subs(s, a), 1).status == "proves"


def test_an_integral_that_cancels_agrees_with_zero():
    odd = Integral(x * exp(-(x**4) - cos(x)), (x, -oo, oo))
    assert second_witness(odd, 0).status in ("agrees", "proves")
    tiny = Integral(exp(-(x**4) - x**3), (x, 3, oo))  # about 1e-49
    assert second_witness(tiny, 0).status == "silent"


def test_a_quadrature_never_disagrees():
    # Between the nodes of any rule there is room for a spike.
    spike = Integral(exp(-((10**9 * (x - Rational(1, 3))) ** 2)) * (2 + sin(x) ** 3 * exp(cos(x))), (x, 0, 1))
    testimony = second_witness(spike, 1)
    assert testimony.status == "silent", testimony
    assert second_witness(Integral(exp(-(x**4) - x**3), (x, 0, oo)), Rational(1, 3)).status == "silent"


def test_a_pole_is_no_zero_times_something():
    # At x = 1 the left side has no value; a polynomial factor is zero there, and must not hide that.
    agreeing = second_witness((x - 1) * ((x - 1) ** 2 + 2 * x - 2) ** -1 * (x + 1), sp.Integer(1))
    assert agreeing.status == "proves"
    assert "at 10 points" in agreeing.method  # of the twelve, x = 1 and x = -1 are poles
    blind = second_witness((x - 1) * log(abs(x - 1)) - (x - 1) * log(abs(x - 1)), sp.Integer(0))
    assert blind.status == "proves"


def test_an_integrand_keeps_a_branch_that_has_no_value(process):
    # What does not change over an integral is evaluated once, ahead of it.
    integrand = "s_piecewise(s_log(0), s_lt(2, v), u^2*v*%e^(-u*v), s_lt(v, 2))"
    process.ask("w_value[u]: [2b0, 0b0]$", 5)
    error = f"w_quadrature({integrand}, v, 0, 1)[1] - (1 - 3*%e^(-2))"
    assert process.ask(f"w_say(is(abs(bfloat({error})) < 10b0^-14))$", 5) == "t"


def test_cancelled_digits_are_no_disagreement():
    # Both squares are near e^(10^4): their difference, 1, is lost at any precision that is reasonable.
    large = sp.cosh(5000 * a) ** 2 - sp.sinh(5000 * a) ** 2
    assert second_witness(large * sp.besselj(0, a) / sp.besselj(0, a), 1).status != "disagrees"
    assert second_witness(large, 1, domain={a: (1, 2)}).status in ("proves", "agrees", "silent")


def test_what_the_systems_mean_differently_is_left_unsaid():
    # C(−1, 0) = 1 and C(−1, −1) = 0 by SymPy's convention.
    m = sp.Symbol("m", integer=True)
    assert second_witness(sp.binomial(k, m), sp.binomial(k, k - m)).status in ("silent", "disagrees")
    # Past their branch points the values depend on the side from which a cut is approached.
    assert second_witness(sp.asin(a), 1, domain={a: (2, 3)}).status == "silent"


@pytest.mark.parametrize(
    ("side", "reason"),
    [
        (x > 0, "StrictGreaterThan"),
        (sp.Float("0.5") * x, "floating-point"),
        (Integral(x, x), "without two ends"),
        (sp.Symbol("c", commutative=False), "does not commute"),
        (0**x, "power of zero"),
        (sp.Piecewise((1, sp.Contains(x, sp.S.Naturals)), (0, True)), "condition"),
        (sp.Derivative(Abs(z), z), "may not have one"),
    ],
)
def test_what_is_not_expressible_is_silent_and_says_why(side, reason):
    testimony = second_witness(side, x)
    assert testimony.status == "silent"
    assert reason in testimony.method


def test_an_unknown_function_of_sympy_cancels_and_has_no_value():
    assert (
        second_witness(sp.besselj(2, x) * (x + 1), sp.besselj(2, x) + x * sp.besselj(2, x)).status == "proves"
    )
    assert second_witness(sp.besselj(1, x), sp.besselj(2, x)).status == "silent"


CONSTANTS_AND_FUNCTIONS = [
    "%pi",
    "%i",
    "%e",
    "e",
    "beta",
    "gamma",
    "integrate",
    "x_0",
    "w_left",
    "s_log",
    "λ",
]
CODE = [
    "quit()",
    'a"; quit(); "',
    "1); quit(); (1",
    "$ kill(all)$",
    "/* a",
    "a */",
    "?quit",
    ":lisp (quit)",
    "w: [0,0]",
]


@pytest.mark.parametrize("name", CONSTANTS_AND_FUNCTIONS + CODE)
def test_no_name_reaches_maxima(name):
    symbol = sp.Symbol(name, real=True)
    function = sp.Function(name)
    claim = Translation(symbol + function(symbol), symbol, Domain(), {})
    if name in CODE:
        assert name not in claim.setup + claim.exact + claim.numeric + claim.put({symbol: sp.S.Half})
    generation = witness._maxima.generation
    assert second_witness((symbol + 1) ** 2, symbol**2 + 2 * symbol + 1).status == "proves"
    assert second_witness(symbol, pi).status == "disagrees"
    assert second_witness(symbol, 0).status == "disagrees"
    assert second_witness(function(symbol), function(symbol + 1)).status == "disagrees"
    assert witness._maxima.generation <= max(generation, 1)


def test_symbols_of_one_name_are_told_apart():
    twin = sp.Symbol("x", positive=True)
    assert second_witness(x, twin).status == "disagrees"
    dummies = sp.Dummy("d"), sp.Dummy("d")
    assert second_witness(*dummies).status == "disagrees"


def test_facts_of_one_claim_are_unknown_to_the_next():
    positive, plain = sp.Symbol("v", positive=True), sp.Symbol("v", real=True)
    assert second_witness(log(positive**2 * a), 2 * log(positive) + log(a)).status == "proves"
    assert second_witness(log(plain**2 * a), 2 * log(plain) + log(a)).status == "disagrees"
    assert witness._maxima.ask("w_say(facts())$", 5).count(">") <= 1  # of the last claim: a alone is positive


def test_a_question_asked_by_maxima_is_a_failed_step():
    # Its integrate wants to know the sign of c, and of what becomes of it.
    c = sp.Symbol("c", real=True)
    testimony = second_witness(Integral(exp(-c * x), (x, 0, 1)), (1 - exp(-c)) / c)
    assert testimony.status in ("agrees", "proves"), testimony
    process = MaximaProcess()
    process.start()
    process.ask("w_left: [s_integral(%e^(-v^2*u), v, 0, inf)]$", 5)
    assert process.ask("w_exact(w_carried)$", 5) == "failed"
    assert process.ask("w_left: [0]$ w_exact(w_plain)$", 5) == "zero"
    process.close()


@pytest.fixture
def process():
    process = MaximaProcess()
    process.start()
    yield process
    process.close()


class TestProcess:
    def test_every_statement_ends(self, process):
        assert process.ask("1 + ;", 5) == ""  # a syntax error
        assert process.ask("error(1)$", 5) == ""
        assert process.ask("w_say(1 + 1)$", 5) == "2"
        assert process.generation == 1

    def test_a_time_out_kills_and_the_next_start_is_fresh(self, process):
        killed = process._process
        with pytest.raises(OutOfPatience):
            process.ask("while true do 1$", 0.3)
        assert killed.returncode == -signal.SIGKILL
        assert not process.alive
        with pytest.raises(MaximaFailed):
            process.ask("w_say(1)$", 5)
        process.start()
        assert process.generation == 2
        assert process.ask("w_say(2)$", 5) == "2"

    def test_a_process_that_waits_for_the_processor_is_waited_for(self, process):
        assert process.ask(':lisp (sleep 0.4)\nw_say("awake")$', 0.2) == "awake"

    def test_what_killed_processes_computed_counts(self, process):
        with pytest.raises(OutOfPatience):
            process.ask("while true do 1$", 0.3)
        assert process.computed >= 0.3
        process.start()
        assert process.computed >= 0.3

    def test_an_interrupted_question_is_not_answered_later(self, process, monkeypatch):
        def interrupt(*arguments):
            raise KeyboardInterrupt

        with monkeypatch.context() as interrupted:
            interrupted.setattr(process, "_read_until", interrupt)
            with pytest.raises(KeyboardInterrupt):
                process.ask("w_say(1)$", 5)
        assert not process.alive

    def test_it_ends_by_itself_and_that_is_told(self, process):
        with pytest.raises(MaximaFailed):
            process.ask("quit()$", 5)
        assert not process.alive

    def test_a_closed_process_leaves_nothing_behind(self, process):
        group = process._process.pid
        process.close()
        with pytest.raises(ProcessLookupError):
            os.killpg(group, 0)
        process.close()

    def test_files_of_the_user_are_not_read(self, process, tmp_path, monkeypatch):
        folder = tmp_path / ".maxima"
        folder.mkdir()
        (folder / "maxima-init.mac").write_text("w_mischief: 1$\n")
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("MAXIMA_USERDIR", str(folder))
        second = MaximaProcess()
        second.start()
        assert second.ask("w_say(w_mischief)$", 5) == "w_mischief"
        second.close()


def test_a_killed_process_is_started_again():
    assert second_witness(z + z, 2 * z).status == "proves"
    generation = witness._maxima.generation
    os.killpg(witness._maxima._process.pid, signal.SIGKILL)
    witness._maxima._process.wait()
    assert second_witness(sin(z) ** 2, 1 - cos(z) ** 2).status == "proves"
    assert witness._maxima.generation == generation + 1


def test_steps_that_run_out_of_time_leave_the_others(monkeypatch):
    monkeypatch.setattr(
        witness, "STEPS", (("endless", "w_endless", 0.3, None), ("ratsimp", "w_plain", 3.0, None))
    )
    endless = "w_endless(e) := while true do e$"
    original = Translation.__init__

    def with_an_endless_step(self, *arguments):
        original(self, *arguments)
        self.setup += f"\n{endless}"

    monkeypatch.setattr(Translation, "__init__", with_an_endless_step)
    testimony = second_witness((z + 1) ** 2, z**2 + 2 * z + 1)
    assert testimony.status == "proves"
    assert 0.3 < testimony.seconds < 10


def test_a_number_that_is_not_zero_disagrees_where_no_point_can_be_evaluated():
    q = sp.besselj(0, x)
    testimony = second_witness(q + 1, q + 2)
    assert testimony.status == "disagrees"
    assert "not zero" in testimony.method


def test_maxima_missing_is_silence(monkeypatch):
    monkeypatch.setattr(MaximaProcess, "command", staticmethod(lambda: None))
    assert not available()
    assert second_witness(x, x) == witness.Testimony(
        "silent", "Maxima is not installed", pytest.approx(0, abs=1)
    )


def test_bad_status():
    with pytest.raises(ValueError, match="status"):
        witness.Testimony("perhaps", "", 0.0)


SHARED = (  # noqa: SIM905
    "sin cos tan sinh cosh tanh asin acos atan asinh acosh atanh exp log sqrt gamma erf digamma"
).split()
FUNCTIONS = {
    **{name: (getattr(sp, name), getattr(mpmath, name)) for name in SHARED},
    "arg": (sp.arg, mpmath.arg),
    "sign": (sp.sign, mpmath.sign),
    "conjugate": (conjugate, mpmath.conj),
    "modulus": (Abs, abs),
    "square": (lambda u: u**2, lambda u: u**2),
    "inverse": (lambda u: 1 / u, lambda u: 1 / u),
    "cube root": (lambda u: u ** Rational(1, 3), lambda u: mpmath.exp(mpmath.log(u) / 3)),
    "general power": (lambda u: u ** (1 + 2 * I), lambda u: mpmath.exp((1 + 2j) * mpmath.log(u))),
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_bigfloats_agree_with_mpmath(name, process):
    """An independent evaluation, of 50 digits, in all four quadrants; it fails for another branch."""
    symbolic, numeric = FUNCTIONS[name]
    rng = random.Random(7)
    for quadrant in ((1, 1), (-1, 1), (-1, -1), (1, -1)):
        parts = [sign * Rational(rng.randint(1, 300), 97) for sign in quadrant]
        point = parts[0] + I * parts[1]
        claim = Translation(symbolic(z), sp.S.Zero, Domain(), {})
        names, vals = claim.put({z: point}).split("], ")
        process.ask(claim.setup, 5)
        assert process.ask(claim.numeric, 5) == "read"
        value = process.ask(
            f"fpprec: 50$ w_put({names}], {vals}, 50)$ w_value[0]: w_gap(w_pairs[1], {names}], {vals}, 50)[3]$ "
            'w_say(string(w_value[0][1]), " ", string(w_value[0][2]))$',
            5,
        )
        with mpmath.workdps(60):
            expected = mpmath.mpmathify(
                numeric(mpmath.mpc(*(mpmath.mpf(int(p.p)) / int(p.q) for p in parts)))
            )
            found = mpmath.mpc(*(mpmath.mpf(part.replace("b", "e")) for part in value.split()))
            assert abs(found - expected) < mpmath.mpf(10) ** -44 * max(1, abs(expected))
