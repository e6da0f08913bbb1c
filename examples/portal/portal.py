"""A small portal that has the messenger in it: the standard library alone, and embed.js on every page.

python3 examples/portal/portal.py --messenger http://127.0.0.1:8080 --secret secret.txt
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import threading
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pages
from content import APPROVALS, COLLEAGUES, Colleague
from ticket import sign_ticket

STATIC = Path(__file__).parent / "static"
STATIC_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
COOKIE = "portal_session"
SESSIONS_MAX = 1000
FORM_BYTES_MAX = 4096


class Sessions:
    """Who is signed in to the portal; forgotten when it stops."""

    def __init__(self) -> None:
        self._people: dict[str, str] = {}
        self._lock = threading.Lock()

    def begin(self, person: str) -> str:
        session = secrets.token_urlsafe(24)
        with self._lock:
            while len(self._people) >= SESSIONS_MAX:
                del self._people[next(iter(self._people))]
            self._people[session] = person
        return session

    def end(self, session: str) -> None:
        with self._lock:
            self._people.pop(session, None)

    def person(self, session: str) -> Colleague | None:
        return COLLEAGUES.get(self._people.get(session, ""))


class Portal(ThreadingHTTPServer):
    """What all its requests share."""

    daemon_threads = True

    def __init__(self, host: str, port: int, messenger: str, secret: bytes) -> None:
        super().__init__((host, port), Request)
        self.messenger = messenger
        self.secret = secret
        self.sessions = Sessions()
        socket = "ws" + messenger.removeprefix("http")
        # All that the messenger needs of a strict policy: its origin in three places.
        self.policy = "; ".join(
            (
                "default-src 'self'",
                f"script-src 'self' {messenger}",
                f"connect-src 'self' {messenger} {socket}",
                f"frame-src {messenger}",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            )
        )


class Request(BaseHTTPRequestHandler):
    server: Portal
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        me = self._me()
        if path.startswith("/static/"):
            self._static(path.removeprefix("/static/"))
        elif path == "/sendjay/ticket":
            self._ticket(me)
        elif me is None:
            self._html(pages.sign_in_page())
        else:
            self._place(path, me)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > FORM_BYTES_MAX:
            self.close_connection = True
            self._answer(b"", "text/plain", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        form = parse_qs(self.rfile.read(length).decode(errors="replace"))
        if self.path == "/sign-in" and (person := form.get("person", [""])[0]) in COLLEAGUES:
            self._go_home(self.server.sessions.begin(person))
        elif self.path == "/sign-out":
            self.server.sessions.end(self._session())
            self._go_home("")
        else:
            self._answer(b"", "text/plain", HTTPStatus.NOT_FOUND)

    def _place(self, path: str, me: Colleague) -> None:
        messenger = self.server.messenger
        places = {
            "/": pages.home_page,
            "/approvals": pages.approvals_page,
            "/orders": pages.orders_page,
            "/people": pages.people_page,
        }
        if path in places:
            self._html(places[path](me, messenger))
        elif document := APPROVALS.get(path.removeprefix("/approvals/")):
            self._html(pages.approval_page(me, document, messenger))
        else:
            self._html(pages.missing_page(me, messenger), HTTPStatus.NOT_FOUND)

    def _ticket(self, me: Colleague | None) -> None:
        """The one thing that embed.js asks of a portal's server."""
        if me is None:
            self._answer(b"", "application/json", HTTPStatus.UNAUTHORIZED)
            return
        ticket = sign_ticket(me.id, me.name, self.server.secret)
        self._answer(json.dumps({"ticket": ticket}).encode(), "application/json")

    def _me(self) -> Colleague | None:
        return self.server.sessions.person(self._session())

    def _session(self) -> str:
        try:
            cookie = SimpleCookie(self.headers.get("Cookie", ""))
        except CookieError:
            return ""
        return cookie[COOKIE].value if COOKIE in cookie else ""

    def _static(self, name: str) -> None:
        known = {path.name: path for path in STATIC.iterdir()}
        if name in known:
            self._answer(known[name].read_bytes(), STATIC_KINDS[known[name].suffix])
        else:
            self._answer(b"", "text/plain", HTTPStatus.NOT_FOUND)

    def _go_home(self, session: str) -> None:
        ends = "" if session else "; Max-Age=0"
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", "/")
        self.send_header("Set-Cookie", f"{COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax{ends}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _html(self, page: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._answer(page.encode(), "text/html", status)

    def _answer(self, body: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", self.server.policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Quiet: a demo's terminal has better things to show."""


def main() -> None:
    arguments = _arguments()
    secret = arguments.secret.read_bytes().strip()
    portal = Portal(arguments.host, arguments.port, arguments.messenger.rstrip("/"), secret)
    sys.stdout.write(f"Portal at http://localhost:{portal.server_port}\n")
    sys.stdout.flush()
    if arguments.with_parent:
        threading.Thread(target=_end_with_parent, args=(portal,), daemon=True).start()
    try:
        portal.serve_forever()
    except KeyboardInterrupt:
        portal.server_close()


def _end_with_parent(portal: Portal) -> None:
    """Whoever started this holds the other end of its standard input, however they come to their end."""
    # Not by `sys.stdin`, whose lock a thread that waits would hold when the interpreter ends.
    while os.read(0, 4_096):
        pass
    portal.shutdown()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A small ERP portal with the messenger in it.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORTAL_PORT", "8090")),
                        help="port to listen on; 0 takes a free one (PORTAL_PORT, 8090)")  # fmt: skip
    parser.add_argument("--messenger", default=os.environ.get("PORTAL_MESSENGER", "http://127.0.0.1:8080"),
                        help="the messenger's address (PORTAL_MESSENGER, http://127.0.0.1:8080)")  # fmt: skip
    parser.add_argument("--secret", type=Path, default=os.environ.get("PORTAL_SECRET"),
                        required="PORTAL_SECRET" not in os.environ,
                        help="file with the messenger's embed_secret (PORTAL_SECRET)")  # fmt: skip
    parser.add_argument("--with-parent", action="store_true", help="stop when standard input ends")
    arguments = parser.parse_args()
    arguments.secret = Path(arguments.secret)
    return arguments


if __name__ == "__main__":
    main()
