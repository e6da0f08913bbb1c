"""Naming a colleague in a message, and emoji by their names."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TakeDesk
from tests.browser.desk import Desk
from tests.clients import new_key
from tests.serving import Office

pytestmark = pytest.mark.browser


def shot(desk: Desk, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        desk.page.wait_for_timeout(300)
        desk.page.screenshot(path=f"{folder}/naming-{name}.png")


def test_a_colleague_is_named_from_the_list_and_sees_that_it_was_them(
    office: Office, take_desk: TakeDesk
) -> None:
    anna, ben, cho = office.some(3)
    with office.rest(anna.token) as rest:
        people = {"client_id": new_key(), "people": [ben.id, cho.id]}
        room = rest.post("/api/rooms", json=people).raise_for_status().json()["room"]["room"]["id"]
        said = {"client_id": new_key(), "body": "안녕하세요"}
        rest.post(f"/api/rooms/{room}/messages", json=said).raise_for_status()
    wide, phone = take_desk(anna.id).sign_in(), take_desk(ben.id, phone=True).sign_in()
    wide.open_first_chat("안녕하세요")
    phone.go("chats")
    wide.composer.press_sequentially(f"@{ben.id}")
    options = wide.page.get_by_role("option")
    expect(options).to_have_count(1)
    wide.composer.fill("")
    wide.composer.press_sequentially("@per")
    expect(options).to_have_count(2)
    shot(wide, "list")
    wide.page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    wide.composer.fill("")
    wide.composer.press_sequentially(f"@{ben.id}")
    wide.page.keyboard.press("Enter")
    expect(wide.composer).to_have_value(f"@Person {ben.id} ")
    wide.composer.press_sequentially("님 확인해 주세요")
    wide.page.keyboard.press("Enter")
    expect(phone.page.get_by_role("img", name="나를 언급했어요")).to_be_visible()
    phone.open_first_chat("확인해 주세요")
    expect(phone.timeline.locator(".said-me")).to_have_text(f"@Person {ben.id}")
    expect(wide.timeline.locator(".said-name")).to_have_text(f"@Person {ben.id}")
    shot(phone, "named")
    # One has read it now, the other has not.
    expect(wide.page.get_by_role("button", name="읽지 않은 사람 1").last).to_be_visible()
    wide.timeline.locator(".said-name").click(button="right")
    wide.page.get_by_role("menuitem", name="읽지 않은 사람 1").click()
    readers = wide.page.get_by_role("dialog", name="읽은 사람과 읽지 않은 사람")
    expect(readers.get_by_text(f"Person {cho.id}")).to_be_visible()
    readers.get_by_role("radio", name="읽음 1", exact=True).click()
    expect(readers.get_by_text(f"Person {ben.id}")).to_be_visible()
    shot(wide, "readers")


def test_emoji_are_found_by_their_names_and_put_in_or_under_a_message(
    office: Office, take_desk: TakeDesk
) -> None:
    anna, ben = office.some(2)
    desk = take_desk(anna.id).sign_in()
    desk.open_direct(ben.id)
    desk.composer.fill("축하해요")
    desk.page.get_by_role("button", name="이모지 넣기").click()
    panel = desk.page.get_by_role("dialog", name="이모지")
    expect(panel.get_by_role("button", name="활짝 웃는 얼굴", exact=True)).to_be_visible()
    shot(desk, "emoji")
    panel.get_by_role("searchbox").fill("파티")
    panel.get_by_role("button", name="🎉").or_(panel.locator("button", has_text="🎉")).click()
    desk.page.keyboard.press("Escape")
    expect(desk.composer).to_have_value("축하해요🎉")
    desk.composer.press("Enter")
    desk.open_menu("축하해요🎉")
    desk.page.get_by_role("menuitem", name="다른 이모지로 공감하기").click()
    panel.get_by_role("searchbox").fill("로켓")
    panel.get_by_role("searchbox").press("Enter")
    expect(desk.timeline.get_by_role("button", name="🚀 1명, 나", exact=True)).to_be_visible()


def test_enter_takes_the_emoji_that_was_typed_however_fast(office: Office, take_desk: TakeDesk) -> None:
    anna, ben = office.some(2)
    desk = take_desk(anna.id).sign_in()
    desk.open_direct(ben.id)
    desk.page.get_by_role("button", name="이모지 넣기").click()
    panel = desk.page.get_by_role("dialog", name="이모지")
    expect(panel.get_by_role("button", name="활짝 웃는 얼굴", exact=True)).to_be_visible()
    # Typed and sent off within one moment, before anything could be shown for it.
    panel.get_by_role("searchbox").evaluate(
        """field => {
            field.value = "로켓";
            field.dispatchEvent(new InputEvent("input", { bubbles: true }));
            field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
        }"""
    )
    expect(desk.composer).to_have_value("🚀")
