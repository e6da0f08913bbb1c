"""A page cannot see the browser's own notifications: these stand in for them, for all pages of a browser."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.serving import eventually

# As with a browser's, one with the same tag takes the other's place, and they outlive their page.
SCRIPT = """
(() => {
  const KEPT = "notes of the test";
  const kept = () => JSON.parse(localStorage.getItem(KEPT) ?? "[]");
  const keep = (notes) => localStorage.setItem(KEPT, JSON.stringify(notes));
  window.notes = kept;
  window.ever = [];
  window.Notification = class {
    static permission = "granted";
    constructor(title, options) {
      const { body, tag, silent = false, renotify = false, vibrate = [] } = options;
      this.note = { id: Math.random(), title, body, tag, silent, renotify, vibrate };
      keep([...kept().filter((note) => note.tag !== tag), this.note]);
      window.ever.push(this.note);
      window.newest = this;
    }
    close() {
      keep(kept().filter((note) => note.id !== this.note.id));
      this.onclose?.();
    }
  };
})();
"""


def allow(context: BrowserContext) -> None:
    """From the next page on, the person has allowed notifications."""
    context.add_init_script(f"if (window === top) {SCRIPT}")


def standing(page: Page) -> list[Any]:
    """Title and body of each, in the order in which they came."""
    return page.evaluate("window.notes().map((note) => [note.title, note.body])")


def expect_notes(page: Page, *expected: list[str]) -> None:
    assert eventually(lambda: _told(page) == list(expected), 20), _told(page)


def _told(page: Page) -> list[Any]:
    # A turn of the browser's: events come in it.
    page.wait_for_timeout(20)
    return standing(page)


def press_newest(page: Page) -> None:
    page.evaluate("window.newest.onclick(); null")
