"""The WebSocket transport over plain ASGI: any server, and the twin that `fast_socket` is tested against.

Framing, UTF-8 and the message limit are the server's business here. One thing it cannot know: whether a
connection broke or was closed without a code (both are `CloseCode.NO_CODE`).
"""

from sendjay.realtime.asgi_link import AsgiLink
from sendjay.realtime.frames import payloads
from sendjay.realtime.link import CloseCode


class PlainSocket(AsgiLink):
    """A `Link` over an accepted ASGI WebSocket: `websocket.accept` was sent before `run`."""

    async def _read(self) -> None:
        while True:
            message = await self._asgi_receive()
            if message["type"] == "websocket.disconnect":
                self._peer_left(message.get("code") or CloseCode.NO_CODE)
                return
            text = message.get("text")
            if text is None:
                self.close(CloseCode.UNSUPPORTED_DATA, "text only")
            else:
                self._hand_over(text.encode())

    async def _send_frames(self, frames: bytes) -> None:
        for payload in payloads(frames):
            await self._asgi_send({"type": "websocket.send", "text": payload.decode()})

    async def _send_close(self, code: int, reason: str) -> None:
        await self._asgi_send({"type": "websocket.close", "code": code, "reason": reason})
