"""Argon2 in a few threads of its own: a flood of sign-ins takes neither the event loop nor all memory."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from sendjay.protocol.errors import Code, Refused

Result = TypeVar("Result")

THREADS = 2
WAITING = 64
"""Beyond this many at once, people hear `busy`."""


class Passwords:
    """Hashes and verifies: OWASP's least for Argon2id (19 MiB, two passes, one lane)."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="password")
        self._waiting = 0
        self._nobodys = self._hasher.hash(secrets.token_bytes(16))

    async def hash(self, password: bytes) -> str:
        return await self._run(lambda: self._hasher.hash(password))

    async def verify(self, password_hash: str | None, password: bytes) -> bool:
        """Without a hash the same work is done in vain: an unknown account must not answer sooner."""
        is_right = await self._run(lambda: self._verify(password_hash or self._nobodys, password))
        return is_right and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        return self._hasher.check_needs_rehash(password_hash)

    def _verify(self, password_hash: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (Argon2Error, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= WAITING:
            raise Refused(Code.BUSY, retry_after_ms=2000)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
