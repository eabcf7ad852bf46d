"""The chapter in a real JupyterLab: it opens as a notebook, runs, and its figures talk with the kernel both ways."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest

# What JupyterLab calls what is written to standard error, and an exception's traceback.
FAILED = "[data-mime-type='application/vnd.jupyter.stderr'], [data-mime-type='application/vnd.jupyter.error']"

SETTINGS = {
    # Every cell in the page at once, so that all outputs can be looked at.
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {"checkForUpdates": False, "fetchNews": "false"},
}


@pytest.fixture(scope="module")
def jupyterlab(root, tmp_path_factory):
    """A server on a copy of the book, set up as `make lab` does: its folder, address and runtime folder."""
    folder = tmp_path_factory.mktemp("jupyterlab")
    shutil.copytree(root / "book", folder / "book", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    for name, values in SETTINGS.items():
        path = folder / "settings" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    environment.pop("DERIVATIONS_STATIC_PAGE", None)
    subprocess.run(["make", "--silent", ".venv/.lab"], cwd=root, env=environment, check=True, timeout=60)
    environment |= {
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"]
    command += [
        "--port=0",
        "--expose-app-in-browser",
        f"--ServerApp.root_dir={folder}",
        "--IdentityProvider.token=for-the-test",
    ]
    server = subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    log, started, address = [], threading.Event(), []

    def read_log():
        for line in server.stderr:
            log.append(line)
            if match := re.search(r"http://127\.0\.0\.1:[1-9]\d*/", line):
                address.append(match[0])
                started.set()
        started.set()

    reader = threading.Thread(target=read_log, daemon=True)
    reader.start()
    try:
        started.wait(60)
        assert address, "JupyterLab did not start:\n" + "".join(log)
        yield folder, address[0], folder / "runtime"
    finally:
        # The group: the server's kernels too.
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(20)
        reader.join(20)


@pytest.fixture(scope="module")
def notebook(chromium, jupyterlab):
    """The chapter on training methods in the browser, run from top to bottom."""
    _, address, _ = jupyterlab
    page = chromium.new_page(viewport={"width": 1280, "height": 1000})
    page.goto(f"{address}lab/tree/book/games/training_methods.md?token=for-the-test")
    # A Markdown file that opened as text has an editor and no cells.
    page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for(timeout=60_000)
    # Through the application itself: its promise is kept when the last cell has run, where a click on the menu
    # is lost on a notebook whose kernel is not there yet.
    assert (
        page.evaluate(
            """async () => {
            const { shell, commands } = window.jupyterapp;
            await shell.currentWidget.context.ready;
            await shell.currentWidget.sessionContext.ready;
            await commands.execute("notebook:run-all-cells");
            // Asked of the model: a cell whose source is folded away shows no prompt.
                const cells = shell.currentWidget.content.widgets.map(({ model }) => model);
                return cells.filter(({ type, executionCount }) => type === "code" && executionCount === null).length;
            }"""
        )
        == 0
    ), "cells that did not run"
    yield page
    page.close()


@pytest.fixture(scope="module")
def kernel(notebook, jupyterlab):
    """Ask the notebook's own kernel for the value of an expression, or have it run a statement."""
    from jupyter_client import BlockingKernelClient

    (connection_file,) = jupyterlab[2].glob("kernel-*.json")
    client = BlockingKernelClient(connection_file=str(connection_file))
    client.load_connection_file()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)

        def ask(statement: str, expression: str = "None") -> str:
            reply = client.execute_interactive(
                statement, silent=True, user_expressions={"value": expression}, timeout=60, output_hook=id
            )["content"]
            if reply["status"] == "error":
                return f"{reply['ename']}: {reply['evalue']}"
            return reply["user_expressions"]["value"]["data"]["text/plain"]

        yield ask
    finally:
        client.stop_channels()


class Live:
    """A figure in the notebook."""

    def __init__(self, page, widget: str) -> None:
        self.page, self.root = page, page.locator(f'.jp-OutputArea [data-widget="{widget}"]')

    @property
    def state(self) -> dict:
        return json.loads(self.root.get_attribute("data-state"))

    def slider(self, trait: str):
        return self.root.locator(f'input[data-trait="{trait}"]')

    def until(self, trait: str, value) -> dict:
        self.root.wait_for(timeout=20_000)
        self.page.wait_for_function(
            """([figure, trait, value]) =>
                JSON.stringify(JSON.parse(figure.dataset.state ?? "{}")[trait]) === JSON.stringify(value)""",
            arg=[self.root.element_handle(), trait, value],
            timeout=20_000,
        )
        return self.state


def eventually(kernel, expression: str, value: str) -> None:
    """The kernel hears of the page a moment later: ask until the answer is right, for 20 seconds at most."""
    deadline = time.monotonic() + 20
    while (answer := kernel("", expression)) != value:
        assert time.monotonic() < deadline, f"{expression} is {answer}, expected {value}"


@pytest.fixture
def figures(notebook, kernel):
    """The chapter's linked figures, as they were first."""
    first = "learning_rate=0.2, method='simultaneous', momentum=-0.5, start=(1, 0), step=30, strength=0.5"
    kernel(f"for name, value in dict({first}).items(): setattr(phase_plane, name, value)")
    found = {widget: Live(notebook, widget) for widget in ("phase-plane", "spectrum", "spectral-radius-map")}
    for figure in found.values():
        figure.until("learning_rate", 0.2)
        figure.until("method", "simultaneous")
    return found


def test_the_chapter_runs_from_top_to_bottom_without_error(notebook):
    assert notebook.locator(FAILED).all_inner_texts() == []
    assert notebook.locator(".jp-CodeCell").count() > 20


