"""Who is signed in to the market; forgotten when it stops."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field

from content import NEIGHBOURS, Neighbour

SESSIONS_MAX = 1000


@dataclass
class Session:
    me: Neighbour
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    form_key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """Stands in every form: another site can send one here, but cannot know it."""
    said: str = ""
    """Shown once, on the next page."""

    def take_said(self) -> str:
        said, self.said = self.said, ""
        return said


class Sessions:
    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def begin(self, person: str) -> Session:
        session = Session(NEIGHBOURS[person])
        with self._lock:
            while len(self._sessions) >= SESSIONS_MAX:
                del self._sessions[next(iter(self._sessions))]
            self._sessions[session.key] = session
        return session

    def end(self, key: str) -> None:
        with self._lock:
            self._sessions.pop(key, None)

    def find(self, key: str) -> Session | None:
        return self._sessions.get(key)
