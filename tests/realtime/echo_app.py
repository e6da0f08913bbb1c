"""The application behind the transport tests: it answers what it hears, and does what a text with "!" asks.

Run as a process of its own: `python -m tests.realtime.echo_app fast|plain`. Prints its port.
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, asgi, get, post

from sendjay.realtime.frames import text_frame
from sendjay.realtime.http_guard import GuardedHttp
from sendjay.realtime.link import Link
from sendjay.realtime.server import serve
from sendjay.realtime.upgrade import Handshake, SocketEndpoint

links: set[Link] = set()
lost: list[int] = []


class Echo:
    """A receiver. "!name argument ..." calls the method `name`."""

    def __init__(self, link: Link, handshake: Handshake) -> None:
        self.link = link
        self.handshake = handshake
        self.ended = False
        if handshake.user_agent == "refused by accept":
            raise RuntimeError("a secret")
        links.add(link)
        if handshake.user_agent == "closed by accept":
            link.close(4013, "full")

    def receive_text(self, payload: bytes) -> None:
        if payload.startswith(b"!"):
            name, *arguments = payload[1:].decode().split()
            getattr(self, f"do_{name}")(*arguments)
        else:
            self.link.send(text_frame(payload))

    def link_lost(self, code: int) -> None:
        assert not self.ended, "told twice"
        self.ended = True
        lost.append(code)
        links.discard(self.link)

    def do_raise(self) -> None:
        raise RuntimeError("a secret")

    def do_close(self, code: str, reason: str = "") -> None:
        self.link.send(text_frame(b"before the end"))
        self.link.close(int(code), reason)
        self.link.send(text_frame(b"after the end"))
        self.link.close(4999)

    def do_flood(self, count: str, size: str) -> None:
        frame = text_frame(b"x" * int(size))
        for _ in range(int(count)):
            self.link.send(frame)

    def do_everyone(self, text: str) -> None:
        frame = text_frame(text.encode())
        for link in links:
            link.send(frame)

    def do_close_slow(self, bound: str) -> None:
        for link in [link for link in links if link.buffered() > int(bound)]:
            link.close(4008, "too slow")

    def do_break_one(self) -> None:
        """A link whose flush fails, in the midst of others that have something due."""

        class Broken:
            def flush(self) -> None:
                raise RuntimeError("a secret")

            def abort(self) -> None:
                pass

        self.link.send(text_frame(b"before"))
        self.link._turn.add(Broken())
        for link in links - {self.link}:
            link.send(text_frame(b"after"))

    def do_handshake(self) -> None:
        told = {name: getattr(self.handshake, name) for name in self.handshake.__slots__}
        self.link.send(text_frame(json.dumps(told).encode()))


def allows(handshake: Handshake) -> bool:
    return handshake.origin in (None, "https://portal.example")


@get("/state", sync_to_thread=False)
def state() -> dict[str, Any]:
    gc.collect()
    resident = Path("/proc/self/statm").read_text().split()[1]
    return {
        "links": len(links),
        "lost": lost,
        "buffered": sorted(link.buffered() for link in links),
        "resident_kb": int(resident) * 4,
    }


@post("/body", status_code=200, media_type="text/plain")
async def body_length(request: Request[Any, Any, Any]) -> str:
    return str(len(await request.body()))


if __name__ == "__main__":
    GuardedHttp.HEAD_SECONDS = GuardedHttp.BODY_SECONDS = 2.0
    sockets = SocketEndpoint(Echo, allows)
    endpoint = asgi("/ws", copy_scope=False)(sockets)
    is_direct = sys.argv[1] == "direct"
    serve(
        Litestar([endpoint, state, body_length], openapi_config=None),
        port=0,
        fast=sys.argv[1] != "plain",
        endpoint=sockets if is_direct else None,
        trusted_proxies=[] if is_direct else "127.0.0.1",
        ready=lambda port: print(port, flush=True),  # noqa: T201
    )
    print("stopped", flush=True)  # noqa: T201
