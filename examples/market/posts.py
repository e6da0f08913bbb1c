"""Posts: what neighbours lend, and what their owners may change."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from content import PICTURES
from store import Missing, Refused, today

TITLE_MAX = 60
DESCRIPTION_MAX = 1000
PRICE_MAX = 1_000_000

FREE, RESERVED, OUT, CLOSED = "대여 가능", "예약됨", "대여 중", "거래 종료"

SELECT = """
SELECT id, owner, title, price, description, picture, is_closed, is_deleted,
    EXISTS (SELECT 1 FROM deals WHERE post = posts.id AND state = 'handed_over') AS is_out,
    EXISTS (SELECT 1 FROM deals WHERE post = posts.id AND state = 'reserved' AND until >= :today)
        AS is_reserved
FROM posts
"""
ONE = SELECT + "WHERE id = :id AND NOT is_deleted"
ALL = SELECT + "WHERE NOT is_deleted ORDER BY is_closed, id DESC"


class Post(NamedTuple):
    id: int
    owner: str
    title: str
    price: int
    description: str
    picture: str
    is_closed: bool
    is_deleted: bool
    is_out: bool
    is_reserved: bool

    @property
    def state(self) -> str:
        if self.is_closed:
            return CLOSED
        if self.is_out:
            return OUT
        return RESERVED if self.is_reserved else FREE

    @property
    def price_text(self) -> str:
        return f"하루 {self.price:,}원" if self.price else "무료로 빌려드려요"


class Draft(NamedTuple):
    """What an owner has written, looked at and found good."""

    title: str
    price: int
    description: str
    picture: str


def all_posts(db: sqlite3.Connection) -> list[Post]:
    return [Post(*row) for row in db.execute(ALL, {"today": today().isoformat()})]


def find_post(db: sqlite3.Connection, post: int) -> Post:
    row = db.execute(ONE, {"today": today().isoformat(), "id": post}).fetchone()
    if row is None:
        raise Missing
    return Post(*row)


def own_post(db: sqlite3.Connection, post: int, me: str) -> Post:
    found = find_post(db, post)
    if found.owner != me:
        raise Missing
    return found


def read_draft(form: dict[str, str]) -> Draft:
    title = " ".join(form.get("title", "").split())
    price = form.get("price", "").replace(",", "").strip()
    description = form.get("description", "").replace("\r\n", "\n").strip()
    picture = form.get("picture", "")
    if not 1 <= len(title) <= TITLE_MAX:
        raise Refused(f"제목은 1자에서 {TITLE_MAX}자까지 쓸 수 있어요.")
    if not (price.isascii() and price.isdigit() and len(price) <= 7 and int(price) <= PRICE_MAX):
        raise Refused(f"하루 요금은 0원에서 {PRICE_MAX:,}원 사이의 숫자로 적어 주세요.")
    if len(description) > DESCRIPTION_MAX:
        raise Refused(f"설명은 {DESCRIPTION_MAX:,}자까지 쓸 수 있어요.")
    if picture not in PICTURES:
        raise Refused("그림을 하나 골라 주세요.")
    return Draft(title, int(price), description, picture)


def add_post(db: sqlite3.Connection, me: str, draft: Draft) -> int:
    added = db.execute(
        "INSERT INTO posts (owner, title, price, description, picture) VALUES (?, ?, ?, ?, ?)", (me, *draft)
    )
    assert added.lastrowid is not None
    return added.lastrowid


def change_post(db: sqlite3.Connection, post: Post, draft: Draft) -> None:
    db.execute(
        "UPDATE posts SET title = ?, price = ?, description = ?, picture = ? WHERE id = ?", (*draft, post.id)
    )


def close_post(db: sqlite3.Connection, post: Post, is_closed: bool) -> None:
    db.execute("UPDATE posts SET is_closed = ? WHERE id = ?", (is_closed, post.id))


def delete_post(db: sqlite3.Connection, post: Post) -> None:
    """The row stays: past deals go on telling what was lent."""
    if post.is_out or post.is_reserved:
        raise Refused("예약되었거나 빌려준 물건이에요. 거래를 마친 뒤에 지울 수 있어요.")
    db.execute("UPDATE posts SET is_deleted = 1, is_closed = 1 WHERE id = ?", (post.id,))
