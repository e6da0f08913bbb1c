"""A web site that is nobody's portal, with a server of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class ForeignSite:
    """`pages`: what is at each path. `asked`: method and path of every request."""

    def __init__(self, pages: Mapping[str, str]) -> None:
        self.url = ""
        self.pages = pages
        self.asked: list[str] = []


@contextmanager
def foreign_site(pages: Mapping[str, str]) -> Iterator[ForeignSite]:
    """At `localhost`: another site than 127.0.0.1 to a browser, not only another port."""
    site = ForeignSite(pages)

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(f"{self.command} {self.path}")
            page = site.pages.get(self.path, "")
            body = page.encode()
            self.send_response(200)
            kind = "application/json" if page.startswith("{") else "text/html; charset=utf-8"
            self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Access-Control-Allow-Headers", "*")
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815
        do_OPTIONS = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    site.url = f"http://localhost:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
