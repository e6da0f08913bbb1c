"""The messenger in a window of its own: signed in by the portal, in charge while it is there."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from tests.embed_page.colleague import Colleague
from tests.embed_page.conftest import TakeVisitor
from tests.embed_page.portal_site import PortalSite
from tests.embed_page.visitor import Visitor
from tests.serving import Office, eventually

pytestmark = pytest.mark.browser

TAKES_OVER_WITHIN = 1.0
MACHINE_IS_SHARED = 2.0
"""Seconds that a busy test machine may add."""


def open_window(visitor: Visitor) -> Page:
    """By the panel's own button, as a person would."""
    visitor.press_button()
    panel = visitor.panel()
    with visitor.context.expect_page() as opening:
        panel.get_by_role("button", name="새 창에서 열기").click()
    window = opening.value
    window.get_by_role("heading", name="대화", exact=True).wait_for()
    return window


def test_a_window_is_signed_in_by_the_portal_and_takes_over(
    visitor: Visitor, colleague: Colleague, office: Office
) -> None:
    visitor.sign_in("김민지")
    window = open_window(visitor)
    assert window.url.startswith(office.url)
    visitor.waits_for("connection", "elsewhere")
    room = colleague.room_with("minji.kim")
    colleague.say(room, "창으로 왔어요?")
    expect(window.get_by_text("창으로 왔어요?").first).to_be_visible()
    assert visitor.heard("message") == []
    assert "(with Talk)" not in visitor.page.title()


def test_the_portal_takes_over_when_the_window_is_closed(visitor: Visitor, colleague: Colleague) -> None:
    visitor.sign_in("손하늘")
    window = open_window(visitor)
    visitor.waits_for("connection", "elsewhere")
    visitor.page.evaluate("window.heard.length = 0")
    began = time.monotonic()
    window.close(run_before_unload=True)
    visitor.waits_for("connection", "connected")
    assert time.monotonic() - began < TAKES_OVER_WITHIN + MACHINE_IS_SHARED
    expect(visitor.page).to_have_title("홈 · 새결 포털 (with Talk)")
    colleague.say(colleague.room_with("haneul.son"), "다시 포털이에요")
    visitor.waits_for("unread", 1)


def test_going_on_in_the_portal_leaves_the_window_in_charge(visitor: Visitor, colleague: Colleague) -> None:
    visitor.sign_in("이서연")
    window = open_window(visitor)
    visitor.page.goto(f"{visitor.url}/orders")
    visitor.until("window.Sendjay !== undefined")
    visitor.page.evaluate(
        "window.heard = []; Sendjay.on('connection', (to) => heard.push(['connection', to])); 0"
    )
    visitor.waits_for("connection", "elsewhere")
    visitor.page.mouse.click(300, 300)
    room = colleague.room_with("seoyeon.lee")
    colleague.say(room, "주문 보셨어요?")
    expect(window.get_by_text("주문 보셨어요?").first).to_be_visible()
    assert [told for told in visitor.heard("connection") if told == "connected"] == []


def test_a_window_that_is_there_already_is_shown_and_not_opened_twice(
    visitor: Visitor, colleague: Colleague
) -> None:
    visitor.sign_in("박지훈")
    window = open_window(visitor)
    visitor.waits_for("connection", "elsewhere")
    room = colleague.room_with("jihoon.park")
    colleague.say(room, "이 방으로 와 주세요")
    visitor.page.evaluate(f"Sendjay.openRoom('{room}')")
    expect(window.get_by_role("log").get_by_text("이 방으로 와 주세요")).to_be_visible()
    assert len(visitor.context.pages) == 2


def test_signing_out_of_the_portal_signs_the_window_out_and_the_next_person_is_the_next(
    visitor: Visitor, colleague: Colleague
) -> None:
    visitor.sign_in("김민지")
    window = open_window(visitor)
    colleague.say(colleague.room_with("minji.kim"), "민지님만 보세요")
    expect(window.get_by_text("민지님만 보세요").first).to_be_visible()
    visitor.page.evaluate("Sendjay.signOut()")
    window.get_by_label("비밀번호", exact=True).wait_for()
    visitor.page.context.clear_cookies(name="portal_session")
    visitor.sign_in("손하늘")
    colleague.say(colleague.room_with("haneul.son"), "하늘님만 보세요")
    visitor.page.evaluate("Sendjay.open()")
    reopened = open_window(visitor) if window.is_closed() else window
    if reopened is window:
        visitor.panel().get_by_role("button", name="새 창에서 열기").click()
    expect(reopened.get_by_text("하늘님만 보세요").first).to_be_visible()
    expect(reopened.get_by_text("민지님만 보세요")).to_have_count(0)


def test_who_was_signed_in_at_the_messenger_before_is_not_shown_to_the_portals_person(
    visitor: Visitor, colleague: Colleague, office: Office
) -> None:
    visitor.sign_in("김민지")
    window = open_window(visitor)
    colleague.say(colleague.room_with("minji.kim"), "민지님만 보세요")
    expect(window.get_by_text("민지님만 보세요").first).to_be_visible()
    window.close()
    # The portal forgets its person by itself, as at the end of its own session; the window had its own.
    visitor.page.context.clear_cookies(name="portal_session")
    visitor.sign_in("손하늘")
    colleague.say(colleague.room_with("haneul.son"), "하늘님만 보세요")
    window = open_window(visitor)
    expect(window.get_by_text("하늘님만 보세요").first).to_be_visible()
    expect(window.get_by_text("민지님만 보세요")).to_have_count(0)


def test_pages_of_an_unknown_origin_are_refused_with_a_word(
    take_visitor: TakeVisitor, portal: PortalSite
) -> None:
    stranger = take_visitor(portal.url.replace("localhost", "127.0.0.1"))
    stranger.page.goto(stranger.url)
    stranger.page.get_by_role("button", name="최도윤").click()
    said = f"does not accept pages of {stranger.url}. Add that origin to its setting embed_origins."
    assert eventually(lambda: stranger.has_warned_of(said), 15)
    stranger.errors.clear()
    assert stranger.button_says() == ""
