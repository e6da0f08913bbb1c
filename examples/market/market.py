"""A small rental site with the messenger in it: the standard library alone, and one SQLite file of its own.

python3 examples/market/market.py --messenger http://127.0.0.1:8080 --secret secret.txt --token token.txt
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

from outbox import Teller, tell_all
from request import Request
from sessions import Sessions
from store import Store

DATABASE = Path(__file__).parent / "market.sqlite"


class Market(ThreadingHTTPServer):
    """What all its requests share."""

    daemon_threads = True

    def __init__(self, host: str, port: int, store: Store, messenger: str, secret: bytes) -> None:
        super().__init__((host, port), Request)
        self.store = store
        self.messenger = messenger
        self.secret = secret
        self.origin = f"http://localhost:{self.server_port}"
        self.sessions = Sessions()
        self.teller: Teller | None = None
        socket = "ws" + messenger.removeprefix("http")
        # All that the messenger needs of a strict policy: its origin in three places.
        self.policy = "; ".join(
            (
                "default-src 'self'",
                f"script-src 'self' {messenger}",
                f"connect-src 'self' {messenger} {socket}",
                f"frame-src {messenger}",
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            )
        )

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that has gone is no trouble; all else is told."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # pyright: ignore[reportArgumentType]

    def wake_teller(self) -> None:
        if self.teller is not None:
            self.teller.wake()


def main() -> None:
    arguments = _arguments()
    messenger = arguments.messenger.rstrip("/")
    store = Store(arguments.database)
    market = Market(arguments.host, arguments.port, store, messenger, arguments.secret.read_bytes().strip())
    if arguments.origin:
        market.origin = arguments.origin.rstrip("/")
    tell_all(store, market.origin)
    if arguments.token:
        market.teller = Teller(store, messenger, arguments.token.read_text("ascii").strip())
        market.teller.start()
    sys.stdout.write(f"Market at http://localhost:{market.server_port}\n")
    sys.stdout.flush()
    if arguments.with_parent:
        threading.Thread(target=_end_with_parent, args=(market,), daemon=True).start()
    try:
        market.serve_forever()
    except KeyboardInterrupt:
        market.server_close()


def _end_with_parent(market: Market) -> None:
    """Whoever started this holds the other end of its standard input, however they come to their end."""
    # Not by `sys.stdin`, whose lock a thread that waits would hold when the interpreter ends.
    while os.read(0, 4_096):
        pass
    market.shutdown()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A small rental site with the messenger in it.")
    given = os.environ
    parser.add_argument("--host", default=given.get("MARKET_HOST", "127.0.0.1"),
                        help="address to listen on (MARKET_HOST, 127.0.0.1)")  # fmt: skip
    parser.add_argument("--port", type=int, default=int(given.get("MARKET_PORT", "8091")),
                        help="port to listen on; 0 takes a free one (MARKET_PORT, 8091)")  # fmt: skip
    parser.add_argument("--origin", default=given.get("MARKET_ORIGIN", ""),
                        help="its own address in links (MARKET_ORIGIN, http://localhost:PORT)")  # fmt: skip
    parser.add_argument("--messenger", default=given.get("MARKET_MESSENGER", "http://127.0.0.1:8080"),
                        help="the messenger's address (MARKET_MESSENGER, http://127.0.0.1:8080)")  # fmt: skip
    parser.add_argument("--secret", type=Path, default=given.get("MARKET_SECRET"),
                        required="MARKET_SECRET" not in given,
                        help="file with the messenger's embed_secret (MARKET_SECRET)")  # fmt: skip
    parser.add_argument("--token", type=Path, default=given.get("MARKET_TOKEN") or None,
                        help="file with an integration token, to tell of posts (MARKET_TOKEN)")  # fmt: skip
    parser.add_argument("--database", type=Path, default=given.get("MARKET_DATABASE", DATABASE),
                        help="its own data (MARKET_DATABASE, market.sqlite beside this file)")  # fmt: skip
    parser.add_argument("--with-parent", action="store_true", help="stop when standard input ends")
    return parser.parse_args()


if __name__ == "__main__":
    main()
