"""Every screen, wide and on a phone, light and dark: what axe-core and what people expect of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import TakeDesk
from tests.serving import Office, eventually

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


def serious_faults(page: Page) -> list[str]:
    """What axe-core calls serious or worse. Run beside the page's own content policy."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']}: {fault['nodes'][0]['html'][:200]}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_axe_finds_nothing_serious(office: Office, take_desk: TakeDesk, phone: bool, scheme: str) -> None:
    anna, ben = office.some(2)
    desk = take_desk(anna.id, phone=phone, color_scheme=scheme)
    desk.page.goto(desk.url)
    desk.page.get_by_label("아이디").wait_for()
    assert serious_faults(desk.page) == []
    desk.sign_in()
    desk.open_direct(ben.id)
    desk.say("안녕하세요")
    desk.sees("안녕하세요")
    assert serious_faults(desk.page) == []
    for screen, heading in (("people", "사람"), ("chats", "대화"), ("settings", "설정")):
        desk.go(screen)
        desk.page.get_by_role("heading", name=heading, exact=True).first.wait_for()
        assert serious_faults(desk.page) == []


@pytest.mark.parametrize("width", [320, 360, 640, 1024, 1600])
def test_at_no_width_the_page_itself_scrolls(office: Office, take_desk: TakeDesk, width: int) -> None:
    anna, ben = office.some(2)
    desk = take_desk(anna.id, viewport={"width": width, "height": 700}).sign_in()
    desk.open_direct(ben.id)
    desk.say("가나다라마바사아자차카타파하" * 20, "https://example.com/" + "a" * 300)
    for screen in ("people", "chats", "settings"):
        desk.go(screen)
        desk.page.get_by_role("heading").first.wait_for()
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
        # Not even where its parts hide what is too much: the focus would move the whole page.
        assert desk.page.evaluate("document.documentElement.scrollHeight") <= 700


def test_people_are_found_by_initial_consonants_and_ticked_into_a_room(
    office: Office, take_desk: TakeDesk
) -> None:
    anna = office.some(1)[0]
    with sqlite3.connect(office.data / "sendjay.db", timeout=10) as database:
        database.execute(
            "UPDATE users SET name = '홍길동', initials = 'ㅎㄱㄷ', search_key = '홍길동'"
            " WHERE user_id = 'p0039'"
        )
    desk = take_desk(anna.id).sign_in()
    desk.go("people")
    search = desk.page.get_by_placeholder("이름, 부서, 초성 검색")
    for typed, name in (("ㅎㄱㄷ", "홍길동"), ("p0038", "Person p0038")):
        search.fill(typed)
        row = desk.page.get_by_role("treeitem").filter(has_text=name)
        expect(row).to_have_count(1)
        row.locator(".tick-box").click()
        expect(row).to_have_attribute("aria-checked", "true")
    desk.page.get_by_role("button", name="대화 시작").click()
    desk.composer.wait_for()
    desk.say("세 명이에요")
    desk.sees("세 명이에요")


def test_enter_that_ends_a_hangul_composition_does_not_send(office: Office, take_desk: TakeDesk) -> None:
    anna, ben = office.some(2)
    desk = take_desk(anna.id).sign_in()
    desk.open_direct(ben.id)
    desk.composer.click()
    keyboard = desk.page.context.new_cdp_session(desk.page)
    keyboard.send("Input.imeSetComposition", {"text": "한", "selectionStart": 1, "selectionEnd": 1})
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    keyboard.send("Input.insertText", {"text": "한"})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    expect(desk.composer).to_have_value("한")
    assert desk.texts() == []
    desk.composer.press("Shift+Enter")
    desk.page.keyboard.type("b")
    desk.composer.press("Enter")
    expect(desk.composer).to_have_value("")
    desk.shows("한\nb")


def test_a_long_room_shows_its_end_at_once_and_only_what_is_in_view(
    office: Office, take_desk: TakeDesk
) -> None:
    anna, ben = office.some(2)
    desk = take_desk(anna.id).sign_in()
    desk.open_direct(ben.id)
    desk.say("처음")
    said = "SELECT 1 FROM messages WHERE sender_id = ? AND body = '처음'"
    assert eventually(lambda: office.rows(said, anna.id))
    _lengthen_room(office, anna.id, ben.id, 50_000)
    desk.go("chats")
    desk.page.reload()
    desk.open_first_chat("talk 50000")
    desk.sees("talk 50000")
    shown = desk.timeline.locator("article")
    assert shown.count() < 200
    desk.timeline.focus()
    for _ in range(8):
        desk.page.keyboard.press("PageUp")
        desk.page.wait_for_timeout(150)
    numbers = [int(text.split()[1]) for text in desk.texts()]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    assert numbers[0] < 49_960
    assert shown.count() < 200


def _lengthen_room(office: Office, sender: str, other: str, count: int) -> None:
    with sqlite3.connect(office.data / "sendjay.db", timeout=30) as database:
        room, seq, version, at = database.execute(
            "SELECT r.room_id, r.seq, r.version, r.touched_at FROM rooms r"
            " JOIN members a ON a.room_id = r.room_id AND a.user_id = ?"
            " JOIN members b ON b.room_id = r.room_id AND b.user_id = ? WHERE r.kind = 'direct'",
            (sender, other),
        ).fetchone()
        rows = (
            (room, seq + n, version + n, (sender, other)[n % 2], at + n, "text", f"talk {seq + n}")
            for n in range(1, count)
        )
        database.executemany(
            "INSERT INTO messages (room_id, seq, version, sender_id, sent_at, kind, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        end = count - 1
        database.execute(
            "UPDATE rooms SET seq = seq + ?, version = version + ?, last_seq = seq + ?,"
            " touched_at = touched_at + ? WHERE room_id = ?",
            (end, end, end, end, room),
        )
        database.execute("UPDATE members SET read_seq = ? WHERE room_id = ?", (count, room))
