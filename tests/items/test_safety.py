"""Among strangers: block, report, a warning, hidden numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from sendjay.safety.model import hide_phones
from tests.clients import RefusedError, SocketClient, new_key
from tests.embed.portal import ORIGIN, SECRET
from tests.items.shop import Shop
from tests.nursery import run_program
from tests.serving import Office, run_office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from run_office(
        tmp_path_factory.mktemp("office"),
        embed_origins=ORIGIN,
        embed_secret=SECRET,
        item_warning="앱 밖에서 돈을 보내지 마세요.",
        item_warning_words="계좌,선입금",
        item_hide_phones="true",
    )


async def test_a_block_acts_at_once_on_every_way_to_speak_and_the_room_stays_readable(
    office: Office, shop: Shop
) -> None:
    owner, asker = office.some(2)
    ref = shop.register(owner.id)
    async with (
        await SocketClient.connect(office, owner) as mine,
        await SocketClient.connect(office, asker) as theirs,
    ):
        sent = await theirs.ask("item.send", item=ref, client_id=new_key(), body="Hello")
        room = sent["room"]
        await theirs.ask("room.open", room=room)
        await mine.ask("room.open", room=room)
        await mine.ask("person.block", person=asker.id, on=True)
        assert (await theirs.event("room.changed", room=room))["blocked"]
        ways = {
            "message.send": {"room": room, "client_id": new_key(), "body": "Why?"},
            "item.send": {"item": ref, "client_id": new_key(), "body": "Why?"},
            "message.edit": {"room": room, "seq": 1, "body": "Why?"},
            "message.react": {"room": room, "seq": 1, "emoji": "👍", "on": True},
            "room.pin": {"room": room, "seq": 1},
        }
        for client in (mine, theirs):
            for command, fields in ways.items():
                with pytest.raises(RefusedError, match=r"blocked|not_allowed"):
                    await client.ask(command, **fields)
        other = shop.register(owner.id)
        with pytest.raises(RefusedError, match="blocked"):
            await theirs.ask("item.send", item=other, client_id=new_key(), body="And this?")
        third = office.some(1)[0].id
        for people in ([owner.id], [owner.id, third]):
            with pytest.raises(RefusedError, match="blocked"):
                await theirs.ask("room.create", client_id=new_key(), people=people)
        group = await theirs.create(third, office.some(1)[0].id)
        with pytest.raises(RefusedError, match="blocked"):
            await theirs.ask("room.invite", client_id=new_key(), room=group, people=[owner.id])
        # A deal that the host reports all the same makes no room to speak in.
        shop.deal(other, asker.id, "requested")
        with pytest.raises(RefusedError, match="blocked"):
            await theirs.ask("item.send", item=other, client_id=new_key(), body="And this?")
        # Who opens it, as clients do when they hear of the block, reads and is told of nothing more.
        for client in (mine, theirs):
            await client.ask("room.open", room=room)
            with pytest.raises(RefusedError, match="not_found"):
                await client.ask("typing.set", room=room, typing=True)
        assert len((await theirs.ask("message.history", room=room))["messages"]) == 1
        assert (await mine.ask("people.blocked"))["people"] == [asker.id]
        assert await theirs.ask("people.blocked") == {}
        await theirs.ask("person.block", person=owner.id, on=True)
        await mine.ask("person.block", person=asker.id, on=False)
        with pytest.raises(RefusedError, match="blocked"):
            await mine.send(room, "Hello again")
        await theirs.ask("person.block", person=owner.id, on=False)
        await mine.send(room, "Hello again")


async def test_colleagues_whom_no_item_brought_together_cannot_be_blocked(office: Office, shop: Shop) -> None:
    one, other = office.some(2)
    async with await SocketClient.connect(office, one) as client:
        for person in (other.id, one.id, "nobody"):
            with pytest.raises(RefusedError, match="not_found"):
                await client.ask("person.block", person=person, on=True)


async def test_a_report_reaches_the_administrator_with_what_was_said(office: Office, shop: Shop) -> None:
    owner, asker, admin = office.some(3)
    office.change("UPDATE users SET kind = 'admin' WHERE user_id = ?", admin.id)
    ref = shop.register(owner.id)
    async with await SocketClient.connect(office, asker) as client:
        room = (await client.ask("item.send", item=ref, client_id=new_key(), body="Hello"))["room"]
        await client.ask("room.report", room=room, reason="fraud", text="돈부터 보내래요.")
    with office.rest(admin.token) as rest:
        (report,) = rest.get("/api/reports").json()["reports"]
    assert (report["reporter"], report["reported"], report["reason"]) == (asker.id, owner.id, "fraud")
    assert report["messages"][0]["body"] == "Hello"
    for person in (owner, asker):
        with office.rest(person.token) as rest:
            assert rest.get("/api/reports").status_code == 404


async def test_the_command_line_shows_reports_whatever_was_typed_in_them(office: Office, shop: Shop) -> None:
    owner, asker = office.some(2)
    ref = shop.register(owner.id, title="A lamp")
    async with await SocketClient.connect(office, asker) as client:
        room = (await client.ask("item.send", item=ref, client_id=new_key(), body="One\nline"))["room"]
        await client.ask("room.report", room=room, reason="abuse", text="\x1b[2JRude,\nvery")
    environment = {"SENDJAY_DATA_DIR": str(office.data)}
    said = run_program("report", "list", "--limit", "1", env=environment, cwd=office.data).stdout
    assert f"{asker.id} reports {owner.id}\n  [2JRude, very\n" in said
    assert "abuse, about A lamp (" in said
    assert f"{asker.id}: One line" in said
    listed = run_program("report", "list", "--json", env=environment, cwd=office.data).stdout
    assert json.loads(listed)[0]["reporter"] == asker.id


async def test_the_hosts_warning_is_shown_once(office: Office, shop: Shop) -> None:
    owner, asker = office.some(2)
    ref = shop.register(owner.id)
    async with await SocketClient.connect(office, asker) as client:
        room = (await client.ask("item.send", item=ref, client_id=new_key(), body="계좌 알려 주세요"))["room"]
        event = await client.event("room.changed", room=room)
        assert event["messages"][0]["notice"] == {"type": "warning", "name": "앱 밖에서 돈을 보내지 마세요."}
        await client.send(room, "선입금 할게요")
        await client.send(room, "네")
        kinds = [
            each.get("kind", "text") for each in (await client.ask("message.history", room=room))["messages"]
        ]
        assert kinds.count("notice") == 1


async def test_a_warning_is_due_for_what_is_passed_on_as_well(office: Office, shop: Shop) -> None:
    owner, asker = office.some(2)
    ref = shop.register(owner.id)
    async with await SocketClient.connect(office, asker) as client:
        note = await client.create()
        await client.send(note, "계좌 1234")
        room = (await client.ask("item.send", item=ref, client_id=new_key(), body="안녕하세요"))["room"]
        await client.ask("message.send", room=room, client_id=new_key(), forward={"room": note, "seq": 1})
        event = await client.event("room.changed", room=room)
        assert event["messages"][0]["notice"]["type"] == "warning"


@pytest.mark.parametrize(
    "number",
    [
        "010-1234-5678", "010.1234.5678", "010 1234 5678", "01012345678", "０１０-１２３４-５６７８",
        "010–1234–5678",
        "010·1234·5678", "010/1234/5678", "010_1234_5678", "010－1234－5678", "010\u200b1234\u200b5678",
        "0 1 0 1 2 3 4 5 6 7 8", "+82 (0)10-1234-5678", "+82-10-1234-5678", "821012345678", "02-123-4567",
        "(031) 123-4567",
    ],
)  # fmt: skip
def test_a_number_is_told_however_it_is_written(number: str) -> None:
    hidden = hide_phones(f"전화 {number} 로요")
    assert "•••-••••-••••" in hidden
    assert not any(character.isdecimal() for character in hidden)


@pytest.mark.parametrize(
    "text",
    ["하루 12,000원", "2026-11-28 ~ 2026-11-30", "주문 20261128-0031", "1,234,567,890원", "3.14159265358979"],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert hide_phones(text) == text


async def test_phone_numbers_are_kept_nowhere(office: Office, shop: Shop) -> None:
    owner, asker = office.some(2)
    ref = shop.register(owner.id)
    async with await SocketClient.connect(office, asker) as client:
        said = {"item": ref, "client_id": new_key(), "body": "010-1234-5678 로 전화 주세요, 12,000원"}
        sent = await client.ask("item.send", **said)
        assert await client.ask("item.send", **said) == sent
        await client.ask("message.edit", room=sent["room"], seq=1, body="+82 10 1234 5678 이에요, 12,000원")
        body = (await client.ask("message.get", room=sent["room"], seqs=[1]))["messages"][0]["body"]
        assert body == "•••-••••-•••• 이에요, 12,000원"
        note = await client.create()
        await client.send(note, "010-1234-5678")
        passed = {"room": sent["room"], "client_id": new_key(), "forward": {"room": note, "seq": 1}}
        await client.ask("message.send", **passed)
    about = "SELECT 1 FROM messages WHERE body LIKE '%5678%' AND room_id = ?"
    assert not office.rows(about, sent["room"])
    assert not office.rows("SELECT 1 FROM message_edits WHERE body LIKE '%5678%'")
