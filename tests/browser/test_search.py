"""Finding a message in a long talk, going there and coming back; and finding it from the list of chats."""

from __future__ import annotations

import os

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TakeDesk
from tests.browser.desk import Desk
from tests.browser.test_files import picture
from tests.clients import new_key
from tests.files.uploading import Uploader
from tests.serving import Office, Person

pytestmark = pytest.mark.browser
SOUGHT = "대표이사 결재는 다음 주 화요일까지입니다"


def shot(desk: Desk, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        desk.page.wait_for_timeout(400)
        desk.page.screenshot(path=f"{folder}/search-{name}.png")


def long_talk(office: Office, anna: Person, ben: Person) -> None:
    with office.rest(anna.token) as a, office.rest(ben.token) as b:
        made = a.post("/api/rooms", json={"client_id": new_key(), "people": [ben.id]}).raise_for_status()
        talk = f"/api/rooms/{made.json()['room']['room']['id']}"

        def say(rest: httpx.Client, **said: object) -> int:
            answer = rest.post(f"{talk}/messages", json={"client_id": new_key(), **said})
            return answer.raise_for_status().json()["seq"]

        say(a, body=SOUGHT)
        for n in range(2):
            say(b, files=[Uploader.of(office, ben).whole(picture(n), f"현장 사진 {n}.png")])
        for n in range(150):
            say(a, body="\n".join([f"그다음 이야기 {n}"] * 4))
        last = say(b, body="네, 확인했어요")
        a.put(f"{talk}/cursor", json={"seq": last}).raise_for_status()


def test_a_message_is_found_gone_to_and_left_again(office: Office, take_desk: TakeDesk) -> None:
    anna, ben = office.some(2)
    long_talk(office, anna, ben)
    wide = take_desk(anna.id).sign_in()
    wide.open_first_chat("네, 확인했어요")
    wide.sees("네, 확인했어요")
    wide.composer.press("Control+f")
    pane = wide.page.get_by_role("complementary", name="대화 검색")
    pane.get_by_role("searchbox").fill("이사 결재")
    hit = pane.get_by_role("button", name=SOUGHT)
    expect(hit).to_be_visible()
    shot(wide, "wide")
    hit.click()
    expect(wide.timeline.get_by_text(SOUGHT, exact=True)).to_be_in_viewport()
    pane.get_by_role("searchbox").fill("")
    pane.get_by_role("button", name="사진", exact=True).click()
    expect(pane.get_by_role("button", name="현장 사진 1.png 크게 보기")).to_be_visible()
    shot(wide, "gallery")
    pane.get_by_role("button", name="검색 닫기").click()
    # Back to where the reader was before.
    expect(wide.timeline.get_by_text("네, 확인했어요", exact=True)).to_be_in_viewport()
    phone = take_desk(ben.id, phone=True).sign_in()
    phone.go("chats")
    phone.page.get_by_role("searchbox").first.fill("대표")
    phone.page.get_by_role("radio", name="메시지").click()
    found = phone.page.get_by_role("button", name=SOUGHT)
    expect(found).to_be_visible()
    shot(phone, "everywhere")
    found.click()
    expect(phone.timeline.get_by_text(SOUGHT, exact=True)).to_be_in_viewport()
    phone.page.get_by_role("button", name="대화 검색").click()
    phone.page.get_by_role("complementary", name="대화 검색").get_by_role("searchbox").fill("없는말")
    expect(phone.page.get_by_text("찾은 메시지가 없어요.")).to_be_visible()
    shot(phone, "nothing")
