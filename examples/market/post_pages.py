"""Pages of posts: all of them, one, one's own, and the form of an owner."""

from __future__ import annotations

from datetime import date, timedelta
from html import escape

from content import GROUPS, NEIGHBOURS, PICTURES, Neighbour
from deals import DAYS_AHEAD_MAX, OPEN_STATES, STATES, Deal, taken_days
from frame import Visit, badge, days_text, form_key, framed, person_line, picture
from month import month_view
from outbox import KIND
from posts import DESCRIPTION_MAX, PRICE_MAX, TITLE_MAX, Post
from store import today


def list_page(visit: Visit, posts: list[Post], group: str) -> str:
    chips = "".join(
        f'<a href="/?group={key}"{" aria-current=true" if key == group else ""}>{name}</a>'
        for key, name in {"": "모두", **GROUPS}.items()
    )
    shown = [post for post in posts if group in ("", PICTURES[post.picture].group)]
    return framed(
        visit,
        "/",
        "둘러보기",
        f"""<div class="head"><h1>{escape(visit.me.area)} 근처에서<br>빌릴 수 있는 것</h1>
        <a class="button main" href="/posts/new">물건 올리기</a></div>
        <nav class="chips" aria-label="종류">{chips}</nav>{_grid(shown)}""",
    )


def mine_page(visit: Visit, posts: list[Post]) -> str:
    own = [post for post in posts if post.owner == visit.me.id]
    return framed(
        visit,
        "/mine",
        "내 글",
        f"""<div class="head"><h1>내 글</h1><a class="button main" href="/posts/new">물건 올리기</a></div>
        {_grid(own) if own else _nothing("아직 올린 물건이 없어요.")}""",
    )


def post_page(visit: Visit, post: Post, deals: list[Deal], month: date, said: str = "") -> str:
    is_mine = post.owner == visit.me.id
    side = _owner_side(visit, post, deals) if is_mine else _borrower_side(visit, post, deals)
    lines = "".join(f"<p>{escape(line)}</p>" for line in post.description.split("\n") if line.strip())
    return framed(
        visit,
        "",
        post.title,
        f"""<article class="post"><div class="post-picture">{picture(post.picture, "large")}</div>
        <div class="post-text"><div class="row">{badge(post.state)}
        <small>{GROUPS[PICTURES[post.picture].group]}</small></div>
        <h1>{escape(post.title)}</h1><p class="price">{escape(post.price_text)}</p>
        {person_line(post.owner)}<div class="prose">{lines}</div></div>
        <section class="card days" id="days"><h2>빌릴 수 있는 날</h2>
        {month_view(post, taken_days(deals), month)}{_contact(post, is_mine)}</section>
        <section class="card side">{side}</section></article>""",
        said,
    )


def form_page(visit: Visit, post: Post | None, said: str = "") -> str:
    action = f"/posts/{post.id}/edit" if post else "/posts/new"
    chosen = post.picture if post else next(iter(PICTURES))
    pictures = "".join(
        f'<label><input type="radio" name="picture" value="{each.name}"'
        f"{' checked' if each.name == chosen else ''}>{picture(each.name)}<span>{each.shows}</span></label>"
        for each in PICTURES.values()
    )
    title = "글 고치기" if post else "물건 올리기"
    return framed(
        visit,
        "",
        title,
        f"""<h1>{title}</h1><form class="card fields" method="post" action="{action}">{form_key(visit)}
        <label>제목<input name="title" required maxlength="{TITLE_MAX}" placeholder="무엇을 빌려주나요?"
          value="{escape(post.title) if post else ""}"></label>
        <label>하루 요금 (원)<input name="price" type="number" inputmode="numeric" required min="0"
          max="{PRICE_MAX}" value="{post.price if post else ""}"></label>
        <label>설명<textarea name="description" rows="6" maxlength="{DESCRIPTION_MAX}"
          placeholder="상태와 함께 드리는 것을 적어 주세요."
          >{escape(post.description) if post else ""}</textarea></label>
        <fieldset class="pictures"><legend>그림</legend>{pictures}</fieldset>
        <div class="row end"><a class="button" href="{f"/posts/{post.id}" if post else "/mine"}">그만두기</a>
        <button class="main">{"고치기" if post else "올리기"}</button></div></form>""",
        said,
    )


