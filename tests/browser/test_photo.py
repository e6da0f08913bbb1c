"""My photo: chosen, moved and zoomed under the frame, seen by colleagues, taken away again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TakeDesk
from tests.browser.test_files import picture
from tests.serving import Office

pytestmark = pytest.mark.browser


def test_my_photo_is_cut_out_of_a_picture_and_seen_by_colleagues(
    office: Office, take_desk: TakeDesk, tmp_path: Path
) -> None:
    anna, ben = office.some(2)
    desk, other = take_desk(anna.id).sign_in(), take_desk(ben.id).sign_in()
    chosen = tmp_path / "me.png"
    chosen.write_bytes(picture(3))
    desk.go("settings")
    desk.page.get_by_label("사진 올리기").set_input_files(chosen)
    dialog = desk.page.get_by_role("dialog", name="내 사진")
    frame = dialog.get_by_role("application")
    expect(frame.locator("img")).to_be_visible()
    dialog.get_by_label("확대").fill("1.6")
    frame.focus()
    for _ in range(5):
        desk.page.keyboard.press("ArrowRight")
    if folder := os.environ.get("SHOTS"):
        desk.page.screenshot(path=f"{folder}/photo.png")
    dialog.get_by_role("button", name="저장").click()
    expect(dialog).to_have_count(0)
    desk.shows_picture(desk.page.locator(".my-photo img"))
    if folder:
        desk.page.screenshot(path=f"{folder}/photo-set.png")
    other.go("people")
    other.page.get_by_text(f"Person {anna.id}", exact=True).first.click()
    other.shows_picture(other.page.locator(".profile img, .person-card img, .dialog img"))
    desk.page.get_by_role("button", name="사진 지우기").click()
    expect(desk.page.locator(".my-photo img")).to_have_count(0)
    wrong = tmp_path / "page.png"
    wrong.write_bytes(b"<html>")
    desk.page.get_by_label("사진 올리기").set_input_files(wrong)
    expect(desk.page.get_by_text("이 파일은 사진으로 쓸 수 없어요.")).to_be_visible()
