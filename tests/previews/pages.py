"""A web server of pages that are asked for previews: pleasant ones, and all kinds of others."""

from __future__ import annotations

import contextlib
import gzip
import io
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>짧은 제목</title>
<meta property="og:title" content="3분기 실적 &amp; 계획">
<meta property="og:description" content="  줄이\n나뉜 \u202e설명 <b>굵게</b>  ">
<meta property="og:site_name" content="사내 위키"></head><body><title>아님</title></body></html>"""


def picture(size: tuple[int, int], kind: str, mode: str = "RGB") -> bytes:
    kept = io.BytesIO()
    Image.new(mode, size, {"RGB": (24, 90, 160), "1": 1}[mode]).save(kept, kind)
    return kept.getvalue()


CRUMBS = 5_000


class Pages(BaseHTTPRequestHandler):
    """What is asked for says what comes."""

    asked: list[tuple[str, dict[str, str]]] = []
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        self.asked.append((self.path, dict(self.headers.items())))
        name, _, rest = self.path.lstrip("/").partition("/")
        with contextlib.suppress(OSError):
            getattr(self, f"page_{name}", self.page_none)(rest)

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for header, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(header.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def page_none(self, _rest: str) -> None:
        self.say(404)

    def page_wiki(self, _rest: str) -> None:
        self.say(200, PAGE.encode(), Set_Cookie="who=you")

    def page_shown(self, rest: str) -> None:
        """A page that wants to be shown with a picture at this address."""
        named = f'<meta property="og:image" content="{rest.replace("~", "/")}">'
        self.say(200, f"<title>With a picture</title>{named}".encode())

    def page_photo(self, _rest: str) -> None:
        self.say(200, picture((1200, 900), "PNG"), Content_Type="image/png")

    def page_dot(self, _rest: str) -> None:
        self.say(200, picture((1, 1), "GIF"), Content_Type="image/gif")

    def page_huge(self, _rest: str) -> None:
        """Small to send, and of more points than are decoded."""
        self.say(200, picture((12_000, 12_000), "PNG", "1"), Content_Type="image/png")

    def page_long(self, _rest: str) -> None:
        self.say(200, picture((200, 200), "PNG") + bytes(6_000_000), Content_Type="image/png")

    def page_vector(self, _rest: str) -> None:
        self.say(200, b"<svg xmlns='http://www.w3.org/2000/svg'/>", Content_Type="image/svg+xml")

    def page_liar(self, _rest: str) -> None:
        self.say(200, b"<script>alert(1)</script>", Content_Type="image/png")

    def page_korean(self, _rest: str) -> None:
        self.say(200, "<title>옛 한글</title>".encode("euc-kr"), Content_Type="text/html; charset=euc-kr")

    def page_to(self, rest: str) -> None:
        self.say(302, Location=rest.replace("~", "/"))

    def page_loop(self, _rest: str) -> None:
        self.say(302, Location=self.path)

    def page_packed(self, _rest: str) -> None:
        self.say(200, gzip.compress(b"<title>bomb</title>" + bytes(50_000_000)), Content_Encoding="gzip")

    def page_picture(self, _rest: str) -> None:
        self.say(200, b"<title>no picture</title>", Content_Type="image/svg+xml")

    def page_endless(self, _rest: str) -> None:
        self.say(200)
        for _ in range(100_000):
            self.wfile.write(b"<meta name=x content=y>" * 100)

    def page_crumbs(self, _rest: str) -> None:
        """A byte at a time, all in one go."""
        self.protocol_version = "HTTP/1.1"
        self.say(200, Transfer_Encoding="chunked", Connection="close")
        title = b"<title>Crumbs</title>"
        self.wfile.write(b"%x\r\n%s\r\n" % (len(title), title) + b"1\r\n \r\n" * CRUMBS + b"0\r\n\r\n")

    def page_drip(self, _rest: str) -> None:
        self.say(200)
        for _ in range(600):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.1)

    def page_evil(self, _rest: str) -> None:
        self.say(200, b"<title>&lt;img src=x onerror=alert(1)&gt; " + b"A" * 5_000 + b"</title>")

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def web_server() -> Iterator[str]:
    """Its address."""
    Pages.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
