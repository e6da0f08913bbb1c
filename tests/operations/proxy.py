"""The real nginx with the configuration of deploy/, on a free port in front of servers of a test."""

from __future__ import annotations

import getpass
import os
import subprocess
import time
from pathlib import Path

import httpx

from tests.redis_server import free_port

PROGRAM = Path("/usr/sbin/nginx")
CONFIGURATION = Path(__file__).parents[2] / "deploy/nginx/sendjay.conf"
MAIN = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/sendjay.conf;
}}
"""


def _user() -> str:
    """Its workers are who we are: the folders of tests are nobody else's."""
    return f"user {getpass.getuser()};" if os.geteuid() == 0 else ""


class Proxy:
    """End it with `stop`. `files`: the nodes' folder of files."""

    def __init__(
        self, folder: Path, chain: Path, key: Path, ports: tuple[int, int], files: Path = Path("/nowhere")
    ) -> None:
        self.port, self.plain_port = free_port(), free_port()
        text = CONFIGURATION.read_text(encoding="utf-8")
        for there, here in (
            ("node1:8080", f"127.0.0.1:{ports[0]}"),
            ("node2:8080", f"127.0.0.1:{ports[1]}"),
            ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
            ("listen 80;", f"listen 127.0.0.1:{self.plain_port};"),
            ("/etc/nginx/tls/chain.pem", str(chain)),
            ("/etc/nginx/tls/key.pem", str(key)),
            ("/var/lib/sendjay-files", str(files)),
        ):
            assert there in text, there
            text = text.replace(there, here)
        (folder / "sendjay.conf").write_text(text)
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=_user()))
        self._command = [str(PROGRAM), "-p", str(folder), "-c", "nginx.conf", "-e", str(folder / "error.log")]
        self.complaints = subprocess.run([*self._command, "-t"], capture_output=True, text=True, check=False)
        self._process = subprocess.Popen(self._command, stderr=subprocess.DEVNULL)
        self._wait()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        return f"wss://127.0.0.1:{self.port}/ws"

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)

    def _wait(self) -> None:
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                httpx.get(f"http://127.0.0.1:{self.plain_port}/", trust_env=False)
            except httpx.HTTPError:
                time.sleep(0.05)
            else:
                return
        self.stop()
        raise AssertionError(self.complaints.stderr)
