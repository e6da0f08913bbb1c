"""What becomes of the line under a page: no WebSocket passes, silence without a sign, sleep."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Request, WebSocket, expect

from tests.browser.conftest import TakeDesk
from tests.browser.desk import Desk
from tests.browser.sleeper import Sleeper
from tests.fault_line import Upgrades
from tests.fault_proxy import FaultProxy
from tests.serving import Office, eventually, run_office

pytestmark = pytest.mark.browser

TICK_SECONDS = 8.0
"""Short, so that a test need not wait half a minute for a line to be found dead."""
MACHINE_IS_SHARED = 1.5
"""Seconds that a busy test machine may add."""

SWALLOWED_SECONDS = 11.0
"""A WebSocket that nobody answers is given up after 10 s, once; two that are refused take less."""
NOTES_STREAM = """
const ask = fetch;
window.fetch = async (...asked) => {
    if (String(asked[0]).endsWith('/sign-in')) window.signedIn = performance.now();
    const answer = await ask(...asked);
    if (String(asked[0]).endsWith('/stream')) window.streamed ??= performance.now();
    return answer;
};
"""
NOTICES_SILENCE = """() => {
    window.dropped = performance.now();
    const look = () => {
        const said = document.body.innerText;
        if (/연결이 끊겼어요|연결하고 있어요/.test(said)) window.noticed ??= performance.now();
    };
    const changes = { childList: true, subtree: true, characterData: true };
    new MutationObserver(look).observe(document.body, changes);
}"""
JUMPY_CLOCK = """
let ahead = Number(sessionStorage.ahead ?? 0);
const now = Date.now;
const Real = Date;
Date = class extends Real {
  constructor(...given) { given.length ? super(...given) : super(now() + ahead); }
  static now() { return now() + ahead; }
};
window.jump = (days) => { ahead += days * 86_400_000; sessionStorage.ahead = ahead; };
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    yield from run_office(folder, people=20, tick_seconds=str(TICK_SECONDS))


class Ways:
    """Which ways a page has opened to the server."""

    def __init__(self, page: Page) -> None:
        self.streams = 0
        self.sockets: set[WebSocket] = set()
        page.on("request", self._asked)
        page.on("websocket", self._opened)

    def _asked(self, request: Request) -> None:
        self.streams += request.url.endswith("/stream")

    def _opened(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda _: self.sockets.add(socket))
        socket.on("close", lambda _: self.sockets.discard(socket))


def trouble(desk: Desk) -> Locator:
    """What the page says while it has no connection."""
    return desk.page.get_by_text("연결이 끊겼어요").or_(desk.page.get_by_text("연결하고 있어요")).first


def before_one_room(office: Office, take_desk: TakeDesk, port: int) -> tuple[Desk, Desk]:
    """Somebody behind a line, and a colleague, before their room."""
    one, other = office.some(2)
    near = take_desk(other.id).sign_in()
    far = take_desk(one.id, port=port).sign_in()
    far.open_direct(other.id)
    far.say("t00")
    near.open_first_chat("t00")
    near.shows("t00")
    return far, near


@pytest.mark.parametrize("how", ["refuse", "close", "swallow"])
def test_where_no_websocket_passes_people_talk_all_the_same(
    office: Office, take_desk: TakeDesk, how: Upgrades
) -> None:
    with FaultProxy(office.port) as line:
        line.refuse_websockets(how)
        one, other = office.some(2)
        far = take_desk(one.id, port=line.port)
        ways = Ways(far.page)
        far.page.add_init_script(NOTES_STREAM)
        far.sign_in()
        assert eventually(lambda: far.page.evaluate("window.streamed !== undefined"), 20)
        assert far.page.evaluate("streamed - signedIn") < 1_000 * (SWALLOWED_SECONDS + MACHINE_IS_SHARED)
        expect(trouble(far)).to_be_hidden()
        far.open_direct(other.id)
        near = take_desk(other.id).sign_in()
        far.say("t00")
        near.open_first_chat("t00")
        near.say("t01")
        far.shows("t00", "t01")
        assert ways.streams > 0
        assert not ways.sockets
        line.break_lines()
        near.say("t02")
        far.say("t03")
        for desk in (far, near):
            expect(desk.timeline.locator("article .bubble")).to_have_count(4)
        assert far.texts() == near.texts()


