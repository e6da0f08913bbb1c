"""What stands behind a link is shown as a card: its words as words, its picture from our own server."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk import Desk
from tests.previews.pages import web_server
from tests.serving import Office, run_office

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    settings = {"link_previews": "true", "preview_networks": "127.0.0.0/8"}
    yield from run_office(tmp_path_factory.mktemp("office"), **settings)


def test_a_link_has_a_card_beneath_it(shown: Office, browser: Browser) -> None:
    anna, ben = shown.some(2)
    context = browser.new_context(locale="ko-KR", viewport={"width": 1280, "height": 800})
    desk = Desk(context.new_page(), shown.url, anna.id).sign_in()
    desk.open_direct(ben.id)
    with web_server() as web:
        desk.say(f"{web}/wiki/plan", f"{web}/evil/x", f"{web}/shown/~photo~wide.png")
        card = desk.timeline.get_by_role("link", name="링크 미리보기: 3분기 실적 & 계획")
        expect(card).to_be_visible()
        expect(card).to_have_attribute("rel", "noopener noreferrer nofollow")
        # The picture comes from our own server, in a place that was kept for it.
        picture = desk.timeline.locator(".preview-picture img")
        expect(picture).to_have_js_property("naturalWidth", 640)
        assert (picture.get_attribute("src") or "").startswith("/api/rooms/")
        expect(desk.timeline.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    if folder := os.environ.get("SHOTS"):
        desk.page.screenshot(path=f"{folder}/preview.png")
    desk.leave()
