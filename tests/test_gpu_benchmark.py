"""benchmarks/gpu.py: bounds counted by hand, results checked and written, and the same on a card if there is one."""

import importlib.util
import json
import math
import sys
from pathlib import Path

import pytest
import torch

from helpers import devices

SCRIPT = Path(__file__).resolve().parent.parent / "benchmarks" / "gpu.py"
CPU = torch.device("cpu")
CARDS = [device for device in devices.available() if device.type == "cuda"]


@pytest.fixture(scope="module")
def gpu():
    sys.path.insert(0, str(SCRIPT.parent))
    spec = importlib.util.spec_from_file_location("benchmarks_gpu", SCRIPT)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # where a dataclass looks for it
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        sys.path.remove(str(SCRIPT.parent))
        del sys.modules[spec.name]


def kernel_of(gpu, name):
    return next(kernel for kernel in gpu.KERNELS if kernel.name == name)


@pytest.fixture(scope="module")
def results(gpu, tmp_path_factory):
    """What a small run on the CPU writes."""
    contents = gpu.measure(CPU, gpu.KERNELS, small=True)
    return json.loads(gpu.save("here", contents, tmp_path_factory.mktemp("devices")).read_text())


@pytest.mark.parametrize(
    ("name", "n", "moved", "done"),
    [
        # Two draws of 4 bytes; of each: added, squared, its square added.
        ("monte-carlo-mean", 2, 8, 6),
        # 3 × 64 log-weights and 3 bounds.
        ("importance-weighted-bound", 3, 4 * 195, 3 * 192),
        # 2 × 2 pixels see 2 × 2 each, a byte a pixel; the mask A has 4 taps, each of 11 masks B has 5.
        ("receptive-fields", 2, 16, (4 + 55) * 16 / 32),
        # One start (2) and rate (1), and 11 states of 2 numbers; 10 steps of 2 products and 2 sums.
        ("game-trajectories", 1, 4 * 25, 40),
        # 64 entries read, 64 written, a log-determinant; 32 pairs of entries.
        ("coupling-forward", 1, 4 * 129, 160),
        # Two triangles of 136 entries, two means of 16, a result; d³/3 for the triangle, 2d² for the mean.
        ("gaussian-divergence", 1, 4 * (272 + 32 + 1), 16**3 / 3 + 512),
    ],
)
def test_the_least_bytes_and_operations_counted_by_hand(gpu, name, n, moved, done):
    kernel = kernel_of(gpu, name)
    assert kernel.moved(n) == moved
    assert kernel.done(n) == pytest.approx(done)


def test_traffic_counts_calls_looks_and_bytes(gpu):
    x, one = torch.ones(10, 3), torch.ones(3)
    with gpu.Traffic() as traffic:
        y = x + one.expand(10, 3)  # reads 30 numbers and 3, writes 30
        y.mT.unsqueeze(0)  # views move nothing
        (y.sum() > 0).item()
    assert (traffic.calls, traffic.looks) == (3, 1)
    assert traffic.bytes == 4 * 63 + (4 * 30 + 4) + (4 + 1)


def test_a_file_has_device_limits_and_for_each_kernel_its_fraction_of_the_bound(gpu, results):
    assert results["device"]["name"] and results["device"]["kind"] == "cpu"
    assert results["machine"]["date"] and results["machine"]["versions"]["torch"]
    assert [row["name"] for row in results["rows"]] == [kernel.name for kernel in gpu.KERNELS]
    found = results["limits"]
    for row in results["rows"]:
        by_bytes = row["bytes"] / found["bytes a second"]
        by_operations = row["operations"] / found["float32 operations a second"]
        assert row["bound"] == pytest.approx(max(by_bytes, by_operations), rel=2e-3)
        assert row["fraction"] == pytest.approx(row["bound"] / row["seconds"]["median"], rel=2e-3)
        assert (
            row["seconds"]["first quartile"] <= row["seconds"]["median"] <= row["seconds"]["third quartile"]
        )
        assert (row["reason"] is None) == (row["fraction"] >= gpu.FLAG)
        assert row["reason"] in (None, "calls", "passes", "work")
        assert all(math.isfinite(value) for value in row["apart"].values()) and row["least"]


def test_a_kernel_with_other_numbers_than_the_cpu_in_float64_ends_the_run(gpu):
    def make(numbers, n):
        error = 0.0 if numbers.dtype == torch.float64 else 0.1
        return lambda: numbers.normal(n) + error

    wrong = gpu.Kernel("wrong", "", "", 10, 10, 4, make, float, float, "")
    with pytest.raises(SystemExit, match=r"wrong: float32 on cpu differs by 1\.0e-01 from the CPU"):
        gpu.check(wrong, CPU)


@pytest.mark.parametrize(
    ("calls", "looks", "traffic", "said"),
    [(90, 0, 0, "calls"), (0, 9, 0, "calls"), (5, 0, 8e9, "passes"), (5, 0, 1e9, "work")],
)
def test_the_reason_is_what_most_of_the_time_goes_to(gpu, calls, looks, traffic, said):
    row = {"seconds": {"median": 1.0}, "calls": calls, "looks": looks, "traffic": traffic}
    found = {"bytes a second": 1e10, "seconds of a call": 0.01, "seconds of a look": 0.1}
    assert gpu.reason(row, found) == said


def test_a_size_is_as_large_as_memory_allows(gpu, monkeypatch):
    kernel = kernel_of(gpu, "game-trajectories")
    assert gpu.fitting(kernel, CPU) == kernel.largest / 50
    monkeypatch.setattr(gpu, "free", lambda device: 2 * kernel.room * 10**6)
    assert gpu.fitting(kernel, torch.device("cuda")) == 10**6
    monkeypatch.setattr(gpu, "free", lambda device: 0)
    assert gpu.fitting(kernel, CPU) <= kernel.small


@pytest.mark.skipif(not CARDS, reason="no CUDA device here")
@pytest.mark.parametrize("device", CARDS, ids=str)
def test_a_card_has_the_numbers_of_the_cpu_and_is_measured(gpu, device):
    contents = gpu.measure(device, gpu.KERNELS, small=True)
    assert contents["device"]["name"] == torch.cuda.get_device_name(device)
    assert len(contents["rows"]) == len(gpu.KERNELS)


def test_a_device_that_is_not_there_is_refused(gpu, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["gpu.py", "--device", "cuda:99"])
    with pytest.raises(SystemExit):
        gpu.main()
    assert "--device: got cuda:99, expected one of cpu" in capsys.readouterr().err
