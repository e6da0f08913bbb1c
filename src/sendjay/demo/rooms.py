"""The demo's rooms: who is in them, what they talk about, and who has not caught up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from sendjay.demo.company import listed
from sendjay.demo.lively import Lively
from sendjay.demo.routine import factory_hours, project_days
from sendjay.demo.talk import Step, read_talk

ME = "minji.kim"
"""Whose eyes the demo is meant to be seen through first."""
LONG_ROOM_MESSAGES = 5_000

Talk = Callable[[datetime], list[Step]]


class DemoRoom(NamedTuple):
    """One room."""

    members: str
    """People by the first part of their ids; the first is the one who makes the room."""
    talk: Talk
    name: str | None = None
    unread: int = 0
    """How many of the newest messages ME has not seen."""
    pinned: bool = False
    muted: bool = False
    lively: Lively = Lively()


def demo_rooms() -> list[DemoRoom]:
    everybody = " ".join(each.id.partition(".")[0] for each in listed())
    return [
        DemoRoom(f"eunjung {everybody}", _file("notice"), "새결그룹 공지", unread=1),
        DemoRoom(_FACTORY, _factory, "생산 현황 공유", unread=23, muted=True),
        DemoRoom(_PROJECT, _project, "하노이 2라인 증설 TF", unread=7, pinned=True, lively=_ON_THE_LINE),
        DemoRoom("doyun minji haneul yuna daniel", _file("overseas_sales"), "해외영업팀"),
        DemoRoom(
            "jihoon minji areum haneul gunwoo yuna", _file("lunch"), "오늘 뭐 먹지", unread=1, lively=_LUNCH
        ),
        DemoRoom(_SUPPORT, _file("support"), "서비스 운영"),
        DemoRoom("doyun minji", _file("direct_doyun"), unread=2),
        DemoRoom("minji seoyeon", _file("direct_seoyeon")),
        DemoRoom("dahye minji", _file("direct_dahye"), unread=3),
        DemoRoom("jihoon minji", _file("direct_jihoon")),
        DemoRoom("minji kyumin", _file("direct_kyumin")),
        DemoRoom("minji", _file("notes")),
    ]


_ON_THE_LINE = Lively(
    reactions=(
        ("로봇 2대 설치 완료", "👍", "minji sangwoo youngsoo hyunwoo mikyung"),
        ("로봇 2대 설치 완료", "👏", "kihoon seoyeon"),
        ("전부 공차 안이에요", "🎉", "doyun minji youngsoo jihoon daniel sangwoo"),
    ),
    notice="다음 주 현황 보고는 월요일",
    pictures=("doyun", "오늘 시운전 현장이에요", ("2라인 전경.jpg", "이송 로봇.jpg")),
)
_LUNCH = Lively(reactions=(("건우 씨 믿습니다", "😂", "minji areum yuna"),))
_FACTORY = "youngsoo sangwoo kihoon deokhwa hoang insook suji seoyeon hyunwoo mikyung jihoon minji"
_PROJECT = """
    minji doyun haneul daniel yuna jihoon youngsoo sangwoo kihoon insook seoyeon hyunwoo mikyung jongho
    cheolmin minseok donghyun hoang
"""
_SUPPORT = "dongwon kyumin hayoung seokjin jihye bin jooeun gildong woojin sungmin hyeri yeji"


def _file(name: str) -> Talk:
    return lambda now: read_talk(name, now)


def _project(now: datetime) -> list[Step]:
    """What was said about the project, between its daily rounds."""
    steps: list[Step] = [*read_talk("line_project", now), *project_days(now, 22)]
    return sorted(steps, key=lambda step: step.at)


def _factory(now: datetime) -> list[Step]:
    return list(factory_hours(now, LONG_ROOM_MESSAGES))
