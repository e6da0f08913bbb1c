"""The portal's side: tickets signed by hand, so that bad ones can be made as well, and its public keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from joserfc import jws
from joserfc.jwk import Key

from tests.serving import Server

ORIGIN = "https://portal.example"
OTHER_ORIGIN = "https://elsewhere.example"
SECRET = "the portal and the messenger know this, nobody else"
Json = dict[str, Any]


def claims_of(person: str, **changes: Any) -> Json:
    """The claims of a good ticket, with changes; a claim changed to `...` is left out."""
    now = int(time.time())
    claims: Json = {
        "sub": person, "aud": "sendjay", "iat": now, "exp": now + 60, "jti": str(uuid.uuid4())
    }  # fmt: skip
    return {name: value for name, value in (claims | changes).items() if value is not ...}


def ticket(person: str, secret: str = SECRET, **changes: Any) -> str:
    return sign(claims_of(person, **changes), secret)


def sign(claims: object, secret: str | bytes = SECRET, header: object = None) -> str:
    """A JWT in HS256 of whatever is given; bytes are signed as they are."""
    head = {"alg": "HS256", "typ": "JWT"} if header is None else header
    signed = f"{_encoded(head)}.{_encoded(claims)}"
    key = secret.encode() if isinstance(secret, str) else secret
    return f"{signed}.{base64url(hmac.digest(key, signed.encode(), hashlib.sha256))}"


def sign_with(key: Key, claims: Json, algorithm: str, **header: Any) -> str:
    """A JWT with a private key, its name in the header."""
    names = {"kid": key.kid} if key.kid else {}
    return jws.serialize_compact(
        {"alg": algorithm, **names, **header}, json.dumps(claims), key, algorithms=[algorithm]
    )


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _encoded(part: object) -> str:
    return base64url(part if isinstance(part, bytes) else json.dumps(part).encode())


def exchange(server: Server, word: str, device: str = "portal-browser-1", **headers: str) -> httpx.Response:
    with server.rest(**headers) as client:
        return client.post("/api/embed/session", json={"ticket": word, "device": {"id": device, "name": ""}})


def enter(server: Server, person: str, device: str = "portal-browser-1", **headers: str) -> Json:
    """The good answer to a good ticket."""
    answer = exchange(server, ticket(person), device, **headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def code_of(answer: httpx.Response) -> str:
    """The error's code of an answer that is not a good one."""
    assert answer.status_code >= 400, answer.text
    return answer.json()["error"]["code"]


class KeyPage:
    """A web page with the portal's public keys, that can be changed and broken."""

    def __init__(self, *keys: Key) -> None:
        self.asked = 0
        self.status = 200
        self.publish(*keys)

    def publish(self, *keys: Key) -> None:
        self.body = json.dumps({"keys": [key.as_dict(private=False) for key in keys]}).encode()

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Its address."""
        page = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page.asked += 1
                self.send_response(page.status)
                self.send_header("Content-Type", "application/json")
                if page.status == 302:
                    self.send_header("Location", f"http://127.0.0.1:{server.server_port}/moved")
                self.end_headers()
                self.wfile.write(page.body)

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/keys.json"
        finally:
            server.shutdown()
            server.server_close()
            thread.join(10)
