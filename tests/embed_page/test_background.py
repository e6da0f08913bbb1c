"""The messenger in the background of a portal's pages: connected, counting, and no trouble to its host."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.embed_page.colleague import Colleague
from tests.embed_page.visitor import Visitor
from tests.serving import eventually

pytestmark = pytest.mark.browser


def test_whoever_signs_in_to_the_portal_is_connected(visitor: Visitor, colleague: Colleague) -> None:
    visitor.sign_in("김민지")
    assert eventually(lambda: colleague.sees_online("minji.kim"), 10)
    expect(visitor.page).to_have_title("홈 · 새결 포털 (with Talk)")
    assert visitor.button_says() == "메신저 열기"


def test_a_talk_is_counted_on_the_button_and_told_to_the_host(visitor: Visitor, colleague: Colleague) -> None:
    visitor.sign_in("손하늘")
    room = colleague.room_with("haneul.son")
    colleague.say(room, "견적서 보냈어요", "확인 부탁드려요")
    visitor.waits_for("unread", 2)
    assert eventually(lambda: visitor.button_says() == "메신저 열기, 안 읽은 메시지 2개")
    told = [(message["sender"], message["text"]) for message in visitor.heard("message")]
    assert told == [(colleague.id, "견적서 보냈어요"), (colleague.id, "확인 부탁드려요")]
    assert visitor.page.evaluate("Sendjay.unread") == 2


def test_going_from_page_to_page_loses_and_doubles_nothing(visitor: Visitor, colleague: Colleague) -> None:
    visitor.sign_in("이서연")
    room = colleague.room_with("seoyeon.lee")
    for number, path in enumerate(("/approvals", "/orders", "/people", "/"), start=1):
        visitor.go(path)
        colleague.say(room, f"{number}번째")
        visitor.waits_for("unread", number)
        assert len(visitor.heard("message")) == 1
    assert eventually(lambda: colleague.sees_online("seoyeon.lee"), 10)


def test_signing_out_of_the_portal_ends_it(visitor: Visitor, colleague: Colleague) -> None:
    visitor.sign_in("박지훈")
    assert eventually(lambda: colleague.sees_online("jihoon.park"), 10)
    visitor.page.get_by_role("button", name="로그아웃").click()
    visitor.page.get_by_text("누구로 들어갈까요?").wait_for()
    assert eventually(lambda: not colleague.sees_online("jihoon.park"), 15)


def test_of_two_portal_tabs_one_is_connected_and_both_know(visitor: Visitor, colleague: Colleague) -> None:
    visitor.sign_in("마소라")
    second = visitor.context.new_page()
    visitor.go("/orders", second)
    assert [page.title().endswith("(with Talk)") for page in (visitor.page, second)] == [True, False]
    room = colleague.room_with("sora.ma")
    colleague.say(room, "재고 확인했어요")
    for page in (visitor.page, second):
        page.bring_to_front()
        visitor.waits_for("unread", 1, page)
        assert len(visitor.heard("message", page)) == 1
    visitor.page.close()
    expect(second).to_have_title("주문 · 새결 포털 (with Talk)")
    colleague.say(room, "내일 입고예요")
    visitor.waits_for("unread", 2, second)


def test_the_mark_stays_when_the_host_changes_its_title(visitor: Visitor) -> None:
    visitor.sign_in("국철민")
    visitor.page.evaluate("document.title = '새 공지 1건'")
    expect(visitor.page).to_have_title("새 공지 1건 (with Talk)")
    visitor.page.evaluate("Sendjay.signOut()")
    expect(visitor.page).to_have_title("새 공지 1건")


def test_the_button_is_drawn_to_the_other_side_and_stays_there(visitor: Visitor) -> None:
    visitor.sign_in("장경숙")
    mouse, size = visitor.page.mouse, visitor.page.viewport_size
    assert size is not None
    mouse.move(size["width"] - 50, size["height"] - 50)
    mouse.down()
    # What follows a hand is fetched with its first press.
    visitor.page.wait_for_load_state("networkidle")
    for step in (600, 400, 60):
        mouse.move(step, size["height"] - 60)
    mouse.up()
    assert not visitor.has_panel()
    visitor.go("/orders")
    mouse.click(50, size["height"] - 50)
    assert visitor.panel().frame_element().bounding_box()["x"] == 12  # pyright: ignore[reportOptionalSubscript]


def test_on_paper_the_page_is_the_portals_alone(visitor: Visitor) -> None:
    visitor.sign_in("장경숙")
    visitor.page.emulate_media(media="print")
    shown = "getComputedStyle(document.querySelector('sendjay-messenger')).display"
    assert visitor.page.evaluate(shown) == "none"


NAMES = "Object.getOwnPropertyNames(window)"
STYLES = """
[...document.querySelectorAll('body, body *')].flatMap((each) => {
  const style = getComputedStyle(each);
  return [...style].sort().map((name) => `${each.tagName} ${name}: ${style.getPropertyValue(name)}`);
})
"""


def test_it_touches_one_name_and_no_style_of_the_host(visitor: Visitor) -> None:
    blocked = visitor.context.new_page()
    blocked.route("**/embed.js", lambda route: route.abort())
    visitor.sign_in("장경숙")
    blocked.goto(visitor.url)
    visitor.page.reload()
    visitor.connects()
    with_it, without = (
        set(page.evaluate(f"{NAMES}.filter((name) => name !== 'heard')")) for page in (visitor.page, blocked)
    )
    assert with_it - without == {"Sendjay"}
    assert without <= with_it
    styles = zip(visitor.page.evaluate(STYLES), blocked.evaluate(STYLES), strict=True)
    assert [(one, other) for one, other in styles if one != other] == []
