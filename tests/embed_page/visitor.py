"""Somebody at the portal: its pages, and the messenger in them."""

from __future__ import annotations

import json
import re
import time
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Frame, Page, expect

SECONDS = 20_000
OF_THE_NETWORK = ("Failed to load resource", "WebSocket connection to")
BEGUN = "window.Sendjay !== undefined"
WATCHES = """
window.heard = [];
for (const name of ['unread', 'message', 'open', 'close', 'connection'])
  Sendjay.on(name, (what) => window.heard.push([name, what]));
null
"""


class Visitor:
    """One browser with one person in it. Nothing may break in its pages, and no policy be broken."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.url = url
        self.warnings: list[str] = []
        self.errors: list[str] = []
        context.on("page", self._watch)
        self.page = context.new_page()
        expect.set_options(timeout=SECONDS)

    def _watch(self, page: Page) -> None:
        page.set_default_timeout(SECONDS)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._note)

    def _note(self, line: ConsoleMessage) -> None:
        if line.type == "warning":
            self.warnings.append(line.text)
        # Of what failed on the way a browser tells by itself; what it means is asserted where it is meant.
        elif line.type == "error" and not any(words in line.text for words in OF_THE_NETWORK):
            self.errors.append(line.text)

    def leave(self) -> None:
        self.context.close()
        assert self.errors == []

    def sign_in(self, name: str, page: Page | None = None) -> None:
        page = page or self.page
        page.goto(self.url)
        page.get_by_role("button", name=re.compile(name)).click()
        self.connects(page)

    def go(self, path: str, page: Page | None = None) -> None:
        page = page or self.page
        page.goto(self.url + path)
        self.connects(page)

    def connects(self, page: Page | None = None) -> None:
        page = page or self.page
        self.until(BEGUN, page)
        page.evaluate(WATCHES)
        self.waits_for("connection", "connected", page)

    def heard(self, name: str, page: Page | None = None) -> list[Any]:
        said = (page or self.page).evaluate("window.heard")
        return [what for told, what in said if told == name]

    def waits_for(self, name: str, what: Any, page: Page | None = None) -> None:
        """Until the page has been told this."""
        said = json.dumps([name, what], ensure_ascii=False, separators=(",", ":"))
        told = f"window.heard.some((each) => JSON.stringify(each) === {json.dumps(said)})"
        self.until(told, page)

    def has_warned_of(self, words: str) -> bool:
        # A turn of the browser's, in which it says what it has to say.
        self.page.wait_for_timeout(20)
        return any(words in line for line in self.warnings)

    def until(self, holds: str, page: Page | None = None) -> None:
        """Asked from outside: the page's own policy lets nobody make code of words in it."""
        page = page or self.page
        deadline = time.monotonic() + SECONDS / 1000
        while not page.evaluate(holds):
            assert time.monotonic() < deadline, f"It never came to this: {holds}"
            page.wait_for_timeout(50)

    # The button is behind a closed shadow root: seen as a screen reader sees it, pressed where it stands.

    def button_says(self, page: Page | None = None) -> str:
        """The button's name, with the number of unread talks in it; empty while there is none."""
        session = self.context.new_cdp_session(page or self.page)
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        session.detach()
        names = [node["name"]["value"] for node in nodes if node.get("role", {}).get("value") == "button"]
        return next((name for name in names if name.startswith("메신저 열기")), "")

    def press_button(self) -> None:
        size = self.page.viewport_size
        assert size is not None
        self.page.mouse.click(size["width"] - 50, size["height"] - 50)

    def has_panel(self) -> bool:
        # A turn of the browser's: frames come and go in it.
        self.page.wait_for_timeout(20)
        return any("/panel" in frame.url for frame in self.page.frames)

    def panel(self) -> Frame:
        """The messenger in the panel, once it shows somebody's talks."""
        deadline = time.monotonic() + SECONDS / 1000
        while not (found := [frame for frame in self.page.frames if "/panel" in frame.url]):
            assert time.monotonic() < deadline, "The panel did not open."
            self.page.wait_for_timeout(50)
        found[0].get_by_role("heading", name="대화", exact=True).or_(
            found[0].locator("textarea.composer-field")
        ).first.wait_for()
        return found[0]
