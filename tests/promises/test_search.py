"""Search finds what a reader who looks through everything would find: no more, no less, the newest first."""

from __future__ import annotations

import asyncio
import random
import re
import unicodedata
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from sendjay.search.sealing import Made, keep, make
from sendjay.storage.database import Database
from sendjay.storage.transaction import Transaction
from tests.clients import Json, SocketClient, new_key
from tests.files.uploading import PNG, Uploader
from tests.room_model import fetch_timeline
from tests.serving import Office, Person, eventually

WORDS = [
    "대표이사", "이사회", "회의", "회의실", "견적서", "견적", "Deploy", "deployment", "re-deploy", "v2.1",
    "서버점검", "점심", "金曜日", "カード", "https://intra.example/plan", "ok", "OKR", "3분기", "보고서2",
    "한글NFD", "🎉",
]  # fmt: skip
TEXTS = (
    "대",
    "이사",
    "대표이사",
    "회의",
    "dep",
    "DEPLOY",
    "ploy",
    "v2",
    "견적 회의",
    "曜",
    "ok",
    "🎉",
    "none",
    "2",
)
QUERIES: list[dict[str, Any]] = [{"text": text} for text in TEXTS] + [
    {"kinds": ["link"]},
    {"kinds": ["image"]},
    {"kinds": ["file", "video"]},
    {"text": "사진"},
    {"text": "회의", "kinds": ["link"]},
]  # fmt: skip
ROWS = 530


def is_found(query: Json, row: Json) -> bool:
    """The rule, in the plainest words: Korean and the like anywhere, other words at their beginning."""
    files = row.get("files", [])
    said = unicodedata.normalize(
        "NFC", "\n".join([row.get("body", ""), *(f["name"] for f in files)])
    ).casefold()
    for term in unicodedata.normalize("NFC", query.get("text", "")).casefold().split():
        before = r"(?<![0-9a-z])" if re.match("[0-9a-z]", term) else ""
        if not re.search(before + re.escape(term), said):
            return False
    kinds = {f.get("kind", "file") for f in files} | (
        {"link"} if "https://" in row.get("body", "") else set()
    )
    if query.get("kinds") and not kinds & set(query["kinds"]):
        return False
    if query.get("sender", row["sender"]) != row["sender"]:
        return False
    return (
        query.get("since", 0) <= row["at"] < query.get("until", 2**60) and row.get("kind", "text") == "text"
    )


async def search_room(client: SocketClient, room: str, query: Json, limit: int) -> list[Json]:
    found: list[Json] = []
    before = 0
    while True:
        answer = await client.ask("search.room", room=room, before=before, limit=limit, **query)
        found += answer["messages"]
        before = answer.get("next", 0)
        if not before:
            return found


async def search_all(client: SocketClient, query: Json, limit: int) -> list[Json]:
    found: list[Json] = []
    after = ""
    while True:
        answer = await client.ask("search.all", after=after, limit=limit, **query)
        found += answer["hits"]
        after = answer.get("next", "")
        if not after:
            return found


async def fill(client: SocketClient, room: str, chance: random.Random, rows: int) -> None:
    sent = [
        await client.post(
            "message.send",
            room=room,
            client_id=new_key(),
            body=" ".join(chance.choices(WORDS, k=1 + chance.randrange(3))),
        )
        for _ in range(rows)
    ]
    await asyncio.gather(*sent)


async def check(
    office: Office, person: Person, rooms: list[str], chance: random.Random, every: int = 1
) -> None:
    with office.rest(person.token) as rest:
        seen = {room: await asyncio.to_thread(fetch_timeline, rest, room) for room in rooms}
    somewhere = chance.choice([row for rows in seen.values() for row in rows])
    queries = [*QUERIES, {"sender": somewhere["sender"]}, {"text": "회", "until": somewhere["at"]}]
    queries.append({"text": "이사", "since": somewhere["at"]})
    async with await SocketClient.connect(office, person) as client:
        for query in queries[::every]:
            expected = {
                room: [row for row in reversed(rows) if is_found(query, row)] for room, rows in seen.items()
            }
            for room in rooms:
                found = await search_room(client, room, query, chance.choice([7, 50]))
                assert found == expected[room], query
            hits = await search_all(client, query, 50)
            everywhere = [(row["at"], room, row["seq"]) for room, rows in expected.items() for row in rows]
            found = [(hit["message"]["at"], hit["room"], hit["message"]["seq"]) for hit in hits]
            assert found == sorted(everywhere, key=lambda each: (-each[0], each[1], -each[2])), query


def blocks_of(office: Office, room: str) -> int:
    """How many of the room's blocks can be passed over by what they can be found by."""
    return int(office.rows("SELECT COUNT(*) FROM search_blocks WHERE room_id = ?", room)[0][0])


@contextmanager
def kept_at_the_end(office: Office, room: str) -> Generator[Made]:
    """What the room's first block can be found by is made now, and kept after what happens within."""
    office.change("DELETE FROM search_blocks WHERE room_id = ?", room)
    database = Database(office.settings().database)
    try:
        made = database.read_now(lambda connection: make(connection, room, 0))
        yield made
        with database.writing_engine.begin() as connection:
            keep(Transaction(connection, 0), room, made)
    finally:
        database.close()


def newest(office: Office, room: str) -> int:
    return int(office.rows("SELECT seq FROM rooms WHERE room_id = ?", room)[0][0])


