"""One person in two browsers: one of them has the place, the other says so, and they never fight."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.browser.conftest import TakeDesk
from tests.browser.desk import Desk
from tests.fault_proxy import FaultProxy
from tests.serving import Office, eventually, run_office

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    yield from run_office(folder, people=10, several_connections="false")


class Claims:
    """How often a page has asked for the place."""

    def __init__(self, page: Page) -> None:
        self.count = 0
        page.on("websocket", self._opened)

    def _opened(self, socket: WebSocket) -> None:
        socket.on("framesent", self._sent)

    def _sent(self, frame: str | bytes) -> None:
        command = json.loads(frame)
        self.count += command.get("cmd") in ("hello", "place.take")


def is_parked(desk: Desk) -> bool:
    return desk.page.get_by_text("다른 곳에서 사용 중이에요").first.is_visible()


def expect_parked(desk: Desk) -> None:
    expect(desk.page.get_by_text("다른 곳에서 사용 중이에요").first).to_be_visible()


def expect_here(desk: Desk) -> None:
    expect(desk.page.get_by_text("다른 곳에서 사용 중이에요")).to_have_count(0)


def at_two_desks(office: Office, take_desk: TakeDesk, port: int | None = None) -> tuple[Desk, Desk, Desk]:
    """Somebody before two browsers with the same room open, the second opened later; and a colleague."""
    one, other = office.some(2)
    colleague = take_desk(other.id).sign_in()
    first = take_desk(one.id, port=port).sign_in()
    first.open_direct(other.id)
    first.say("t00")
    colleague.open_first_chat("t00")
    second = take_desk(one.id, port=port).sign_in()
    second.open_first_chat("t00")
    expect_parked(first)
    expect_here(second)
    return first, second, colleague


def test_the_newer_browser_talks_and_the_older_says_so_and_takes_over_at_a_tap(
    office: Office, take_desk: TakeDesk
) -> None:
    first, second, colleague = at_two_desks(office, take_desk)
    claims = [Claims(first.page), Claims(second.page)]
    colleague.say("t01")
    second.sees("t01")
    expect(first.timeline.get_by_text("t01", exact=True)).to_have_count(0)
    first.page.get_by_text("다른 곳에서 사용 중이에요").first.click()
    first.shows("t00", "t01")
    expect_parked(second)
    colleague.say("t02")
    first.sees("t02")
    first.page.wait_for_timeout(3_000)
    assert not is_parked(first)
    assert is_parked(second)
    assert sum(each.count for each in claims) <= 1, "they fight over the place"


def test_who_types_in_the_parked_browser_is_back_in_it(office: Office, take_desk: TakeDesk) -> None:
    first, second, colleague = at_two_desks(office, take_desk)
    colleague.say("t01")
    second.sees("t01")
    first.say("t02")
    colleague.sees("t02")
    first.shows("t00", "t01", "t02")
    expect_parked(second)
    second.say("t03")
    for desk in (second, colleague):
        desk.shows("t00", "t01", "t02", "t03")
    expect_parked(first)


def test_the_older_browser_goes_on_by_itself_when_the_newer_is_gone(
    office: Office, take_desk: TakeDesk
) -> None:
    first, second, colleague = at_two_desks(office, take_desk)
    colleague.say("t01")
    second.sees("t01")
    second.page.close(run_before_unload=False)
    first.sees("t01")
    expect_here(first)
    colleague.say("t02")
    first.shows("t00", "t01", "t02")


def test_a_broken_line_changes_nothing_about_who_has_the_place(office: Office, take_desk: TakeDesk) -> None:
    with FaultProxy(office.port) as line:
        first, second, colleague = at_two_desks(office, take_desk, line.port)
        for number in (1, 2, 3):
            line.cut()
            colleague.say(f"t{number:02}")
            line.mend()
            second.sees(f"t{number:02}")
            assert eventually(lambda: is_parked(first), 10.0)
            assert not is_parked(second)
        first.say("t04")
        for desk in (first, colleague):
            desk.shows("t00", "t01", "t02", "t03", "t04")
        expect_parked(second)
