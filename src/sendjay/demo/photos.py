"""Draws portraits of people who do not exist, in calm colours; the same id has always the same one."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw

SIDE = 192
_SCALE = 4
_BACKGROUNDS = ("#c9d8ee", "#d9e7dc", "#f0dccb", "#e3d9ee", "#d3e6ea", "#f1e3b8", "#e9d2d6", "#d5dbe2")
_SKINS = ("#f4d3ba", "#eec3a2", "#f7dcc8", "#e0b08c")
_HAIRS = ("#2b2422", "#3a2c28", "#1f2328", "#54392c")
_GREY = "#6f6e70"
_CLOTHES = ("#2f4c8f", "#3f5d55", "#7a3b46", "#50545c", "#c98b3d", "#efefef", "#5c5480", "#8aa0b8")

Box = tuple[float, float, float, float]


def portrait(user_id: str, look: str) -> bytes:
    """A WebP image. `look` is short, bob, long or bun, with `grey` or `glasses` after it."""
    hairstyle, *more = look.split()
    random = Random(user_id)
    image = Image.new("RGB", (SIDE * _SCALE, SIDE * _SCALE), random.choice(_BACKGROUNDS))
    draw = ImageDraw.Draw(image)
    hair = _GREY if "grey" in more else random.choice(_HAIRS)
    skin = random.choice(_SKINS)
    style = _STYLES[hairstyle]
    style(draw, hair, behind=True)
    _body(draw, skin, random.choice(_CLOTHES))
    _ellipse(draw, (66, 50, 126, 122), skin)
    style(draw, hair, behind=False)
    _face(draw, glasses="glasses" in more)
    small = image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    small.save(file, "WEBP", quality=84, method=4)
    return file.getvalue()


def _body(draw: ImageDraw.ImageDraw, skin: str, clothes: str) -> None:
    _ellipse(draw, (22, 130, 170, 264), clothes)
    _box(draw, (83, 110, 109, 138), skin)
    _ellipse(draw, (83, 122, 109, 148), skin)


def _face(draw: ImageDraw.ImageDraw, *, glasses: bool) -> None:
    for left in (79, 106):
        _ellipse(draw, (left, 86, left + 7, 94), "#2b2422")
        if glasses:
            box = _scaled((left - 7, 80, left + 14, 101))
            draw.rounded_rectangle(box, radius=7 * _SCALE, outline="#3a3d44", width=2 * _SCALE)
    if glasses:
        draw.line(_scaled((93, 89, 99, 89)), fill="#3a3d44", width=2 * _SCALE)
    draw.arc(_scaled((85, 94, 107, 110)), 25, 155, fill="#a85d4e", width=2 * _SCALE)


def _short_hair(draw: ImageDraw.ImageDraw, colour: str, *, behind: bool) -> None:
    if not behind:
        draw.pieslice(_scaled((62, 40, 130, 112)), 180, 360, fill=colour)
        draw.pieslice(_scaled((58, 44, 112, 96)), 190, 330, fill=colour)


def _bob(draw: ImageDraw.ImageDraw, colour: str, *, behind: bool) -> None:
    if behind:
        draw.rounded_rectangle(_scaled((55, 42, 137, 128)), radius=36 * _SCALE, fill=colour)
    else:
        draw.pieslice(_scaled((60, 40, 132, 106)), 180, 360, fill=colour)


def _long_hair(draw: ImageDraw.ImageDraw, colour: str, *, behind: bool) -> None:
    if behind:
        draw.rounded_rectangle(_scaled((54, 40, 138, 172)), radius=38 * _SCALE, fill=colour)
    else:
        draw.pieslice(_scaled((58, 38, 124, 108)), 175, 335, fill=colour)


def _bun(draw: ImageDraw.ImageDraw, colour: str, *, behind: bool) -> None:
    if behind:
        _ellipse(draw, (78, 20, 114, 56), colour)
        _ellipse(draw, (60, 40, 132, 108), colour)
    else:
        draw.pieslice(_scaled((62, 41, 130, 104)), 180, 360, fill=colour)


_STYLES: dict[str, Callable[..., None]] = {
    "short": _short_hair,
    "bob": _bob,
    "long": _long_hair,
    "bun": _bun,
}


def _ellipse(draw: ImageDraw.ImageDraw, box: Box, colour: str) -> None:
    draw.ellipse(_scaled(box), fill=colour)


def _box(draw: ImageDraw.ImageDraw, box: Box, colour: str) -> None:
    draw.rectangle(_scaled(box), fill=colour)


def _scaled(box: Box) -> Box:
    left, top, right, bottom = (each * _SCALE for each in box)
    return (left, top, right, bottom)
