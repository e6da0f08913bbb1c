"""Several tabs of one browser, and what may happen to one of them."""

from __future__ import annotations

import contextlib

from playwright.sync_api import BrowserContext, Error, Request, WebSocket

from tests.browser import witness
from tests.browser.desk import Desk

NOTES_WELCOME = """
const now = () => performance.timeOrigin + performance.now();
addEventListener('pagehide', () => { localStorage.gone = now(); });
window.noteGoing = () => { localStorage.gone = now(); };
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener('message', () => { window.welcomed = now(); }, { once: true });
  }
};
"""


class Tab(Desk):
    """One tab of a browser that has several; its page is watched for what it ever showed."""

    def __init__(self, context: BrowserContext, url: str, person: str) -> None:
        page = context.new_page()
        witness.watch(page)
        page.add_init_script(NOTES_WELCOME)
        self._sockets: set[WebSocket] = set()
        self.dead = False
        self.asleep = False
        page.on("websocket", self._opened)
        page.on("request", self._asked)
        super().__init__(page, url, person)

    def _opened(self, socket: WebSocket) -> None:
        self._sockets.add(socket)
        socket.on("close", lambda closed: self._sockets.discard(closed))

    def _asked(self, request: Request) -> None:
        """What the page before had open is closed, and not always told of."""
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self._sockets.clear()

    def show_room(self, room: str) -> Tab:
        self.page.goto(f"{self.url}/#/chats/{room}")
        self.composer.wait_for()
        return self

    @property
    def talks(self) -> bool:
        """Whether this tab holds a connection."""
        return any(not socket.is_closed() for socket in self._sockets)

    @property
    def took_over_in(self) -> float:
        """Seconds from the last leader's going to the server's first word here, by the pages' clocks."""
        return float(self.page.evaluate("welcomed - Number(localStorage.gone)")) / 1000

    def crash(self) -> None:
        """The renderer dies: no event is fired, nothing is tidied up."""
        self.dead = True
        self.page.evaluate("noteGoing()")
        with contextlib.suppress(Error):
            self.page.goto("chrome://crash")

    def close(self) -> None:
        """As by the cross on the tab."""
        self.dead = True
        self.page.close(run_before_unload=False)

    def freeze(self) -> None:
        """As a browser does with tabs long out of sight: the page hears `freeze`, then no code of it runs.

        A page that is watched counts as seen, and a seen page cannot be frozen: so the event is fired and
        the page is stopped.
        """
        self.page.evaluate("document.dispatchEvent(new Event('freeze'))")
        self.hang()

    def thaw(self) -> None:
        self.go_on()
        self.page.evaluate("document.dispatchEvent(new Event('resume'))")

    def hang(self) -> None:
        """No code of the page runs any more, and it was not told: an endless loop, a machine asleep."""
        self._debugger = self.page.context.new_cdp_session(self.page)
        self._debugger.send("Debugger.enable")
        self._debugger.send("Debugger.pause")
        self.asleep = True

    def go_on(self) -> None:
        self._debugger.send("Debugger.disable")
        self._debugger.detach()
        self.asleep = False
