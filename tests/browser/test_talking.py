"""People talk in real browsers, and what the network or the server does in between costs them nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TakeDesk
from tests.fault_proxy import FaultProxy
from tests.serving import Office

pytestmark = pytest.mark.browser


def test_two_people_talk_and_see_who_has_read(office: Office, take_desk: TakeDesk) -> None:
    anna, ben = office.some(2)
    wide, phone = take_desk(anna.id).sign_in(), take_desk(ben.id, phone=True).sign_in()
    wide.open_direct(ben.id)
    wide.say("안녕하세요", "회의 3시 맞죠?")
    expect(wide.page.get_by_role("button", name="읽지 않은 사람 1")).to_have_count(2)
    phone.open_first_chat("회의 3시 맞죠?")
    phone.shows("안녕하세요", "회의 3시 맞죠?")
    phone.say("네, 3층에서 봬요")
    wide.shows("안녕하세요", "회의 3시 맞죠?", "네, 3층에서 봬요")
    expect(wide.page.get_by_role("button", name="읽지 않은 사람")).to_have_count(0)


def test_who_was_away_loses_nothing_and_sees_nothing_twice(office: Office, take_desk: TakeDesk) -> None:
    anna, ben = office.some(2)
    with FaultProxy(office.port) as line:
        far, near = take_desk(anna.id, port=line.port).sign_in(), take_desk(ben.id).sign_in()
        far.open_direct(ben.id)
        far.say("하나")
        near.open_first_chat("하나")
        line.cut()
        near.say("둘", "셋")
        far.say("넷", "다섯")
        expect(far.page.get_by_text("연결이 끊겼어요").first).to_be_visible()
        near.shows("하나", "둘", "셋")
        line.mend()
        far.shows("하나", "둘", "셋", "넷", "다섯")
        near.shows("하나", "둘", "셋", "넷", "다섯")
        far.page.reload()
        far.shows("하나", "둘", "셋", "넷", "다섯")


def test_what_was_typed_offline_outlives_the_tab(office: Office, take_desk: TakeDesk) -> None:
    anna, ben = office.some(2)
    with FaultProxy(office.port) as line:
        far, near = take_desk(anna.id, port=line.port).sign_in(), take_desk(ben.id).sign_in()
        far.open_direct(ben.id)
        far.say("처음")
        near.open_first_chat("처음")
        line.cut()
        far.say("끊긴 동안 쓴 말")
        far.sees("끊긴 동안 쓴 말")
        far.page.close()
        near.shows("처음")
        line.mend()
        far.open_another_tab()
        near.shows("처음", "끊긴 동안 쓴 말")
        far.open_first_chat("끊긴 동안 쓴 말")
        far.shows("처음", "끊긴 동안 쓴 말")


def test_a_server_that_dies_and_comes_back_is_noticed_and_forgiven(
    office: Office, take_desk: TakeDesk
) -> None:
    anna, ben = office.some(2)
    with FaultProxy(office.port) as line:
        left, right = (take_desk(each.id, port=line.port).sign_in() for each in (anna, ben))
        left.open_direct(ben.id)
        left.say("아직 살아 있어요")
        right.open_first_chat("아직 살아 있어요")
        office.kill()
        left.say("도중")
        right.say("나도")
        office.start()
        line.target = office.port
        for desk in (left, right):
            desk.sees("도중")
            desk.sees("나도")
        assert sorted(left.texts()) == ["나도", "도중", "아직 살아 있어요"]
        right.shows(*left.texts())
