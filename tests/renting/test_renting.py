"""On phones: a borrower asks, the lender answers, and the deal goes its way with the talk beside it."""

from __future__ import annotations

import datetime
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Frame, expect

from tests.embed_page.visitor import Visitor
from tests.renting.conftest import TakeVisitor

pytestmark = pytest.mark.browser


def test_a_camera_is_asked_for_reserved_handed_over_and_given_back(take_visitor: TakeVisitor) -> None:
    lender, borrower = take_visitor(), take_visitor()
    owner, asker, post = people_of_a_post(borrower)
    lender.sign_in(owner)
    sign_in_anew(borrower, asker)
    borrower.go(post)
    borrower.page.locator("sendjay-chat-button").get_by_role("button").click()
    asking = frame_of(borrower)
    expect(asking.locator(".item-title")).to_be_visible()
    field = asking.get_by_role("textbox", name="메시지 쓰기")
    field.fill("안녕하세요! 주말에 빌릴 수 있을까요?")
    picture(borrower, "market-first")
    asking.get_by_role("button", name="보내기", exact=True).click()
    expect(asking.get_by_role("log").get_by_text("주말에 빌릴 수 있을까요?")).to_be_visible()
    # The lender, in another browser.
    lender.waits_for("unread", 1)
    lender.page.evaluate("Sendjay.open()")
    answering = frame_of(lender)
    answering.get_by_text("주말에 빌릴 수 있을까요?").first.click()
    composer = answering.locator("textarea.composer-field")
    composer.fill("네, 됩니다. 계좌는 필요 없어요.")
    answering.get_by_role("button", name="보내기", exact=True).click()
    expect(asking.get_by_role("log").get_by_text("네, 됩니다.")).to_be_visible()
    expect(asking.get_by_role("log").get_by_text("앱 밖에서 돈을 보내지 마세요.")).to_be_visible()
    # Strangers as they are, each finds the other and nobody else.
    asking.get_by_role("button", name="대화 목록으로").click()
    asking.get_by_role("link", name="사람").click()
    picture(borrower, "market-people")
    expect(asking.get_by_role("tree")).to_contain_text("대화하는 사람")
    expect(asking.get_by_role("tree")).to_contain_text(owner)
    # Others who have accounts here, and with whom nothing was ever spoken.
    expect(asking.get_by_role("tree")).not_to_contain_text("Person p0")
    # The deal, on the market's own pages.
    borrower.page.evaluate("Sendjay.close()")
    borrower.page.locator("input[name=since]").fill(day(40))
    borrower.page.locator("input[name=until]").fill(day(42))
    borrower.page.get_by_role("button", name="빌리고 싶어요").click()
    expect(answering.locator(".item-deal")).to_contain_text("예약 요청")
    lender.page.evaluate("Sendjay.close()")
    for move, shown in (("예약 확정", "예약 확정"), ("전달", "전달 완료"), ("돌려받았어요", "반납 완료")):
        lender.go("/deals")
        mine = (
            lender.page.locator("li.deal:not(.over)")
            .filter(has_text=asker)
            .filter(has=lender.page.locator(f'a[href="{post}"]'))
        )
        mine.get_by_role("button", name=re.compile(move)).click()
        lender.connects()
        lender.page.evaluate("Sendjay.open()")
        talk = open_talk(lender)
        expect(talk.locator(".item-deal")).to_contain_text(shown)
        if shown == "예약 확정":
            picture(lender, "market-reserved")
            talk.get_by_role("button", name="대화 목록으로").click()
            talk.get_by_text("받은 문의").click()
            coming = talk.get_by_role("region", name="다가오는 거래").get_by_role("link").last
            expect(coming).to_be_visible()
            # The talk stands under the thing that it is about.
            expect(talk.locator(".item-head").first).to_contain_text("문의한 사람 1명")
            picture(lender, "market-coming")
            coming.click()
        lender.page.evaluate("Sendjay.close()")


