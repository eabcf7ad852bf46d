"""The page on GPUs says which device its numbers come from, whatever results there are."""

import ast
import json
import re

import pytest

PAGE = "book/appendix/gpu"
ROW = {
    "name": "kernel",
    "title": "a kernel",
    "counted": "points",
    "n": 1000,
    "least": "each number once",
    "bytes": 4000,
    "operations": 1000,
    "bound by": "bytes",
    "bound": 1e-6,
    "seconds": {"median": 4e-6, "first quartile": 3e-6, "third quartile": 5e-6, "rounds": 5},
    "fraction": 0.25,
    "fraction unchecked": 0.5,
    "calls": 7,
    "looks": 2,
    "traffic": 12000,
    "reason": "passes",
}


def result(name, kind, **changes):
    limits = {
        "bytes a second": 4e9,
        "float32 operations a second": 5e10,
        "seconds of a call": 1e-6,
        "seconds of a look": 1e-7,
    }
    return {
        "machine": {"date": "2026-01-31", "versions": {"torch": "2.9"}},
        "device": {"name": name, "kind": kind},
        "small": False,
        "limits": limits,
        "rows": [ROW | changes],
    }


@pytest.fixture
def shown(root, tmp_path, monkeypatch):
    """A function of results: what the page's cells show of them."""
    cells = re.findall(
        r"```\{code-cell\} ipython3\n(?::tags:[^\n]*\n)?(.*?)```", (root / f"{PAGE}.md").read_text(), re.S
    )

    def show(*results) -> str:
        folder = tmp_path / "benchmarks" / "results" / "devices"
        folder.mkdir(parents=True)
        for found in results:
            (folder / f"{found['device']['name']}.json").write_text(json.dumps(found))
        (tmp_path / PAGE).parent.mkdir(parents=True)
        monkeypatch.chdir((tmp_path / PAGE).parent)
        said: list = []
        names = {"display": said.append}
        for cell in cells:
            tree = ast.parse(cell)
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, PAGE, "exec"), names)
            if last:
                said.append(eval(compile(ast.Expression(last.value), PAGE, "eval"), names))
        return "\n".join(str(getattr(value, "data", value)) for value in said)

    return show


def test_without_a_card_it_says_so_and_shows_the_processor(shown):
    text = shown(result("A processor", "cpu"))
    assert "**No graphics card was at hand.**" in text
    assert "those of a processor, **A processor**" in text
    assert "| 25% |" in text and "3 times the bytes are moved" in text


def test_a_machine_that_was_not_at_rest_is_told(shown):
    busy = result("A processor", "cpu")
    busy["machine"] |= {"load before": 16.6, "cores": 2}
    assert "17 programs were running or waiting at the start, for 2 cores" in shown(busy)


def test_a_card_s_file_takes_the_page(shown):
    text = shown(result("A processor", "cpu"), result("A card", "cuda", fraction=0.75, reason=None))
    assert "The numbers below are those of **A card**." in text
    assert "A processor" not in text and "No graphics card" not in text
    assert "A card: 0 of 1 kernels." in text


def test_the_built_page_names_the_devices_of_the_results(root, site):
    page = (site / f"{PAGE}.html").read_text(encoding="utf-8")
    measured = [
        json.loads(path.read_text(encoding="utf-8"))["device"]
        for path in (root / "benchmarks" / "results" / "devices").glob("*.json")
    ]
    assert measured
    cards = [device for device in measured if device["kind"] != "cpu"]
    assert all(device["name"] in page for device in cards or measured)
    assert ("No graphics card was at hand" in page) == (not cards)
