"""A witness in the page notes all that its timeline ever showed, so that a test can ask about each moment."""

from __future__ import annotations

from playwright.sync_api import Page

# In the page itself, at every change of the screen: from outside, what stood there for a moment is missed.
SCRIPT = """
(() => {
  const seen = { twice: [], gone: [], shown: [] };
  window.__witness = seen;
  let known = new Set();
  const look = () => {
    const log = document.querySelector('[role=log]');
    if (!log) return;
    const texts = [...log.querySelectorAll('article .bubble')].map((bubble) => bubble.innerText.trim());
    const now = new Set(texts);
    if (now.size !== texts.length) {
      for (const text of now) if (texts.filter((other) => other === text).length > 1) seen.twice.push(text);
    }
    for (const text of known) if (!now.has(text)) seen.gone.push(text);
    for (const text of now) if (!known.has(text)) seen.shown.push(text);
    known = now;
  };
  const start = () => new MutationObserver(look).observe(document.body, {
    childList: true, subtree: true, characterData: true,
  });
  if (document.body) start();
  else addEventListener('DOMContentLoaded', start);
})();
"""


def watch(page: Page) -> None:
    """From the page's next load on."""
    page.add_init_script(SCRIPT)


def check(page: Page) -> None:
    """Never, at any moment since the page was loaded, was a talk on screen twice, nor did one vanish again.

    Only for rooms that fit on the screen: a virtual list takes away what is scrolled out of sight.
    """
    seen = page.evaluate("window.__witness")
    assert seen["twice"] == [], f"shown twice: {seen['twice']}"
    assert seen["gone"] == [], f"was shown and vanished: {seen['gone']}"
