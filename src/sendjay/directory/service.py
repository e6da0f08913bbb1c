"""What happens in the directory: who is found, what is imported, what people change about themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from msgspec import UNSET

from sendjay.actor import Actor
from sendjay.directory import entries, hangul, model, store
from sendjay.directory.entries import FLAGS, OrgEntry, UserEntry, Written, is_id, login_key, user_columns
from sendjay.directory.imports import Import, UserHook
from sendjay.directory.model import Me, MySettings, Photo, ProfileEdit
from sendjay.directory.sight import MET_MOST, Sight, named_only
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.events import PeopleChanged
from sendjay.protocol.objects import Org, Person
from sendjay.realtime.deliveries import ToWatchers
from sendjay.rooms.service import require_session
from sendjay.storage.database import Database
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer

__all__ = [
    "DirectoryService", "OrgEntry", "Sight", "UserEntry", "Written", "is_id", "login_key", "person_from_row",
]  # fmt: skip


MakePhoto = Callable[[bytes], Awaitable[bytes | None]]


async def _no_photo(_image: bytes) -> None:
    return None


def person_from_row(row: Any) -> Person:
    """Somebody as colleagues see them, from a row of `store.PERSON`."""
    return Person(
        id=row.user_id,
        name=row.name,
        org=row.org_code,
        org_name=row.org_name,
        top_org=row.top_org_code,
        top_org_name=row.top_org_name,
        job=row.job,
        tel=row.tel,
        nickname=row.nickname,
        absence=model.current_absence(
            row.absence_code, row.absence_note, row.absence_since, row.absence_until
        ),
        photo=row.photo_version or None,
        disabled=bool(row.disabled),
    )


class DirectoryService:
    def __init__(self, database: Database, writer: Writer, sight: Sight | None = None) -> None:
        """Without `sight` everybody sees everybody."""
        self._database = database
        self._writer = writer
        self._sight = sight
        self._when_disabled: list[UserHook] = []
        self._make_photo: MakePhoto = _no_photo

    def when_disabled(self, hook: UserHook) -> None:
        """Call `hook(tx, user_ids)` within every transaction that disables people."""
        self._when_disabled.append(hook)

    # Within somebody else's read or transaction

    def existing_people(self, within: sa.Connection | Transaction, ids: Collection[str]) -> set[str]:
        """Which of these ids are people who may be talked to."""
        return store.existing(within.connection if isinstance(within, Transaction) else within, ids)

    def people_within_reach(self, connection: sa.Connection, actor: Actor, ids: Collection[str]) -> set[str]:
        """Which of these ids are people whom the actor may bring into a room."""
        sight = self._limits(actor)
        near = ids if sight is None else sight.near(connection, actor.user_id, ids)
        return store.existing(connection, near)

    def people_now(self, within: sa.Connection | Transaction, ids: Collection[str]) -> list[Person]:
        """These people, disabled ones included, in the order asked for; unknown ids are left out."""
        connection = within.connection if isinstance(within, Transaction) else within
        found = {row.user_id: person_from_row(row) for row in store.people(connection, ids)}
        return [found[user_id] for user_id in dict.fromkeys(ids) if user_id in found]

    def write_users(self, tx: Transaction, people: Sequence[UserEntry], by: str = "") -> Written:
        """Add or change people; what an entry leaves out stays. Raises Refused for the first that cannot."""
        return Import(tx, by, self._when_disabled).users(people)

    # Reading

    async def orgs(self) -> list[Org]:
        """The orgs in use, in display order, each with its parent."""
        return model.tree(await self._database.read(store.all_orgs))

    async def orgs_shown_to(self, actor: Actor) -> list[Org]:
        """The same, where everybody may see who is in them."""
        return await self.orgs() if self._limits(actor) is None else []

    async def head_counts(self) -> dict[str, int]:
        """How many people each org has directly."""
        return await self._database.read(store.head_counts)

    async def near(self, actor: Actor, ids: Collection[str]) -> list[str]:
        """Those of these ids that the actor sees like colleagues, in their order."""
        sight = self._limits(actor)
        if sight is None:
            return list(ids)
        near = await self._database.read(lambda connection: sight.near(connection, actor.user_id, ids))
        return [each for each in ids if each in near]

    async def people(self, actor: Actor, ids: Collection[str]) -> list[Person]:
        """As `people_now`, of those that the actor may see. Raises Refused beyond 500."""
        if len(ids) > model.IDS_LIMIT:
            raise Refused(Code.TOO_MANY)
        return await self._database.read(lambda connection: self._shown(connection, actor, ids))

    def _shown(self, connection: sa.Connection, actor: Actor, ids: Collection[str]) -> list[Person]:
        sight = self._limits(actor)
        if sight is None:
            return self.people_now(connection, ids)
        near = sight.near(connection, actor.user_id, ids)
        far = sight.by_name(connection, actor.user_id, set(ids) - near)
        found = self.people_now(connection, [each for each in ids if each in near or each in far])
        return [each if each.id in near else named_only(each) for each in found]

    async def people_of_org(self, actor: Actor, code: str) -> list[Person]:
        """The direct members of an org, by name."""
        if self._limits(actor) is not None:
            return []
        limit = model.ORG_PEOPLE_LIMIT
        rows = await self._database.read(lambda connection: store.people_of_org(connection, code, limit))
        return [person_from_row(row) for row in rows]

    async def team(self, actor: Actor) -> list[Person]:
        """The people of my own org, me first; where not everybody is found, those I share rooms with."""
        sight, most = self._limits(actor), model.ORG_PEOPLE_LIMIT

        def read(connection: sa.Connection) -> list[Person]:
            if sight is not None:
                met = self.people_now(connection, sight.met_by(connection, actor.user_id, most))
                team = sorted((each for each in met if not each.disabled), key=lambda each: each.name)
            else:
                org = store.org_of(connection, actor.user_id)
                rows = store.people_of_org(connection, org, most) if org else []
                team = [person_from_row(row) for row in rows]
            mine = self.people_now(connection, [actor.user_id])
            return [*mine, *(each for each in team if each.id != actor.user_id)]

        return await self._database.read(read)

    async def search(self, actor: Actor, text: str) -> list[Person]:
        """At most 50 people of whom every word is true: name, id, org, job, nickname, phone digits, 초성."""
        words = [hangul.as_typed(word) for word in hangul.fold(text[:200]).split()][: model.SEARCH_WORDS]
        if not words:
            return []
        sight = self._limits(actor)

        def read(connection: sa.Connection) -> list[Any]:
            among = None
            if sight is not None:
                among = [actor.user_id, *sight.met_by(connection, actor.user_id, MET_MOST)]
            return store.search(connection, words, store.org_of(connection, actor.user_id), among)

        return [person_from_row(row) for row in await self._database.read(read)]

    def _limits(self, actor: Actor) -> Sight | None:
        return None if actor.kind == "admin" else self._sight

    async def me(self, actor: Actor) -> Me:
        row = await self._database.read(lambda connection: store.user(connection, actor.user_id))
        if row is None:
            raise Refused(Code.NOT_FOUND)
        return _me(row)

    async def photo(self, actor: Actor, user_id: str) -> Photo | None:
        def read(connection: sa.Connection) -> Any:
            is_shown = self._limits(actor) is None or self._shown(connection, actor, [user_id])
            return store.photo(connection, user_id) if is_shown else None

        row = await self._database.read(read)
        return Photo(*row) if row else None

    # Writing

    async def edit_me(self, actor: Actor, edit: ProfileEdit) -> Me:
        """Change what people change about themselves."""
        given = {name: getattr(edit, name) for name in ("nickname", "job", "tel")}
        entry = UserEntry(
            actor.user_id, **{name: value for name, value in given.items() if value is not UNSET}
        )
        absence = {} if edit.absence is UNSET else model.absence_columns(edit.absence)

        def write(tx: Transaction) -> Me:
            require_session(tx, actor)
            row = store.users_by_id(tx, [actor.user_id])[actor.user_id]
            row |= user_columns(entry) | absence
            row |= entries.derived(row) | {"changed_at": tx.now, "changed_by": actor.user_id}
            store.update_user(tx, actor.user_id, row)
            me = _me(row)
            tx.publish(ToWatchers(actor.user_id, PeopleChanged([me.person])))
            return me

        return await self._writer.run(write, users=(actor.user_id,))

    def make_photos_with(self, make: MakePhoto) -> None:
        """How a photo is made of whatever image somebody gives; None: it is no image."""
        self._make_photo = make

    async def put_my_photo(self, actor: Actor, image: bytes) -> Me:
        """Raises Refused(WRONG_KIND) for what is no image."""
        made = await self._make_photo(image) if image else None
        if made is None:
            raise Refused(Code.WRONG_KIND, "This image cannot be read.")
        version = hashlib.sha256(made).hexdigest()[:16]

        def write(tx: Transaction) -> Me:
            require_session(tx, actor)
            store.put_photo(tx, actor.user_id, made, "image/jpeg", version)
            return self._tell_of_me(tx, actor)

        return await self._writer.run(write, users=(actor.user_id,))

    async def drop_my_photo(self, actor: Actor) -> Me:
        def write(tx: Transaction) -> Me:
            require_session(tx, actor)
            store.drop_photo(tx, actor.user_id)
            return self._tell_of_me(tx, actor)

        return await self._writer.run(write, users=(actor.user_id,))

    def _tell_of_me(self, tx: Transaction, actor: Actor) -> Me:
        me = _me(store.users_by_id(tx, [actor.user_id])[actor.user_id])
        tx.publish(ToWatchers(actor.user_id, PeopleChanged([me.person])))
        return me

    async def upsert_orgs(self, orgs: Sequence[OrgEntry]) -> Written:
        """Add or change orgs; people's org names and top orgs follow. All or nothing."""
        return await self._writer.run(lambda tx: Import(tx, "", self._when_disabled).orgs(orgs))

    async def upsert_users(self, people: Sequence[UserEntry], by: str = "") -> Written:
        """As `write_users`, in a transaction of its own: all or nothing."""
        return await self._writer.run(lambda tx: self.write_users(tx, people, by))

    async def put_photo(self, user_id: str, image: bytes, media_type: str) -> str:
        """Replace somebody's photo; its new version. Raises Refused for another type or too many bytes."""
        if media_type not in model.PHOTO_TYPES:
            raise Refused(Code.INVALID, "A photo is a JPEG, PNG, WebP or GIF image.")
        if len(image) > model.PHOTO_BYTES:
            raise Refused(Code.INVALID, "A photo has 1 MB at most.")
        version = hashlib.sha256(image).hexdigest()[:16]

        def write(tx: Transaction) -> str:
            if user_id not in store.users_by_id(tx, [user_id]):
                raise Refused(Code.NOT_FOUND)
            store.put_photo(tx, user_id, image, media_type, version)
            return version

        return await self._writer.run(write, users=(user_id,))


def _me(row: dict[str, Any]) -> Me:
    flags: dict[str, bool] = {name: bool(row[name]) for name in FLAGS}
    return Me(
        person=person_from_row(SimpleNamespace(**row)),
        login=row["login_key"],
        kind=row["kind"],
        settings=MySettings(
            **flags, notify_from=row["notify_from"], notify_to=row["notify_to"], language=row["language"]
        ),
    )
