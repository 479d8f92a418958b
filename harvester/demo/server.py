"""A small HTTP/1.1 server on loopback: one function from Request to Answer, in threads of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: ``path`` is decoded, ``query`` is as it was sent, ``root`` is ``http://127.0.0.1:port``."""

    method: str
    path: str
    query: str
    body: bytes
    root: str

    def parameters(self) -> dict[str, str]:
        """The query's parameters with lower-case names; the last of equals counts."""
        return {name.lower(): value for name, value in parse_qsl(self.query, keep_blank_values=True)}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    content: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Application = Callable[[Request], Answer]


class Endpoint:
    """An application served on a free port of 127.0.0.1 until ``close``; also a context manager."""

    def __init__(self, application: Application, port: int = 0) -> None:
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.application = application
        self.root = self._server.root
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    application: Application

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds an idle connection is kept
    # One packet per answer; without these a kept connection waits 40 ms for the delayed acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def _answer(self) -> None:
        target = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(self.command, unquote(target.path), target.query, body, self.server.root)
        answer = self.server.application(request)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.content)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.content)

    do_GET = do_HEAD = do_POST = _answer  # noqa: N815  (names that http.server asks for)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the demo's terminal is for the harvest."""
