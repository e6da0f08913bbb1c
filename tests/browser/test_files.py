"""Files in a talk: chosen, dropped and pasted, sent as one message, looked at and saved by who may."""

from __future__ import annotations

import io
import os
import random
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Route, expect

from tests.browser.conftest import TakeDesk
from tests.browser.desk import Desk
from tests.serving import Office

pytestmark = pytest.mark.browser

PASTE = """([bytes, name, type]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const field = document.querySelector("textarea.composer-field");
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
DROP = """([bytes, name, type]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
  for (const kind of ["dragover", "drop"])
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
}"""


def picture(seed: int, size: tuple[int, int] = (640, 420)) -> bytes:
    """A landscape of sorts."""
    chance = random.Random(seed)
    image = Image.new("RGB", size, (150 + seed * 20 % 100, 190, 230))
    draw = ImageDraw.Draw(image)
    for layer in range(4):
        height = size[1] * (0.4 + 0.15 * layer)
        points = [(x, height + chance.randint(-40, 40)) for x in range(0, size[0] + 80, 80)]
        shade = 160 - layer * 35
        draw.polygon([*points, (size[0], size[1]), (0, size[1])], fill=(shade // 2, shade, shade // 2 + 20))
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


def shot(desk: Desk, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        desk.page.wait_for_timeout(300)
        desk.page.screenshot(path=f"{folder}/files-{name}.png")


def test_files_go_with_a_text_and_are_seen_and_saved_by_the_other(
    office: Office, take_desk: TakeDesk, tmp_path: Path
) -> None:
    anna, ben = office.some(2)
    wide, phone = take_desk(anna.id).sign_in(), take_desk(ben.id, phone=True).sign_in()
    wide.open_direct(ben.id)
    report = tmp_path / "3분기 보고서.pdf"
    report.write_bytes(b"%PDF-1.7\n" + b"figures " * 40_000)
    wide.page.locator("input[type=file]").set_input_files(report)
    wide.page.evaluate(DROP, [list(picture(1)), "현장 사진.png", "image/png"])
    wide.page.evaluate(PASTE, [list(picture(2, (300, 500))), "image.png", "image/png"])
    tray = wide.page.get_by_role("region", name="보낼 파일")
    expect(tray.get_by_role("listitem")).to_have_count(3)
    expect(tray.get_by_text("보낼 준비가 됐어요")).to_have_count(3)
    tray.get_by_role("button", name="현장 사진.png 빼기").click()
    wide.page.evaluate(DROP, [list(picture(3)), "현장 사진.png", "image/png"])
    expect(tray.get_by_text("보낼 준비가 됐어요")).to_have_count(3)
    shot(wide, "tray")
    wide.say("보고서와 사진 보내드려요")
    expect(tray).to_have_count(0)
    phone.open_first_chat("보고서와 사진 보내드려요")
    for desk in (wide, phone):
        expect(desk.timeline.get_by_role("button", name="현장 사진.png 크게 보기")).to_be_visible()
    shot(wide, "wide")
    shot(phone, "phone")
    with phone.page.expect_download() as saved:
        phone.timeline.get_by_role("button", name="3분기 보고서.pdf 내려받기").click()
    assert saved.value.suggested_filename == "3분기 보고서.pdf"
    assert Path(saved.value.path()).read_bytes() == report.read_bytes()
    phone.timeline.get_by_role("button", name="현장 사진.png 크게 보기").click()
    viewer = phone.page.get_by_role("dialog", name="사진과 동영상")
    expect(viewer.get_by_role("status", name="2개 중")).to_be_visible()
    phone.shows_picture(viewer.locator("img.viewer-medium"))
    shot(phone, "viewer")
    phone.page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    # Files alone are a message too; the list says what came.
    wide.page.evaluate(PASTE, [list(picture(4)), "image.png", "image/png"])
    wide.page.get_by_role("button", name="보내기", exact=True).click()
    wide.go("chats")
    expect(wide.page.get_by_text("사진", exact=False).first).to_be_visible()


def test_a_picture_that_did_not_come_through_comes_later_by_itself(
    office: Office, take_desk: TakeDesk
) -> None:
    anna, ben = office.some(2)
    desk, other = take_desk(anna.id).sign_in(), take_desk(ben.id).sign_in()
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append(route.request.url)
        route.abort()

    other.page.route("**/api/files/**", refuse)
    desk.open_direct(ben.id)
    desk.page.evaluate(PASTE, [list(picture(7)), "image.png", "image/png"])
    desk.say("여기 사진이에요")
    other.open_first_chat("여기 사진이에요")
    expect(other.timeline.locator(".picture img")).to_have_count(1)
    for _ in range(100):
        if refused:
            break
        other.page.wait_for_timeout(100)
    assert refused
    other.page.unroute("**/api/files/**")
    other.shows_picture(other.timeline.locator(".picture img"))


def test_a_message_with_a_picture_is_passed_on_to_another_room(office: Office, take_desk: TakeDesk) -> None:
    anna, ben, cho = office.some(3)
    desk, other = take_desk(anna.id).sign_in(), take_desk(cho.id, phone=True).sign_in()
    desk.open_direct(ben.id)
    desk.page.evaluate(PASTE, [list(picture(5)), "image.png", "image/png"])
    desk.say("여기가 새 사무실이에요")
    desk.open_menu("여기가 새 사무실이에요")
    desk.page.get_by_role("menuitem", name="전달").click()
    dialog = desk.page.get_by_role("dialog", name="어디로 전달할까요?")
    dialog.get_by_role("searchbox").or_(dialog.get_by_role("combobox")).fill(cho.id)
    dialog.get_by_role("button", name=f"Person {cho.id}").click()
    shot(desk, "forward")
    dialog.get_by_role("button", name="1곳에 전달").click()
    expect(dialog).to_have_count(0)
    other.open_first_chat("여기가 새 사무실이에요")
    expect(other.timeline.get_by_text("전달된 메시지")).to_be_visible()
    other.shows_picture(other.timeline.locator(".picture img"))
    shot(other, "forwarded")
