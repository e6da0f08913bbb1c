"""Tokens and sessions as a person meets them: renewed unseen, ended, lost and wiped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import TakeDesk
from tests.browser.desk import Desk
from tests.fault_proxy import FaultProxy
from tests.serving import PASSWORD, Office, eventually, run_office

pytestmark = pytest.mark.browser

TOKEN_SECONDS = 6
KEPT = """() => new Promise((resolve, reject) => {
    const opening = indexedDB.open("sendjay");
    opening.onerror = reject;
    opening.onsuccess = () => {
        const names = ["unsent", "drafts"];
        const asked = opening.result.transaction(names);
        const all = names.map((name) => asked.objectStore(name).getAll());
        asked.oncomplete = () => {
            opening.result.close();
            const noted = Object.keys(localStorage).filter((key) => key.includes("unsent"));
            resolve([...all.flatMap((each) => each.result), ...noted]);
        };
    };
})"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    yield from run_office(folder, people=30, access_token_seconds=str(TOKEN_SECONDS))


class Renewals:
    """How often the pages of a browser have asked for a new token."""

    def __init__(self, *pages: Page) -> None:
        self.count = 0
        for page in pages:
            page.on("request", self._asked)

    def _asked(self, request: Request) -> None:
        self.count += request.url.endswith("/api/auth/refresh")


def sign_in_elsewhere(office: Office, person: str, **device: str) -> httpx.Client:
    """Somebody's other device, by REST."""
    asked: dict[str, Any] = {"login": person, "password": PASSWORD, "device": {"kind": "web", **device}}
    with office.rest() as client:
        answer = client.post("/api/auth/sign-in", json=asked).raise_for_status().json()
    return office.rest(answer["access_token"])


def before_one_room(office: Office, take_desk: TakeDesk, port: int) -> tuple[Desk, Desk]:
    """Somebody behind a line, and a colleague, before their room."""
    one, other = office.some(2)
    near = take_desk(other.id).sign_in()
    far = take_desk(one.id, port=port).sign_in()
    far.open_direct(other.id)
    far.say("t00")
    near.open_first_chat("t00")
    near.shows("t00")
    return far, near


def test_who_was_offline_for_longer_than_a_token_lives_needs_no_password(
    office: Office, take_desk: TakeDesk
) -> None:
    with FaultProxy(office.port) as line:
        far, near = before_one_room(office, take_desk, line.port)
        renewals = Renewals(far.page)
        line.cut()
        near.say("t01")
        far.say("t02")
        far.page.wait_for_timeout(1000 * (TOKEN_SECONDS + 1))
        # The browser has let the token's cookie go as well.
        assert "sendjay_access" not in {cookie.get("name") for cookie in far.page.context.cookies()}
        refused, renewals.count = renewals.count, 0
        line.mend()
        far.shows("t00", "t01", "t02")
        near.shows("t00", "t01", "t02")
        assert renewals.count >= 1, refused
        expect(far.page.get_by_label("비밀번호", exact=True)).to_have_count(0)
        line.cut()
        far.page.wait_for_timeout(1000 * (TOKEN_SECONDS + 1))
        line.mend()
        far.page.reload()
        far.shows("t00", "t01", "t02")


def test_a_token_is_renewed_once_for_all_tabs_before_it_ends(office: Office, take_desk: TakeDesk) -> None:
    far, near = before_one_room(office, take_desk, office.port)
    pages = [far.page]
    room = far.page.url
    while len(pages) < 4:
        page = far.page.context.new_page()
        page.goto(room)
        page.get_by_role("log").get_by_text("t00", exact=True).wait_for()
        pages.append(page)
    closes: list[int] = []
    renewals = Renewals(*pages)
    for page in pages:
        page.on("websocket", lambda opened: closes.append(1))
    lives = 2
    for number in range(1, lives + 1):
        far.page.wait_for_timeout(1000 * TOKEN_SECONDS)
        near.say(f"t0{number}")
    for page in pages:
        shown = page.get_by_role("log").locator("article .bubble")
        expect(shown).to_have_text(["t00", "t01", "t02"])
    assert closes == [], "renewed in time, no line is cut"
    # One tab alone renews after three quarters of a token's life; four of them would do so four times.
    assert 1 <= renewals.count <= 2 * lives, renewals.count


def end_session(office: Office, desk: Desk) -> None:
    """Not as lost: somebody else has taken the session's place."""
    device = desk.page.evaluate("localStorage.getItem('sendjay.device')")
    sign_in_elsewhere(office, desk.person, id=device).close()


def write_without_a_line(line: FaultProxy, desk: Desk) -> None:
    line.cut()
    desk.say("쓰고 못 보낸 말")
    desk.sees("쓰고 못 보낸 말")
    desk.composer.fill("쓰다 만 글")
    expect(desk.page.get_by_text("연결이 끊겼어요").first).to_be_visible()
    assert eventually(lambda: len(desk.page.evaluate(KEPT)) == 2)


def sign_in_here(desk: Desk, person: str) -> None:
    """On the page that asks for it, without going anywhere."""
    desk.page.get_by_label("아이디").fill(person)
    desk.page.get_by_label("비밀번호", exact=True).fill(PASSWORD)
    desk.page.get_by_role("button", name="로그인").click()


def test_a_session_that_was_ended_leads_to_sign_in_and_what_was_written_waits_for_its_person(
    office: Office, take_desk: TakeDesk
) -> None:
    (stranger,) = office.some(1)
    with FaultProxy(office.port) as line:
        far, near = before_one_room(office, take_desk, line.port)
        write_without_a_line(line, far)
        end_session(office, far)
        line.mend()
        far.page.get_by_label("아이디").wait_for()
        near.shows("t00")
        sign_in_here(far, stranger.id)
        far.page.get_by_role("heading", name="사람", exact=True).or_(
            far.page.get_by_role("heading", name="대화", exact=True)
        ).first.wait_for()
        expect(far.page.get_by_text("쓰")).to_have_count(0)
        far.page.wait_for_timeout(1500)
        near.shows("t00")
        assert len(far.page.evaluate(KEPT)) == 2, "what is another person's is left alone"
        far.page.evaluate("fetch('/api/auth/sign-out', {method: 'POST'})")
        far.page.get_by_label("아이디").wait_for()
        sign_in_here(far, far.person)
        near.shows("t00", "쓰고 못 보낸 말")
        far.open_first_chat("쓰다 만 글")
        far.shows("t00", "쓰고 못 보낸 말")
        expect(far.composer).to_have_value("쓰다 만 글")


@pytest.mark.parametrize("token", ["alive", "over"])
def test_a_lost_device_that_was_offline_is_wiped_at_its_next_contact_and_sends_nothing(
    office: Office, take_desk: TakeDesk, token: str
) -> None:
    with FaultProxy(office.port) as line:
        far, near = before_one_room(office, take_desk, line.port)
        write_without_a_line(line, far)
        far.page.close()
        remove_the_others(office, far.person)
        if token == "over":
            near.page.wait_for_timeout(1000 * (TOKEN_SECONDS + 1))
        line.mend()
        far.open_another_tab()
        expect(far.page.get_by_text("다른 기기에서 이 기기를 로그아웃했어요")).to_be_visible()
        assert eventually(lambda: far.page.evaluate(KEPT) == [])
        sign_in_here(far, far.person)
        far.open_first_chat("t00")
        far.shows("t00")
        expect(far.composer).to_have_value("")
        near.shows("t00")


def remove_the_others(office: Office, person: str) -> None:
    with sign_in_elsewhere(office, person, id="the phone in the other pocket") as phone:
        phone.delete("/api/me/sessions").raise_for_status()
