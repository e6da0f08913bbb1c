"""Reads the conversations that lie beside this file, and gives each line its moment in the last weeks.

@3 09:05          from here on: three working days ago, from 09:05
@0 -75            from here on: 75 minutes ago
+2h               a pause (also +40m)
minji: …          she says it; \\n breaks the line
!invite minji sora.ma,dahye.cha
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib.resources import files
from random import Random
from typing import NamedTuple


class Said(NamedTuple):
    """Somebody says something."""

    at: datetime
    who: str
    text: str


class Invited(NamedTuple):
    """Somebody brings others in."""

    at: datetime
    who: str
    people: list[str]


Step = Said | Invited


def read_talk(name: str, now: datetime) -> list[Step]:
    """A conversation in order; people by the first part of their id, as written."""
    return list(
        _steps((files("sendjay.demo.talk") / f"{name}.txt").read_text(encoding="utf-8"), now, Random(name))
    )


def working_day(before: date, number: int) -> date:
    """The working day that lies `number` working days before a date."""
    day = before
    while number:
        day -= timedelta(days=1)
        number -= day.weekday() < 5
    return day


def pause(random: Random, text: str) -> timedelta:
    """How long it takes to read the line before and to type this one."""
    return timedelta(seconds=random.uniform(4, 50) + 0.35 * len(text))


def _steps(text: str, now: datetime, random: Random) -> Iterator[Step]:
    at = now
    latest = now - timedelta(seconds=20)
    for line in filter(None, map(str.strip, text.splitlines())):
        match line[0]:
            case "@":
                at = _moment(line, now, random)
            case "+":
                amount, unit = int(line[1:-1]), line[-1]
                at += timedelta(hours=amount) if unit == "h" else timedelta(minutes=amount)
            case "!":
                _, who, people = line.split()
                yield Invited(at, who, people.split(","))
            case _:
                who, _, said = line.partition(": ")
                # What was said minutes ago was not said in the future.
                at = min(at + pause(random, said), latest)
                yield Said(at, who, said.replace("\\n", "\n"))


def _moment(line: str, now: datetime, random: Random) -> datetime:
    days, clock = line[1:].split()
    if clock.startswith("-"):
        return now + timedelta(minutes=int(clock))
    hours, minutes = map(int, clock.split(":"))
    day = working_day(now.date(), int(days))
    return datetime(day.year, day.month, day.day, hours, minutes, random.randrange(60), tzinfo=now.tzinfo)
