"""Sphinx extension: at the foot of every page its edition, and the commit that the book was built from.

A folder that is not under Git, such as an unpacked archive, has an edition alone.
"""

from __future__ import annotations

import subprocess
from html import escape
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

import helpers

__all__ = ["setup", "told"]


def told(root: Path, repository: str = "") -> str:
    """Edition, date and commit of the folder, as HTML; the commit is a link below `repository` where there is one."""

    def git(*arguments: str) -> str:
        try:
            done = subprocess.run(
                ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False
            )
        except OSError:  # no Git
            return ""
        return done.stdout.strip() if done.returncode == 0 else ""

    text = f"Edition {helpers.__version__}"
    # Of another folder's repository, in which an archive was unpacked, the commit would say nothing.
    if Path(git("rev-parse", "--show-toplevel") or "/") != root.resolve():
        return text
    date, short, whole = git("log", "-1", "--format=%cs %h %H").split()
    commit = short
    if repository:
        commit = f'<a href="{escape(repository.rstrip("/"))}/commit/{whole}">{short}</a>'
    changed = " and changes since" if git("status", "--porcelain") else ""
    return f"{text}, {date}, commit {commit}{changed}"


def add_to_footer(app: Sphinx, config: Config) -> None:
    options = config.html_theme_options
    line = told(Path(app.srcdir), options.get("repository_url") or "")
    options["extra_footer"] = f'{options.get("extra_footer", "")}<p class="edition">{line}.</p>'


def setup(app: Sphinx) -> dict:
    app.connect("config-inited", add_to_footer)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
