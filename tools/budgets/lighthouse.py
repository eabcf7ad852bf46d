"""Lighthouse's scores of every page, as on a telephone with a slow line: performance, accessibility, best practices.

Its performance is a model of that telephone fed with timings on this machine, and so depends on both. The package is
large and nothing else needs it: it is installed beside this file, from its own `package-lock.json`, the first time.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from chromium import FLAGS, find_chromium
from local_site import serve

from . import Line
from .pages import SITE, addresses

__all__ = ["install", "measure", "report"]

HERE = Path(__file__).parent
PACKAGE = HERE / "node_modules" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices")
LEAST = 95  # of 100
SECONDS = 180  # for a page


def install() -> None:
    """Put Lighthouse beside this file, in the version that `package-lock.json` names; it brings no browser."""
    wanted = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]["lighthouse"]
    found = PACKAGE / "package.json"
    if found.is_file() and json.loads(found.read_text(encoding="utf-8"))["version"] == wanted:
        return
    print(f"  installing Lighthouse {wanted} (about half a minute)", flush=True)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE, check=True)


def report(url: str) -> dict:
    """What Lighthouse finds at an address: its whole report. Raises CalledProcessError when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "report.json"
        command = ["node", str(PACKAGE / "cli" / "index.js"), url, "--quiet", "--output=json"]
        command += [f"--output-path={output}", f"--only-categories={','.join(CATEGORIES)}"]
        command += [f"--chrome-flags={' '.join(['--headless=new', *map(_quoted, FLAGS)])}"]
        environment = os.environ | {"CHROME_PATH": find_chromium()}
        subprocess.run(command, env=environment, check=True, timeout=SECONDS)
        return json.loads(output.read_text(encoding="utf-8"))


def _quoted(flag: str) -> str:
    return f'"{flag}"' if " " in flag else flag


def measure() -> Iterator[Line]:
    """The scores of each page."""
    install()
    with serve(SITE) as base:
        for address in addresses():
            categories = report(base + address)["categories"]
            for name in CATEGORIES:
                yield Line(name, address, 100 * categories[name]["score"], LEAST, "", at_least=True)
