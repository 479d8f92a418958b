"""Small HTTP servers on loopback for the harvester's tests: honest ones, and ones that misbehave byte by byte."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request as it came. ``path`` is decoded; ``query`` is raw."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


Send = Callable[[bytes], None]
Handle = Callable[[Asked, Send], None]
"""Answers one request by sending raw bytes; the connection is closed afterwards."""


def answer(
    content: bytes, content_type: str = "text/plain", status: str = "200 OK", headers: str = ""
) -> bytes:
    """The bytes of a plain HTTP answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(content)}\r\n"
    head += f"{headers}Connection: close\r\n\r\n"
    return head.encode("latin-1") + content


@dataclass
class Loopback:
    """A running server: where it is and what it was asked (robots.txt apart)."""

    root: str
    asked: list[Asked] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 32


@contextmanager
def serving(handle: Handle) -> Iterator[Loopback]:
    """Serve on a free port of 127.0.0.1 until the block ends. robots.txt is a 404 unless ``handle`` is asked for it
    first."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            asked = _read(self.request)
            if asked is None:
                return
            if asked.path == "/robots.txt" and not getattr(handle, "has_robots", False):
                self._send(answer(b"", status="404 Not Found"))
                return
            site.asked.append(asked)
            try:
                handle(asked, self._send)
            except OSError:
                return  # the client went away, as it should

        def _send(self, content: bytes) -> None:
            self.request.sendall(content)

    with _Server(("127.0.0.1", 0), Handler) as server:
        site = Loopback(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


def _read(connection: socket.socket) -> Asked | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ", 2)
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
    }
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    parts = urlsplit(target)
    return Asked(method, unquote(parts.path), parts.query, headers, body)


def pages(found: dict[str, bytes], root: str = "") -> Handle:
    """Serves fixed bodies by path; 404 for the rest."""

    def handle(asked: Asked, send: Send) -> None:
        content = found.get(asked.path)
        if content is None:
            send(answer(b"<html><title>404</title>no such thing</html>", "text/html", "404 Not Found"))
        else:
            send(answer(content))

    return handle


def closed_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
