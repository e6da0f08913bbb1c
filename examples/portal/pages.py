"""The portal's pages as HTML. No inline styles and no inline scripts: its policy allows neither."""

from __future__ import annotations

from html import escape

from content import APPROVALS, COLLEAGUES, NOTICES, ORDERS, Approval, Colleague

PLACES = (("/", "홈"), ("/approvals", "전자결재"), ("/orders", "주문"), ("/people", "사람"))
STATE_MARKS = {"완료": "good", "선적 완료": "good", "반려": "bad"}


def sign_in_page() -> str:
    people = "".join(
        f'<button class="person-choice" name="person" value="{escape(person.id)}">'
        f"<strong>{escape(person.name)} {escape(person.job)}</strong>"
        f"<span>{escape(person.team)}</span></button>"
        for person in COLLEAGUES.values()
    )
    return _page(
        "로그인",
        f"""<main class="sign-in"><h1>새결 포털</h1>
        <p>누구로 들어갈까요? 체험용 포털이라 비밀번호는 묻지 않아요.</p>
        <form method="post" action="/sign-in" class="person-choices">{people}</form></main>""",
    )


def home_page(me: Colleague, messenger: str) -> str:
    waiting = [each for each in APPROVALS.values() if each.state == "진행 중"]
    notices = "".join(
        f'<li><time>{escape(each.day)}</time><span class="grow">{escape(each.title)}</span>'
        f"<small>{escape(each.by)}</small></li>"
        for each in NOTICES
    )
    approvals = "".join(
        f'<li><a class="grow" href="/approvals/{escape(each.number)}">{escape(each.title)}</a>'
        f"{_state(each.state)}</li>"
        for each in waiting
    )
    figures = (
        ("결재 대기", str(len(waiting))),
        ("이번 주 출하", "3"),
        ("생산 중 주문", "1"),
        ("오늘 일정", "2"),
    )
    cards = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in figures)
    return _signed_in(
        me,
        "/",
        "홈",
        f"""<p class="lead">{escape(me.name)} {escape(me.job)}님, 좋은 아침이에요.</p>
        <dl class="figures">{cards}</dl>
        <div class="columns">
          <section class="card"><h2>공지</h2><ul class="lines">{notices}</ul></section>
          <section class="card"><h2>결재할 문서</h2><ul class="lines">{approvals}</ul></section>
        </div>""",
        messenger,
    )


def approvals_page(me: Colleague, messenger: str) -> str:
    rows = "".join(
        f'<tr><td class="number">{escape(each.number)}</td>'
        f'<td><a href="/approvals/{escape(each.number)}">{escape(each.title)}</a></td>'
        f"<td>{_name(each.drafter)}</td><td>{escape(each.day)}</td>"
        f'<td class="amount">{escape(each.amount)}</td><td>{_state(each.state)}</td></tr>'
        for each in APPROVALS.values()
    )
    table = _table("문서번호,제목,기안자,기안일,금액,상태", rows)
    return _signed_in(me, "/approvals", "전자결재", table, messenger)


def approval_page(me: Colleague, document: Approval, messenger: str) -> str:
    line = "".join(
        f'<li><strong>{_name(person)}</strong><span class="grow">{escape(done)}</span>'
        f"{_chat_link(person, me)}</li>"
        for person, done in document.line
    )
    return _signed_in(
        me,
        "/approvals",
        document.title,
        f"""<div class="columns document">
          <section class="card"><dl class="facts">
            <dt>문서번호</dt><dd>{escape(document.number)}</dd>
            <dt>기안자</dt><dd>{_name(document.drafter)} {_chat_link(document.drafter, me)}</dd>
            <dt>기안일</dt><dd>{escape(document.day)}</dd>
            <dt>금액</dt><dd>{escape(document.amount)}</dd>
            <dt>상태</dt><dd>{_state(document.state)}</dd></dl>
            <h2>내용</h2><p class="prose">{escape(document.reason)}</p></section>
          <section class="card"><h2>결재선</h2><ul class="lines">{line}</ul></section>
        </div>""",
        messenger,
    )


def orders_page(me: Colleague, messenger: str) -> str:
    rows = "".join(
        f'<tr><td class="number">{escape(each.number)}</td><td>{escape(each.customer)}</td>'
        f'<td>{escape(each.item)}</td><td class="amount">{escape(each.quantity)}</td>'
        f"<td>{escape(each.due)}</td><td>{_state(each.state)}</td>"
        f"<td>{_name(each.owner)} {_chat_link(each.owner, me)}</td></tr>"
        for each in ORDERS
    )
    table = _table("주문번호,고객,품목,수량,납기,상태,담당", rows)
    return _signed_in(me, "/orders", "주문", table, messenger)


def people_page(me: Colleague, messenger: str) -> str:
    rows = "".join(
        f"<tr><td><strong>{escape(each.name)}</strong></td><td>{escape(each.job)}</td>"
        f'<td>{escape(each.team)}</td><td class="number">{escape(each.tel)}</td>'
        f"<td>{_chat_link(each.id, me)}</td></tr>"
        for each in COLLEAGUES.values()
    )
    return _signed_in(me, "/people", "사람", _table("이름,직위,부서,전화,", rows), messenger)


def missing_page(me: Colleague, messenger: str) -> str:
    return _signed_in(me, "", "찾을 수 없어요", "<p>주소를 다시 확인해 주세요.</p>", messenger)


def _signed_in(me: Colleague, here: str, title: str, content: str, messenger: str) -> str:
    places = "".join(
        f'<a href="{path}"{" aria-current=page" if path == here else ""}>{name}</a>' for path, name in PLACES
    )
    return _page(
        title,
        f"""<header class="top"><a class="brand" href="/">새결 포털</a><nav>{places}</nav>
        <span class="me">{escape(me.name)} {escape(me.job)}</span>
        <form method="post" action="/sign-out" id="sign-out"><button>로그아웃</button></form></header>
        <main><h1>{escape(title)}</h1>{content}</main>
        <script src="{escape(messenger)}/embed.js" data-ticket-url="/sendjay/ticket" data-language="ko" defer>
        </script>""",
    )


def _page(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(title)} · 새결 포털</title>
<link rel="icon" href="/static/portal.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/portal.css"><script src="/static/portal.js" defer></script></head>
<body>{body}</body></html>"""


def _table(heads: str, rows: str) -> str:
    head = "".join(f"<th>{name}</th>" for name in heads.split(","))
    return f'<div class="card table"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _state(state: str) -> str:
    return f'<span class="state {STATE_MARKS.get(state, "")}">{escape(state)}</span>'


def _name(person: str) -> str:
    return escape(f"{COLLEAGUES[person].name} {COLLEAGUES[person].job}")


def _chat_link(person: str, me: Colleague) -> str:
    """portal.js gives it to `Sendjay.chatWith`."""
    if person == me.id:
        return ""
    label = escape(f"{COLLEAGUES[person].name}님과 대화")
    return f'<button class="chat" data-chat="{escape(person)}" aria-label="{label}">대화</button>'
