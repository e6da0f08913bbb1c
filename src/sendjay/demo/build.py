"""Makes the demo company through the same services that people use; only the past is written by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from random import Random

from sendjay.actor import Actor
from sendjay.app import Messenger
from sendjay.demo import company, history
from sendjay.demo.lively import Decorator
from sendjay.demo.photos import portrait
from sendjay.demo.rooms import ME, DemoRoom, demo_rooms
from sendjay.demo.talk import Invited, Said, Step

Work = Callable[[], Awaitable[str]]
"""One step; says what it has made."""


class Builder:
    """One demo company, as of `now` (with its time zone)."""

    def __init__(self, messenger: Messenger, now: datetime) -> None:
        self._messenger = messenger
        self._now = now
        self._listed = company.listed()
        self._ids = {each.id.partition(".")[0]: each.id for each in self._listed}
        self._decorator = Decorator(messenger, self._ids)

    def steps(self) -> list[tuple[str, Work]]:
        """What is to be done, in this order."""
        return [
            ("Companies and teams", self.companies),
            ("People", self.people),
            ("Passwords", self.passwords),
            ("Portraits", self.photos),
            ("Rooms and what was said in them", self.rooms),
        ]

    async def companies(self) -> str:
        orgs = company.orgs()
        await self._messenger.directory.upsert_orgs(orgs)
        tops = sum(org.depth == 0 for org in orgs)
        return f"{tops} companies with {len(orgs) - tops} divisions and teams"

    async def people(self) -> str:
        people = company.people(self._now.date())
        await self._messenger.directory.upsert_users(people)
        return f"{len(people)} people, {len(company.ABSENCES)} of them away around today"

    async def passwords(self) -> str:
        register = self._messenger.accounts.register
        for start in range(0, len(self._listed), 16):
            part = self._listed[start : start + 16]
            await asyncio.gather(*(register.set_password(each.id, company.PASSWORD, "demo") for each in part))
        return f"{len(self._listed)} accounts"

    async def photos(self) -> str:
        for user_id, look in company.LOOKS.items():
            image = await asyncio.to_thread(portrait, user_id, look)
            await self._messenger.directory.put_photo(user_id, image, "image/webp")
        return f"{len(company.LOOKS)} portraits"

    async def rooms(self) -> str:
        rooms = demo_rooms()
        said = [await self._room(room, number) for number, room in enumerate(rooms)]
        return f"{len(rooms)} rooms with {sum(said):,} messages"

    async def _room(self, room: DemoRoom, number: int) -> int:
        """Make it, fill it, and let its members read; how many messages it has."""
        people = list(dict.fromkeys(self._ids[name] for name in room.members.split()))
        steps = room.talk(self._now)
        master = Actor(people[0], "")
        answer = await self._messenger.membership.create(master, people, f"demo-room-{number}")
        room_id = answer.room.room.id
        if room.name is not None and len(people) > 2:
            await self._messenger.rooms.rename(master, room_id, room.name, "all")
        await self._messenger.writer.run(lambda tx: history.begin_at(tx, room_id, steps[0].at))
        await self._replay(room_id, steps)
        await self._decorator.decorate(room_id, people[0], room.lively)
        await self._read(room_id, room, people[0])
        if ME in people and (room.pinned or room.muted):
            await self._messenger.rooms.set_preferences(
                Actor(ME, ""), room_id, muted=room.muted, pinned=room.pinned, show_members=None
            )
        return sum(isinstance(step, Said) for step in steps)

    async def _replay(self, room_id: str, steps: Sequence[Step]) -> None:
        waiting: list[Said] = []
        for step in steps:
            if isinstance(step, Said):
                waiting.append(step._replace(who=self._ids[step.who]))
                continue
            await self._say(room_id, waiting)
            waiting = []
            await self._invite(room_id, step)
        await self._say(room_id, waiting)

    async def _say(self, room_id: str, said: list[Said]) -> None:
        await self._messenger.writer.run(lambda tx: history.add_talk(tx, room_id, said))

    async def _invite(self, room_id: str, step: Invited) -> None:
        host = Actor(self._ids[step.who], "")
        client_id = f"demo-invite-{'-'.join(step.people)}"[:64]
        await self._messenger.membership.invite(host, room_id, step.people, client_id)
        await self._messenger.writer.run(lambda tx: history.invited_at(tx, room_id, step.people, step.at))

    async def _read(self, room_id: str, room: DemoRoom, master: str) -> None:
        """Most have read everything, some are a little behind; ME as far as the room says."""
        random = Random(room_id if room.name is None else room.name)
        opened = await self._messenger.rooms.open_room(Actor(master, ""), room_id)
        newest = opened.room.room.seq
        said = await self._messenger.database.read(
            lambda connection: history.last_said_by(connection, room_id)
        )
        marks: list[tuple[str, int]] = []
        for member in opened.members:
            behind = random.choice((0, 0, 0, 0, 0, 1, 2, 5, 12))
            if member.user == ME:
                behind = room.unread
            marks.append((member.user, max(newest - behind, said.get(member.user, 0), 0)))
        reads = self._messenger.reads
        await asyncio.gather(*(reads.mark_and_wait(Actor(user, ""), room_id, seq) for user, seq in marks))
