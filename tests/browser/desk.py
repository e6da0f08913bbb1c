"""Somebody before the messenger: what they press, type and see."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.serving import PASSWORD

SECONDS = 20_000
"""Milliseconds to wait for what must come; generous, for the machine is shared."""


class Desk:
    """One browser with one person in it. Nothing may break in its pages."""

    def __init__(self, page: Page, url: str, person: str) -> None:
        self.url = url
        self.person = person
        self._errors: list[str] = []
        self.page = self._watch(page)
        expect.set_options(timeout=SECONDS)

    def _watch(self, page: Page) -> Page:
        page.on("pageerror", lambda error: self._errors.append(str(error)))
        page.on("console", lambda line: self._note(line.text))
        page.set_default_timeout(SECONDS)
        return page

    def _note(self, line: str) -> None:
        if "Content Security Policy" in line:
            self._errors.append(line)

    def leave(self) -> None:
        self.page.context.close()
        assert self._errors == []

    def sign_in(self) -> Desk:
        self.page.goto(self.url)
        self.page.get_by_label("아이디").fill(self.person)
        self.page.get_by_label("비밀번호", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="로그인").click()
        self.page.get_by_role("heading", name="대화", exact=True).or_(
            self.page.get_by_role("heading", name="사람", exact=True)
        ).first.wait_for()
        return self

    def open_another_tab(self) -> None:
        """A new tab of the same browser; from now on that is the page."""
        self.page = self._watch(self.page.context.new_page())
        self.page.goto(self.url)

    def go(self, screen: str) -> None:
        """To /people, /chats or /settings."""
        self.page.goto(f"{self.url}/#/{screen}")

    def open_direct(self, colleague: str) -> None:
        """The 1:1 room with somebody, by way of their profile."""
        self.go("people")
        self.page.get_by_text(f"Person {colleague}", exact=True).first.click()
        self.page.get_by_role("button", name="1:1 대화").click()
        self.composer.wait_for()

    def open_first_chat(self, text: str) -> None:
        """The room in the list that says this."""
        self.go("chats")
        self.page.get_by_text(text).first.click()
        self.composer.wait_for()

    @property
    def composer(self) -> Locator:
        return self.page.locator("textarea.composer-field")

    @property
    def timeline(self) -> Locator:
        return self.page.get_by_role("log")

    def say(self, *texts: str) -> None:
        for text in texts:
            self.composer.fill(text)
            self.composer.press("Enter")

    def open_menu(self, text: str) -> None:
        """Of the last message that says `text`. What is still on its way has none."""
        sent = self.timeline.locator(".message:not(.message-sending)")
        sent.get_by_text(text, exact=True).last.click(button="right")

    def sees(self, text: str) -> None:
        """The text stands in the timeline."""
        expect(self.timeline.get_by_text(text, exact=True)).to_be_visible()

    def shows_picture(self, picture: Locator) -> None:
        """It has come, and is one."""
        for _ in range(SECONDS // 100):
            # Asked from outside: a page that forbids eval lets no question wait within it.
            if picture.count() and picture.first.evaluate("(each) => each.naturalWidth") > 0:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("no picture came")

    def texts(self) -> list[str]:
        """What the timeline shows, from top to bottom."""
        return self.timeline.locator("article .bubble").all_inner_texts()

    def shows(self, *expected: str) -> None:
        """Exactly these talks, once and in this order."""
        expect(self.timeline.locator("article .bubble")).to_have_text(list(expected))
