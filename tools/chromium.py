"""The browser of the tools and tests: where it is, and how it is started so that it reaches no other host."""

import os
import shutil
from pathlib import Path

__all__ = ["FLAGS", "NoChromiumError", "find_chromium"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


class NoChromiumError(Exception):
    """There is no Chromium, and how to get one."""


def find_chromium(own: str | None = None) -> str:
    """The browser's command: from the variable CHROMIUM, from PATH, or Playwright's `own` if it is installed."""
    if command := os.environ.get("CHROMIUM"):
        return command
    found = [path for name in NAMES if (path := shutil.which(name))]
    found += [str(path) for path in (MAC, own and Path(own)) if path and path.is_file()]
    if not found:
        raise NoChromiumError(
            "Chromium is needed and was not found: install it from your system's packages, run `.venv/bin/playwright "
            "install chromium`, or name it with CHROMIUM=..."
        )
    return found[0]
