"""The keys that tickets are checked with: a secret that the portal shares, or the portal's public keys."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple, Protocol

import msgspec
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey
from msgspec import Struct

log = structlog.get_logger(__name__)

KEYS_MOST = 50
KEPT_SECONDS = 3600.0
"""After so long the keys are asked for again: one that the portal has taken back must not count for ever."""
PAUSE_SECONDS = 60.0
"""Between two fetches that a ticket with an unknown key leads to."""
FIRST_PAUSE_SECONDS = 5.0
"""As long as none have been had: the portal may start after us."""
RSA_BITS = range(2048, 4097)


class TicketKey(NamedTuple):
    key: Key
    algorithms: tuple[str, ...]
    """What this key signs with. A ticket's own word for it decides nothing."""


class TicketKeys(Protocol):
    async def find(self, kid: str | None) -> TicketKey | None:
        """The key of this name; without a name, the only one there is."""
        ...


class SharedSecret:
    """`embed_secret`: HS256, whatever the name of the key."""

    def __init__(self, secret: str) -> None:
        self._key = TicketKey(OctKey.import_key(secret.encode()), ("HS256",))

    async def find(self, kid: str | None) -> TicketKey | None:
        del kid
        return self._key


class PublicKeys:
    """`embed_jwks`: fetched when first needed, and again for a key that is not among them.

    When they cannot be fetched, those that were had before go on to count.
    """

    def __init__(
        self, fetch: Callable[[], Awaitable[bytes]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: dict[str | None, TicketKey] | None = None
        self._lock = asyncio.Lock()
        self._had_at = 0.0
        self._asked_at: float | None = None
        """When it was last tried, but for the fetch that got the first keys."""

    async def find(self, kid: str | None) -> TicketKey | None:
        found = self._known(kid)
        if found is not None and self._clock() - self._had_at < KEPT_SECONDS:
            return found
        async with self._lock:
            # Whoever waited for the lock may find that it has been done.
            found = self._known(kid)
            is_fresh = found is not None and self._clock() - self._had_at < KEPT_SECONDS
            if not is_fresh and self._may_ask():
                await self._renew()
        return self._known(kid)

    def _known(self, kid: str | None) -> TicketKey | None:
        keys = self._keys or {}
        if kid is None and len(keys) == 1:
            return next(iter(keys.values()))
        return keys.get(kid)

    def _may_ask(self) -> bool:
        pause = FIRST_PAUSE_SECONDS if self._keys is None else PAUSE_SECONDS
        return self._asked_at is None or self._clock() - self._asked_at >= pause

    async def _renew(self) -> None:
        is_first = self._keys is None
        self._asked_at = self._clock()
        try:
            self._keys = read_keys(await self._fetch())
        except (OSError, ValueError) as error:
            log.warning("embed.keys_not_fetched", why=str(error) or type(error).__name__)
            return
        self._had_at = self._clock()
        if is_first:
            self._asked_at = None
        log.info("embed.keys_fetched", keys=len(self._keys))


class _KeySet(Struct):
    keys: list[dict[str, Any]]


def read_keys(jwks: bytes) -> dict[str | None, TicketKey]:
    """The keys of a JWKS that sign tickets, by name. Raises ValueError for what is no JWKS."""
    try:
        entries = msgspec.json.decode(jwks, type=_KeySet).keys
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(f"it is no JWKS: {error}") from None
    found: dict[str | None, TicketKey] = {}
    for entry in entries[:KEYS_MOST]:
        key = _read_key(entry)
        kid = entry.get("kid")
        if key is not None and (kid is None or isinstance(kid, str)):
            found[kid] = key
    return found


def _read_key(entry: Mapping[str, Any]) -> TicketKey | None:
    """None for a key that no ticket is signed with: another kind, too weak, or for another purpose.

    Symmetric keys are among those: what is published is no secret.
    """
    try:
        match entry.get("kty"), entry.get("crv"):
            case "RSA", _:
                key, algorithms = RSAKey.import_key(_public(entry, "n", "e")), ("RS256",)
                if key.public_key.key_size not in RSA_BITS:
                    return None
            case "EC", "P-256":
                key, algorithms = ECKey.import_key(_public(entry, "crv", "x", "y")), ("ES256",)
            case "OKP", "Ed25519":
                key, algorithms = OKPKey.import_key(_public(entry, "crv", "x")), ("EdDSA", "Ed25519")
            case _:
                return None
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    is_for_tickets = entry.get("use", "sig") == "sig" and entry.get("alg", algorithms[0]) in algorithms
    return TicketKey(key, algorithms) if is_for_tickets else None


def _public(entry: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {"kty": entry["kty"], **{name: entry[name] for name in names}}
