"""The rooms in front of a person's eyes: their other connections hear of them, to stay quiet about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

import msgspec

from sendjay.protocol.events import FocusMoved
from sendjay.realtime.frames import text_frame
from sendjay.realtime.session import Session

encode = msgspec.json.Encoder().encode


class Beyond(Protocol):
    """What people look at at other nodes."""

    def rooms(self, user: str) -> frozenset[str]: ...

    def moved(self, user: str) -> None:
        """They look at something else here."""
        ...


class FocusBoard:
    """What each live connection looks at. Only the person's own connections ever hear of it."""

    def __init__(self, by_user: Mapping[str, tuple[Session, ...]]) -> None:
        self._by_user = by_user
        self.beyond: Beyond | None = None

    def set(self, session: Session, rooms: Iterable[str]) -> None:
        """Replace what this connection looks at."""
        session.focused = frozenset(rooms)
        self.changed(session.user_id)

    def elsewhere(self, session: Session) -> list[str]:
        """What the person looks at on their other connections; this one counts as told."""
        session.focus_told = self._elsewhere(session)
        return sorted(session.focus_told)

    def changed(self, user: str) -> None:
        """A connection of this person looks at something else, or went: tell those for whom it matters."""
        if self.beyond is not None:
            self.beyond.moved(user)
        self.moved(user)

    def here(self, user: str) -> frozenset[str]:
        """What they look at at this node."""
        return _looks(each for each in self._by_user.get(user, ()) if each.is_live)

    def moved(self, user: str) -> None:
        """The same, wherever it was."""
        for session in self._by_user.get(user, ()):
            if session.is_live:
                rooms = self._elsewhere(session)
                if rooms != session.focus_told:
                    session.focus_told = rooms
                    session.push(text_frame(encode(FocusMoved(sorted(rooms)))))

    def _elsewhere(self, session: Session) -> frozenset[str]:
        others = self._by_user.get(session.user_id, ())
        here = _looks(each for each in others if each is not session and each.is_live)
        return here if self.beyond is None else here | self.beyond.rooms(session.user_id)


def _looks(sessions: Iterable[Session]) -> frozenset[str]:
    return frozenset().union(*(each.focused for each in sessions))
