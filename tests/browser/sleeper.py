"""A page that stands still, as on a machine that sleeps or in an endless loop: no code of it runs."""

from __future__ import annotations

from playwright.sync_api import Page


class Sleeper:
    def __init__(self, page: Page) -> None:
        self._debugger = page.context.new_cdp_session(page)

    def sleep(self) -> None:
        self._debugger.send("Debugger.enable")
        self._debugger.send("Debugger.pause")

    def wake(self) -> None:
        self._debugger.send("Debugger.disable")
