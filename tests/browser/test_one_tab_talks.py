"""G7 among tabs: one talks; whatever becomes of it, each screen shows every talk once and in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser import witness
from tests.browser.conftest import TakeDesk
from tests.browser.desk import Desk
from tests.browser.tabs import Tab
from tests.fault_proxy import FaultProxy
from tests.serving import Office, eventually

pytestmark = pytest.mark.browser

TAKES_OVER_WITHIN = 1.0
"""Seconds, by the pages' own clocks."""
TAKE_OVER_SECONDS = 10.0
"""How long a test looks for it, on a machine that is shared."""

NO_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })"
NO_STORAGE = """
const refuse = () => { throw new DOMException('no', 'SecurityError'); };
Object.defineProperty(window, 'localStorage', { get: refuse });
IDBFactory.prototype.open = refuse;
"""


class Tabs:
    """Five tabs of one browser before the same room, and a colleague elsewhere."""

    def __init__(self, context: BrowserContext, url: str, person: str, colleague: Desk) -> None:
        self.context = context
        self.url = url
        self.person = person
        self.colleague = colleague
        self.all: list[Tab] = []
        self.room = ""

    def open(self, count: int = 5) -> Tabs:
        first = Tab(self.context, self.url, self.person)
        first.sign_in()
        first.open_direct(self.colleague.person)
        first.say("t00")
        self.colleague.open_first_chat("t00")
        self.colleague.shows("t00")
        self.room = first.page.url.rpartition("/")[2]
        first.page.reload()
        first.composer.wait_for()
        self.all = [first]
        while len(self.all) < count:
            self.all.append(self.open_one())
        expect(first.timeline.get_by_text("t00")).to_be_visible()
        assert eventually(lambda: self.talking() == 1, TAKE_OVER_SECONDS), self.talking()
        return self

    def open_one(self) -> Tab:
        return Tab(self.context, self.url, self.person).show_room(self.room)

    def talking(self) -> int:
        return sum(tab.talks for tab in self.alive())

    def alive(self) -> list[Tab]:
        """Those that can answer, with all events heard that had come."""
        alive = [tab for tab in self.all if not tab.dead and not tab.asleep]
        for tab in alive:
            tab.page.evaluate("0")
        return alive

    def leader(self) -> Tab:
        return next(tab for tab in self.alive() if tab.talks)

    def show(self, *texts: str) -> None:
        """On every screen: these, once each and in this order, and never anything else in between."""
        for tab in self.alive():
            tab.shows(*texts)
        self.colleague.shows(*texts)
        for tab in self.alive():
            witness.check(tab.page)


OpenTabs = Callable[..., Tabs]


@pytest.fixture
def open_tabs(browser: Browser, office: Office, take_desk: TakeDesk) -> Iterator[OpenTabs]:
    contexts: list[BrowserContext] = []

    def open_tabs(count: int = 5, *, port: int | None = None, script: str = "") -> Tabs:
        one, other = office.some(2)
        colleague = take_desk(other.id).sign_in()
        context = browser.new_context(
            locale="ko-KR", viewport={"width": 1000, "height": 900}, reduced_motion="reduce"
        )
        contexts.append(context)
        if script:
            context.add_init_script(script)
        return Tabs(context, f"http://127.0.0.1:{port or office.port}", one.id, colleague).open(count)

    yield open_tabs
    for context in contexts:
        context.close()


def test_one_tab_of_five_talks_and_all_show_the_same(open_tabs: OpenTabs) -> None:
    tabs = open_tabs()
    for number, tab in enumerate(tabs.all, 1):
        tab.say(f"t{number:02}")
        tab.sees(f"t{number:02}")
    tabs.colleague.say("t06")
    tabs.show("t00", "t01", "t02", "t03", "t04", "t05", "t06")
    assert tabs.talking() == 1


def test_a_leader_that_is_closed_is_followed_at_once(open_tabs: OpenTabs) -> None:
    tabs = open_tabs()
    said = ["t00"]
    for number in (1, 2, 3):
        leader = tabs.leader()
        follower = next(tab for tab in tabs.alive() if tab is not leader)
        text, answer = f"t{number}a", f"t{number}b"
        follower.say(text)
        leader.close()
        tabs.colleague.sees(text)
        tabs.colleague.say(answer)
        follower.sees(answer)
        said += [text, answer]
        assert eventually(lambda: tabs.talking() == 1, TAKE_OVER_SECONDS)
        assert tabs.leader().took_over_in < TAKES_OVER_WITHIN
    tabs.show(*said)


def test_a_leader_that_crashes_is_followed_and_what_it_was_saying_is_said(open_tabs: OpenTabs) -> None:
    tabs = open_tabs()
    leader = tabs.leader()
    leader.say("t01")
    leader.sees("t01")
    leader.crash()
    tabs.colleague.sees("t01")
    tabs.colleague.say("t02")
    tabs.show("t00", "t01", "t02")
    assert eventually(lambda: tabs.talking() == 1, TAKE_OVER_SECONDS)
    assert tabs.leader().took_over_in < TAKES_OVER_WITHIN


