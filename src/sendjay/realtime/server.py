"""Runs an ASGI application in one process: uvicorn on uvloop, with the fast WebSocket transport."""

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn

from sendjay.realtime import certificate
from sendjay.realtime.direct_upgrade import direct_http
from sendjay.realtime.farewell import Farewell
from sendjay.realtime.fast_socket import LinkUpgrade
from sendjay.realtime.http_guard import GuardedHttp
from sendjay.realtime.link import MAX_MESSAGE_BYTES
from sendjay.realtime.upgrade import SocketEndpoint

_BACKLOG = 4096

# Longer than the link's own close deadline, shorter than what a supervisor waits before it kills.
_GRACEFUL_STOP_SECONDS = 5

# Longer than the 60 s after which common proxies let go of an idle upstream connection: it is they who do.
_HTTP_KEEP_ALIVE_SECONDS = 65


class MessengerServer(uvicorn.Server):
    """A uvicorn server on sockets that are bound already. `run` returns after a graceful stop.

    SIGTERM takes leave as `farewell` says; SIGINT, and a second signal, give no notice. SIGHUP reads the
    certificate anew.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        listeners: list[socket.socket],
        ready: Callable[[int], None] | None,
        farewell: Farewell,
    ) -> None:
        super().__init__(config)
        self._listeners = listeners
        self._ready = ready
        self._farewell = farewell
        self._gives_notice = False
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def port(self) -> int:
        """The port of the first listener; the one the system chose where 0 was asked for."""
        return self._listeners[0].getsockname()[1]

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        super().run(sockets=sockets or self._listeners)

    def close(self) -> None:
        """Give the bound address back without having run."""
        for listener in self._listeners:
            listener.close()

    def stop(self, *, notice: bool = False) -> None:
        """Begin the graceful stop, with or without notice; a second time ends the notice. From any thread."""
        if not self.should_exit:
            self._gives_notice = notice
            self.should_exit = True
        elif self._loop is not None:
            self._loop.call_soon_threadsafe(self._farewell.hurry)

    def retire(self) -> None:
        """Take nobody in any more; whoever is connected stays."""
        for server in self.servers:
            server.close()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets=sockets)
        # At a terminal, SIGHUP says that it is gone: the program is to end with it, as every other does.
        if threading.current_thread() is threading.main_thread() and not os.isatty(0):
            self._loop.add_signal_handler(signal.SIGHUP, self.reload)
        if self._ready is not None:
            self._ready(self.port)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._farewell.announce()
        if self._gives_notice:
            await self._farewell.notice()
        # Nothing is awaited until the listeners are closed: nobody slips in behind.
        self._farewell.send_away()
        await super().shutdown(sockets=sockets)

    def reload(self) -> None:
        """Read anew what may change while the server runs: the certificate."""
        if self.config.ssl is not None and self.config.ssl_certfile is not None:
            certificate.renew(self.config.ssl, self.config.ssl_certfile, self.config.ssl_keyfile)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # uvicorn raises a signal again after its graceful stop, which would end the process before its
        # caller's own clean-up. A second Ctrl+C waits for nobody.
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.stop(notice=sig == signal.SIGTERM)


def make_server(
    app: Callable[..., Any],
    host: str = "127.0.0.1",
    port: int = 8080,
    *,
    listeners: list[socket.socket] | None = None,
    ready: Callable[[int], None] | None = None,
    farewell: Farewell | None = None,
    fast: bool = True,
    endpoint: SocketEndpoint | None = None,
    socket_path: str = "/ws",
    max_message_bytes: int = MAX_MESSAGE_BYTES,
    trusted_proxies: list[str] | str = "127.0.0.1,::1",
    ssl_certfile: str | Path | None = None,
    ssl_keyfile: str | Path | None = None,
) -> MessengerServer:
    """A server for `app`, bound but not yet running.

    `listeners`: bound sockets to use instead of host and port; they are closed at the end. `port` 0 takes a
    free one. `ready` is called on the loop with the port once connections are served. `fast` False leaves
    WebSockets to plain ASGI; with it, `endpoint` answers handshakes at `socket_path` without ASGI.
    `trusted_proxies`: addresses or networks whose X-Forwarded-For and -Proto count.
    Raises OSError where the address cannot be bound.
    """
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=direct_http(endpoint, socket_path) if fast and endpoint else GuardedHttp,
        ws=LinkUpgrade if fast else "websockets-sansio",
        ws_max_size=max_message_bytes,
        # The owner of a connection ticks; a second heartbeat would only wake every phone twice.
        ws_ping_interval=None,
        ws_ping_timeout=None,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=trusted_proxies,
        backlog=_BACKLOG,
        timeout_keep_alive=_HTTP_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACEFUL_STOP_SECONDS,
        ssl_certfile=ssl_certfile,
        ssl_keyfile=ssl_keyfile,
    )
    return MessengerServer(config, listeners or [_listen(host, port)], ready, farewell or Farewell())


def serve(app: Callable[..., Any], host: str = "127.0.0.1", port: int = 8080, **options: Any) -> None:
    """Run `app` until SIGTERM, SIGINT or `MessengerServer.stop`; options as in `make_server`."""
    make_server(app, host, port, **options).run()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    dual = family == socket.AF_INET6 and host == "::" and socket.has_dualstack_ipv6()
    return socket.create_server((host, port), family=family, backlog=_BACKLOG, dualstack_ipv6=dual)
