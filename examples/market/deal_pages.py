"""The page of somebody's deals, as lender and as borrower."""

from __future__ import annotations

from html import escape

from content import NEIGHBOURS
from deals import OPEN_STATES, STATES, Deal, Move, moves_of
from frame import Visit, days_text, form_key, framed, picture


def deals_page(visit: Visit, deals: list[Deal], said: str = "") -> str:
    lent = [deal for deal in deals if deal.owner == visit.me.id]
    borrowed = [deal for deal in deals if deal.borrower == visit.me.id]
    return framed(
        visit,
        "/deals",
        "거래",
        f"""<h1>거래</h1><div class="halves">
        <section><h2>빌려주는 것</h2>{_list(visit, lent, "아직 빌려준 적이 없어요.")}</section>
        <section><h2>빌리는 것</h2>{_list(visit, borrowed, "아직 빌린 적이 없어요.")}</section></div>""",
        said,
    )


def _list(visit: Visit, deals: list[Deal], nothing: str) -> str:
    if not deals:
        return f'<div class="nothing"><p>{nothing}</p></div>'
    # What waits for a hand comes first, the soonest at the top; then what is over, the latest at the top.
    ahead = sorted((deal for deal in deals if deal.state in OPEN_STATES), key=lambda deal: deal.since)
    over = [deal for deal in deals if deal.state not in OPEN_STATES]
    return f'<ul class="deals">{"".join(_card(visit, deal) for deal in ahead + over)}</ul>'


def _card(visit: Visit, deal: Deal) -> str:
    is_lender = deal.owner == visit.me.id
    other = NEIGHBOURS[deal.borrower if is_lender else deal.owner]
    title = escape(deal.title)
    if not deal.is_deleted:
        title = f'<a href="/posts/{deal.post}">{title}</a>'
    won = f"{deal.price * deal.days:,}원" if deal.price else "무료"
    role = "님에게" if is_lender else "님에게서"
    moves = "".join(_button(visit, deal, move) for move in moves_of(deal, visit.me.id))
    over = "" if deal.state in OPEN_STATES else " over"
    return f"""<li class="card deal{over}">{picture(deal.picture, "small")}<div class="deal-text">
    <span class="badge {deal.state}">{STATES[deal.state]}</span><strong>{title}</strong>
    <span>{days_text(deal.since, deal.until)}</span>
    <small>{escape(other.name)}{role} · {deal.days}일 · {won}</small></div>
    {f'<div class="deal-moves">{moves}</div>' if moves else ""}</li>"""


def _button(visit: Visit, deal: Deal, move: Move) -> str:
    asks = ' data-question="이 거래를 취소할까요?"' if move.name == "cancel" else ""
    mark = "" if move.name == "cancel" else ' class="main"'
    return (
        f'<form method="post" action="/deals/{deal.id}/{move.name}"{asks}>{form_key(visit)}'
        f"<button{mark}>{move.label}</button></form>"
    )
