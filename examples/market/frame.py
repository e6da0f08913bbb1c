"""What all pages share. No inline styles and no inline scripts: the site's policy allows neither."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import NamedTuple

from content import NEIGHBOURS, ORG_NAME, PICTURES, Neighbour
from posts import CLOSED, FREE, OUT, RESERVED
from sessions import Session

PLACES = (("/", "둘러보기"), ("/deals", "거래"), ("/mine", "내 글"))
STATE_MARKS = {FREE: "free", RESERVED: "reserved", OUT: "out", CLOSED: "closed"}
WEEKDAYS = "월화수목금토일"


class Visit(NamedTuple):
    """Who looks at a page, and what the page needs to know of the site."""

    session: Session
    messenger: str

    @property
    def me(self) -> Neighbour:
        return self.session.me


def sign_in_page(wanted: str) -> str:
    people = "".join(
        f'<button class="neighbour" name="person" value="{escape(person.id)}">{face(person.id)}'
        f"<span><strong>{escape(person.name)}</strong><small>{escape(person.area)}</small></span></button>"
        for person in NEIGHBOURS.values()
    )
    return _page(
        "로그인",
        f"""<main class="sign-in"><img src="/static/market.svg" alt="" width="72" height="72">
        <h1>{ORG_NAME}</h1><p>쓰지 않는 동안, 이웃에게 빌려주세요.</p>
        <form method="post" action="/sign-in"><h2>누구로 들어갈까요?</h2>
        <input type="hidden" name="wanted" value="{escape(wanted)}">
        <div class="neighbours">{people}</div></form>
        <p class="quiet">체험용이라 비밀번호는 묻지 않아요.</p></main>""",
    )


def missing_page(visit: Visit) -> str:
    return framed(
        visit,
        "",
        "찾을 수 없어요",
        """<div class="nothing"><p>지워졌거나 주소가 바뀐 것 같아요.</p>
        <a class="button" href="/">둘러보기</a></div>""",
    )


def framed(visit: Visit, here: str, title: str, content: str, said: str = "") -> str:
    """A page of somebody signed in. `said` is why something was refused; what went well is in the session."""
    places = "".join(
        f'<a href="{path}"{" aria-current=page" if path == here else ""}>{name}</a>' for path, name in PLACES
    )
    done = visit.session.take_said()
    notice = f'<p class="notice bad" role="alert">{escape(said)}</p>' if said else ""
    notice += f'<p class="notice" role="status">{escape(done)}</p>' if done else ""
    me = visit.me
    return _page(
        title,
        f"""<header class="top"><div><a class="brand" href="/">
        <img src="/static/market.svg" alt="" width="28" height="28">{ORG_NAME}</a><nav>{places}</nav>
        <span class="me">{face(me.id)}<span>{escape(me.name)}</span></span>
        <form method="post" action="/sign-out" id="sign-out">{form_key(visit)}<button>나가기</button></form>
        </div></header>
        <main>{notice}{content}</main>
        <script src="{escape(visit.messenger)}/embed.js" data-ticket-url="/sendjay/ticket" data-language="ko"
        defer></script>""",
    )


def form_key(visit: Visit) -> str:
    return f'<input type="hidden" name="form_key" value="{escape(visit.session.form_key)}">'


def face(person: str) -> str:
    """The last two letters of a name, in a colour of the person's own."""
    number = list(NEIGHBOURS).index(person)
    return f'<span class="face face-{number}" aria-hidden="true">{escape(NEIGHBOURS[person].name[1:])}</span>'


def person_line(person: str) -> str:
    known = NEIGHBOURS[person]
    return (
        f'<div class="person">{face(person)}<span><strong>{escape(known.name)}</strong>'
        f"<small>{escape(known.area)}</small></span></div>"
    )


def picture(name: str, size: str = "") -> str:
    address, shows = f"/static/pictures/{name}.svg", PICTURES[name].shows
    return f'<img class="picture {size}" src="{address}" alt="{shows}" width="400" height="300">'


def badge(state: str) -> str:
    return f'<span class="badge {STATE_MARKS.get(state, "")}">{escape(state)}</span>'


def day_text(day: str) -> str:
    read = date.fromisoformat(day)
    return f"{read.month}월 {read.day}일({WEEKDAYS[read.weekday()]})"


def days_text(since: str, until: str) -> str:
    return day_text(since) if since == until else f"{day_text(since)} – {day_text(until)}"


def _page(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>{escape(title)} · {ORG_NAME}</title>
<link rel="icon" href="/static/market.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/market.css"><script src="/static/market.js" defer></script></head>
<body>{body}</body></html>"""
