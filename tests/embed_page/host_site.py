"""A page of somebody else's with nothing in it but the script tag, under any policy and at any origin."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.embed.portal import ticket

NONCE = "bm9uY2U"


class HostSite:
    """Whoever comes is signed in as `person`. End it with `stop`."""

    def __init__(self, port: int, messenger: str, secret: str) -> None:
        self.port = port
        self.messenger = messenger
        self.secret = secret
        self.person = ""
        self.policy = ""
        self._server = _Server(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @contextmanager
    def messenger_at(self, address: str) -> Iterator[None]:
        """As long as the block lasts, reached by this address."""
        usual, self.messenger = self.messenger, address
        self.policy = self.as_written_down
        try:
            yield
        finally:
            self.messenger = usual

    @property
    def as_written_down(self) -> str:
        """The policy that docs/embedding.md asks for, and nothing else allowed."""
        messenger, socket = self.messenger, self.messenger.replace("http", "ws", 1)
        return (
            f"default-src 'none'; script-src {messenger}; connect-src 'self' {messenger} {socket}; "
            f"frame-src {messenger}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )

    @property
    def by_nonce(self) -> str:
        """As strict as policies get: scripts by a number alone, and no text becomes code."""
        nonce = f"script-src 'nonce-{NONCE}' 'strict-dynamic'"
        trusted = "require-trusted-types-for 'script'; trusted-types 'none'"
        return f"{self.as_written_down.replace(f'script-src {self.messenger}', nonce)}; {trusted}"

    def answer(self, path: str) -> tuple[str, str]:
        """Kind and text."""
        if path == "/ticket":
            return "application/json", json.dumps({"ticket": ticket(self.person, self.secret)})
        source = f"{self.messenger}/embed.js"
        tag = f'<script nonce="{NONCE}" src="{source}" data-ticket-url="/ticket" defer></script>'
        return "text/html", f"<!doctype html><html lang=ko><title>{path}</title><h1>{path}</h1>{tag}</html>"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], site: HostSite) -> None:
        super().__init__(address, _Request)
        self.site = site


class _Request(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        kind, text = self.server.site.answer(self.path)
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", self.server.site.policy)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Quiet."""
