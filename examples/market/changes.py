"""What forms change. What the messenger is to hear of it is written in the same breath, into the outbox."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from deals import MOVES, Deal, ask, cancel_requests, find_deal, move_on
from outbox import tell_deal, tell_deleted, tell_post
from posts import add_post, change_post, close_post, delete_post, find_post, own_post, read_draft
from sessions import Session
from store import Missing

if TYPE_CHECKING:
    from market import Market


def change(market: Market, session: Session, path: str, form: dict[str, str]) -> str:
    """Does it, and says where to go on."""
    me = session.me.id
    with market.store.changing() as db:
        match path.split("/")[1:]:
            case ["posts", "new"]:
                post = add_post(db, me, read_draft(form))
                _tell_post(db, market, post)
                place, said = f"/posts/{post}", "물건을 올렸어요."
            case ["posts", post, "ask"]:
                deal = ask(db, find_post(db, number(post)), me, form.get("since", ""), form.get("until", ""))
                tell_deal(db, deal)
                place, said = f"/posts/{post}", "빌리고 싶다고 전했어요."
            case ["posts", post, verb]:
                place, said = _change_own(db, market, (number(post), verb), me, form)
            case ["deals", deal, verb] if verb in MOVES:
                moved = move_on(db, find_deal(db, number(deal), me), MOVES[verb], me)
                _tell_moved(db, market, moved)
                place, said = "/deals", MOVES[verb].said
            case _:
                raise Missing
    session.said = said
    market.wake_teller()
    return place


def number(text: str) -> int:
    """Of an address; nothing else is one, and SQLite takes none that is longer."""
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise Missing
    return int(text)


def _change_own(
    db: sqlite3.Connection, market: Market, what: tuple[int, str], me: str, form: dict[str, str]
) -> tuple[str, str]:
    post, verb = own_post(db, what[0], me), what[1]
    place = f"/posts/{post.id}"
    if verb == "delete":
        delete_post(db, post)
        _cancel_requests(db, cancel_requests(db, post))
        tell_deleted(db, post)
        return "/mine", "글을 지웠어요."
    if verb == "edit":
        change_post(db, post, read_draft(form))
        said = "글을 고쳤어요."
    elif verb == "close":
        close_post(db, post, True)
        _cancel_requests(db, cancel_requests(db, post))
        said = "거래를 끝냈어요. 이제 새 요청을 받지 않아요."
    elif verb == "reopen":
        close_post(db, post, False)
        said = "다시 열었어요."
    else:
        raise Missing
    _tell_post(db, market, post.id)
    return place, said


def _cancel_requests(db: sqlite3.Connection, deals: list[Deal]) -> None:
    for deal in deals:
        tell_deal(db, deal)


def _tell_post(db: sqlite3.Connection, market: Market, post: int) -> None:
    tell_post(db, find_post(db, post), market.origin)


def _tell_moved(db: sqlite3.Connection, market: Market, deal: Deal) -> None:
    """A deal that moves on changes the post's badge too."""
    if not deal.is_deleted:
        _tell_post(db, market, deal.post)
    tell_deal(db, deal)
