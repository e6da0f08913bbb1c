"""An emoji under a message: put there from the menu, added to by a press, seen by all."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TakeDesk
from tests.serving import Office

pytestmark = pytest.mark.browser


def test_a_message_is_answered_with_an_emoji_and_others_join_in(office: Office, take_desk: TakeDesk) -> None:
    anna, ben = office.some(2)
    wide, phone = take_desk(anna.id).sign_in(), take_desk(ben.id, phone=True).sign_in()
    wide.open_direct(ben.id)
    wide.say("오늘 배포 끝났어요!")
    phone.open_first_chat("오늘 배포 끝났어요!")
    phone.open_menu("오늘 배포 끝났어요!")
    thumb = phone.page.get_by_role("menuitemcheckbox", name="👍 공감하기")
    if folder := os.environ.get("SHOTS"):
        phone.page.screenshot(path=f"{folder}/menu-phone.png")
    thumb.click()
    for desk in (wide, phone):
        expect(desk.page.get_by_role("button", name="👍 1명")).to_be_visible()
    wide.page.get_by_role("button", name="👍 1명").click()
    both = phone.page.get_by_role("button", name="👍 2명")
    expect(both).to_have_attribute("aria-pressed", "true")
    wide.open_menu("오늘 배포 끝났어요!")
    if folder:
        wide.page.screenshot(path=f"{folder}/menu-wide.png")
        phone.page.screenshot(path=f"{folder}/chips-phone.png")
    wide.page.keyboard.press("Escape")
    both.click()
    expect(wide.page.get_by_role("button", name="👍 1명")).to_be_visible()
    wide.page.reload()
    expect(wide.page.get_by_role("button", name="👍 1명")).to_have_attribute("aria-pressed", "true")
