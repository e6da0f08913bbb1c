"""Tickets: how the market tells the messenger who is signed in here, and who that is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping

from content import ORG, ORG_NAME, Neighbour

GOOD_FOR_SECONDS = 60


def sign_ticket(person: Neighbour, secret: bytes, audience: str = "sendjay") -> str:
    """A JWT (HS256) for one exchange: who, for whom, until when, and a number that is never used again."""
    now = int(time.time())
    header = {"alg": "HS256", "typ": "JWT"}
    claims = {
        "sub": person.id,
        "name": person.name,
        "nickname": person.area,
        "org": ORG,
        "org_name": ORG_NAME,
        "aud": audience,
        "iat": now,
        "exp": now + GOOD_FOR_SECONDS,
        "jti": secrets.token_urlsafe(16),
    }
    signed = f"{_encoded(header)}.{_encoded(claims)}"
    seal = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_base64url(seal)}"


def _encoded(part: Mapping[str, object]) -> str:
    return _base64url(json.dumps(part).encode())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
