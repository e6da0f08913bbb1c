"""Takes the README's pictures: a demo company in a temporary folder, looked at with the system's Chromium.

.venv/bin/python scripts/take_pictures.py
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from sendjay.app import Messenger
from sendjay.demo.build import Builder
from sendjay.demo.place import DemoPlace
from sendjay.settings import Settings

CHECKOUT = Path(__file__).resolve().parents[1]
PICTURES = CHECKOUT / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
PROGRAM = Path(sys.executable).with_name("sendjay")
ZONE = "Asia/Seoul"
WIDE = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
ONLINE = ("doyun.choi", "haneul.son", "seoyeon.lee", "sangwoo.jung")
"""Colleagues who are there while the pictures are taken."""


def working_morning() -> datetime:
    """Twenty past eleven on the last working day: when a company talks."""
    now = datetime.now(ZoneInfo(ZONE))
    morning = now.replace(hour=11, minute=20, second=0, microsecond=0)
    while morning > now or morning.weekday() > 4:
        morning -= timedelta(days=1)
    return morning


async def make(folder: Path, now: datetime) -> None:
    """The demo company, as if it were `now`."""
    place = DemoPlace(folder)
    assert place.prepare()
    messenger = Messenger(Settings(data_dir=str(folder)))
    async with messenger.running():
        for _, work in Builder(messenger, now).steps():
            print(await work())
    place.finish()


@contextmanager
def demo(now: datetime) -> Iterator[tuple[str, str]]:
    """The addresses of a demo and of its portal, which live as long as the block."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "demo"
        asyncio.run(make(data, now))
        process = subprocess.Popen(  # noqa: S603 - our own program
            [PROGRAM, "demo", "--port", "0", "--portal-port", "0", "--data-dir", data],
            env={**os.environ, "TZ": ZONE},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            portal = next(line for line in process.stdout if "is a portal" in line).split()[0]
            ready = next(line for line in process.stdout if "ready at" in line)
            yield ready.split()[-1], portal
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


def sign_in(browser: Browser, address: str, now: datetime, login: str, view: ViewportSize = WIDE) -> Page:
    context = browser.new_context(
        viewport=view,
        locale="ko-KR",
        timezone_id=ZONE,
        color_scheme="dark" if view is PHONE else "light",
        device_scale_factor=2 if view is PHONE else 1.5,
        has_touch=view is PHONE,
        is_mobile=view is PHONE,
    )
    page = context.new_page()
    page.clock.set_fixed_time(now)
    page.goto(address)
    page.get_by_label("아이디").fill(login)
    page.get_by_label("비밀번호", exact=True).fill("sendjay-demo")
    page.keyboard.press("Enter")
    page.get_by_text("하노이 2라인 증설 TF").first.wait_for()
    return page


def open_portal(browser: Browser, portal: str) -> Page:
    """A page of the portal with the messenger docked beside it."""
    context = browser.new_context(viewport=WIDE, locale="ko-KR", timezone_id=ZONE, device_scale_factor=1.5)
    page = context.new_page()
    page.goto(portal)
    page.get_by_role("button", name="김민지").click()
    page.goto(f"{portal}/approvals")
    page.evaluate("Sendjay.open()")
    while not (panels := [frame for frame in page.frames if "/panel" in frame.url]):
        page.wait_for_timeout(100)
    panels[0].get_by_text("하노이 2라인 증설 TF").first.click()
    return page


def settle(page: Page) -> None:
    """Fonts and photos are there, and nothing moves any more."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(1200)


def take(page: Page, name: str) -> None:
    settle(page)
    page.screenshot(path=PICTURES / f"{name}.png")
    print(f"Took {name}.png")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    now = working_morning()
    with demo(now) as (address, portal), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        for login in ONLINE:
            sign_in(browser, address, now, login)
        page = sign_in(browser, address, now, "minji.kim")
        page.get_by_text("하노이 2라인 증설 TF").first.click()
        page.get_by_role("button", name="대화 상대 보기").click()
        take(page, "room")
        page.goto(f"{address}/#/people/seoyeon.lee")
        take(page, "people")
        take(sign_in(browser, address, now, "minji.kim", PHONE), "phone")
        page.context.close()
        take(open_portal(browser, portal), "portal")
        browser.close()


main()