async def test_search_equals_looking_through_everything(office: Office) -> None:
    chance = random.Random(7)
    master, member, late = office.some(3)
    async with (
        await SocketClient.connect(office, master) as a,
        await SocketClient.connect(office, member) as b,
    ):
        big, small = await a.create(member, office.some(1)[0]), await a.create(member)
        await fill(a, big, chance, ROWS // 2)
        await a.ask("room.invite", client_id=new_key(), room=big, people=[late.id])
        upload = Uploader.of(office, member)
        for name, content in (("현장 사진.png", PNG), ("견적서 최종.txt", b"figures")):
            files = [upload.whole(content, name)]
            await b.ask("message.send", room=big, client_id=new_key(), files=files)
        await fill(b, big, chance, ROWS // 2)
        await fill(a, small, chance, 40)
        for client, person in ((a, master), (b, member)):
            with office.rest(person.token) as rest:
                rows = await asyncio.to_thread(fetch_timeline, rest, big)
            mine = [row["seq"] for row in rows if row["sender"] == person.id and row.get("body")]
            for seq in chance.sample(mine, 6):
                await client.ask("message.edit", room=big, seq=seq, body="이제 오늘의 대박 deployed")
            for seq in chance.sample(mine, 4):
                await client.ask("message.revoke", room=big, seq=seq)
        await b.ask("message.delete", room=big, seqs=chance.sample(range(1, ROWS), 20))
        await b.ask("message.send", room=small, client_id=new_key(), body="대박")
    assert await asyncio.to_thread(eventually, lambda: blocks_of(office, big) == 2)
    await check(office, master, [big, small], chance)
    await check(office, member, [big, small], chance, every=2)
    await check(office, late, [big], chance, every=3)
    # The same where nothing is sealed: the index only saves looking.
    office.change("DELETE FROM search_blocks WHERE room_id = ? AND block = 0", big)
    await check(office, master, [big, small], chance, every=2)


async def test_what_is_edited_while_its_block_is_being_sealed_is_found(office: Office) -> None:
    chance = random.Random(11)
    master, member = office.some(2)
    async with (
        await SocketClient.connect(office, master) as a,
        await SocketClient.connect(office, member) as b,
    ):
        room = await a.create(member)
        for block in range(1, 4):
            standing = block * 256 - newest(office, room) - 1
            await fill(a, room, chance, standing)
            last = await a.post("message.send", room=room, client_id=new_key(), body="last of its block")
            mine = [block * 256 - n for n in range(2, 22)]
            edits = [await a.post("message.edit", room=room, seq=seq, body=f"zebra{seq}") for seq in mine]
            await asyncio.gather(last, *edits)
            assert await asyncio.to_thread(eventually, lambda n=block: blocks_of(office, room) == n)
            found = {row["seq"] for row in await search_room(b, room, {"text": "zebra"}, 50)}
            assert found >= set(mine)


async def test_a_block_is_kept_as_the_room_is_not_as_it_was(office: Office) -> None:
    """Whatever happens between reading its rows and keeping what they can be found by."""
    master, member = office.some(2)
    async with await SocketClient.connect(office, master) as a:
        room = await a.create(member)
        await fill(a, room, random.Random(5), 260)
        assert await asyncio.to_thread(eventually, lambda: blocks_of(office, room) == 1)
        with kept_at_the_end(office, room):
            await a.ask("message.edit", room=room, seq=100, body="quokka")
        assert blocks_of(office, room) == 1
        assert [row["seq"] for row in await search_room(a, room, {"text": "quokka"}, 50)] == [100]


async def test_nothing_is_kept_of_a_block_whose_rows_are_nobodys_any_more(office: Office) -> None:
    master, member = office.some(2)
    async with await SocketClient.connect(office, master) as a:
        room = await a.create(member)
        await fill(a, room, random.Random(6), 260)
        assert await asyncio.to_thread(eventually, lambda: blocks_of(office, room) == 1)
        office.change("UPDATE rooms SET retained_seq = 256 WHERE room_id = ?", room)
        with kept_at_the_end(office, room) as made:
            assert made.row is not None
            office.change("DELETE FROM messages WHERE room_id = ? AND seq <= 256", room)
        assert blocks_of(office, room) == 0


async def test_nobody_finds_anything_in_a_room_that_is_not_theirs(office: Office) -> None:
    person, other, stranger = office.some(3)
    async with (
        await SocketClient.connect(office, person) as a,
        await SocketClient.connect(office, stranger) as c,
    ):
        room = await a.create(other)
        await a.send(room, "비밀 계획")
        assert await c.refusal("search.room", room=room, text="비밀") == "not_found"
        assert await c.refusal("search.room", room="no-such-room", text="비밀") == "not_found"
        assert (await c.ask("search.all", text="비밀"))["hits"] == []
        for nothing in ({"text": " "}, {"text": "\n"}, {}, {"text": "a b c d e f g h i j k l m"}):
            assert await a.refusal("search.room", room=room, **nothing) == "invalid"
        for cursor in ("x", "1:-2:room", "9" * 40 + ":1:x"):
            assert await a.refusal("search.all", text="비밀", after=cursor) == "invalid"


async def test_words_are_only_words(office: Office) -> None:
    person, other = office.some(2)
    async with await SocketClient.connect(office, person) as a:
        room = await a.create(other)
        await a.send(room, "비밀 계획 100")
        for text in ("' OR 1=1 --", "%", "_", "\\", "비%밀", "(", "[가-힣]+"):
            assert (await a.ask("search.room", room=room, text=text))["messages"] == []
        assert await a.refusal("search.room", room=room, text="\u202e밀") == "invalid"
