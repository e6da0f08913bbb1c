"""What happens in the demo's rooms besides words: pictures, reactions, a notice above the talk."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from random import Random
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFilter

from sendjay.actor import Actor
from sendjay.app import Messenger
from sendjay.messages.service import asked_with
from sendjay.search.service import Query

SIZE = (1280, 860)


class Lively(NamedTuple):
    """What is done in a room once everything has been said."""

    reactions: tuple[tuple[str, str, str], ...] = ()
    """(how the message begins, emoji, people by the first part of their ids)"""
    notice: str = ""
    """How the message that hangs above the talk begins."""
    pictures: tuple[str, str, tuple[str, ...]] | None = None
    """(who sends them, with which words, what the files are called)"""


class Decorator:
    """Does it through the services that people use."""

    def __init__(self, messenger: Messenger, ids: dict[str, str]) -> None:
        self._messenger = messenger
        self._ids = ids

    async def decorate(self, room_id: str, master: str, lively: Lively) -> None:
        messages, somebody = self._messenger.messages, Actor(master, "")
        for words, emoji, people in lively.reactions:
            seq = await self._find(somebody, room_id, words)
            for name in people.split():
                await messages.react(Actor(self._ids[name], ""), room_id, seq, emoji, on=True)
        if lively.notice:
            await messages.pin(somebody, room_id, await self._find(somebody, room_id, lively.notice))
        if lively.pictures is not None:
            name, words, files = lively.pictures
            sender = Actor(self._ids[name], "")
            kept = [await self._upload(sender, each, number) for number, each in enumerate(files)]
            asked = asked_with(0, (), kept)
            await messages.send_and_wait(sender, room_id, f"demo-pictures-{room_id}", words, asked)

    async def _find(self, actor: Actor, room_id: str, words: str) -> int:
        found = await self._messenger.search.in_room(actor, room_id, Query(words), 0, 1)
        return found.messages[0].seq

    async def _upload(self, actor: Actor, name: str, number: int) -> str:
        content = hall(number)

        async def whole() -> AsyncIterator[bytes]:
            yield content

        uploads = self._messenger.files.uploads
        upload = await uploads.begin(actor, name, len(content))
        await uploads.append(actor, upload.file_id, 0, whole(), announced=len(content))
        return upload.file_id


def hall(number: int) -> bytes:
    """A factory hall in the evening, with as many robots as there is room for; a JPEG."""
    chance = Random(number)
    width, height = SIZE
    image = Image.new("RGB", SIZE, "#2c3442")
    draw = ImageDraw.Draw(image)
    far = (width * (0.42 + 0.12 * number), height * 0.46)
    draw.polygon(
        [(0, height), (0, height * 0.66), far, (width, height * 0.66), (width, height)], fill="#586172"
    )
    draw.polygon([(0, 0), (width, 0), far], fill="#39424f")
    for step in range(9):
        near = 1 - step / 9
        for side in (-1, 1):
            x = far[0] + side * near * width * 0.5
            light = (
                x - 70 * near,
                40 + 330 * (1 - near),
                x + 70 * near,
                40 + 330 * (1 - near) + 10 * near + 2,
            )
            draw.rectangle(light, fill="#fff1cf")
    for place in range(4):
        size = 1 - place * 0.18
        _robot(
            draw, width * (0.14 + 0.22 * place) + chance.randint(-20, 20), height * (0.9 - 0.08 * place), size
        )
    file = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(0.8)).save(file, "JPEG", quality=88)
    return file.getvalue()


def _robot(draw: ImageDraw.ImageDraw, x: float, y: float, size: float) -> None:
    def arm(points: list[tuple[float, float]], thick: float) -> None:
        joints = [(x + dx * size, y + dy * size) for dx, dy in points]
        draw.line(joints, fill="#e8842c", width=round(thick * size), joint="curve")
        for at, down in joints:
            radius = thick * size * 0.62
            draw.ellipse((at - radius, down - radius, at + radius, down + radius), fill="#c96a1b")

    draw.rectangle((x - 70 * size, y - 24 * size, x + 70 * size, y + 30 * size), fill="#20262f")
    arm([(0, -20), (-30, -190), (110, -280), (190, -190)], 40)
    draw.rectangle((x + 165 * size, y - 190 * size, x + 215 * size, y - 150 * size), fill="#cfd5dd")