def test_a_page_on_a_stream_goes_back_to_a_websocket_and_loses_nothing(
    office: Office, take_desk: TakeDesk
) -> None:
    with FaultProxy(office.port) as line:
        line.refuse_websockets()
        one, other = office.some(2)
        far = take_desk(one.id, port=line.port)
        far.page.clock.install()
        ways = Ways(far.page)
        far.sign_in().open_direct(other.id)
        near = take_desk(other.id).sign_in()
        far.say("t00")
        near.open_first_chat("t00")
        assert ways.streams > 0
        line.mend()
        # So long a page stays with what works before it looks around.
        far.page.clock.fast_forward("01:05")
        said = ["t00"]
        for number in range(1, 9):
            near.say(f"t{number:02}")
            far.sees(f"t{number:02}")
            said.append(f"t{number:02}")
            far.page.clock.run_for(700)
        assert eventually(lambda: is_on_a_socket(far.page, ways), 20.0)
        far.say("t09")
        for desk in (far, near):
            desk.shows(*said, "t09")


def is_on_a_socket(page: Page, ways: Ways) -> bool:
    page.clock.run_for(700)
    return bool(ways.sockets)


def test_a_line_that_is_silently_dead_is_found_out_within_one_heartbeat(
    office: Office, take_desk: TakeDesk
) -> None:
    with FaultProxy(office.port) as line:
        far, near = before_one_room(office, take_desk, line.port)
        far.page.evaluate(NOTICES_SILENCE)
        line.drop()
        near.say("t01")
        expect(trouble(far)).to_be_visible(timeout=4_000 * TICK_SECONDS)
        # By the page's own clock: how late a busy machine shows it to us does not count.
        assert far.page.evaluate("noticed - dropped") < 1_000 * (TICK_SECONDS + MACHINE_IS_SHARED)
        line.mend()
        far.shows("t00", "t01")


@pytest.mark.parametrize("days", [3, -3])
def test_a_clock_that_jumps_changes_no_order_and_loses_nothing(
    office: Office, take_desk: TakeDesk, days: int
) -> None:
    with FaultProxy(office.port) as line:
        one, other = office.some(2)
        far = take_desk(one.id, port=line.port)
        far.page.add_init_script(JUMPY_CLOCK)
        near = take_desk(other.id).sign_in()
        far.sign_in().open_direct(other.id)
        far.say("t00")
        near.open_first_chat("t00")
        near.shows("t00")
        line.cut()
        far.say("t01")
        expect(trouble(far)).to_be_visible()
        far.page.evaluate(f"jump({days})")
        far.say("t02")
        line.mend()
        near.shows("t00", "t01", "t02")
        far.page.evaluate(f"jump({-days})")
        far.say("t03")
        near.shows("t00", "t01", "t02", "t03")
        near.say("t04")
        far.shows("t00", "t01", "t02", "t03", "t04")
        far.page.reload()
        far.shows("t00", "t01", "t02", "t03", "t04")


def test_who_slept_over_a_dead_line_has_everything_on_waking(office: Office, take_desk: TakeDesk) -> None:
    with FaultProxy(office.port) as line:
        far, near = before_one_room(office, take_desk, line.port)
        far.say("t01")
        near.sees("t01")
        sleeper = Sleeper(far.page)
        sleeper.sleep()
        line.drop()
        near.say("t02", "t03")
        near.page.wait_for_timeout(1_500 * TICK_SECONDS)
        line.break_lines()
        line.mend()
        sleeper.wake()
        far.shows("t00", "t01", "t02", "t03")
        far.say("t04")
        near.shows("t00", "t01", "t02", "t03", "t04")
