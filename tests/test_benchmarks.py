"""The benchmarks' harness, the file of results, and the tables that the book makes of it. No test asserts a time."""

import importlib
import inspect
import json
import math
import re
import sys

import numpy as np
import pytest
import torch

BENCH = "benchmarks"


@pytest.fixture(scope="module")
def bench(root):
    """The modules of the folder `benchmarks`, as its scripts import them."""
    sys.path.insert(0, str(root / BENCH))
    try:
        yield importlib.import_module
    finally:
        sys.path.remove(str(root / BENCH))


@pytest.fixture
def harness(bench):
    return bench("side_by_side")


def family(harness, cases, **options):
    given = {
        "name": "square",
        "title": "Squares",
        "size": "numbers, n",
        "dtype": "float64",
        "work": "one vector",
        "claim": harness.Claim("nothing", "O(n)", 1),
        "most": 1e-10,
        "reason": "none",
        "cases": lambda: cases,
    }
    return harness.Family(**{**given, **options})


class Clock:
    """Seconds that pass only while a side is called: what is measured is known."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def side(self, seconds, result):
        def call():
            self.now += seconds
            return result

        return call


def measured(harness, clock, sizes, ours, peers, **options):
    """A family in which `ours` and each of the peers take the seconds that a function of the size says."""
    cases = []
    for size in sizes:
        values = torch.arange(size, dtype=torch.float64)
        sides = {
            name: lambda cost=cost, v=values: harness.Peer(clock.side(cost(len(v)), v.numpy()))
            for name, cost in peers.items()
        }
        cases.append(harness.Case(size, clock.side(ours(size), values), sides))
    return harness.measure(family(harness, cases, **options), clock=clock, told=lambda line: None)


def test_ratio_and_exponent_of_known_times(harness):
    found = measured(
        harness, Clock(), [10, 20, 40, 80, 160], lambda n: 1e-6 * n**1.5, {"peer": lambda n: 3e-6 * n**1.5}
    )
    assert [row["ratio"]["peer"] for row in found["rows"]] == pytest.approx([3] * 5)
    assert [row["seconds"]["ours"]["median"] for row in found["rows"]] == pytest.approx(
        [1e-6 * n**1.5 for n in (10, 20, 40, 80, 160)]
    )
    assert found["exponent"]["fitted"] == pytest.approx(1.5)
    assert found["exponent"]["steps"] == pytest.approx([1.5] * 4)
    assert found["exponent"]["from"] == 40


def test_the_fixed_cost_of_a_call_is_not_fitted(harness):
    """At the three largest of six sizes the growth is all there is; the three below them are flat."""
    found = measured(harness, Clock(), [1, 2, 4, 8, 16, 32], lambda n: 1e-3 * max(n / 8, 1) ** 2, {})
    assert found["exponent"]["fitted"] == pytest.approx(2)
    assert found["exponent"]["steps"][0] == pytest.approx(0)


def test_median_and_quartiles_of_uneven_rounds(harness):
    assert harness.quartiles([5.0, 1.0, 2.0, 3.0, 4.0]) == {
        "median": 3.0,
        "first quartile": 2.0,
        "third quartile": 4.0,
        "rounds": 5,
    }


def test_the_sides_take_turns(harness):
    order, clock = [], Clock()

    def noted(name):
        def call():
            order.append(name)
            clock.now += 1.0  # longer than a sample: one call a round
            return torch.zeros(1)

        return call

    case = harness.Case(1, noted("ours"), {"peer": lambda: harness.Peer(noted("peer"))})
    harness.measure(family(harness, [case]), clock=clock, told=lambda line: None)
    rounds = list(zip(order[4::2], order[5::2], strict=True))  # after the check, and the first call
    assert len(rounds) >= harness.LEAST
    assert all(
        pair == (("ours", "peer") if i % 2 == 0 else ("peer", "ours")) for i, pair in enumerate(rounds)
    )


@pytest.mark.parametrize(
    "theirs",
    [
        torch.tensor([1.0, 2.0 + 1e-6]),
        torch.tensor([1.0, math.nan]),
        torch.tensor([1.0, 2.0, 3.0]),
        (torch.tensor([1.0, 2.0]), torch.tensor(0.0)),
    ],
    ids=["wrong", "nan", "shape", "more"],
)
def test_a_wrong_number_ends_the_case(harness, theirs):
    ours = torch.tensor([1.0, 2.0])
    good = harness.Case(2, lambda: ours, {"peer": lambda: harness.Peer(lambda: ours + 1e-12)})
    bad = harness.Case(3, lambda: ours, {"peer": lambda: harness.Peer(lambda: theirs)})
    rows = harness.measure(family(harness, [good, bad]), told=lambda line: None)["rows"]
    assert "error" not in rows[0] and rows[0]["apart"]["peer"] == pytest.approx(1e-12, rel=1e-3)
    assert "peer differs" in rows[1]["error"]
    assert "seconds" not in rows[1] and "ratio" not in rows[1]


def test_a_large_difference_of_large_numbers_is_relative(harness):
    assert harness.difference(torch.tensor([1e6]), np.array([1e6 + 1])) == pytest.approx(1e-6)
    assert harness.difference(torch.tensor([1e-6]), np.array([0.0])) == pytest.approx(1e-6)
    assert harness.difference((torch.tensor([True]), torch.ones(1)), (np.array([False]), np.ones(1))) == 1


def test_a_missing_peer_is_noted(harness):
    def not_installed():
        import no_such_library  # noqa: F401

    def has_none():
        raise harness.Missing("has no inverse")

    case = harness.Case(1, lambda: torch.ones(1), {"one": not_installed, "other": has_none})
    row = harness.measure(family(harness, [case]), told=lambda line: None)["rows"][0]
    assert row["missing"] == {"one": "no_such_library is not installed", "other": "has no inverse"}
    assert list(row["seconds"]) == ["ours"] and row["ratio"] == {}


def test_a_part_of_the_work_is_compared_and_multiplied(harness):
    clock = Clock()
    values = torch.arange(10.0)
    case = harness.Case(
        10,
        clock.side(1e-3, values),
        {"slow": lambda: harness.Peer(clock.side(2e-3, values[:2]), part=0.2)},
        lambda result, part: result[: round(part * len(result))],
    )
    row = harness.measure(family(harness, [case]), clock=clock, told=lambda line: None)["rows"][0]
    assert row["ratio"]["slow"] == pytest.approx(10)
    assert row["part"] == {"slow": 0.2}


def test_the_machine_names_nobody(harness, root):
    told = harness.machine()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", told["date"])
    assert told["cores"] >= 1 and told["versions"]["torch"] == torch.__version__
    text = json.dumps(told)
    assert str(root) not in text and "/" not in told["processor"]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", harness.slug(told["processor"], told["cores"], "cores"))


def test_what_is_saved_can_be_read(harness, tmp_path):
    path = harness.save("here", {"machine": {"cores": 2}, "kernels": [{"seconds": 1.23456789e-5}]}, tmp_path)
    assert json.loads(path.read_text()) == {"machine": {"cores": 2}, "kernels": [{"seconds": 1.235e-05}]}
    with pytest.raises(ValueError, match="machine"):
        harness.save("here", {"kernels": []}, tmp_path)
    with pytest.raises(ValueError, match="JSON"):
        harness.save("here", {"machine": {}, "ratio": math.inf}, tmp_path)


# The kernels.


@pytest.fixture
def families(bench):
    names = ("receptive_fields", "coupling", "convolution", "flows", "divergences", "games")
    return [found for name in names for found in bench(f"kernels.{name}").FAMILIES]


def test_the_claims_stand_in_the_docstrings(families):
    for found in families:
        module, name = found.claim.of.rsplit(".", 1)
        text = inspect.getdoc(getattr(importlib.import_module(module), name))
        assert found.claim.words in " ".join(text.split()), found.name


def test_each_kernel_has_a_name_of_its_own(families):
    assert len({found.name for found in families}) == len(families)


def test_the_peers_that_need_no_library_agree(harness, families):
    """The smallest size of each kernel; libraries that are not installed here are missing."""
    for found in families:
        case = next(iter(found.cases()))
        row = {"apart": {}, "missing": {}}
        sides = harness._agreeing(found, case, row)
        assert set(sides) | set(row["missing"]) == set(case.peers), found.name
        if found.name.startswith(("fields", "divergence", "trajectories")):
            assert sides, found.name


# The results, and what the book says of them.


@pytest.fixture
def report(bench):
    return bench("report")


@pytest.fixture
def result(report):
    return report.latest()


def test_the_results_are_whole(result, families):
    assert [found["name"] for found in result["kernels"]] == [found.name for found in families]
    for found in result["kernels"]:
        assert found["rows"], found["name"]
        for row in found["rows"]:
            assert "error" not in row, found["name"]
            for side in row["seconds"].values():
                assert 0 < side["first quartile"] <= side["median"] <= side["third quartile"]
                assert side["rounds"] >= 3
            assert set(row["ratio"]) == set(row["apart"]) == set(row["seconds"]) - {"ours"}
            for name, ratio in row["ratio"].items():
                expected = row["seconds"][name]["median"] / row["seconds"]["ours"]["median"]
                assert ratio == pytest.approx(expected, rel=2e-3)
            assert all(apart <= found["most"] for apart in row["apart"].values())
    assert result["minutes"] < 15


def test_a_table_says_what_the_file_says(report):
    seconds = {
        "ours": {"median": 2e-3, "first quartile": 1e-3, "third quartile": 3e-3, "rounds": 5},
        "peer": {"median": 0.5, "first quartile": 0.4, "third quartile": 0.6, "rounds": 5},
    }
    kernel = {
        "title": "Squares",
        "size": "n",
        "work": "one vector",
        "dtype": "float64",
        "aim": 300.0,
        "aim_from": 9,
        "against": [],
        "reason": "it is small",
        "claim": {"of": "x", "words": "O(n)", "exponent": 1},
        "exponent": {"fitted": 1.5, "from": 9, "steps": []},
        "rows": [
            {
                "size": 9,
                "apart": {"peer": 0.0},
                "missing": {"other": "has none"},
                "seconds": seconds,
                "ratio": {"peer": 250.0},
            }
        ],
    }
    table = report.table(kernel)
    assert "| 9 | 2.00\xa0ms (1.00–3.00) | 500\xa0ms (400–600) **250×** | – |" in table
    assert "No time for other: has none." in table
    result = {"kernels": [kernel]}
    assert "| Squares | 1 | 250× | 250× | 300× from 9 | 0 of 1 |" in report.overview(result)
    assert "| Squares | peer: 9 250× | it is small |" in report.shortfalls(result)
    assert "| Squares | O(n) | 1 | 1.50 | 9 | no |" in report.exponents(result)
    kernel["aim_from"] = 10  # below it the aim is 1
    assert "Nowhere" in report.shortfalls(result)


def test_the_page_has_the_numbers_of_the_file(site, report, result):
    html = (site / "book" / "appendix" / "benchmarks.html").read_text(encoding="utf-8")
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    for kernel in result["kernels"]:
        assert kernel["title"] in text
        for row in kernel["rows"]:
            peers = [
                f"{report.spread(row['seconds'][name])} {report._times(row['ratio'][name])}"
                if name in row["seconds"]
                else "–"
                for name in (*kernel["rows"][0]["apart"], *kernel["rows"][0]["missing"])
            ]
            line = " ".join([str(row["size"]), report.spread(row["seconds"]["ours"]), *peers])
            assert " ".join(line.split()) in text
    assert html.count('class="plot"') == len(result["kernels"])