def test_a_leader_that_is_frozen_lets_go_and_comes_back_as_one_of_the_others(open_tabs: OpenTabs) -> None:
    tabs = open_tabs(3)
    frozen = tabs.leader()
    frozen.freeze()
    rest = [tab for tab in tabs.all if tab is not frozen]
    tabs.colleague.say("t01")
    for tab in rest:
        tab.sees("t01")
    rest[0].say("t02")
    tabs.colleague.sees("t02")
    frozen.thaw()
    tabs.show("t00", "t01", "t02")
    assert eventually(lambda: tabs.talking() == 1, TAKE_OVER_SECONDS)


def test_a_leader_that_hangs_without_a_word_is_replaced(open_tabs: OpenTabs) -> None:
    tabs = open_tabs(3)
    hung = tabs.leader()
    hung.hang()
    rest = [tab for tab in tabs.all if tab is not hung]
    tabs.colleague.say("t01")
    rest[0].page.bring_to_front()
    for tab in rest:
        tab.sees("t01")
    rest[1].say("t02")
    tabs.colleague.sees("t02")
    hung.go_on()
    tabs.show("t00", "t01", "t02")
    assert eventually(lambda: tabs.talking() == 1, TAKE_OVER_SECONDS)


def test_tabs_come_and_go_while_people_talk(open_tabs: OpenTabs) -> None:
    tabs = open_tabs(3)
    said = ["t00"]
    for number in range(1, 9):
        text = f"t{number:02}"
        speaker = tabs.alive()[number % len(tabs.alive())]
        speaker.say(text)
        if number % 3 == 0:
            speaker.sees(text)
            tabs.leader().close()
            tabs.all.append(tabs.open_one())
        elif number % 3 == 1:
            tabs.alive()[-1].page.reload()
        tabs.colleague.sees(text)
        said.append(text)
    tabs.show(*said)


def test_the_line_breaks_and_comes_back_under_all_tabs(office: Office, open_tabs: OpenTabs) -> None:
    with FaultProxy(office.port) as line:
        tabs = open_tabs(port=line.port)
        line.cut()
        for number, tab in enumerate(tabs.all, 1):
            tab.say(f"t{number:02}")
        tabs.colleague.say("t06")
        line.mend()
        for number in range(1, 7):
            tabs.colleague.sees(f"t{number:02}")
        # Who was first while nobody could hear is the server's to say: the same for all.
        tabs.show(*tabs.colleague.texts())
        assert sorted(tabs.colleague.texts()) == ["t00", "t01", "t02", "t03", "t04", "t05", "t06"]
        assert tabs.talking() == 1


def test_a_line_that_is_dead_without_a_sign_is_found_out(office: Office, open_tabs: OpenTabs) -> None:
    with FaultProxy(office.port) as line:
        tabs = open_tabs(2, port=line.port)
        line.drop()
        tabs.all[0].say("t01")
        tabs.colleague.say("t02")
        # The page believes in its socket still; the person comes back to it, as after closing the lid.
        line.mend()
        tabs.all[0].page.evaluate("dispatchEvent(new Event('online'))")
        tabs.all[0].sees("t02")
        tabs.colleague.sees("t01")
        tabs.show(*tabs.colleague.texts())


def test_a_server_that_is_restarted_under_five_tabs_costs_nothing(
    office: Office, open_tabs: OpenTabs
) -> None:
    with FaultProxy(office.port) as line:
        tabs = open_tabs(port=line.port)
        office.kill()
        for number, tab in enumerate(tabs.all, 1):
            tab.say(f"t{number:02}")
        office.start()
        line.target = office.port
        tabs.colleague.page.goto(tabs.colleague.page.url.replace(tabs.colleague.url, office.url))
        for number in range(1, 6):
            tabs.colleague.sees(f"t{number:02}")
        tabs.show(*tabs.colleague.texts())
        assert sorted(tabs.colleague.texts()) == ["t00", "t01", "t02", "t03", "t04", "t05"]


@pytest.mark.parametrize(
    "script", [NO_LOCKS, NO_STORAGE, NO_LOCKS + ";" + NO_STORAGE], ids=["locks", "storage", "both"]
)
def test_where_a_browser_lacks_locks_or_storage_all_holds_still(open_tabs: OpenTabs, script: str) -> None:
    tabs = open_tabs(3, script=script)
    leader = tabs.leader()
    follower = next(tab for tab in tabs.all if tab is not leader)
    follower.say("t01")
    tabs.colleague.sees("t01")
    leader.close()
    tabs.colleague.say("t02")
    follower.sees("t02")
    follower.say("t03")
    tabs.show("t00", "t01", "t02", "t03")
    assert eventually(lambda: tabs.talking() == 1, TAKE_OVER_SECONDS)