def _grid(posts: list[Post]) -> str:
    tiles = "".join(_tile(post, NEIGHBOURS[post.owner]) for post in posts)
    return f'<ul class="tiles">{tiles}</ul>' if posts else _nothing("아직 올라온 물건이 없어요.")


def _tile(post: Post, owner: Neighbour) -> str:
    return f"""<li><a class="tile{" over" if post.is_closed else ""}" href="/posts/{post.id}">
    <span class="tile-picture">{picture(post.picture)}{badge(post.state)}</span>
    <strong>{escape(post.title)}</strong><span>{escape(post.price_text)}</span>
    <small>{escape(owner.area)} · {escape(owner.name)}</small></a></li>"""


def _nothing(text: str) -> str:
    return f'<div class="nothing"><p>{text}</p></div>'


def _contact(post: Post, is_mine: bool) -> str:
    """Without the messenger both show nothing: the element is unknown, the button stays hidden."""
    if is_mine:
        return '<button class="contact" data-open-chats hidden>받은 채팅 보기</button>'
    return f'<sendjay-chat-button class="contact" item="{KIND}/{post.id}"></sendjay-chat-button>'


def _borrower_side(visit: Visit, post: Post, deals: list[Deal]) -> str:
    mine = [deal for deal in deals if deal.borrower == visit.me.id and deal.state in OPEN_STATES]
    if mine:
        deal = mine[-1]
        return f"""<h2>내 거래</h2><p>{days_text(deal.since, deal.until)} · {STATES[deal.state]}</p>
        <a class="button" href="/deals">거래에서 보기</a>"""
    if post.is_closed:
        return "<h2>빌리기</h2><p>거래가 끝난 글이에요. 지금은 빌릴 수 없어요.</p>"
    first, last = today(), today() + timedelta(days=DAYS_AHEAD_MAX)
    limits = f'type="date" required min="{first}" max="{last}"'
    return f"""<h2>빌리기</h2><form class="fields" method="post" action="/posts/{post.id}/ask" id="ask"
      data-price="{post.price}">{form_key(visit)}
    <p class="quiet" data-hint>{escape(NEIGHBOURS[post.owner].name)}님이 확정하면 예약돼요.</p>
    <div class="pair"><label>빌릴 날<input name="since" {limits}></label>
    <label>돌려줄 날<input name="until" {limits}></label></div>
    <p class="sum" data-sum aria-live="polite" hidden></p>
    <button class="main wide">빌리고 싶어요</button></form>"""


def _owner_side(visit: Visit, post: Post, deals: list[Deal]) -> str:
    asked = sum(deal.state == "requested" for deal in deals)
    ahead = sum(deal.state in ("reserved", "handed_over") for deal in deals)
    verb, label = ("reopen", "다시 열기") if post.is_closed else ("close", "거래 종료")
    return f"""<h2>내 물건</h2>
    <p>들어온 요청 <strong>{asked}</strong>건 · 진행 중 <strong>{ahead}</strong>건</p>
    <div class="actions"><a class="button main" href="/deals">거래에서 보기</a>
    <a class="button" href="/posts/{post.id}/edit">고치기</a>
    {_act(visit, post, verb, label)}{_act(visit, post, "delete", "지우기", "이 글을 지울까요?")}</div>"""


def _act(visit: Visit, post: Post, verb: str, label: str, question: str = "") -> str:
    asks = f' data-question="{question}"' if question else ""
    mark = ' class="risky"' if question else ""
    return (
        f'<form method="post" action="/posts/{post.id}/{verb}"{asks}>{form_key(visit)}'
        f"<button{mark}>{label}</button></form>"
    )
