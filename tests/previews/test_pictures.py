"""The picture of a page stands in the card of its link: small, our own, and for those who see the message."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from sendjay.previews.fetching import Fetcher
from sendjay.previews.service import PICTURES_BURST
from tests.clients import SocketClient, new_key
from tests.previews.pages import CRUMBS, Pages, web_server
from tests.previews.test_previews import LOCAL, Names
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Office, Person, run_office

Json = dict[str, Any]


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    with web_server() as address:
        yield address


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder: Path = tmp_path_factory.mktemp("office")
    shown = {"link_previews": "true", "preview_networks": "127.0.0.0/8"}
    yield from run_office(folder, **FAST_TALKERS, **shown)


def get(office: Office, person: Person, room: str, seq: int, image: str) -> httpx.Response:
    with office.rest(person.token) as rest:
        return rest.get(f"/api/rooms/{room}/messages/{seq}/preview/{image}")


async def shown(client: SocketClient, room: str, url: str) -> Json:
    """The message with its preview."""
    sent = await client.send(room, url)
    changed = await client.event("message.changed", version=sent["version"] + 1)
    return changed["message"]


async def test_the_picture_is_small_and_our_own_and_for_who_sees_the_message(
    office: Office, web: str
) -> None:
    person, other, stranger = office.some(3)
    async with (
        await SocketClient.connect(office, person) as a,
        await SocketClient.connect(office, other) as b,
    ):
        room = await a.create(other)
        message = await shown(a, room, f"{web}/shown/~photo~wide.png")
        image, seq = message["preview"]["image"], message["seq"]
        answer = get(office, other, room, seq, image)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/webp"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert (picture.format, picture.size) == ("WEBP", (640, 336))
        with office.rest(other.token) as rest:
            where = f"/api/rooms/{room}/messages/{seq}/preview/{image}"
            # Kept by the browser, and asked about each time: who may see it no longer does not.
            assert answer.headers["cache-control"] == "private, no-cache"
            held = rest.get(where, headers={"If-None-Match": answer.headers["etag"]})
            assert (held.status_code, held.content) == (304, b"")
        (asked,) = [headers for path, headers in Pages.asked if path.startswith("/photo")]
        assert "Cookie" not in asked
        assert "Referer" not in asked
        absent = get(office, other, room, seq, "0" * 32)
        for refused in (
            get(office, stranger, room, seq, image),
            get(office, other, room, seq + 1, image),
            absent,
        ):
            assert refused.status_code == 404
            assert refused.json()["error"]["code"] == absent.json()["error"]["code"]
        # Where it is passed on, it can be seen; where it was taken back, no more.
        further = await b.create(stranger)
        await b.ask("message.send", room=further, client_id=new_key(), forward={"room": room, "seq": seq})
        last = (await b.ask("room.get", room=further))["room"]["room"]["last"]
        assert last["preview"]["image"] == image
        assert get(office, stranger, further, last["seq"], image).status_code == 200
        await a.ask("message.revoke", room=room, seq=seq)
        assert get(office, other, room, seq, image).status_code == 404
        assert get(office, stranger, further, last["seq"], image).status_code == 200


async def test_what_is_no_picture_to_be_shown_leaves_the_words_alone(office: Office, web: str) -> None:
    person, other = office.some(2)
    async with await SocketClient.connect(office, person) as client:
        room = await client.create(other)
        for name in ("dot", "huge", "long", "vector", "liar", "none", "loop", "wiki"):
            message = await shown(client, room, f"{web}/shown/~{name}~x")
            assert message["preview"]["title"] == "With a picture", name
            assert "image" not in message["preview"], name


async def test_a_picture_leads_to_no_neighbour_either(web: str) -> None:
    port = web.rpartition(":")[2]
    page = await Fetcher(Names("127.0.0.1"), LOCAL).page(f"{web}/shown/~photo~x")
    assert page is not None
    assert page.picture == f"{web}/photo/x"
    assert await Fetcher(Names("127.0.0.1"), LOCAL).picture(page.picture) is not None
    # The same server, where it is nobody that may be asked.
    strict = Fetcher(Names("127.0.0.1"), ())
    for address in (
        page.picture,
        f"http://neighbour.example:{port}/photo/x",
        f"http://2130706433:{port}/photo/x",
    ):
        assert await strict.picture(address) is None
    for address in ("file:///etc/passwd", f"http://who:how@127.0.0.1:{port}/photo/x", "//", "http://[::"):
        assert await Fetcher(Names("127.0.0.1"), LOCAL).picture(address) is None


async def test_a_page_in_thousands_of_pieces_leaves_everybody_else_their_turn(web: str) -> None:
    """What has come in one go is read without a pause by the library: nothing else would run meanwhile."""
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    waiting = asyncio.create_task(others())
    page = await Fetcher(Names("127.0.0.1"), LOCAL).page(f"{web}/crumbs/x")
    waiting.cancel()
    assert page is not None
    assert page.preview.title == "Crumbs"
    assert turns > CRUMBS / 2


async def test_one_picture_under_many_messages_is_kept_once(office: Office, web: str) -> None:
    person, other = office.some(2)
    async with await SocketClient.connect(office, person) as client:
        room = await client.create(other)
        first = await shown(client, room, f"{web}/shown/~photo~x")
        last = await shown(client, room, f"{web}/shown/~photo~y")
        assert first["preview"]["image"] == last["preview"]["image"]
        assert len(office.rows("SELECT picture_id FROM link_pictures")) == 1


async def test_who_brings_ever_new_pictures_gets_words_alone_and_others_may_still_bring_them(
    office: Office, web: str
) -> None:
    person, other = office.some(2)
    async with (
        await SocketClient.connect(office, person) as a,
        await SocketClient.connect(office, other) as b,
    ):
        room = await a.create(other)
        # More than once over: one comes back in each minute that a slow machine may take.
        for number in range(2 * PICTURES_BURST):
            preview = (await shown(a, room, f"{web}/shown/~photo~many-{number}"))["preview"]
            if "image" not in preview:
                break
        assert PICTURES_BURST <= number < 2 * PICTURES_BURST - 1
        assert preview["title"] == "With a picture"
        assert (await shown(b, room, preview["url"]))["preview"]["image"]
