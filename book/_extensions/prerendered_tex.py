r"""Sphinx extension: formulas are typeset while the book is built, and one that cannot be fails the build.

The outputs of a chapter's cells are HTML that may hold ``<span class="tex">\(...\)</span>``, the TeX escaped
as HTML. The content of each such span becomes what KaTeX makes of it, by the machinery that
``sphinxcontrib.katex`` uses for the formulas of the text. That machinery prints what it cannot read in red;
here it is a warning, with its place, and the book is built with warnings as errors.
"""

from __future__ import annotations

import atexit
import os
import re
import socket
import time
from html import unescape
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import mkdtemp

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinxcontrib.katex import KaTeXError, KaTeXServer, render_latex

__all__ = ["setup", "typeset"]

logger = logging.getLogger(__name__)

TEX_SPAN = re.compile(r'(<span class="tex"[^>]*>)\s*\\\((.*?)\\\)\s*(</span>)', re.DOTALL)

SECONDS_TO_START = 60.0

STRICT = {"throwOnError": True, "output": "htmlAndMathml"}


def typeset(html: str) -> str:
    r"""Replace the content of each ``<span class="tex">\(...\)</span>`` by KaTeX's HTML and MathML.

    Raises ``KaTeXError`` with the offending TeX. Cost: one request to KaTeX a span.
    """

    def render(match: re.Match[str]) -> str:
        return match[1] + render_strictly(unescape(match[2])) + match[3]

    return TEX_SPAN.sub(render, html)


def render_strictly(tex: str, display: bool = False) -> str:
    start_server()
    try:
        return render_latex(tex, STRICT | {"displayMode": display})
    except KaTeXError as error:
        raise KaTeXError(f"{error}\n    in the formula: {tex}") from None


class SharedServer(KaTeXServer):
    """KaTeX's process, of which each forked process that writes pages asks over a connection of its own."""

    def __init__(self, *connection: object) -> None:
        super().__init__(*connection)
        self.owner = os.getpid()

    def render(self, request: dict, timeout: float | None = None) -> dict:
        if self.owner != os.getpid():
            inherited, self.owner = self.sock, os.getpid()
            self.sock = socket.socket(inherited.family, socket.SOCK_STREAM)
            self.sock.connect(inherited.getpeername())
        return super().render(request, timeout)


def start_server() -> None:
    """Start KaTeX's process, if none runs."""
    if KaTeXServer.katex_server is None:
        folder = Path(mkdtemp(prefix="katex-"))
        connect = _connect if hasattr(socket, "AF_UNIX") else KaTeXServer.start_network_socket
        server = SharedServer(folder, *connect(folder, SECONDS_TO_START))
        atexit.register(server.terminate)
        KaTeXServer.katex_server = server


def _connect(folder: Path, seconds: float) -> tuple[Popen, socket.socket]:
    """Start KaTeX behind a Unix socket, and connect once it listens.

    By itself the machinery gives up when it sees the socket's file in the moment before the process listens. Its
    local port would do, but there each formula takes a tenth of a second: small packets wait for each other.
    """
    address = str(folder / "katex.sock")
    process = Popen(KaTeXServer.build_command(socket=address), stdin=PIPE, stdout=PIPE, cwd=folder)
    deadline = time.monotonic() + seconds
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(address)
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                raise KaTeXServer.timeout_error(seconds) from None
            time.sleep(0.01)
        else:
            return process, connection


def typeset_outputs(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Typeset the formulas in raw HTML, and try those of the text, which the page's writer typesets later."""
    if app.builder.format != "html":
        return
    for node in list(doctree.findall(nodes.raw)):
        if "html" in node.get("format", "").split() and 'class="tex"' in node.astext():
            try:
                html = typeset(node.astext())
            except KaTeXError as error:
                logger.warning("%s", error, location=node, type="katex")
            else:
                node.replace_self(nodes.raw("", html, format="html"))
    for kind in (nodes.math, nodes.math_block):
        for node in doctree.findall(kind):
            try:
                render_strictly(node.astext(), display=kind is nodes.math_block)
            except KaTeXError as error:
                logger.warning("%s", error, location=node, type="katex")


def keep_folder(app: Sphinx, exception: Exception | None) -> None:
    """The event comes again where one of its handlers has failed, and the machinery's own removes its folder each
    time: its complaint that there is none would stand in place of what was wrong."""
    Path(app._katex_static_path).mkdir(exist_ok=True)


def setup(app: Sphinx) -> dict:
    app.setup_extension("sphinxcontrib.katex")
    app.connect("build-finished", keep_folder, priority=400)
    app.connect("doctree-resolved", typeset_outputs)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