def test_the_card_changes_with_the_post_and_a_block_and_a_report_are_at_hand(
    take_visitor: TakeVisitor,
) -> None:
    lender, borrower = take_visitor(), take_visitor()
    owner, asker, post = people_of_a_post(borrower)
    lender.sign_in(owner)
    sign_in_anew(borrower, asker)
    borrower.go(post)
    borrower.page.locator("sendjay-chat-button").get_by_role("button").click()
    asking = frame_of(borrower)
    say(asking, "아직 있나요?")
    lender.go(f"{post}/edit")
    lender.page.locator("input[name=title]").fill("이름을 바꾼 물건")
    lender.page.locator("form.fields button.main").click()
    expect(asking.locator(".item-title")).to_have_text("이름을 바꾼 물건")
    # Report, then block.
    asking.get_by_role("button", name="메뉴").click()
    asking.get_by_role("menuitem", name="신고하기").click()
    asking.get_by_label("사기가 의심돼요").check()
    picture(borrower, "market-report")
    asking.get_by_role("button", name="신고하기").click()
    expect(asking.get_by_text("신고를 전달했어요.")).to_be_visible()
    asking.get_by_role("button", name="메뉴").click()
    asking.get_by_role("menuitem", name="차단하기").click()
    asking.get_by_role("button", name="차단하기").click()
    expect(asking.get_by_text("내가 차단한 상대예요.")).to_be_visible()
    expect(asking.locator("textarea.composer-field")).to_have_count(0)
    picture(borrower, "market-blocked")
    asking.get_by_role("button", name="차단 풀기").click()
    expect(asking.locator("textarea.composer-field")).to_be_visible()


def people_of_a_post(visitor: Visitor) -> tuple[str, str, str]:
    """A post with nothing in its way: its owner's name, somebody else's, and its address."""
    visitor.page.goto(visitor.url)
    names = visitor.page.locator("form [name=person]").all_inner_texts()
    visitor.page.locator("form [name=person]").first.click()
    visitor.page.wait_for_load_state()
    return choose(visitor, [name.split()[0] for name in names])


def choose(visitor: Visitor, names: list[str]) -> tuple[str, str, str]:
    tile = visitor.page.locator("a.tile").filter(has_text="대여 가능").first
    text = tile.inner_text()
    owner = next(name for name in names if name in text)
    asker = next(name for name in names if name != owner)
    return owner, asker, tile.get_attribute("href") or ""


def sign_in_anew(visitor: Visitor, name: str) -> None:
    visitor.context.clear_cookies()
    visitor.sign_in(name)


def frame_of(visitor: Visitor) -> Frame:
    """The panel's page, whatever it shows."""
    for _ in range(400):
        found = [frame for frame in visitor.page.frames if "/panel" in frame.url]
        if found:
            return found[0]
        visitor.page.wait_for_timeout(50)
    raise AssertionError("The panel did not open.")


def open_talk(visitor: Visitor) -> Frame:
    """The room of the first talk, from wherever the panel is."""
    frame = frame_of(visitor)
    card = frame.locator(".item-card")
    row = frame.locator("a.chat-link").first
    card.or_(row).first.wait_for()
    if not card.is_visible():
        row.click()
    return frame


def say(frame: Frame, text: str) -> None:
    first = frame.get_by_role("textbox", name="메시지 쓰기")
    composer = frame.locator("textarea.composer-field")
    first.or_(composer).first.wait_for()
    if composer.is_visible():
        composer.fill(text)
        frame.get_by_role("button", name="보내기", exact=True).click()
    else:
        first.fill(text)
        frame.get_by_role("button", name="보내기", exact=True).click()
    expect(frame.get_by_role("log").get_by_text(text)).to_be_visible()


def day(ahead: int) -> str:
    return (datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=ahead)).isoformat()


def picture(visitor: Visitor, name: str) -> None:
    if folder := os.environ.get("SENDJAY_PICTURES"):
        visitor.page.screenshot(path=str(Path(folder) / f"{name}.png"))
