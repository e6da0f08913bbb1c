"""Stands in for the messenger: writes down what it is told, and answers that it has taken it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

WAIT_SECONDS = 20


class Told(NamedTuple):
    method: str
    path: str
    token: str
    facts: dict[str, Any]


class Messenger(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Ear)
        self.told: list[Told] = []
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def wait_for(self, is_it: Callable[[Told], bool]) -> Told:
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            for told in list(self.told):
                if is_it(told):
                    return told
            time.sleep(0.05)
        raise AssertionError(
            f"The messenger was not told; it has heard of {[each[:2] for each in self.told]}"
        )


class _Ear(BaseHTTPRequestHandler):
    server: Messenger

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        token = self.headers.get("Authorization", "")
        self.server.told.append(Told(self.command, self.path, token, json.loads(body or b"{}")))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def do_POST(self) -> None:
        self.do_PUT()

    def do_DELETE(self) -> None:
        self.do_PUT()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Quiet."""
