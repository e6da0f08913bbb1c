"""A month of one post: which days are still free."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from deals import DAYS_AHEAD_MAX
from frame import WEEKDAYS
from posts import Post
from store import today


def read_month(text: str) -> date:
    """The first day of "2026-12"; of this month where that is no month, or lies too far off."""
    this = today().replace(day=1)
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        return this
    return asked if this <= asked <= today() + timedelta(days=DAYS_AHEAD_MAX) else this


def month_view(post: Post, taken: set[date], month: date) -> str:
    heads = "".join(f"<th>{name}</th>" for name in "일" + WEEKDAYS[:6])
    weeks = "".join(
        f"<tr>{''.join(_day(day, month, taken, post.is_closed) for day in week)}</tr>"
        for week in calendar.Calendar(firstweekday=6).monthdatescalendar(month.year, month.month)
    )
    this, next_month = today().replace(day=1), month + timedelta(days=32)
    earlier = _turn(post, month - timedelta(days=1), "‹", "지난달") if month > this else "<span></span>"
    is_last = next_month.replace(day=1) > today() + timedelta(days=DAYS_AHEAD_MAX)
    later = "<span></span>" if is_last else _turn(post, next_month, "›", "다음 달")
    return f"""<div class="month-head">{earlier}<strong>{month.year}년 {month.month}월</strong>{later}</div>
    <table class="month"><thead><tr>{heads}</tr></thead><tbody>{weeks}</tbody></table>
    <p class="legend"><span class="free">빌릴 수 있음</span><span class="taken">예약됨</span></p>"""


def _day(day: date, month: date, taken: set[date], is_closed: bool) -> str:
    # The weeks are whole: at the end of a month the days that are asked for lie mostly in the next.
    label = str(day.day) if day.month == month.month else f"{day.month}/{day.day}"
    mark = " today" if day == today() else ""
    mark += " other" if day.month != month.month else ""
    if day in taken:
        # Days that follow one another read as one stretch.
        mark += " from" if day - timedelta(days=1) not in taken or day.weekday() == 6 else ""
        mark += "" if day + timedelta(days=1) in taken and day.weekday() != 5 else " to"
        return f'<td class="taken{mark}"><span>{label}<i> 예약됨</i></span></td>'
    if day < today() or is_closed or day > today() + timedelta(days=DAYS_AHEAD_MAX):
        return f'<td class="past{mark}"><span>{label}</span></td>'
    return f'<td class="free{mark}"><button type="button" data-day="{day}">{label}</button></td>'


def _turn(post: Post, month: date, sign: str, label: str) -> str:
    href = f"/posts/{post.id}?month={month:%Y-%m}#days"
    return f'<a class="turn" href="{href}" aria-label="{label}">{sign}</a>'
