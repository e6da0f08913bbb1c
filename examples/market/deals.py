"""Deals: who borrows what from when until when, and who may move a deal on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date, timedelta
from http import HTTPStatus
from typing import NamedTuple

from posts import Post
from store import Missing, Refused, today

DAYS_MAX = 30
DAYS_AHEAD_MAX = 180

STATES = {
    "requested": "요청",
    "reserved": "예약 확정",
    "handed_over": "대여 중",
    "returned": "반납 완료",
    "cancelled": "취소됨",
}
OPEN_STATES = ("requested", "reserved", "handed_over")

SELECT = """
SELECT deals.id, post, borrower, since, until, state, owner, title, price, picture, is_deleted
FROM deals JOIN posts ON posts.id = deals.post
"""
ONE = SELECT + "WHERE deals.id = ?"
OF_PERSON = SELECT + "WHERE ? IN (borrower, owner) ORDER BY since DESC, deals.id DESC"
OF_POST = SELECT + "WHERE post = ? ORDER BY since, deals.id"
EVERY = SELECT + "ORDER BY deals.id"
TAKEN = """
SELECT 1 FROM deals WHERE post = ? AND id <> ? AND state IN ('reserved', 'handed_over')
    AND since <= ? AND until >= ?
"""


class Deal(NamedTuple):
    id: int
    post: int
    borrower: str
    since: str
    until: str
    state: str
    owner: str
    title: str
    price: int
    picture: str
    is_deleted: bool

    @property
    def days(self) -> int:
        return (date.fromisoformat(self.until) - date.fromisoformat(self.since)).days + 1


class Move(NamedTuple):
    name: str
    label: str
    of: tuple[str, ...]
    to: str
    by_lender_only: bool
    said: str


MOVES = {
    move.name: move
    for move in (
        Move("reserve", "예약 확정", ("requested",), "reserved", True, "예약을 확정했어요."),
        Move("hand-over", "전달했어요", ("reserved",), "handed_over", True, "전달한 것으로 적었어요."),
        Move("return", "돌려받았어요", ("handed_over",), "returned", True, "반납을 마쳤어요. 고맙습니다!"),
        Move("cancel", "취소", ("requested", "reserved"), "cancelled", False, "거래를 취소했어요."),
    )
}


def moves_of(deal: Deal, me: str) -> list[Move]:
    return [
        move
        for move in MOVES.values()
        if deal.state in move.of and (me == deal.owner or not move.by_lender_only)
    ]


def deals_of_person(db: sqlite3.Connection, me: str) -> list[Deal]:
    return _deals(db.execute(OF_PERSON, (me,)))


def deals_of_post(db: sqlite3.Connection, post: int) -> list[Deal]:
    return _deals(db.execute(OF_POST, (post,)))


def every_deal(db: sqlite3.Connection) -> list[Deal]:
    return _deals(db.execute(EVERY))


def find_deal(db: sqlite3.Connection, deal: int, me: str) -> Deal:
    row = db.execute(ONE, (deal,)).fetchone()
    if row is None or me not in (row["owner"], row["borrower"]):
        raise Missing
    return Deal(*row)


def ask(db: sqlite3.Connection, post: Post, me: str, since: str, until: str) -> Deal:
    """The days are not taken yet: several may ask for them, the lender chooses."""
    if post.owner == me:
        raise Refused("내 물건은 빌릴 수 없어요.")
    if post.is_closed:
        raise Refused("거래가 끝난 글이에요.")
    _check_days(since, until)
    if any(deal.borrower == me and deal.state in OPEN_STATES for deal in deals_of_post(db, post.id)):
        raise Refused("이 물건으로 이미 진행 중인 거래가 있어요.")
    _check_free(db, post.id, 0, since, until)
    added = db.execute(
        "INSERT INTO deals (post, borrower, since, until, state) VALUES (?, ?, ?, ?, 'requested')",
        (post.id, me, since, until),
    )
    assert added.lastrowid is not None
    return find_deal(db, added.lastrowid, me)


def move_on(db: sqlite3.Connection, deal: Deal, move: Move, me: str) -> Deal:
    if move.by_lender_only and me != deal.owner:
        raise Refused("빌려주는 사람만 할 수 있어요.", HTTPStatus.FORBIDDEN)
    if deal.state not in move.of:
        raise Refused(f"지금은 할 수 없어요. 이 거래는 '{STATES[deal.state]}' 상태예요.")
    if move.to == "reserved":
        _check_free(db, deal.post, deal.id, deal.since, deal.until)
    if move.to == "handed_over" and _is_out(db, deal.post):
        raise Refused("아직 앞 사람에게서 돌려받지 않았어요.")
    db.execute("UPDATE deals SET state = ? WHERE id = ?", (move.to, deal.id))
    return deal._replace(state=move.to)


def cancel_requests(db: sqlite3.Connection, post: Post) -> list[Deal]:
    """Of a post that takes no more askers; what was agreed stays."""
    waiting = [deal for deal in deals_of_post(db, post.id) if deal.state == "requested"]
    return [move_on(db, deal, MOVES["cancel"], post.owner) for deal in waiting]


def taken_days(deals: Iterable[Deal]) -> set[date]:
    days: set[date] = set()
    for deal in deals:
        if deal.state in ("reserved", "handed_over"):
            first = date.fromisoformat(deal.since)
            days.update(first + timedelta(number) for number in range(deal.days))
    return days


def _deals(rows: Iterable[sqlite3.Row]) -> list[Deal]:
    return [Deal(*row) for row in rows]


def _is_out(db: sqlite3.Connection, post: int) -> bool:
    return any(deal.state == "handed_over" for deal in deals_of_post(db, post))


def _check_days(since: str, until: str) -> None:
    try:
        first, last = date.fromisoformat(since), date.fromisoformat(until)
    except ValueError:
        raise Refused("빌릴 날과 돌려줄 날을 골라 주세요.") from None
    # Days are compared as text in the database: 20261128 would be a day to Python, and no day there.
    if (first.isoformat(), last.isoformat()) != (since, until):
        raise Refused("빌릴 날과 돌려줄 날을 골라 주세요.")
    if first < today():
        raise Refused("지난 날은 고를 수 없어요.")
    if last < first:
        raise Refused("돌려줄 날이 빌릴 날보다 빨라요.")
    if (last - first).days >= DAYS_MAX or (last - today()).days > DAYS_AHEAD_MAX:
        raise Refused(f"한 번에 {DAYS_MAX}일까지, {DAYS_AHEAD_MAX}일 안의 날짜로 빌릴 수 있어요.")


def _check_free(db: sqlite3.Connection, post: int, deal: int, since: str, until: str) -> None:
    if db.execute(TAKEN, (post, deal, until, since)).fetchone():
        raise Refused("그 사이에 이미 예약된 날이 있어요. 다른 날을 골라 주세요.")
