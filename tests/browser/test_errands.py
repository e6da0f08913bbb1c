"""What is decided without a connection (leaving, inviting) is done by itself when it is back."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TakeDesk
from tests.clients import new_key
from tests.fault_proxy import FaultProxy
from tests.serving import Office, Person

pytestmark = pytest.mark.browser


def make_room(office: Office, *people: Person) -> None:
    first, *others = people
    with httpx.Client(base_url=office.url, headers={"Authorization": f"Bearer {first.token}"}) as rest:
        asked = {"client_id": new_key(), "people": [person.id for person in others]}
        room = rest.post("/api/rooms", json=asked).raise_for_status().json()["room"]["room"]["id"]
        said = {"client_id": new_key(), "body": "모두 모였네요"}
        rest.post(f"/api/rooms/{room}/messages", json=said).raise_for_status()


def test_who_leaves_a_room_without_a_connection_has_left_when_it_is_back(
    office: Office, take_desk: TakeDesk
) -> None:
    one, other, third = office.some(3)
    make_room(office, one, other, third)
    with FaultProxy(office.port) as line:
        far, near = take_desk(one.id, port=line.port).sign_in(), take_desk(other.id).sign_in()
        far.open_first_chat("모두 모였네요")
        near.open_first_chat("모두 모였네요")
        line.cut()
        expect(far.page.get_by_text("연결이 끊겼어요").first).to_be_visible()
        far.page.get_by_role("button", name="대화방 메뉴").click()
        far.page.get_by_role("menuitem", name="나가기").click()
        far.page.get_by_role("dialog").get_by_role("button", name="나가기").click()
        expect(far.page.get_by_text("연결되면 나갈게요.")).to_be_visible()
        line.mend()
        expect(near.timeline.get_by_text("나갔")).to_be_visible()
        expect(far.page.get_by_role("list", name="대화 목록").get_by_text("모두 모였네요")).to_have_count(0)
