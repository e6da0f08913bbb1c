"""files.download and files.meanwhile: how quickly files come and go, and what talk feels of it."""

from __future__ import annotations

import http.client
import io
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.runner import cores, load, server
from bench.runner.line import Line
from bench.runner.load import Target
from bench.runner.population import apart
from bench.runner.say import say
from bench.runner.server import free_port
from PIL import Image

FILE_BYTES = 300_000_000
PART_BYTES = 8_388_608
SECONDS = 6.0
RATE = 300.0
UPLOADS = 10
TUS = {"Tus-Resumable": "1.0.0"}
NGINX = "/usr/sbin/nginx"


@dataclass(frozen=True)
class Download:
    name: str = "files.download"

    def run(self) -> Line:
        content = os.urandom(1_000_000) * (FILE_BYTES // 1_000_000)
        with server.running(apart(1, 2)) as running:
            seat, port = running.seats[0], running.target.port
            with _on(cores.LOAD):
                began = time.perf_counter()
                file_id = upload(port, seat.token, content)
                upload_rate = FILE_BYTES / (time.perf_counter() - began) / 1e6
                rate = max(fetch(port, f"/api/files/{file_id}", seat.token) for _ in range(3))
            kept = next(path for path in running.database.parent.rglob(file_id) if path.is_file())
            yardsticks = {"copy": copy_rate(kept)}
            if Path(NGINX).exists():
                with _nginx(kept) as nginx_port, _on(cores.LOAD):
                    yardsticks["nginx"] = max(fetch(nginx_port, f"/{file_id}") for _ in range(3))
        say(f"{self.name}: {rate:,.0f} MB/s down, {upload_rate:,.0f} MB/s up")
        return Line(
            self.name, rate, "MB/s",
            yardsticks=yardsticks,
            ratio=rate / yardsticks.get("nginx", yardsticks["copy"]),
            more={"upload_mb_s": round(upload_rate), "file_mb": FILE_BYTES // 1_000_000},
        )  # fmt: skip


@dataclass(frozen=True)
class Meanwhile:
    name: str = "files.meanwhile"

    def run(self) -> Line:
        with server.running(apart(100, 2)) as running:
            target, seats = running.target, running.seats
            before = load.run("rate", target, seats, rate=RATE, seconds=SECONDS, warmup=1)
            with _uploading(target, [seat.token for seat in seats[:UPLOADS]]) as count:
                during = load.run("rate", target, seats, rate=RATE, seconds=SECONDS, warmup=1)
        say(f"{self.name}: p99 {before['p99_ms']:.1f} ms, {during['p99_ms']:.1f} ms with {UPLOADS} uploads")
        return Line(
            self.name, during["p99_ms"], "ms, p99", during["p50_ms"], during["p99_ms"],
            yardsticks={"normal_p50_ms": before["p50_ms"], "normal_p99_ms": before["p99_ms"]},
            ratio=during["p99_ms"] / before["p99_ms"],
            doubts=[] if count[0] >= UPLOADS else ["next to nothing was uploaded"],
            more={"uploads": UPLOADS, "pictures": count[0], "messages_s": RATE},
        )  # fmt: skip


def upload(port: int, token: str, content: bytes, name: str = "ZmlsZQ==") -> str:
    """By parts, as clients do; the file's id."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = TUS | {"Authorization": f"Bearer {token}"}
    begin = headers | {"Upload-Length": str(len(content)), "Upload-Metadata": f"filename {name}"}
    line.request("POST", "/api/uploads", headers=begin)
    answer = line.getresponse()
    answer.read()
    address = answer.headers["Location"]
    for offset in range(0, len(content), PART_BYTES):
        part = content[offset : offset + PART_BYTES]
        part_headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        line.request("PATCH", address, body=part, headers=headers | part_headers)
        answer = line.getresponse()
        answer.read()
        if answer.status != 204:
            raise load.LoadError(f"an upload was refused: {answer.status}")
    line.close()
    return address.rpartition("/")[2]


def fetch(port: int, path: str, token: str = "") -> float:
    """MB/s."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
    answer = line.getresponse()
    buffer, size = bytearray(1 << 20), 0
    began = time.perf_counter()
    while count := answer.readinto(buffer):
        size += count
    took = time.perf_counter() - began
    line.close()
    if size != FILE_BYTES:
        raise load.LoadError(f"{size} bytes came instead of {FILE_BYTES}")
    return size / took / 1e6


def copy_rate(file: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with file.open("rb") as source, Path(folder, "copy").open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        return FILE_BYTES / (time.perf_counter() - began) / 1e6


@contextmanager
def _on(core: int) -> Generator[None]:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def _nginx(file: Path) -> Generator[int]:
    """nginx, one process on the server's core, serving the very file."""
    with tempfile.TemporaryDirectory(prefix="sendjay-nginx-") as folder:
        port = free_port()
        Path(folder, "nginx.conf").write_text(
            f"user root; daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;"
            f"events {{}} http {{ access_log off; sendfile on; server {{ listen 127.0.0.1:{port};"
            f" root {file.parent}; }} }}"
        )
        command = [NGINX, "-p", folder, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
        process = subprocess.Popen(command, preexec_fn=cores.pin(cores.SERVER), stderr=subprocess.DEVNULL)
        try:
            time.sleep(0.5)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=10)


@contextmanager
def _uploading(target: Target, tokens: list[str]) -> Generator[list[int]]:
    """Pictures of 3 MB, one after the other from each of these people, until it is enough."""
    kept = io.BytesIO()
    Image.effect_noise((1600, 1200), 90).convert("RGB").save(kept, "JPEG", quality=92)
    picture, ended, count = kept.getvalue(), threading.Event(), [0]

    def go_on(token: str) -> None:
        os.sched_setaffinity(0, {cores.LOAD})
        while not ended.is_set():
            upload(target.port, token, picture)
            count[0] += 1

    threads = [threading.Thread(target=go_on, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    try:
        yield count
    finally:
        ended.set()
        for thread in threads:
            thread.join()


FIGURES = [Download(), Meanwhile()]
