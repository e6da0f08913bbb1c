"""Who takes their person's one live place raises its generation: many in one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sendjay.accounts import store
from sendjay.actor import Actor
from sendjay.protocol.errors import Code, Refused
from sendjay.storage.locks import Rows
from sendjay.storage.transaction import Transaction


class RaiseBatch:
    """Each session gets one more than all live ones of its person and kind of device."""

    def rows(self, actor: Actor) -> Rows:
        return Rows(users=(actor.user_id,))

    def __call__(self, tx: Transaction, actors: Sequence[Actor]) -> list[int | Refused]:
        found = store.newest_generations(tx, [actor.session_id for actor in actors])
        newest: dict[tuple[str, str], int] = {}
        raised: dict[str, int] = {}
        answers: list[int | Refused] = []
        for actor, row in zip(actors, found, strict=True):
            if row.session_id is None:
                answers.append(Refused(Code.UNAUTHORIZED))
                continue
            place = actor.user_id, actor.device_kind
            generation = max(newest.get(place, 0), row.newest or 0) + 1
            newest[place] = raised[actor.session_id] = generation
            answers.append(generation)
        store.put_generations(tx, list(raised.items()))
        return answers
