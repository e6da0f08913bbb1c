"""python-socketio as its documentation shows it, on uvicorn with uvloop: rooms, an ack, no database.

Prints its port. The room comes in the `auth` of the connection, so that one frame opens it.
"""

from __future__ import annotations

import itertools
import socket
import time
from typing import Any

import socketio
import uvicorn

server = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins=[], always_connect=False)
joined: dict[str, dict[str, str]] = {}
numbers = itertools.count(1)


@server.event
async def connect(sid: str, environ: dict[str, Any], auth: dict[str, str]) -> None:
    joined[sid] = auth
    await server.enter_room(sid, auth["room"])


@server.on("message.send")
async def send(sid: str, command: dict[str, str]) -> dict[str, Any]:
    room, sender, number = joined[sid]["room"], joined[sid]["device"], next(numbers)
    at = int(time.time() * 1000)
    message = {"seq": number, "version": number, "sender": sender, "at": at} | command
    await server.emit("message.new", {"room": room, "version": number, "message": message}, room=room)
    return {"ok": {"seq": number, "version": number, "at": at, "room": room}}


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(
        socketio.ASGIApp(server), loop="uvloop", ws="websockets-sansio", log_level="error",
        ws_per_message_deflate=False,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listener])
