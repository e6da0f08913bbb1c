"""One person on several devices: told once of what is news, and what they began to write goes with them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import notes
from tests.browser.conftest import TakeDesk
from tests.browser.desk import Desk
from tests.serving import Office

pytestmark = pytest.mark.browser


def notified(desk: Desk) -> Desk:
    notes.allow(desk.page.context)
    return desk.sign_in()


def test_a_room_has_one_notification_that_opens_it_and_goes_when_it_is_read(
    office: Office, take_desk: TakeDesk
) -> None:
    anna, ben = office.some(2)
    desk, writer = notified(take_desk(anna.id)), take_desk(ben.id).sign_in()
    writer.open_direct(anna.id)
    writer.say("하나")
    notes.expect_notes(desk.page, [f"Person {ben.id}", "하나"])
    writer.say("둘")
    notes.expect_notes(desk.page, [f"Person {ben.id} · 새 메시지 2개", "둘"])
    expect(desk.page).to_have_title("(2) Sendjay")
    notes.press_newest(desk.page)
    desk.shows("하나", "둘")
    notes.expect_notes(desk.page)
    expect(desk.page).to_have_title("Sendjay")
    writer.say("보고 있는 방")
    desk.shows("하나", "둘", "보고 있는 방")
    assert notes.standing(desk.page) == []


def test_what_is_read_on_the_phone_is_no_news_on_the_desk(office: Office, take_desk: TakeDesk) -> None:
    anna, ben = office.some(2)
    desk, phone = notified(take_desk(anna.id)), take_desk(anna.id, phone=True).sign_in()
    writer = take_desk(ben.id).sign_in()
    writer.open_direct(anna.id)
    writer.say("전화기로 볼 말")
    notes.expect_notes(desk.page, [f"Person {ben.id}", "전화기로 볼 말"])
    phone.open_first_chat("전화기로 볼 말")
    notes.expect_notes(desk.page)


def test_what_one_device_hides_is_hidden_on_all(office: Office, take_desk: TakeDesk) -> None:
    anna, ben = office.some(2)
    desk, phone = notified(take_desk(anna.id)), take_desk(anna.id, phone=True).sign_in()
    phone.go("settings")
    for switch in ("소리", "내용 보이기", "보낸 사람 보이기"):
        phone.page.get_by_role("switch", name=switch).click()
    desk.go("settings")
    for switch in ("소리", "내용 보이기", "보낸 사람 보이기"):
        expect(desk.page.get_by_role("switch", name=switch)).not_to_be_checked()
    writer = take_desk(ben.id).sign_in()
    writer.open_direct(anna.id)
    writer.say("비밀")
    notes.expect_notes(desk.page, ["Sendjay", "새 메시지가 왔어요"])
    assert desk.page.evaluate("window.newest.note.silent") is True


def test_a_draft_goes_along_from_device_to_device_and_never_under_writing_hands(
    office: Office, take_desk: TakeDesk
) -> None:
    anna, ben = office.some(2)
    desk, phone = take_desk(anna.id).sign_in(), take_desk(anna.id, phone=True).sign_in()
    list_only = take_desk(anna.id).sign_in()
    desk.open_direct(ben.id)
    desk.say("시작")
    desk.composer.fill("쓰다 만 글")
    expect(phone.page.get_by_text("작성 중")).to_be_visible()
    phone.open_first_chat("쓰다 만 글")
    expect(phone.composer).to_have_value("쓰다 만 글")
    phone.composer.fill("전화기에서 이어 쓴 글")
    expect(desk.composer).to_have_value("전화기에서 이어 쓴 글")
    desk.composer.dispatch_event("compositionstart")
    phone.composer.fill("그 사이 다른 글")
    expect(list_only.page.get_by_text("그 사이 다른 글")).to_be_visible()
    expect(desk.composer).to_have_value("전화기에서 이어 쓴 글")
    desk.composer.dispatch_event("compositionend")
    expect(desk.composer).to_have_value("그 사이 다른 글")
    desk.composer.press("Enter")
    desk.shows("시작", "그 사이 다른 글")
    expect(phone.composer).to_have_value("")
    expect(desk.composer).to_have_value("")


def test_a_lost_device_is_signed_out_from_another_and_keeps_nothing(
    office: Office, take_desk: TakeDesk
) -> None:
    anna, ben = office.some(2)
    lost, phone = take_desk(anna.id).sign_in(), take_desk(anna.id, phone=True).sign_in()
    lost.open_direct(ben.id)
    lost.composer.fill("남으면 안 되는 글")
    phone.go("settings")
    others = phone.page.locator(".device").filter(has_text="지금 연결됨").filter(has_not_text="이 기기")
    others.get_by_role("button", name="로그아웃").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="로그아웃").click()
    expect(lost.page.get_by_text("다른 기기에서 이 기기를 로그아웃했어요")).to_be_visible()
    expect(others).to_have_count(0)
    kept = lost.page.evaluate(
        """() => new Promise((resolve) => {
            const opening = indexedDB.open("sendjay");
            opening.onsuccess = () => {
                const asked = opening.result.transaction("drafts").objectStore("drafts").getAll();
                asked.onsuccess = () => resolve(asked.result);
            };
        })"""
    )
    assert kept == []
