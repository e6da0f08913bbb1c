"""What is written with marks is shown as meant, and nothing in a message is ever read as HTML."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TakeDesk
from tests.serving import Office

pytestmark = pytest.mark.browser
SAID = """*배포 순서*입니다. _천천히_ 읽어 주세요
1. `make build`
2. 서버 두 대 교체
> 어제 회의에서 정한 대로
```
for node in a b; do
  deploy "$node"
done
```
자세한 건 https://wiki.example.com/a_b_c 에요"""
HOSTILE = "<img src=x onerror=\"document.title='taken'\"> *<b>굵게</b>* `</code><script>1</script>`"


def test_marks_are_shown_as_meant_and_nothing_is_html(office: Office, take_desk: TakeDesk) -> None:
    anna, ben = office.some(2)
    with office.rest(ben.token) as rest:
        made = rest.post("/api/rooms", json={"client_id": "the-room", "people": [anna.id]}).raise_for_status()
        path = f"/api/rooms/{made.json()['room']['room']['id']}/messages"
        for number, body in enumerate((SAID, HOSTILE)):
            rest.post(path, json={"client_id": f"said-{number:04}", "body": body}).raise_for_status()
    desk = take_desk(anna.id).sign_in()
    desk.open_first_chat("굵게")
    said, hostile = (desk.timeline.locator("article .bubble").nth(n) for n in (0, 1))
    expect(said.locator("strong")).to_have_text("배포 순서")
    expect(said.locator("em")).to_have_text("천천히")
    expect(said.locator("ol li")).to_have_text(["make build", "서버 두 대 교체"])
    expect(said.locator("blockquote")).to_have_text("어제 회의에서 정한 대로")
    expect(said.locator("pre")).to_contain_text('  deploy "$node"')
    expect(said.locator("a")).to_have_attribute("href", "https://wiki.example.com/a_b_c")
    expect(hostile.locator("strong")).to_have_text("<b>굵게</b>")
    expect(hostile.locator("code")).to_have_text("</code><script>1</script>")
    expect(hostile.locator("img, b, script")).to_have_count(0)
    if folder := os.environ.get("SHOTS"):
        desk.page.screenshot(path=f"{folder}/format.png")
        desk.page.emulate_media(color_scheme="dark")
        desk.page.screenshot(path=f"{folder}/format-dark.png")
