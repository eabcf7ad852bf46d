"""Which devices there are, and which one is preferred."""

import pytest
import torch

from helpers import devices


def test_the_cpu_is_always_there_and_first():
    assert devices.available()[0] == torch.device("cpu")
    assert len(set(devices.available())) == len(devices.available())


@pytest.mark.parametrize("device", devices.available(), ids=str)
def test_every_available_device_computes(device):
    dtype = torch.float64 if devices.supports_float64(device) else torch.float32
    total = torch.arange(5, device=device).to(dtype).sum()
    assert total.item() == 10
    assert total.device == device


def pretend(monkeypatch, *, cuda: int, mps: bool) -> None:
    monkeypatch.delenv("DERIVATIONS_DEVICE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)


@pytest.mark.parametrize(
    ("cuda", "mps", "names", "preferred"),
    [
        (0, False, ["cpu"], "cpu"),
        (2, False, ["cpu", "cuda:0", "cuda:1"], "cuda:0"),
        (0, True, ["cpu", "mps"], "mps"),
        (1, True, ["cpu", "cuda:0", "mps"], "cuda:0"),
    ],
)
def test_order_and_preference(monkeypatch, cuda, mps, names, preferred):
    pretend(monkeypatch, cuda=cuda, mps=mps)
    assert list(map(str, devices.available())) == names
    assert str(devices.preferred()) == preferred


@pytest.mark.parametrize(("wanted", "device"), [("cpu", "cpu"), ("cuda", "cuda:0"), ("cuda:1", "cuda:1")])
def test_the_environment_overrides(monkeypatch, wanted, device):
    pretend(monkeypatch, cuda=2, mps=False)
    monkeypatch.setenv("DERIVATIONS_DEVICE", wanted)
    assert devices.preferred() == torch.device(device)


@pytest.mark.parametrize("wanted", ["cuda", "cuda:0", "mps", "tpu", "CPU "])
def test_the_environment_names_a_device_that_is_not_here(monkeypatch, wanted):
    pretend(monkeypatch, cuda=0, mps=False)
    monkeypatch.setenv("DERIVATIONS_DEVICE", wanted)
    with pytest.raises(ValueError, match="DERIVATIONS_DEVICE: expected one of cpu, got"):
        devices.preferred()


def test_mps_has_no_float64():
    assert [devices.supports_float64(torch.device(name)) for name in ("cpu", "cuda:0", "mps")] == [
        True,
        True,
        False,
    ]
