"""What stands behind a link: shown to all who see the message, fetched with care, failing quietly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from sendjay.previews.addresses import may_be_asked, networks
from sendjay.previews.fetching import Fetcher
from sendjay.previews.model import first_link
from tests.clients import SocketClient, new_key
from tests.previews.pages import Pages, web_server
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Office, run_office


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    with web_server() as address:
        yield address


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder: Path = tmp_path_factory.mktemp("office")
    shown = {"link_previews": "true", "preview_networks": "127.0.0.0/8"}
    yield from run_office(folder, **FAST_TALKERS, **shown)


async def test_a_preview_comes_under_the_message_for_all_and_goes_with_the_link(
    office: Office, web: str
) -> None:
    person, other = office.some(2)
    async with (
        await SocketClient.connect(office, person) as a,
        await SocketClient.connect(office, other) as b,
    ):
        room = await a.create(other)
        url = f"{web}/wiki/계획"
        sent = await a.send(room, f"여기 있어요 ({url}).")
        told = (await b.event("message.changed"))["message"]
        assert told["preview"] == {
            "url": url,
            "title": "3분기 실적 & 계획",
            "text": "줄이 나뉜 설명 <b>굵게</b>",
            "site": "사내 위키",
        }
        (asked,) = [headers for path, headers in Pages.asked if path.startswith("/wiki")]
        assert "Cookie" not in asked
        assert "Authorization" not in asked
        # The same link is not asked again, and a forward takes it along.
        again = await a.send(room, f"{url} 다시")
        changed = await b.event("message.changed", version=again["version"] + 1)
        assert changed["message"]["preview"] == told["preview"]
        assert len([path for path, _ in Pages.asked if path.startswith("/wiki")]) == 1
        further = await a.create(person)
        passed = {"client_id": new_key(), "forward": {"room": room, "seq": sent["seq"]}}
        await a.ask("message.send", room=further, **passed)
        last = (await a.ask("room.get", room=further))["room"]["room"]["last"]
        assert last["preview"] == told["preview"]
        await a.ask("message.edit", room=room, seq=sent["seq"], body="없던 일로 해요")
        (row,) = (await b.ask("message.get", room=room, seqs=[sent["seq"]]))["messages"]
        assert "preview" not in row


LOCAL = networks(["127.0.0.0/8"])


class Names:
    """A name server that says what it is told to, time after time."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(f"{host}:{port}")
        return [self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]]


async def fetch(url: str, *answers: str) -> str | None:
    """The title that is shown."""
    page = await Fetcher(Names(*(answers or ("127.0.0.1",))), LOCAL).page(url)
    return page and page.preview.title


async def test_pages_that_are_to_be_read_are_read_and_no_others(web: str) -> None:
    assert await fetch(f"{web}/wiki/x") == "3분기 실적 & 계획"
    assert await fetch(f"{web}/korean/x") == "옛 한글"
    assert await fetch(f"{web}/to/~wiki~x") == "3분기 실적 & 계획"
    title = await fetch(f"{web}/evil/x")
    assert title is not None
    assert title.startswith("<img src=x onerror=alert(1)>")
    assert len(title) <= 160
    for path in ("none", "loop", "packed", "picture", "endless", "drip"):
        assert await fetch(f"{web}/{path}/x") is None, path


async def test_no_redirect_and_no_name_leads_to_a_neighbour(web: str) -> None:
    port = web.rpartition(":")[2]
    # A public page sends on to a private one.
    assert await fetch(f"{web}/to/http:~~10.1.2.3~admin", "127.0.0.1", "10.1.2.3") is None
    assert await fetch(f"{web}/to/file:~~~etc~passwd") is None
    assert await fetch(f"{web}/to/http:~~me:secret@127.0.0.1:{port}~wiki~x") is None
    # A name that is public when it is judged, and private when it is asked again: it is asked once.
    names = Names("127.0.0.1", "10.0.0.1")
    preview = await Fetcher(names, LOCAL).page(f"http://changes.example:{port}/wiki/x")
    assert preview is not None
    assert names.asked == [f"changes.example:{port}"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "0.0.0.0/0", "::1", "::", "fe80::1%eth0",
        "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1",
        "2001:0:7f00:1::1", "2001:db8::1", "not an address",
    ],
)  # fmt: skip
def test_addresses_of_nobody_else_are_not_asked(address: str) -> None:
    assert not may_be_asked(address, 80, ())
    assert not may_be_asked(address, 443, networks(["203.0.113.0/24"]))


def test_public_addresses_are_asked_at_the_usual_doors() -> None:
    assert may_be_asked("93.184.216.34", 443, ())
    assert may_be_asked("2606:2800:220:1::1", 80, ())
    assert not may_be_asked("93.184.216.34", 22, ())
    assert may_be_asked("10.1.2.3", 8080, networks(["10.0.0.0/8"]))


@pytest.mark.parametrize(
    "url",
    ["http://2130706433/", "http://0177.0.0.1/", "http://0x7f.1/", "http://127.1/", "http://[::1]/",
     "http://[::ffff:127.0.0.1]/", "http://localhost/"],
)  # fmt: skip
async def test_however_an_address_is_written_it_is_judged_as_what_it_is(url: str) -> None:
    from sendjay.previews.addresses import Resolver

    resolver = Resolver()
    try:
        assert await Fetcher(resolver, ()).page(url) is None
    finally:
        resolver.close()


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("자료는 https://intra.example/a?b=c#d 입니다.", "https://intra.example/a?b=c#d"),
        ("(https://example.com/x).", "https://example.com/x"),
        ("https://me:secret@example.com/ https://example.com/b", "https://example.com/b"),
        ("ftp://example.com javascript://x", None),
        ("http://", None),
        ("http://[broken", None),
        ("x" * 4_000, None),
    ],
)
def test_the_first_link_that_is_one(text: str, link: str | None) -> None:
    assert first_link(text) == link
