"""A message answers another one: what it answers stands in it, and a press goes there, however far back."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TakeDesk
from tests.serving import Office, Person

pytestmark = pytest.mark.browser
FAR = 130


def test_an_answer_shows_what_it_answers_and_leads_there(office: Office, take_desk: TakeDesk) -> None:
    anna, ben = office.some(2)
    talk_long(office, anna, ben)
    wide, phone = take_desk(anna.id).sign_in(), take_desk(ben.id, phone=True).sign_in()
    wide.open_first_chat(f"말 {FAR}")
    phone.open_first_chat(f"말 {FAR}")
    for desk in (wide, phone):
        # A room with so much unread opens where reading stopped.
        desk.timeline.press("End")
    phone.open_menu(f"말 {FAR}")
    phone.page.get_by_role("menuitem", name="답장").click()
    expect(phone.composer).to_be_focused()
    expect(phone.page.locator(".reply-bar")).to_contain_text(f"말 {FAR}")
    phone.composer.press("Escape")
    expect(phone.page.locator(".reply-bar")).to_have_count(0)
    wide.open_menu(f"말 {FAR - 1}")
    wide.page.get_by_role("menuitem", name="답장").click()
    if folder := os.environ.get("SHOTS"):
        wide.page.screenshot(path=f"{folder}/reply-bar.png")
    wide.say("그럼 그렇게 해요")
    quote = phone.page.locator(".quote").last
    expect(quote).to_contain_text(f"말 {FAR - 1}")
    expect(wide.page.locator(".reply-bar")).to_have_count(0)
    far = wide.page.get_by_role("button", name="메시지에 답장: 말 1", exact=False).first
    expect(far).to_be_visible()
    if folder:
        wide.page.screenshot(path=f"{folder}/reply-wide.png")
        phone.page.screenshot(path=f"{folder}/reply-phone.png")
    far.click()
    original = wide.page.locator('article[data-seq="1"]')
    expect(original).to_be_in_viewport()
    expect(original).to_be_focused()


def talk_long(office: Office, anna: Person, ben: Person) -> None:
    """So much that the first message is on no page loaded at first; among the last is an answer to it."""
    with office.rest(ben.token) as rest:
        made = rest.post("/api/rooms", json={"client_id": "the-room", "people": [anna.id]}).raise_for_status()
        path = f"/api/rooms/{made.json()['room']['room']['id']}/messages"
        for number in range(1, FAR + 1):
            said: dict[str, object] = {"client_id": f"said-{number:04}", "body": f"말 {number}"}
            if number == FAR - 2:
                said |= {"body": "처음 말한 대로요", "reply_to": 1}
            rest.post(path, json=said).raise_for_status()
