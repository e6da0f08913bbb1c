"""My last talk is written anew with a key, any other from its menu; everybody sees it and that it was."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TakeDesk
from tests.serving import Office

pytestmark = pytest.mark.browser


def test_a_talk_is_written_anew_and_everybody_sees_that_it_was(office: Office, take_desk: TakeDesk) -> None:
    anna, ben = office.some(2)
    wide, phone = take_desk(anna.id).sign_in(), take_desk(ben.id, phone=True).sign_in()
    wide.open_direct(ben.id)
    wide.say("세시에 봬요", "3층이에요")
    phone.open_first_chat("3층이에요")
    wide.composer.press("ArrowUp")
    field = wide.page.get_by_role("dialog").get_by_label("메시지 수정")
    expect(field).to_have_value("3층이에요")
    field.fill("4층이에요")
    if folder := os.environ.get("SHOTS"):
        wide.page.screenshot(path=f"{folder}/edit-wide.png")
    field.press("Control+Enter")
    for desk in (wide, phone):
        desk.shows("세시에 봬요", "4층이에요")
        expect(desk.page.get_by_text("수정됨")).to_have_count(1)
    wide.open_menu("세시에 봬요")
    wide.page.get_by_role("menuitem", name="메시지 수정").click()
    field.fill("두시에 봬요")
    wide.page.get_by_role("dialog").get_by_role("button", name="저장").click()
    phone.shows("두시에 봬요", "4층이에요")
    phone.open_menu("두시에 봬요")
    expect(phone.page.get_by_role("menuitem", name="답장")).to_be_visible()
    expect(phone.page.get_by_role("menuitem", name="메시지 수정")).to_have_count(0)
    if folder:
        phone.page.screenshot(path=f"{folder}/edit-phone.png")
