"""Who takes their person's one live place raises its generation: many in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sendjay.accounts import store
from sendjay.actor import Actor
from sendjay.protocol.errors import Code, Refused
from sendjay.storage.locks import Rows
from sendjay.storage.transaction import Transaction


class Raise(NamedTuple):
    """A session that takes the place, which it was judged for when that stood at generation `above`."""

    actor: Actor
    above: int


class Raised(NamedTuple):
    """The generation that the session has now; or, where it has not `won`, that of another one."""

    generation: int
    won: bool


class RaiseBatch:
    """Each session gets one more than all there ever were of its person and kind of device, unless one that
    lives has gone above what was known: that one took the place at the same moment, perhaps at another node.
    """

    def rows(self, item: Raise) -> Rows:
        return Rows(users=(item.actor.user_id,))

    def __call__(self, tx: Transaction, items: Sequence[Raise]) -> list[Raised | Refused]:
        found = store.session_generations(tx, [item.actor.session_id for item in items])
        newest: dict[tuple[str, str], int] = {}
        raised: dict[str, int] = {}
        answers: list[Raised | Refused] = []
        for item, row in zip(items, found, strict=True):
            if row.session_id is None:
                answers.append(Refused(Code.UNAUTHORIZED))
                continue
            place = item.actor.user_id, item.actor.device_kind
            living = max(newest.get(place, 0), row.newest or 0)
            if living > item.above:
                answers.append(Raised(living, won=False))
                continue
            generation = max(item.above, row.highest or 0) + 1
            newest[place] = raised[item.actor.session_id] = generation
            answers.append(Raised(generation, won=True))
        store.put_generations(tx, list(raised.items()))
        return answers
