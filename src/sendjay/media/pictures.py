"""What is done to pictures and videos, within the worker process alone."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import av
import av.error
from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")
"""Nothing else is decoded, whatever the file calls itself."""
PIXELS_MOST = 50_000_000
THUMB_PX = 560
PHOTO_PX = 320
CARD_PX = (640, 336)
CARD_PX_LEAST = 64
"""What is smaller is a dot that counts visitors, or a button."""
POSTER_AT_SECONDS = 1.0
FRAMES_TRIED = 60

# What a header promises is judged before anything is decoded.
Image.MAX_IMAGE_PIXELS = PIXELS_MOST


class Unfit(Exception):
    """It cannot be shown: broken, too large, or of a kind that is not decoded."""


def look_at_picture(source: str, thumb: str) -> dict[str, Any]:
    """Its measures as it is shown, and a small picture of it."""
    with _opened(source) as image:
        image.draft("RGB", (THUMB_PX, THUMB_PX))
        upright = ImageOps.exif_transpose(_first(image))
        ratio = _turned(image)
        _save(upright, thumb)
    width, height = ratio
    return {"width": width, "height": height, "thumb": True}


def look_at_video(source: str, thumb: str) -> dict[str, Any]:
    """Its measures and length, and a picture from its beginning."""
    try:
        with av.open(source, metadata_errors="ignore") as container:
            stream = container.streams.video[0]
            if stream.width * stream.height > PIXELS_MOST:
                raise Unfit
            seconds = (container.duration or 0) / av.time_base
            frame = _poster(container, stream, seconds)
            picture = frame.to_image()
    except (av.error.FFmpegError, IndexError, ValueError, StopIteration) as error:
        raise Unfit from error
    width, height = picture.size
    _save(picture, thumb)
    return {"width": width, "height": height, "seconds": round(seconds), "thumb": True}


def make_photo(source: str, target: str) -> dict[str, Any]:
    """A square picture of somebody, without whatever else was in the file."""
    with _opened(source) as image:
        upright = ImageOps.exif_transpose(_first(image))
        square = ImageOps.fit(_plain(upright), (PHOTO_PX, PHOTO_PX), Image.Resampling.LANCZOS)
        square.convert("RGB").save(target, "JPEG", quality=88)
    return {"bytes": Path(target).stat().st_size}


def make_card(source: str, target: str) -> dict[str, Any]:
    """A picture for the card of a link: a part of its middle, in the shape that cards have."""
    with _opened(source) as image:
        image.draft("RGB", (2 * CARD_PX[0], 2 * CARD_PX[1]))
        upright = ImageOps.exif_transpose(_first(image))
        if upright.width < CARD_PX_LEAST or upright.height < CARD_PX_LEAST:
            raise Unfit
        width = min(CARD_PX[0], upright.width)
        size = (width, round(width * CARD_PX[1] / CARD_PX[0]))
        card = ImageOps.fit(_plain(upright), size, Image.Resampling.LANCZOS)
        card.save(target, "WEBP", quality=78, method=4)
    return {"bytes": Path(target).stat().st_size}


def _opened(source: str) -> Image.Image:
    try:
        image = Image.open(source, formats=FORMATS)
        if image.width * image.height > PIXELS_MOST:
            raise Unfit
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unfit from error
    return image


def _first(image: Image.Image) -> Image.Image:
    """The first picture of an animation."""
    try:
        image.seek(0)
        image.load()
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError) as error:
        raise Unfit from error
    return image


def _turned(image: Image.Image) -> tuple[int, int]:
    """The whole picture's size, as it is shown: the head says it, also where less was decoded."""
    with Image.open(image.filename, formats=FORMATS) as head:  # pyright: ignore[reportAttributeAccessIssue]
        sideways = head.getexif().get(0x0112, 1) in (5, 6, 7, 8)
        return (head.height, head.width) if sideways else head.size


def _plain(image: Image.Image) -> Image.Image:
    if image.mode in ("RGB", "RGBA"):
        return image
    return image.convert("RGBA" if "transparency" in image.info or image.mode in ("LA", "PA") else "RGB")


def _save(image: Image.Image, target: str) -> None:
    small = _plain(image)
    small.thumbnail((THUMB_PX, THUMB_PX), Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    # Written anew from its pixels: no other words of the file come along.
    small.save(kept, "WEBP", quality=80, method=4)
    Path(target).write_bytes(kept.getvalue())


def _poster(container: Any, stream: Any, seconds: float) -> Any:
    if seconds > 2 * POSTER_AT_SECONDS:
        container.seek(int(POSTER_AT_SECONDS * av.time_base))
    stream.thread_type = "NONE"
    frames = container.decode(stream)
    frame = next(frames)
    for _ in range(FRAMES_TRIED):
        # Many begin in the dark.
        if frame.to_image().convert("L").resize((16, 16)).getextrema()[1] > 40:
            break
        frame = next(frames, frame)
    return frame
