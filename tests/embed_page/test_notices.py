"""Notifications in the name of a portal: one a room as long as it is news, whichever page has shown it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import notes
from tests.embed_page.colleague import Colleague
from tests.embed_page.visitor import Visitor

pytestmark = pytest.mark.browser


def come(visitor: Visitor, name: str) -> None:
    """Somebody who has allowed this portal to notify, with all of the script there."""
    notes.allow(visitor.context)
    visitor.sign_in(name)
    visitor.page.wait_for_load_state("networkidle")


def test_a_press_on_it_opens_the_room(visitor: Visitor, colleague: Colleague) -> None:
    come(visitor, "최도윤")
    colleague.say(colleague.room_with("doyun.choi"), "결재 부탁드려요")
    notes.expect_notes(visitor.page, [f"Person {colleague.id}", "결재 부탁드려요"])
    notes.press_newest(visitor.page)
    expect(visitor.panel().get_by_role("log").get_by_text("결재 부탁드려요")).to_be_visible()
    visitor.waits_for("unread", 0)
    notes.expect_notes(visitor.page)


def test_what_was_read_elsewhere_goes_also_where_an_earlier_page_had_shown_it(
    visitor: Visitor, colleague: Colleague
) -> None:
    come(visitor, "김민지")
    room = colleague.room_with("minji.kim")
    colleague.say(room, "하나")
    notes.expect_notes(visitor.page, [f"Person {colleague.id}", "하나"])
    visitor.go("/orders")
    visitor.page.wait_for_load_state("networkidle")
    notes.expect_notes(visitor.page, [f"Person {colleague.id}", "하나"])
    visitor.page.evaluate(f"Sendjay.openRoom('{room}')")
    visitor.waits_for("unread", 0)
    notes.expect_notes(visitor.page)


def test_each_talk_of_a_room_is_told_and_the_room_has_one_notification(
    visitor: Visitor, colleague: Colleague
) -> None:
    come(visitor, "손하늘")
    room = colleague.room_with("haneul.son")
    colleague.say(room, "하나")
    notes.expect_notes(visitor.page, [f"Person {colleague.id}", "하나"])
    colleague.say(room, "둘")
    notes.expect_notes(visitor.page, [f"Person {colleague.id} · 새 메시지 2개", "둘"])
    # A browser replaces one with the same tag without a sound unless it is told otherwise.
    assert visitor.page.evaluate("window.ever.map((note) => note.renotify)") == [True, True]


def test_who_signs_out_of_the_portal_leaves_none_for_the_next_to_read(
    visitor: Visitor, colleague: Colleague
) -> None:
    come(visitor, "국철민")
    colleague.say(colleague.room_with("cheolmin.kook"), "비밀이에요")
    notes.expect_notes(visitor.page, [f"Person {colleague.id}", "비밀이에요"])
    visitor.go("/people")
    visitor.page.wait_for_load_state("networkidle")
    visitor.page.evaluate("Sendjay.signOut()")
    notes.expect_notes(visitor.page)
