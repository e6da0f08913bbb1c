"""What a person has chosen about notifications and is spared: hours, muted rooms, a long absence."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.browser import notes
from tests.browser.conftest import TakeDesk
from tests.browser.desk import Desk
from tests.fault_proxy import FaultProxy
from tests.serving import Office

pytestmark = pytest.mark.browser

AN_HOUR_MS = 3_600_000
FIRST_ZONE, LAST_ZONE = -12, 14


def zone_where_it_is(hour: int) -> str:
    """A time zone in which it is that hour of the day now."""
    ahead = (hour - datetime.now(UTC).hour) % 24
    ahead = ahead if ahead <= LAST_ZONE else ahead - 24
    assert FIRST_ZONE <= ahead <= LAST_ZONE
    # POSIX counts westwards.
    return f"Etc/GMT{-ahead:+d}"


def notified(desk: Desk) -> Desk:
    notes.allow(desk.page.context)
    return desk.sign_in()


def test_outside_the_chosen_hours_nothing_is_told_also_where_they_cross_midnight(
    office: Office, take_desk: TakeDesk
) -> None:
    anna, ben = office.some(2)
    night = notified(take_desk(anna.id, timezone_id=zone_where_it_is(2)))
    noon = notified(take_desk(anna.id, timezone_id=zone_where_it_is(12)))
    writer = take_desk(ben.id).sign_in()
    writer.open_direct(anna.id)
    noon.go("settings")
    noon.page.get_by_text("시간 정하기").click()
    noon.page.get_by_label("시작 시각").fill("22:00")
    noon.page.get_by_label("끝 시각").fill("07:00")
    expect(noon.page.get_by_text("자정을 넘겨 다음 날 오전 7:00까지 알려요.")).to_be_visible()
    night.go("settings")
    expect(night.page.get_by_label("시작 시각")).to_have_value("22:00")
    writer.say("밤에 온 말")
    notes.expect_notes(night.page, [f"Person {ben.id}", "밤에 온 말"])
    expect(noon.page).to_have_title("(1) Sendjay")
    assert notes.standing(noon.page) == []
    noon.page.get_by_label("시작 시각").fill("09:00")
    noon.page.get_by_label("끝 시각").fill("18:00")
    expect(night.page.get_by_label("끝 시각")).to_have_value("18:00")
    writer.say("낮에 온 말")
    notes.expect_notes(noon.page, [f"Person {ben.id}", "낮에 온 말"])
    expect(night.page).to_have_title("(2) Sendjay")
    notes.expect_notes(night.page, [f"Person {ben.id}", "밤에 온 말"])


def test_a_muted_room_says_nothing_and_is_not_counted(office: Office, take_desk: TakeDesk) -> None:
    anna, ben, carl = office.some(3)
    desk = notified(take_desk(anna.id))
    loud, quiet = take_desk(ben.id).sign_in(), take_desk(carl.id).sign_in()
    for writer in (loud, quiet):
        writer.open_direct(anna.id)
        writer.say("첫 마디")
    desk.open_first_chat(f"Person {carl.id}")
    desk.page.get_by_role("button", name="대화방 메뉴").click()
    desk.page.get_by_role("menuitem", name="알림 끄기").click()
    desk.go("people")
    notes.expect_notes(desk.page, [f"Person {ben.id}", "첫 마디"])
    quiet.say("조용히")
    loud.say("크게")
    notes.expect_notes(desk.page, [f"Person {ben.id} · 새 메시지 2개", "크게"])
    expect(desk.page).to_have_title("(2) Sendjay")


def test_after_a_long_absence_there_is_a_number_and_no_burst(office: Office, take_desk: TakeDesk) -> None:
    anna, *others = office.some(4)
    writers = [take_desk(each.id).sign_in() for each in others]
    with FaultProxy(office.port) as line:
        desk = take_desk(anna.id, port=line.port)
        notes.allow(desk.page.context)
        desk.page.clock.install()
        desk.sign_in()
        line.cut()
        for writer in writers:
            writer.open_direct(anna.id)
            writer.say("어디 계세요?", "기다릴게요")
            writer.shows("어디 계세요?", "기다릴게요")
        desk.page.clock.fast_forward(AN_HOUR_MS)
        line.mend()
        desk.page.clock.fast_forward(AN_HOUR_MS)
        expect(desk.page).to_have_title("(6) Sendjay")
        assert notes.standing(desk.page) == []
        writers[0].say("이제 오셨네요")
        notes.expect_notes(desk.page, [f"Person {others[0].id}", "이제 오셨네요"])
