"""What the market answers: addresses, forms, cookies."""

from __future__ import annotations

import json
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

import changes
from content import NEIGHBOURS
from deal_pages import deals_page
from deals import deals_of_person, deals_of_post
from frame import Visit, missing_page, sign_in_page
from month import read_month
from post_pages import form_page, list_page, mine_page, post_page
from posts import all_posts, find_post, own_post
from sessions import Session
from store import Missing, Refused
from ticket import sign_ticket

if TYPE_CHECKING:
    from market import Market

STATIC = Path(__file__).parent / "static"
STATIC_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
STATIC_FILES = {
    path.relative_to(STATIC).as_posix(): path for path in STATIC.rglob("*") if path.suffix in STATIC_KINDS
}
COOKIE = "market_session"
FORM_BYTES_MAX = 16_384


class Request(BaseHTTPRequestHandler):
    server: Market
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        path = unquote(address.path)
        session = self._session()
        if path.startswith("/static/"):
            self._static(path.removeprefix("/static/"))
        elif path == "/sendjay/ticket":
            self._ticket(session)
        elif session is None:
            self._html(sign_in_page(self.path))
        else:
            query = dict(parse_qsl(address.query))
            self._place(path, session, query, "", HTTPStatus.OK)

    def do_POST(self) -> None:
        form = self._form()
        if form is None:
            return
        session = self._session()
        if self.path == "/sign-in" and form.get("person") in NEIGHBOURS and self._is_from_here():
            self._go_on(_local(form.get("wanted", "")), self.server.sessions.begin(form["person"]).key)
        elif session is None:
            self._go_on("/", None)
        elif form.get("form_key") != session.form_key or not self._is_from_here():
            self._html(missing_page(self._visit(session)), HTTPStatus.FORBIDDEN)
        elif self.path == "/sign-out":
            self.server.sessions.end(session.key)
            self._go_on("/", "")
        else:
            self._change(session, form)

    def _change(self, session: Session, form: dict[str, str]) -> None:
        try:
            self._go_on(changes.change(self.server, session, self.path, form), None)
        except Missing:
            self._html(missing_page(self._visit(session)), HTTPStatus.NOT_FOUND)
        except Refused as refused:
            # The page that the form stood on, with why.
            place = "/deals" if self.path.startswith("/deals/") else self.path
            if not place.endswith(("/edit", "/new")) and place != "/deals":
                place = place.rpartition("/")[0]
            self._place(place, session, {}, str(refused), refused.status)

    def _place(
        self, path: str, session: Session, query: dict[str, str], said: str, status: HTTPStatus
    ) -> None:
        try:
            self._html(self._page(path, self._visit(session), query, said), status)
        except Missing:
            self._html(missing_page(self._visit(session)), HTTPStatus.NOT_FOUND)

    def _page(self, path: str, visit: Visit, query: dict[str, str], said: str) -> str:
        with self.server.store.reading() as db:
            match path.split("/")[1:]:
                case [""]:
                    return list_page(visit, all_posts(db), query.get("group", ""))
                case ["mine"]:
                    return mine_page(visit, all_posts(db))
                case ["deals"]:
                    return deals_page(visit, deals_of_person(db, visit.me.id), said)
                case ["posts", "new"]:
                    return form_page(visit, None, said)
                case ["posts", number]:
                    post = find_post(db, changes.number(number))
                    month = read_month(query.get("month", ""))
                    return post_page(visit, post, deals_of_post(db, post.id), month, said)
                case ["posts", number, "edit"]:
                    return form_page(visit, own_post(db, changes.number(number), visit.me.id), said)
                case _:
                    raise Missing

    def _ticket(self, session: Session | None) -> None:
        """The one thing that embed.js asks of a site's server."""
        if session is None:
            self._answer(b"", "application/json", HTTPStatus.UNAUTHORIZED)
            return
        ticket = sign_ticket(session.me, self.server.secret)
        self._answer(json.dumps({"ticket": ticket}).encode(), "application/json")

    def _form(self) -> dict[str, str] | None:
        length = self.headers.get("Content-Length") or "0"
        if not length.isascii() or not length.isdigit() or int(length) > FORM_BYTES_MAX:
            self.close_connection = True
            self._answer(b"", "text/plain", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return None
        body = self.rfile.read(int(length)).decode(errors="replace")
        return dict(parse_qsl(body, keep_blank_values=True))

    def _is_from_here(self) -> bool:
        """Browsers say which site a form came from. There is no form key before signing in."""
        origin = self.headers.get("Origin")
        return origin is None or urlsplit(origin).netloc == self.headers.get("Host", "")

    def _visit(self, session: Session) -> Visit:
        return Visit(session, self.server.messenger)

    def _session(self) -> Session | None:
        try:
            cookie = SimpleCookie(self.headers.get("Cookie", ""))
        except CookieError:
            return None
        return self.server.sessions.find(cookie[COOKIE].value) if COOKIE in cookie else None

    def _static(self, name: str) -> None:
        if path := STATIC_FILES.get(name):
            self._answer(path.read_bytes(), STATIC_KINDS[path.suffix], keep="max-age=300")
        else:
            self._answer(b"", "text/plain", HTTPStatus.NOT_FOUND)

    def _go_on(self, place: str, session: str | None) -> None:
        """`session` begins one, or ends it where empty."""
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", place)
        if session is not None:
            ends = "" if session else "; Max-Age=0"
            self.send_header("Set-Cookie", f"{COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax{ends}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _html(self, page: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._answer(page.encode(), "text/html", status)

    def _answer(
        self, body: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK, keep: str = "no-store"
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", self.server.policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", keep)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Quiet: a demo's terminal has better things to show."""


def _local(wanted: str) -> str:
    """A place of this site, whatever the form says; and nothing that could end a header."""
    is_local = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if is_local and wanted.isascii() and wanted.isprintable() else "/"
