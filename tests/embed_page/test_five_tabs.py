"""Five tabs of a portal: one is connected for all, and whatever becomes of it, each tells all of it once."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Page

from tests.browser.sleeper import Sleeper
from tests.embed_page.colleague import Colleague
from tests.embed_page.conftest import TakeVisitor
from tests.embed_page.host_site import HostSite
from tests.embed_page.test_hosts import come
from tests.embed_page.test_windows import MACHINE_IS_SHARED, TAKES_OVER_WITHIN
from tests.embed_page.visitor import Visitor
from tests.fault_proxy import FaultProxy
from tests.serving import Office, eventually

pytestmark = pytest.mark.browser

PATHS = ("/orders", "/people", "/approvals", "/")
MARK = "(with Talk)"
NOTES_CONNECTED = """
window.connections = [];
Sendjay.on('connection', (to) => connections.push([performance.timeOrigin + performance.now(), to]));
null
"""
NOW = "performance.timeOrigin + performance.now()"
NOTES_GOING = f"addEventListener('pagehide', () => {{ localStorage.gone = {NOW}; }}); null"
PATIENCE = 10.0
"""Seconds until a test gives up; what is promised is judged by the pages' own clocks."""
STANDS_STILL = 2.0
"""Seconds after which a tab that others look at is missed, when it stands still without a word."""


class Tabs:
    """Somebody's tabs of the portal, and a colleague who says 1, 2, 3 … in their room."""

    def __init__(self, visitor: Visitor, colleague: Colleague, person: str) -> None:
        self.visitor = visitor
        self.colleague = colleague
        self.room = colleague.room_with(person)
        self.said = 0
        self.alive = [visitor.page]
        for path in PATHS:
            self.alive.append(visitor.context.new_page())
            visitor.go(path, self.alive[-1])

    def leader(self) -> Page:
        """The one whose title says so."""
        marked = [page for page in self.alive if page.title().endswith(MARK)]
        assert len(marked) == 1, [page.title() for page in self.alive]
        return marked[0]

    def hear(self) -> None:
        """One more talk is said: every page counts it and tells it, once."""
        self.said += 1
        self.colleague.say(self.room, str(self.said))
        for page in self.alive:
            page.bring_to_front()
            self.visitor.waits_for("unread", self.said, page)
            self.visitor.until(f"window.heard.at(-1)[1] === {self.said}", page)
            told = [message["text"] for message in self.visitor.heard("message", page)]
            assert told == [str(number + 1) for number in range(self.said)]
            assert f"{self.said}개" in self.visitor.button_says(page)

    def follow(self, within: float) -> None:
        """Another tab leads soon after now."""
        began = time.monotonic()
        assert eventually(self._somebody_leads, within + MACHINE_IS_SHARED), time.monotonic() - began

    def takes_over(self, leader: Page, go: Callable[[], object]) -> None:
        """Every other page is connected again within a second, by the pages' own clocks."""
        self.alive.remove(leader)
        for page in self.alive:
            page.evaluate(NOTES_CONNECTED)
        leader.evaluate(NOTES_GOING)
        # A crash fires no event: what was noted last is the moment before it.
        leader.evaluate(f"localStorage.gone = {NOW}; null")
        go()
        assert eventually(self._somebody_leads, PATIENCE)
        for page in self.alive:
            self.visitor.until("connections.length > 1 && connections.at(-1)[1] === 'connected'", page)
            took = page.evaluate("connections.at(-1)[0] - Number(localStorage.gone)") / 1000
            assert took < TAKES_OVER_WITHIN, took

    def _somebody_leads(self) -> bool:
        return sum(page.title().endswith(MARK) for page in self.alive) == 1


def test_leaders_that_are_closed_crash_or_go_to_another_page_are_followed_at_once(
    visitor: Visitor, colleague: Colleague
) -> None:
    visitor.sign_in("이서연")
    tabs = Tabs(visitor, colleague, "seoyeon.lee")
    tabs.hear()
    gone = tabs.leader()
    tabs.takes_over(gone, gone.close)
    tabs.hear()
    crashed = tabs.leader()
    tabs.takes_over(crashed, lambda: crash(crashed))
    tabs.hear()
    moved = tabs.leader()
    tabs.takes_over(moved, lambda: moved.goto("about:blank"))
    tabs.hear()


def crash(page: Page) -> None:
    with contextlib.suppress(Error):
        page.goto("chrome://crash")


def test_a_leader_that_stands_still_is_replaced_and_comes_back_as_one_of_the_others(
    visitor: Visitor, colleague: Colleague
) -> None:
    visitor.sign_in("박지훈")
    tabs = Tabs(visitor, colleague, "jihoon.park")
    for tells in (True, False):
        still = tabs.leader()
        tabs.alive.remove(still)
        # A page that is watched counts as seen, and such a one is never frozen: it is told, and stopped.
        if tells:
            still.evaluate("document.dispatchEvent(new Event('freeze')); 0")
        sleeper = Sleeper(still)
        sleeper.sleep()
        tabs.alive[0].bring_to_front()
        tabs.follow(TAKES_OVER_WITHIN if tells else STANDS_STILL)
        tabs.hear()
        sleeper.wake()
        if tells:
            still.evaluate("document.dispatchEvent(new Event('resume')); 0")
        tabs.visitor.until(f"Sendjay.unread === {tabs.said}", still)
        tabs.follow(TAKES_OVER_WITHIN)
        assert not still.title().endswith(MARK)


def test_without_a_network_all_wait_and_come_back_with_the_same_number(
    host: HostSite, take_visitor: TakeVisitor, office: Office, colleague: Colleague
) -> None:
    with FaultProxy(office.port) as line, host.messenger_at(f"http://127.0.0.1:{line.port}"):
        visitor = come(host, take_visitor, office)
        tabs = Tabs(visitor, colleague, host.person)
        tabs.hear()
        line.cut()
        for page in tabs.alive:
            visitor.waits_for("connection", "connecting", page)
        colleague.say(tabs.room, "2", "3")
        line.mend()
        for page in tabs.alive:
            page.bring_to_front()
            visitor.until("Sendjay.unread === 3", page)
        assert tabs.leader()
