"""Pictures and videos are looked at before they are sent: measures, a small picture, not where it was made.
What cannot be decoded, or was made to do harm, is a file like others.
"""

from __future__ import annotations

import io
import struct
import zlib

import av
import pytest
from PIL import Image

from tests.clients import SocketClient, new_key
from tests.files.uploading import Uploader
from tests.serving import Office


def picture(kind: str, size: tuple[int, int] = (1200, 800), **saved: object) -> bytes:
    kept = io.BytesIO()
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.save(kept, kind, **saved)
    return kept.getvalue()


def with_place(kind: str) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 33.0, 59.5), 3: "E", 4: (126.0, 58.0, 41.2)})
    return picture(kind, exif=exif)


PLACE = "+37.5665+126.9780/"


def video(
    kind: str = "mp4", told: dict[str, str] | None = None, options: dict[str, str] | None = None
) -> bytes:
    kept = io.BytesIO()
    with av.open(kept, "w", format=kind, options=options or {}) as container:
        container.metadata.update(told or {})
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for n in range(30):
            frame = av.VideoFrame.from_image(Image.new("RGB", (320, 180), (80 + 4 * n, 120, 160)))
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return kept.getvalue()


def flood(width: int, height: int) -> bytes:
    """A PNG that promises more than anybody can hold."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 5_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def sent(office: Office, content: bytes, name: str) -> tuple[Uploader, dict[str, object]]:
    """Who sent it, and what others are told of it."""
    person, other = office.some(2)
    upload = Uploader.of(office, person)
    file_id = upload.whole(content, name)
    async with await SocketClient.connect(office, person) as client:
        room = await client.create(other)
        answer = await client.ask("message.send", room=room, client_id=new_key(), files=[file_id])
        (row,) = (await client.ask("message.get", room=room, seqs=[answer["seq"]]))["messages"]
    return upload, row["files"][0]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
async def test_a_picture_has_its_measures_and_a_small_one_beside_it(office: Office, kind: str) -> None:
    upload, info = await sent(office, picture(kind), f"gradient.{kind.lower()}")
    assert (info["width"], info["height"], info["thumb"], info["kind"]) == (1200, 800, True, "image")
    answer = upload.rest.get(f"/api/files/{info['id']}/thumb")
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["x-content-type-options"] == "nosniff"
    with Image.open(io.BytesIO(answer.content)) as small:
        assert max(small.size) <= 560
    again = upload.rest.get(
        f"/api/files/{info['id']}/thumb", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304
    stranger = Uploader.of(office, office.some(1)[0])
    assert stranger.rest.get(f"/api/files/{info['id']}/thumb").status_code == 404


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
async def test_where_a_picture_was_made_is_taken_out_and_nothing_else(office: Office, kind: str) -> None:
    content = with_place(kind)
    upload, info = await sent(office, content, "holiday.jpg")
    # It lies on its side: what is told is how it is shown.
    assert (info["width"], info["height"]) == (800, 1200)
    kept = upload.rest.get(f"/api/files/{info['id']}").content
    assert len(kept) == len(content)
    with Image.open(io.BytesIO(kept)) as image, Image.open(io.BytesIO(content)) as original:
        exif = image.getexif()
        assert exif[0x010F] == "Maker"
        assert not exif.get_ifd(0x8825)
        assert original.getexif().get_ifd(0x8825)
        assert image.tobytes() == original.tobytes()


@pytest.mark.parametrize("container", ["mp4", "mov"])
@pytest.mark.parametrize("options", [{}, {"movflags": "use_metadata_tags"}], ids=["boxes", "keys"])
async def test_where_a_film_was_made_is_taken_out_and_it_plays_as_before(
    office: Office, container: str, options: dict[str, str]
) -> None:
    told = {"location": PLACE, "com.apple.quicktime.location.ISO6709": PLACE}
    content = video(container, told, options)
    with av.open(io.BytesIO(content)) as film:
        assert "37.5665" in str(film.metadata)
    upload, info = await sent(office, content, f"clip.{container}")
    kept = upload.rest.get(f"/api/files/{info['id']}").content
    assert PLACE.encode() not in kept
    assert b"loci" not in kept
    assert len(kept) == len(content)
    with av.open(io.BytesIO(kept)) as film:
        assert not film.metadata.get("location")
        assert sum(1 for _ in film.decode(video=0)) == 30


async def test_a_video_has_its_length_and_a_picture_of_its_beginning(office: Office) -> None:
    upload, info = await sent(office, video(), "clip.mp4")
    assert (info["kind"], info["width"], info["height"], info["seconds"]) == ("video", 320, 180, 3)
    answer = upload.rest.get(f"/api/files/{info['id']}/thumb")
    with Image.open(io.BytesIO(answer.content)) as small:
        assert small.size == (320, 180)


async def test_an_animation_plays_and_its_first_picture_is_the_small_one(office: Office) -> None:
    frames = [Image.new("P", (60, 40), n) for n in range(300)]
    kept = io.BytesIO()
    frames[0].save(kept, "GIF", save_all=True, append_images=frames[1:], duration=20)
    upload, info = await sent(office, kept.getvalue(), "dance.gif")
    assert info["thumb"]
    assert upload.rest.get(f"/api/files/{info['id']}").content == kept.getvalue()


HARMFUL = {
    "a flood of pixels": flood(60_000, 60_000),
    "just below the limit, and nearly nothing in it": flood(7_000, 7_000),
    "cut off": picture("PNG")[:3_000],
    "a jpeg of nothing": b"\xff\xd8\xff\xe0" + bytes(2_000),
    "an avif of nothing": b"\x00\x00\x00\x18ftypavif" + bytes(2_000),
    "an avif whose boxes point out of it": b"\x00\x00\x00\x18ftypavif"
    + bytes(12)
    + b"\x7f\xff\xff\xffmeta" * 9,
    "a video of nothing": b"\x00\x00\x00\x18ftypisom" + bytes(2_000),
    "a webm of nothing": b"\x1aE\xdf\xa3" + b"webm" + bytes(2_000),
    "postscript behind a png's beginning": b"\x89PNG\r\n\x1a\n%!PS-Adobe-3.0 EPSF-3.0\n",
    "a broken block of places": with_place("JPEG").replace(b"II*\x00\x08\x00", b"II*\x00\xff\xff"),
}


@pytest.mark.parametrize("what", HARMFUL)
async def test_what_cannot_be_decoded_is_a_file_like_others(office: Office, what: str) -> None:
    upload, info = await sent(office, HARMFUL[what], "picture.png")
    if not info.get("thumb"):
        assert upload.rest.get(f"/api/files/{info['id']}/thumb").status_code == 404
    assert upload.rest.get(f"/api/files/{info['id']}").status_code == 200
    # And the next one is looked at.
    assert (await sent(office, picture("PNG"), "next.png"))[1]["thumb"]


async def test_the_small_picture_goes_with_the_file(office: Office) -> None:
    person, _ = office.some(2)
    upload = Uploader.of(office, person)
    file_id = upload.whole(picture("PNG"), "gradient.png")
    kept = [path for path in (office.data / "files").rglob("*") if file_id in path.name]
    assert len(kept) == 2
    assert (
        upload.rest.delete(f"/api/uploads/{file_id}", headers={"Tus-Resumable": "1.0.0"}).status_code == 204
    )
    assert not [path for path in kept if path.exists()]
