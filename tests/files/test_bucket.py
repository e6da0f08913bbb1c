"""Files in a bucket: the same promises, without a disk that nodes share."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer
from PIL import Image

from sendjay.files.bucket import Bucket
from sendjay.files.depot import InUse, Missing, Unreachable
from sendjay.settings import Settings
from tests.files.test_looking import sent, with_place
from tests.files.uploading import VERSION, Uploader, files_of
from tests.serving import Office, run_office


@pytest.fixture(scope="module")
def store() -> Iterator[dict[str, str]]:
    """Settings of a bucket on a server that speaks like S3."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    settings = {
        "files_s3_bucket": "talk/files-of-test",
        "files_s3_endpoint": f"http://127.0.0.1:{port}",
        "files_s3_key": "key",
        "files_s3_secret": "secret",
    }
    import boto3

    client: Any = boto3.client(
        "s3",
        endpoint_url=settings["files_s3_endpoint"],
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="talk")
    yield settings
    server.stop()


@pytest.fixture(scope="module")
def office(store: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from run_office(tmp_path_factory.mktemp("office"), **store)


@pytest.fixture
def nodes(store: dict[str, str], tmp_path: Path) -> list[Bucket]:
    """Two, with nothing in common but the bucket."""
    made = [Bucket(Settings(data_dir=str(tmp_path / name), **store)) for name in ("one", "two")]  # pyright: ignore
    for each in made:
        each.prepare()
    return made


def test_a_file_goes_in_and_comes_out(office: Office) -> None:
    mine = Uploader.of(office, office.some(1)[0])
    content = os.urandom(11_000_000)
    address = mine.begun(len(content), "보고서.bin")
    for start in range(0, len(content), 4_000_000):
        assert mine.offset(address) == start
        assert mine.part(address, start, content[start : start + 4_000_000]).status_code == 204
    file = f"/api/files/{address.rpartition('/')[2]}"
    assert mine.rest.get(file).content == content
    assert mine.rest.get(file, headers={"Range": "bytes=5000000-5000009"}).content == content[5000000:5000010]
    assert mine.rest.get(file, headers={"Range": "bytes=-3"}).content == content[-3:]
    assert files_of(office) == [], "nothing of it stays on the disk"
    for small in (b"", b"x"):
        assert mine.rest.get(f"/api/files/{mine.whole(small)}").content == small
    assert mine.rest.delete(address, headers=VERSION).status_code == 204
    assert mine.rest.get(file).status_code == 404


@pytest.mark.parametrize("kind", ["JPEG", "AVIF"])
async def test_a_picture_has_a_small_one_there_and_does_not_say_where_it_was_made(
    office: Office, kind: str
) -> None:
    content = with_place(kind)
    upload, info = await sent(office, content, "휴가.jpg")
    kept = upload.rest.get(f"/api/files/{info['id']}").content
    assert len(kept) == len(content)
    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif().get_ifd(0x8825)
    small = upload.rest.get(f"/api/files/{info['id']}/thumb").raise_for_status()
    with Image.open(io.BytesIO(small.content)) as image:
        assert image.format == "WEBP"


def test_any_node_goes_on_with_an_upload(nodes: list[Bucket]) -> None:
    one, two = nodes
    for number, piece in enumerate((b"abc", b"def", b"g" * 20_000_000)):
        part = nodes[number % 2].append("upload0001")
        assert part.start == 3 * number
        part.write(piece)
        assert part.keep() == part.start + len(piece)
    assert two.length("upload0001") == 20_000_006
    assert one.beginning("upload0001", 3) == b"abc"
    one.finish("upload0001", 20_000_006)
    two.finish("upload0001", 20_000_006)
    with two.open("upload0001") as reading:
        assert reading.size == 20_000_006
        assert reading.read(0, 8) == b"abcdefgg"
    two.remove("upload0001")
    assert one.length("upload0001") == 0
    with pytest.raises(Missing):
        one.open("upload0001")


def test_of_two_nodes_at_the_same_place_one_is_told(nodes: list[Bucket]) -> None:
    first, second = (node.append("upload0002") for node in nodes)
    first.write(b"abc")
    second.write(b"xyz")
    assert first.keep() == 3
    with pytest.raises(InUse):
        second.keep()
    assert nodes[1].beginning("upload0002", 3) == b"abc"


def test_what_was_broken_off_or_undone_leaves_nothing(nodes: list[Bucket]) -> None:
    part = nodes[0].append("upload0003")
    part.write(b"abc")
    part.undo()
    assert nodes[0].length("upload0003") == 0
    with pytest.raises(Missing):
        nodes[0].finish("upload0003", 3)


def test_a_bucket_that_is_away_is_told_as_such(store: dict[str, str], tmp_path: Path) -> None:
    away = store | {"files_s3_bucket": "nowhere"}
    bucket = Bucket(Settings(data_dir=str(tmp_path), **away))  # pyright: ignore
    bucket.prepare()
    with pytest.raises((Unreachable, Missing)):
        bucket.append("upload0004")