def test_figures_and_derivations_are_shown(notebook, figures):
    for figure in figures.values():
        assert figure.root.count() == 1
        assert figure.root.locator("svg.dtr-plot path[d^=M]").count() > 2
        assert figure.root.locator("math").count() > 0
    notebook.wait_for_function(
        """() => [...document.querySelectorAll(".jp-OutputArea .derivation .tex")]
            .every((formula) => formula.querySelector("mjx-container, .MathJax"))""",
        timeout=60_000,
    )
    assert notebook.locator(".jp-OutputArea .derivation").count() > 10


def test_figures_share_no_identifier(notebook, figures):
    """Each loads its script anew; with the same identifiers one would be labelled and clipped by another's."""
    from playwright.sync_api import expect

    identifiers = """() => [...document.querySelectorAll("[data-widget] [id]")].map(({ id }) => id)"""
    found = notebook.evaluate(identifiers)
    assert len(found) >= 15
    assert len(found) == len(set(found))
    for figure in figures.values():
        expect(figure.slider("learning_rate")).to_have_accessible_name(re.compile("Learning rate"))


def test_formulas_in_the_figures_show_the_present_values_in_their_own_colour(figures):
    plane = figures["phase-plane"]
    plane.root.locator('input[data-trait="learning_rate"]').fill("0.85")
    plane.until("learning_rate", 0.85)
    live = plane.root.locator(".dtr-formula math [mathcolor]")
    assert live.all_text_contents() == ["1.00", "0.85", "−0.85", "1.00"]
    colours = [
        part.evaluate("(element) => getComputedStyle(element).color")
        for part in (live.first, plane.root.locator("output").first, plane.root.locator(".dtr-status"))
    ]
    assert colours[0] == colours[1] != colours[2]


def test_a_moved_slider_changes_the_trait(figures, kernel):
    plane = figures["phase-plane"]
    # In a notebook JupyterLab moves to another cell at an arrow key, unless the control forbids it.
    plane.slider("learning_rate").press("ArrowRight")
    plane.until("learning_rate", 0.21)
    eventually(kernel, "phase_plane.learning_rate", "0.21")
    eventually(kernel, "spectrum.learning_rate", "0.21")
    plane.slider("learning_rate").press("End")
    eventually(kernel, "phase_plane.learning_rate", "2.5")
    assert figures["spectrum"].until("learning_rate", 2.5)


def test_every_other_control_changes_its_trait(figures, kernel):
    plane = figures["phase-plane"]
    plane.root.locator('select[data-trait="method"]').select_option("penalty")
    eventually(kernel, "phase_plane.method", "'penalty'")
    plane.slider("strength").press("Home")
    eventually(kernel, "phase_plane.strength", "0.0")
    plane.slider("step").press("ArrowRight")
    eventually(kernel, "phase_plane.step", "31")
    plane.root.locator(".dtr-handle").press("ArrowUp")
    eventually(kernel, "phase_plane.start", "(1.0, 0.05)")


def test_a_set_trait_moves_the_slider(figures, kernel):
    plane, spectrum = figures["phase-plane"], figures["spectrum"]
    assert kernel("phase_plane.learning_rate = 1.5") == "None"
    radius = kernel("", "games.spectral_radius('simultaneous', 1.5)")
    for figure in figures.values():
        state = figure.until("learning_rate", 1.5)
        assert state["spectral_radius"] == pytest.approx(float(radius), abs=1e-12)
        assert figure.slider("learning_rate").input_value() == "1.5"
    kernel("spectrum.method = 'optimistic'; spectrum.start = (0.5, -0.5)")
    plane.until("method", "optimistic")
    plane.until("start", [0.5, -0.5])
    assert plane.root.locator('select[data-trait="method"]').input_value() == "optimistic"
    assert spectrum.until("start", [0.5, -0.5])["norms"][0] == pytest.approx(0.5**0.5)


def test_a_bad_value_in_the_kernel_says_so_and_moves_nothing(figures, kernel):
    answer = kernel("phase_plane.learning_rate = -0.1")
    assert answer == "ValueError: learning_rate: got -0.1, expected a number from 0 to 2.5"
    assert kernel("", "phase_plane.learning_rate") == "0.2"
    assert figures["phase-plane"].slider("learning_rate").input_value() == "0.2"


def test_typed_answers_are_decided_by_the_kernel(notebook):
    """The proof engine's verdict comes back to the box: right, a pitfall with its hint, a counterexample."""
    box = notebook.locator('.jp-OutputArea [data-exercise="other-order-energy"]')
    verdict = box.locator(".dtr-verdict")

    def answer(text: str, status: str) -> str:
        box.locator("input").fill(text)
        box.locator("input").press("Enter")
        box.locator(f'.dtr-verdict[data-status="{status}"]').wait_for(timeout=20_000)
        return verdict.inner_text()

    assert answer("g² + d² − ηdg", "right") == "Right."
    assert "another sign" in answer("d^2 + g^2 + eta d g", "pitfall")
    assert "yours gives" in answer("d^2 + 3g^2", "wrong")
    assert "“x” is not known here" in answer("d^2 + x", "unreadable")
    grid = notebook.locator('.jp-OutputArea [data-exercise="other-order-matrix"]')
    for i, cell in enumerate(["1 - η²", "η", "−η", "1"]):
        grid.locator("input").nth(i).fill(cell)
    grid.locator("button", has_text="Check").click()
    grid.locator('.dtr-verdict[data-status="right"]').wait_for(timeout=20_000)
    box.locator("button", has_text="Show hint 1").click()
    assert box.locator(".dtr-hint math").count() > 0
