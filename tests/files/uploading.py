"""A tus 1.0 client for tests, as plain as the protocol."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.serving import Person, Server

VERSION = {"Tus-Resumable": "1.0.0"}
PART = VERSION | {"Content-Type": "application/offset+octet-stream"}
PNG = base64.b64decode(
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def named(name: str) -> dict[str, str]:
    return {"Upload-Metadata": f"filename {base64.b64encode(name.encode()).decode()}"}


@dataclass
class Uploader:
    """One person's uploads."""

    rest: httpx.Client

    @classmethod
    def of(cls, server: Server, person: Person) -> Uploader:
        return cls(server.rest(person.token))

    def begin(self, size: int, name: str = "a file", **headers: str) -> httpx.Response:
        given = VERSION | {"Upload-Length": str(size)} | named(name) | headers
        return self.rest.post("/api/uploads", headers=given)

    def begun(self, size: int, name: str = "a file") -> str:
        """Its address."""
        answer = self.begin(size, name)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def part(self, address: str, offset: int, content: bytes, **headers: str) -> httpx.Response:
        return self.rest.patch(
            address, headers=PART | {"Upload-Offset": str(offset)} | headers, content=content
        )

    def offset(self, address: str) -> int:
        answer = self.rest.head(address, headers=VERSION)
        assert answer.status_code == 200, answer
        return int(answer.headers["Upload-Offset"])

    def whole(self, content: bytes, name: str = "a file") -> str:
        """Upload it at once; its id."""
        address = self.begun(len(content), name)
        if content:
            answer = self.part(address, 0, content)
            assert answer.status_code == 204, answer.text
        return address.rpartition("/")[2]


def files_of(server: Server) -> list[Path]:
    """Every file below its files folder, uploads included."""
    return [path for path in (server.data / "files").rglob("*") if path.is_file()]
