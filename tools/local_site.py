"""A local server of the built book, which compresses text and lets it be kept as the hosts of static sites do."""

import functools
import gzip
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import formatdate
from http import HTTPStatus
from pathlib import Path

__all__ = ["compressed", "serve"]

# What GitHub Pages compresses; fonts in WOFF2 and PNG pictures are compressed already.
TEXT = ("text/", "application/javascript", "application/json", "image/svg+xml")
KEPT_FOR = 600  # seconds, as GitHub Pages says


@functools.lru_cache(maxsize=1024)
def compressed(path: Path, modified: float) -> bytes:
    """The file as gzip sends it, at zlib's usual level."""
    return gzip.compress(path.read_bytes(), 6, mtime=0)


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        with suppress(ConnectionError):  # a browser that leaves a page hangs up
            super().handle()

    def log_message(self, *arguments) -> None:
        pass

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        kind = self.guess_type(str(path))
        is_text = path.is_file() and kind.startswith(TEXT)
        if not is_text or "gzip" not in self.headers.get("Accept-Encoding", ""):
            return super().do_GET()
        modified = path.stat().st_mtime
        body = compressed(path, modified)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind if kind.startswith("image/") else f"{kind}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", formatdate(modified, usegmt=True))
        self.end_headers()
        self.wfile.write(body)
        return None

    def end_headers(self) -> None:
        self.send_header("Cache-Control", f"max-age={KEPT_FOR}")
        super().end_headers()


@contextmanager
def serve(directory: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine; gives its address, ending in a slash."""
    handler = functools.partial(Handler, directory=directory)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
