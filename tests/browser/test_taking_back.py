"""Taking back, deleting for oneself, and hanging a message above the talk, as two people see it."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TakeDesk
from tests.browser.desk import Desk
from tests.serving import Office

pytestmark = pytest.mark.browser


def shot(desk: Desk, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        desk.page.wait_for_timeout(300)
        desk.page.screenshot(path=f"{folder}/taking-{name}.png")


def choose(desk: Desk, text: str, entry: str) -> None:
    desk.open_menu(text)
    desk.page.get_by_role("menuitem", name=entry).click()


def test_who_had_read_it_sees_that_it_was_taken_back_and_nobody_else_sees_anything(
    office: Office, take_desk: TakeDesk
) -> None:
    anna, ben = office.some(2)
    wide, phone = take_desk(anna.id).sign_in(), take_desk(ben.id, phone=True).sign_in()
    wide.open_direct(ben.id)
    wide.say("점심 같이 드실래요?", "어제 보낸 견적은 잘못됐어요")
    phone.open_first_chat("어제 보낸 견적은 잘못됐어요")
    expect(wide.page.locator(".unread-count")).to_have_count(0)
    choose(wide, "어제 보낸 견적은 잘못됐어요", "보내기 취소")
    shot(wide, "ask")
    wide.page.get_by_role("dialog").get_by_role("button", name="보내기 취소").click()
    for desk in (wide, phone):
        desk.shows("점심 같이 드실래요?", "보내기를 취소한 메시지예요.")
    shot(phone, "read")
    phone.go("chats")
    wide.say("이건 아무도 못 봤어요")
    expect(phone.page.get_by_text("이건 아무도 못 봤어요")).to_be_visible()
    choose(wide, "이건 아무도 못 봤어요", "보내기 취소")
    wide.page.get_by_role("dialog").get_by_role("button", name="보내기 취소").click()
    expect(phone.page.get_by_text("이건 아무도 못 봤어요")).to_have_count(0)
    expect(phone.page.get_by_text("점심 같이 드실래요?")).to_be_visible()
    phone.open_first_chat("점심 같이 드실래요?")
    phone.shows("점심 같이 드실래요?", "보내기를 취소한 메시지예요.")
    wide.page.reload()
    wide.shows("점심 같이 드실래요?", "보내기를 취소한 메시지예요.", "보내기를 취소한 메시지예요.")


def test_a_notice_hangs_above_the_talk_and_what_i_delete_is_gone_for_me_alone(
    office: Office, take_desk: TakeDesk
) -> None:
    anna, ben = office.some(2)
    wide, phone = take_desk(anna.id).sign_in(), take_desk(ben.id, phone=True).sign_in()
    wide.open_direct(ben.id)
    wide.say("금요일 2시, 3층 회의실입니다", "확인 부탁드려요", "감사합니다")
    phone.open_first_chat("감사합니다")
    choose(wide, "금요일 2시, 3층 회의실입니다", "공지로 올리기")
    for desk in (wide, phone):
        notice = desk.page.get_by_role("region", name="공지")
        expect(notice.get_by_text("금요일 2시, 3층 회의실입니다")).to_be_visible()
    shot(wide, "notice")
    shot(phone, "notice-phone")
    phone.page.get_by_role("button", name="공지 접기").click()
    expect(phone.page.get_by_role("button", name="공지 펼치기")).to_be_visible()
    wide.page.get_by_role("button", name="공지 내리기").click()
    expect(phone.page.get_by_role("button", name="공지 펼치기")).to_have_count(0)
    choose(phone, "감사합니다", "나에게서 삭제")
    phone.page.get_by_role("dialog").get_by_role("button", name="나에게서 삭제").click()
    phone.shows("금요일 2시, 3층 회의실입니다", "확인 부탁드려요")
    wide.shows("금요일 2시, 3층 회의실입니다", "확인 부탁드려요", "감사합니다")
    phone.page.reload()
    phone.shows("금요일 2시, 3층 회의실입니다", "확인 부탁드려요")
    phone.page.get_by_role("button", name="대화방 메뉴").click()
    phone.page.get_by_role("menuitem", name="대화 내용 모두 지우기").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="대화 내용 모두 지우기").click()
    expect(phone.page.get_by_text("첫 메시지를 보내 보세요.")).to_be_visible()
    wide.sees("감사합니다")
