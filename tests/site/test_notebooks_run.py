"""Every notebook runs in a clean environment: the wheel that the site serves, with its extras, a kernel, no more."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

import nbformat
import pytest
from filelock import FileLock

from ..conftest import skip_or_fail
from .test_notebooks import ROOT, chapters

ENVIRONMENT = ROOT / "_build" / "notebook-environment"
CONSTRAINTS = ROOT / "requirements.txt"
WIDGET = "application/vnd.jupyter.widget-view+json"
# What pip says where there is no network.
NO_NETWORK = (
    r"(?i)NewConnectionError|NameResolution|name resolution|unreachable|ConnectTimeout|Connection refused"
)

# The button's notebook goes its whole way, from a page to a kernel: a chapter with figures that runs in seconds.
DOWNLOADED = "networks/autoregressive_model"

EXECUTE = """
import sys
import nbformat
from nbclient import NotebookClient

path, folder = sys.argv[1:]
notebook = nbformat.read(path, as_version=4)
client = NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}})
try:
    client.execute()
finally:
    nbformat.write(notebook, path)
"""


def clean(home: Path, python: Path) -> dict[str, str]:
    """Environment variables of a reader's shell, in which the virtual environment is the active one."""
    foreign = (
        "PYTHON",
        "JUPYTER",
        "IPYTHON",
        "DERIVATIONS",
        "VIRTUAL_ENV",
        "MPL",
        "PYTEST",
        "MAKE",
        "MFLAGS",
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    folders = {
        name: str(home / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")
    }
    # No Maxima: it would be asked by nobody, and no commands of this project's own environment.
    path = os.pathsep.join([str(python.parent), "/usr/bin", "/bin"])
    return kept | threads | folders | {"PATH": path, "PIP_CONSTRAINT": str(CONSTRAINTS)}


def run(command: list, timeout: int, **keywords) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=timeout, **keywords
    )


@pytest.fixture(scope="session")
def environment(site, tmp_path_factory) -> Path:
    """The Python of an environment with the wheel, its extras and a kernel; made anew when one of them changes."""
    (wheel,) = (site / "notebooks").glob("*.whl")
    made_from = hashlib.sha256(
        sys.version.encode() + CONSTRAINTS.read_bytes() + wheel.read_bytes()
    ).hexdigest()
    stamp, python = ENVIRONMENT / "made-from", ENVIRONMENT / "bin" / "python"
    with FileLock(f"{ENVIRONMENT}.lock"):
        if stamp.is_file() and stamp.read_text() == made_from:
            return python
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        made = run([sys.executable, "-m", "venv", ENVIRONMENT], 120)
        assert made.returncode == 0, made.stderr
        command = [python, "-m", "pip", "install", "--quiet", f"{wheel}[plot,torch]", "ipykernel", "nbclient"]
        made = run(command, 1500, env=clean(tmp_path_factory.mktemp("home"), python))
        if made.returncode != 0 and re.search(NO_NETWORK, made.stderr):
            skip_or_fail("pip reaches no package index")
        assert made.returncode == 0, made.stderr
        stamp.write_text(made_from)
    return python


def execute(notebook: Path, python: Path) -> list[dict]:
    """Run the notebook where it lies, and return its outputs, with the cell's source each."""
    done = run([python, "-c", EXECUTE, notebook, notebook.parent], 900, env=clean(notebook.parent, python))
    assert done.returncode == 0, re.sub(r"\x1b\[[\d;]*m", "", done.stderr)[-4000:]
    cells = nbformat.read(notebook, 4)["cells"]
    return [output | {"source": cell["source"]} for cell in cells for output in cell.get("outputs", ())]


def test_the_environment_holds_nothing_of_the_books_tools(environment):
    absent = (
        "import importlib.util as u; print([m for m in ('sphinx', 'myst_nb', 'jupytext') if u.find_spec(m)])"
    )
    assert run([environment, "-c", absent], 60).stdout.strip() == "[]"
    told = run([environment, "-c", "import helpers; print(helpers.__file__)"], 60).stdout
    assert told.startswith(str(ENVIRONMENT))


@pytest.mark.parametrize("name", chapters())
def test_a_notebook_runs(environment, site, tmp_path, name):
    notebook = shutil.copy(site / "notebooks" / f"{name}.ipynb", tmp_path)
    outputs = execute(Path(notebook), environment)
    assert "is here: nothing to install" in outputs[0]["text"]
    assert [output for output in outputs if output["output_type"] == "error"] == []
    assert [output["text"] for output in outputs if output.get("name") == "stderr"] == []
    # What the page shows as HTML of its own is a live widget here, and nothing of the page's is left.
    page = (site / "book" / f"{name}.html").read_text(encoding="utf-8")
    # (A bar of long work is no figure: "Training: 16%|".)
    widgets = [
        output
        for output in outputs
        if WIDGET in output.get("data", {}) and not re.search(r"\d%\|", output["data"].get("text/plain", ""))
    ]
    assert len(widgets) == page.count(' data-widget="')
    shown = "".join(output.get("data", {}).get("text/html", "") for output in outputs)
    assert "data-widget=" not in shown
    assert shown.count('class="derivation"') == page.count('class="derivation"')


# The page's button


@pytest.fixture(scope="module")
def downloaded(chromium, site_url, tmp_path_factory) -> Path:
    """What the button of a page gives, alone in a folder."""
    page = chromium.new_page(accept_downloads=True)
    page.goto(f"{site_url}book/{DOWNLOADED}.html", wait_until="domcontentloaded")
    page.get_by_role("button", name="Download this page").click()
    with page.expect_download() as given:
        page.get_by_role("link", name="Notebook (.ipynb)").click()
    assert given.value.suggested_filename == f"{Path(DOWNLOADED).name}.ipynb"
    file = tmp_path_factory.mktemp("downloads") / given.value.suggested_filename
    given.value.save_as(file)
    page.close()
    return file


def test_the_button_fills_in_where_the_notebook_came_from(downloaded, site, site_url):
    given = json.loads(downloaded.read_text(encoding="utf-8"))
    as_it_lies = nbformat.read(site / "notebooks" / f"{DOWNLOADED}.ipynb", 4)
    (wheel,) = (site / "notebooks").glob("*.whl")
    address = f'ADDRESS = "{site_url}notebooks/{wheel.name}"\n'
    given, changed = nbformat.from_dict(given), []
    nbformat.validate(given)
    for mine, theirs in zip(given["cells"], as_it_lies["cells"], strict=True):
        mine["source"] = "".join(mine["source"])
        if mine["source"] != theirs["source"]:
            changed.append(mine)
            assert mine["source"].replace(address, 'ADDRESS = ""\n') == theirs["source"] or (
                mine["cell_type"] == "markdown"
            )
    assert address in changed[1]["source"]
    assert [cell["cell_type"] for cell in changed].count("code") == 1
    text = "\n".join(cell["source"] for cell in given["cells"] if cell["cell_type"] == "markdown")
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    inside = {link for link in links if link.startswith(site_url)}
    assert f"{site_url}book/{DOWNLOADED}.html" in inside
    assert not any(link.endswith(".ipynb") or not link.startswith("http") for link in links)
    for link in {*inside, urljoin(site_url, f"notebooks/{wheel.name}")}:
        with urlopen(link) as answer:
            assert answer.status == 200


def test_the_downloaded_notebook_installs_the_wheel_that_the_site_serves(environment, downloaded, site_url):
    """In an environment that has all but `helpers`: the notebook's first cell brings it."""
    without = ENVIRONMENT.with_name("notebook-environment-without-helpers")
    shutil.rmtree(without, ignore_errors=True)
    # Links to the same files: a second copy of PyTorch would take a minute.
    shutil.copytree(ENVIRONMENT, without, symlinks=True, copy_function=os.link)
    python = without / "bin" / "python"
    removed = run([python, "-m", "pip", "uninstall", "--yes", "--quiet", "derivations-that-run"], 120)
    assert removed.returncode == 0, removed.stderr
    assert run([python, "-c", "import helpers"], 60).returncode != 0
    outputs = execute(downloaded, python)
    said = "".join(output.get("text", "") for output in outputs if "install_helpers" in output["source"])
    assert (
        f"Installing helpers 0.1.0 from {site_url}notebooks/" in said and "Installed helpers 0.1.0." in said
    )
    assert any(WIDGET in output.get("data", {}) for output in outputs)
    assert run([python, "-c", "import helpers"], 60).returncode == 0
    shutil.rmtree(without)


# The first cell, in this process: pip is not run


@pytest.fixture
def first_cell(monkeypatch, tmp_path):
    """Runs the first cell where `helpers` has that version (None: is missing); returns the commands given to pip."""
    import importlib.metadata

    source = (ROOT / "book" / "_extensions" / "first_cell.py").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def start(version: str | None, address: str = "", answer: int = 0) -> list[list[str]]:
        def installed(name: str) -> str:
            if version is None:
                raise importlib.metadata.PackageNotFoundError(name)
            return version

        def pip(command: list[str], **_) -> subprocess.CompletedProcess:
            commands.append(command)
            return subprocess.CompletedProcess(command, answer, "", "no such wheel")

        commands = []
        monkeypatch.setattr(importlib.metadata, "version", installed)
        monkeypatch.setattr(subprocess, "run", pip)
        code = source.replace('WHEEL = ""', 'WHEEL = "x-0.2-py3-none-any.whl"')
        exec(code.replace('ADDRESS = ""', f"ADDRESS = {address!r}"), {})
        return commands

    return start


def test_the_first_cell_installs_nothing_twice(first_cell, capsys):
    assert first_cell("0.2") == []
    assert "helpers 0.2 is here" in capsys.readouterr().out


@pytest.mark.parametrize("version", [None, "0.1"])
def test_the_first_cell_prefers_the_wheel_beside_it(first_cell, tmp_path, version):
    (tmp_path / "x-0.2-py3-none-any.whl").touch()
    ((python, *command),) = first_cell(version, "https://book.example/x-0.2-py3-none-any.whl")
    assert python == sys.executable and command[:3] == ["-m", "pip", "install"]
    wheel = (tmp_path / "x-0.2-py3-none-any.whl").as_uri()
    assert command[-1] == f"derivations-that-run[plot,torch] @ {wheel}"


def test_the_first_cell_finds_the_wheel_one_folder_up(first_cell, tmp_path, monkeypatch):
    (tmp_path / "games").mkdir()
    (tmp_path / "x-0.2-py3-none-any.whl").touch()
    monkeypatch.chdir(tmp_path / "games")
    (command,) = first_cell(None)
    assert command[-1].endswith((tmp_path / "x-0.2-py3-none-any.whl").as_uri())


def test_the_first_cell_says_what_to_do(first_cell):
    with pytest.raises(
        FileNotFoundError, match=r"no x-0\.2-py3-none-any\.whl in .* Put it there .* or set ADDRESS"
    ):
        first_cell(None)
    with pytest.raises(RuntimeError, match=r"helpers 0\.2 could not be installed; pip says:\nno such wheel"):
        first_cell(None, "https://book.example/x.whl", answer=1)
