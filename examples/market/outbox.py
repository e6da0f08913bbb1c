"""What the messenger is to be told. It waits in the market's own database until it was taken."""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from content import NEIGHBOURS
from deals import Deal, every_deal
from posts import Post, all_posts
from store import Store, next_time

KIND = "tool"
TIMEOUT_SECONDS = 10
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 15.0
REFUSALS_MAX = 5
# A server that is busy, or has not heard of the token yet, does not say that what we tell is wrong.
COME_BACK_LATER = {401, 403, 408, 425, 429}


class Waiting(NamedTuple):
    id: int
    method: str
    path: str
    body: str | None
    tries: int


def tell_post(db: sqlite3.Connection, post: Post, origin: str) -> None:
    facts = {
        "title": post.title,
        "price": post.price_text,
        "status": post.state,
        "picture": f"{origin}/static/pictures/{post.picture}.svg",
        "link": f"{origin}/posts/{post.id}",
        "owner": _person(post.owner),
        "is_open": not post.is_closed,
        "at": next_time(db),
    }
    _put(db, "PUT", _address(post.id), facts)


def tell_deleted(db: sqlite3.Connection, post: Post) -> None:
    _put(db, "DELETE", f"{_address(post.id)}?{urlencode({'at': next_time(db)})}", None)


def tell_deal(db: sqlite3.Connection, deal: Deal) -> None:
    facts = {
        "asker": _person(deal.borrower),
        "state": deal.state,
        "since": deal.since,
        "until": deal.until,
        "at": next_time(db),
    }
    _put(db, "POST", f"{_address(deal.post)}/deal", facts)


def tell_all(store: Store, origin: str) -> None:
    """At start: every post, for a messenger that may be new. The first deals once, for each is news."""
    with store.changing() as db:
        waiting = {row["path"] for row in db.execute("SELECT path FROM outbox WHERE method = 'PUT'")}
        for post in reversed(all_posts(db)):
            if _address(post.id) not in waiting:
                tell_post(db, post, origin)
        if store.is_new:
            for deal in every_deal(db):
                tell_deal(db, deal)


class Teller:
    """Takes the outbox to the messenger, oldest first, one at a time; what is not taken is tried again."""

    def __init__(self, store: Store, messenger: str, token: str) -> None:
        self._store = store
        self._messenger = urlsplit(messenger)
        self._token = token
        self._news = threading.Event()
        self._last_refusal = 0

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True).start()

    def wake(self) -> None:
        self._news.set()

    def _run(self) -> None:
        wait = FIRST_WAIT_SECONDS
        while True:
            self._news.clear()
            if self._tell_waiting():
                wait = FIRST_WAIT_SECONDS
                self._news.wait()
            else:
                # Not woken by news: they would have to stand in line behind what was not taken.
                time.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT_SECONDS)

    def _tell_waiting(self) -> bool:
        """Whether nothing waits any more."""
        try:
            while (oldest := self._oldest()) is not None:
                if not self._is_done(oldest, self._send(oldest)):
                    return False
        except sqlite3.Error as error:
            sys.stderr.write(f"The outbox cannot be read or emptied: {error}\n")
            return False
        return True

    def _oldest(self) -> Waiting | None:
        with self._store.reading() as db:
            row = db.execute("SELECT * FROM outbox ORDER BY id LIMIT 1").fetchone()
        return Waiting(*row) if row else None

    def _is_done(self, told: Waiting, status: int) -> bool:
        is_taken = status in range(200, 300) or (told.method == "DELETE" and status in (404, 410))
        is_refused = status in range(400, 500) and status not in COME_BACK_LATER
        is_given_up = not is_taken and is_refused and told.tries + 1 >= REFUSALS_MAX
        if is_given_up:
            sys.stderr.write(f"The messenger refuses {told.method} {told.path} with {status}; left out\n")
        elif status in (401, 403) and status != self._last_refusal:
            sys.stderr.write(f"The messenger does not take the token ({status}); tried again later\n")
        self._last_refusal = status
        with self._store.changing() as db:
            if is_taken or is_given_up:
                db.execute("DELETE FROM outbox WHERE id = ?", (told.id,))
            elif is_refused:
                db.execute("UPDATE outbox SET tries = tries + 1 WHERE id = ?", (told.id,))
        return is_taken or is_given_up

    def _send(self, told: Waiting) -> int:
        """The status, 0 when there was none. Redirects are not followed: the token is for this server."""
        kind = HTTPSConnection if self._messenger.scheme == "https" else HTTPConnection
        connection = kind(self._messenger.netloc, timeout=TIMEOUT_SECONDS)
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        body = told.body.encode() if told.body else None
        try:
            connection.request(told.method, f"{self._messenger.path}{told.path}", body, headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            return 0
        finally:
            connection.close()
        return answer.status


def _put(db: sqlite3.Connection, method: str, path: str, facts: Mapping[str, object] | None) -> None:
    body = None if facts is None else json.dumps(facts, ensure_ascii=False)
    db.execute("INSERT INTO outbox (method, path, body) VALUES (?, ?, ?)", (method, path, body))


def _address(post: int) -> str:
    return f"/api/integration/items/{KIND}/{post}"


def _person(person: str) -> dict[str, str]:
    return {"id": person, "name": NEIGHBOURS[person].name}
