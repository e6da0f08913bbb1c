"""Access tokens (JWT, HS256) and refresh tokens (`<session_id>.<counter>.<mac>`)."""

from __future__ import annotations

import hashlib
import hmac
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Literal, NamedTuple

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from msgspec import Struct

from sendjay.accounts.model import BadTicket, Claims
from sendjay.protocol.errors import Code, Refused
from sendjay.storage.ids import new_id

_decode_claims = msgspec.json.Decoder(Claims).decode

AUDIENCE = "sendjay"
TOKEN_LENGTH = 4096
HANDOFF_SECONDS = 60


class Secrets(NamedTuple):
    """Made at the first start and kept in the database, so that every node signs alike."""

    access: bytes
    refresh: bytes


class RefreshToken(NamedTuple):
    session_id: str
    counter: int


class HandoffClaims(Struct, frozen=True):
    """What a handoff code says: whose session handed off, and to a window of which origin's page."""

    sub: str
    sid: str
    origin: str
    jti: str
    exp: int
    aud: Literal["sendjay-handoff"]
    """No access token has it: neither passes for the other."""


class Tokens:
    """Signs and checks. Nothing here knows whether a session still lives."""

    def __init__(self, secrets: Secrets, access_seconds: int) -> None:
        self._access_secret = secrets.access
        self._key = OctKey.import_key(secrets.access)
        self._head = jwt.encode({"alg": "HS256"}, {}, self._key).split(".")[0] + "."
        """What tokens that we sign begin with."""
        self._refresh_secret = secrets.refresh
        self.access_seconds = access_seconds

    def access(self, user_id: str, session_id: str) -> str:
        now = int(time.time())
        claims = {
            "sub": user_id, "sid": session_id, "iat": now, "exp": now + self.access_seconds, "aud": AUDIENCE
        }  # fmt: skip
        return jwt.encode({"alg": "HS256"}, claims, self._key, algorithms=["HS256"])

    def verify_access(self, token: str) -> Claims:
        """Signature, form and expiry. Raises Refused(UNAUTHORIZED)."""
        if len(token) > TOKEN_LENGTH or not token.isascii():
            raise Refused(Code.UNAUTHORIZED)
        try:
            claims = self._claims(token)
        except (JoseError, ValueError, RecursionError):
            raise Refused(Code.UNAUTHORIZED) from None
        if claims.exp <= time.time():
            raise Refused(Code.UNAUTHORIZED)
        return claims

    def _claims(self, token: str) -> Claims:
        """Raises JoseError or ValueError for what we did not sign."""
        if not token.startswith(self._head):
            # The algorithm is ours to say: a token that names another, or none, is forged.
            return msgspec.convert(jwt.decode(token, self._key, algorithms=["HS256"]).claims, Claims)
        # A company that comes back brings thousands at once, and a library takes seven times as long to read
        # a header that is known by heart.
        signed, _, signature = token.rpartition(".")
        digest = hmac.digest(self._access_secret, signed.encode(), hashlib.sha256)
        if not hmac.compare_digest(signature, _base64url(digest)):
            raise ValueError("the signature is not ours")
        return _decode_claims(urlsafe_b64decode(signed[len(self._head) :] + "=="))

    def handoff(self, user_id: str, session_id: str, origin: str) -> str:
        """A code that a window takes this session's person over with, once and within HANDOFF_SECONDS."""
        claims = {
            "sub": user_id, "sid": session_id, "origin": origin, "jti": new_id(),
            "exp": int(time.time()) + HANDOFF_SECONDS, "aud": "sendjay-handoff",
        }  # fmt: skip
        return jwt.encode({"alg": "HS256"}, claims, self._key, algorithms=["HS256"])

    def verify_handoff(self, code: str) -> HandoffClaims:
        """Signature, form and expiry. Raises BadTicket."""
        try:
            claims = msgspec.convert(jwt.decode(code, self._key, algorithms=["HS256"]).claims, HandoffClaims)
        except (JoseError, ValueError, TypeError, RecursionError):
            raise BadTicket("no handoff code of ours") from None
        if claims.exp <= time.time():
            raise BadTicket("the handoff code has expired")
        return claims

    def refresh(self, session_id: str, counter: int) -> str:
        return f"{session_id}.{counter}.{self._mac(session_id, counter)}"

    def verify_refresh(self, token: str) -> RefreshToken:
        """Raises Refused(UNAUTHORIZED) for what we did not sign."""
        session_id, _, rest = token.partition(".")
        digits, _, mac = rest.partition(".")
        if len(token) > 200 or not token.isascii() or not digits.isdigit() or len(digits) > 15:
            raise Refused(Code.UNAUTHORIZED)
        if not hmac.compare_digest(mac, self._mac(session_id, int(digits))):
            raise Refused(Code.UNAUTHORIZED)
        return RefreshToken(session_id, int(digits))

    def secret_for(self, purpose: str) -> bytes:
        return hmac.digest(self._refresh_secret, f"for {purpose}".encode(), hashlib.sha256)

    def _mac(self, session_id: str, counter: int) -> str:
        digest = hmac.digest(self._refresh_secret, f"{session_id}|{counter}".encode(), hashlib.sha256)
        return _base64url(digest)


def _base64url(digest: bytes) -> str:
    return urlsafe_b64encode(digest).decode().rstrip("=")
