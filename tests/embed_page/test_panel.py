"""The docked panel: the whole messenger beside the portal's page, without a cookie and without a sign-in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.embed_page.colleague import Colleague
from tests.embed_page.conftest import TakeVisitor, pictures
from tests.embed_page.visitor import Visitor
from tests.serving import eventually

pytestmark = pytest.mark.browser


def test_a_talk_is_read_and_answered_in_the_panel(visitor: Visitor, colleague: Colleague) -> None:
    visitor.sign_in("김민지")
    room = colleague.room_with("minji.kim")
    colleague.say(room, "하노이 2공장 지그 견적 보셨어요?", "오늘 안에 결재 올리려고요")
    visitor.waits_for("unread", 2)
    _take_picture(visitor, "portal-home")
    visitor.press_button()
    panel = visitor.panel()
    panel.get_by_text("오늘 안에 결재 올리려고요").first.click()
    composer = panel.locator("textarea.composer-field")
    composer.fill("네, 방금 봤어요. 바로 결재할게요")
    composer.press("Enter")
    visitor.waits_for("unread", 0)
    assert eventually(lambda: "네, 방금 봤어요. 바로 결재할게요" in colleague.hears(room), 10)
    expect(panel.get_by_role("log").get_by_text("네, 방금 봤어요. 바로 결재할게요")).to_be_visible()
    _take_picture(visitor, "portal-panel")


def test_esc_goes_up_in_the_panel_and_then_closes_it(visitor: Visitor, colleague: Colleague) -> None:
    visitor.sign_in("손하늘")
    room = colleague.room_with("haneul.son")
    colleague.say(room, "자료 받으셨어요?")
    visitor.page.evaluate(f"Sendjay.openRoom('{room}')")
    panel = visitor.panel()
    panel.get_by_text("자료 받으셨어요?").first.wait_for()
    panel.locator("textarea.composer-field").press("Escape")
    panel.get_by_role("heading", name="대화", exact=True).wait_for()
    panel.locator("body").press("Escape")
    visitor.waits_for("close", None)
    assert eventually(lambda: visitor.button_says() != "")


def test_what_is_said_while_the_panel_is_closed_stays_unread(visitor: Visitor, colleague: Colleague) -> None:
    visitor.sign_in("박지훈")
    room = colleague.room_with("jihoon.park")
    colleague.say(room, "첫 번째")
    visitor.page.evaluate(f"Sendjay.openRoom('{room}')")
    visitor.panel().get_by_role("log").get_by_text("첫 번째").wait_for()
    visitor.waits_for("unread", 0)
    visitor.page.evaluate("Sendjay.close()")
    colleague.say(room, "두 번째")
    visitor.waits_for("unread", 1)
    visitor.press_button()
    visitor.until("Sendjay.unread === 0")


def test_a_chat_link_of_the_portal_opens_the_talk_with_that_person(
    take_visitor: TakeVisitor, visitor: Visitor
) -> None:
    """Who is chatted with has been at the portal before: that is how the messenger knows them here."""
    take_visitor().sign_in("최도윤")
    visitor.sign_in("이서연")
    visitor.go("/people")
    visitor.page.get_by_role("button", name="최도윤님과 대화").click()
    panel = visitor.panel()
    expect(panel.get_by_role("heading", name=re.compile("최도윤"))).to_be_visible()
    expect(panel.locator("textarea.composer-field")).to_be_visible()


def test_who_asks_before_the_portal_has_answered_is_served_when_it_has(visitor: Visitor) -> None:
    visitor.sign_in("이서연")
    asked: list[Route] = []
    visitor.page.route("**/sendjay/ticket", lambda route: asked.append(route))
    visitor.page.goto(f"{visitor.url}/orders")
    visitor.page.evaluate("Sendjay.open(); null")
    while not asked:
        visitor.page.wait_for_timeout(20)
    asked[0].continue_()
    expect(visitor.panel().get_by_role("heading", name="대화", exact=True)).to_be_visible()
    assert not visitor.warnings


def test_the_panel_leaves_the_back_button_to_the_portal(visitor: Visitor, colleague: Colleague) -> None:
    visitor.sign_in("마소라")
    visitor.go("/orders")
    colleague.say(colleague.room_with("sora.ma"), "발주서 확인 부탁해요")
    visitor.press_button()
    panel = visitor.panel()
    panel.get_by_text("발주서 확인 부탁해요").first.click()
    panel.locator("textarea.composer-field").wait_for()
    visitor.page.go_back()
    expect(visitor.page.get_by_role("heading", name="홈")).to_be_visible()


def test_signing_out_of_the_portal_takes_the_panel_away(visitor: Visitor) -> None:
    visitor.sign_in("국철민")
    visitor.press_button()
    visitor.panel()
    visitor.page.evaluate("Sendjay.signOut()")
    assert eventually(lambda: not visitor.has_panel())
    visitor.until("window.heard.at(-1)[1] === 'off'")


def test_the_panel_stays_open_from_page_to_page_with_the_same_room(
    visitor: Visitor, colleague: Colleague
) -> None:
    visitor.sign_in("장경숙")
    room = colleague.room_with("kyungsook.jang")
    colleague.say(room, "납기 언제까지예요?")
    visitor.page.evaluate(f"Sendjay.openRoom('{room}')")
    visitor.panel().get_by_role("log").get_by_text("납기 언제까지예요?").wait_for()
    for path in ("/orders", "/people"):
        visitor.page.goto(visitor.url + path)
        log = visitor.panel().get_by_role("log")
        expect(log.get_by_text("납기 언제까지예요?")).to_be_visible()
        # Nobody pressed anything: where the person was about to write is the portal's to say.
        assert visitor.page.evaluate("document.activeElement === document.body")
        assert visitor.button_says() == ""
    _take_picture(visitor, "portal-panel-stays")
    visitor.panel().locator("textarea.composer-field").press("Escape")
    visitor.panel().get_by_role("heading", name="대화", exact=True).wait_for()
    visitor.page.reload()
    expect(visitor.panel().get_by_role("heading", name="대화", exact=True)).to_be_visible()
    visitor.connects()
    visitor.page.evaluate("Sendjay.close()")
    visitor.go("/orders")
    assert not visitor.has_panel()
    assert visitor.button_says() != ""


def test_the_panel_stays_open_in_its_own_tab_alone(visitor: Visitor) -> None:
    visitor.sign_in("이서연")
    visitor.press_button()
    visitor.panel()
    other = visitor.context.new_page()
    visitor.go("/orders", other)
    with visitor.context.expect_page() as opening:
        visitor.page.evaluate(f"window.open('{visitor.url}/people'); null")
    visitor.connects(opening.value)
    for page in (other, opening.value):
        assert not any("/panel" in frame.url for frame in page.frames)
    visitor.page.goto(f"{visitor.url}/approvals")
    visitor.panel()


def test_an_open_panel_is_neither_the_next_persons_nor_there_after_a_sign_out(visitor: Visitor) -> None:
    visitor.sign_in("박지훈")
    visitor.press_button()
    visitor.panel()
    # The portal forgets its person by itself, as at the end of its own session.
    visitor.context.clear_cookies(name="portal_session")
    visitor.sign_in("손하늘")
    assert not visitor.has_panel()
    visitor.press_button()
    visitor.panel()
    visitor.page.get_by_role("button", name="로그아웃").press("Enter")
    visitor.page.get_by_text("누구로 들어갈까요?").wait_for()
    visitor.sign_in("손하늘")
    assert not visitor.has_panel()
    assert visitor.button_says() != ""


def test_on_a_phone_the_next_page_is_not_covered_by_the_panel(take_visitor: TakeVisitor) -> None:
    visitor = take_visitor(viewport={"width": 390, "height": 780})
    visitor.sign_in("마소라")
    visitor.press_button()
    visitor.panel()
    visitor.go("/orders")
    assert not visitor.has_panel()
    assert visitor.button_says() != ""
    _take_picture(visitor, "portal-phone-next-page")


def test_on_a_phone_the_panel_is_the_whole_screen(take_visitor: TakeVisitor) -> None:
    visitor = take_visitor(viewport={"width": 390, "height": 780})
    visitor.sign_in("장경숙")
    visitor.press_button()
    element = visitor.panel().frame_element().bounding_box()
    assert element == {"x": 0, "y": 0, "width": 390, "height": 780}


def _take_picture(visitor: Visitor, name: str) -> None:
    folder = pictures()
    if folder:
        visitor.page.wait_for_timeout(600)
        visitor.page.screenshot(path=folder / f"{name}.png")
