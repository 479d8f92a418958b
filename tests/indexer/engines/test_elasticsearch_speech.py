"""What is sent to a server, and what is understood of unwanted ones: a small one on loopback plays them."""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from indexer.engines import open_engine
from indexer.engines.elasticsearch import mapping
from indexer.engines.elasticsearch.bulk import CHUNK
from mappings.errors import ConfigurationError, IndexUnavailable
from tests.contracts.engine_documents import titled

Reply = tuple[int, dict[str, Any]]
COMPATIBLE = "application/vnd.elasticsearch+json; compatible-with=8"
PRODUCT = {"X-Elastic-Product": "Elasticsearch"}


@dataclass
class Playing:
    """A server, and the requests it had: method, path, headers, body."""

    version: str = "8.19.0"
    replies: Callable[[str, bytes], Reply | None] = lambda path, body: None
    product: dict[str, str] = field(default_factory=lambda: PRODUCT)
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def reply(self, path: str, body: bytes) -> Reply:
        """What a server with a good index answers."""
        if (own := self.replies(path, body)) is not None:
            return own
        if path == "/":
            return 200, {"version": {"number": self.version}}
        if path.endswith("_mapping"):
            return 200, {"x-first": {"mappings": {"_meta": {"halocline": mapping.fingerprint()}}}}
        if path.startswith("/x/_bulk"):
            count = body.count(b"\n") // 2
            return 200, {"errors": False, "items": [{"index": {"_id": "a", "status": 201}}] * count}
        return 200, {}


@contextmanager
def playing(playing: Playing) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            playing.heard.append(
                (self.path, {key.lower(): value for key, value in self.headers.items()}, body)
            )
            status, content = playing.reply(self.path, body)
            said = json.dumps(content).encode()
            self.send_response(status)
            for name, value in {"Content-Type": COMPATIBLE, **playing.product}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said)

        do_GET = do_POST = do_PUT = do_HEAD = _answer  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/x"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("credentials", "sent"),
    [
        ("?api_key=VnVhQ2ZH%3D%3D", "ApiKey VnVhQ2ZH=="),
        ("me:a%40b@", "Basic " + b64encode(b"me:a@b").decode()),
    ],
)
def test_credentials_are_sent_with_every_request(credentials: str, sent: str) -> None:
    server = Playing()
    with playing(server) as url:
        given = url + credentials if credentials[0] == "?" else url.replace("//", f"//{credentials}")
        engine = open_engine(given, Path())
        engine.apply([titled("a", "sea")])
        engine.close()
    assert {path.split("?")[0] for path, _, _ in server.heard} >= {"/", "/x/_bulk", "/x/_refresh"}
    assert {headers.get("authorization") for _, headers, _ in server.heard} == {sent}


def test_a_server_9_is_spoken_to_as_one_that_understands_8() -> None:
    server = Playing("9.2.1")
    with playing(server) as url:
        engine = open_engine(url, Path())
        engine.apply([titled("a", "sea")])
        engine.close()
    for path, headers, body in server.heard:
        for name in ("accept", "content-type") if body else ("accept",):
            assert "application/vnd.elasticsearch+" in headers[name], (path, name)
            assert headers[name].replace(" ", "").endswith("compatible-with=8"), (path, name)


@pytest.mark.parametrize(
    "server",
    [
        Playing("7.17.9"),
        Playing(replies=lambda path, body: (400, error("media_type_header_exception"))),
        Playing(
            replies=lambda path, body: (406, {"error": "Content-Type header is not supported", "status": 406})
        ),
        Playing("7.10.2", product={}),
    ],
)
def test_a_server_7_is_refused_in_clear_words(server: Playing) -> None:
    with playing(server) as url:
        engine = open_engine(url, Path())
        with pytest.raises(ConfigurationError, match="8 or newer") as refused:
            engine.apply([titled("a", "sea")])
        engine.close()
    print(refused.value)  # noqa: T201
    assert "\n" not in str(refused.value)


def test_what_a_key_may_not_do_is_said() -> None:
    server = Playing(replies=lambda path, body: (403, error("security_exception")))
    with playing(server) as url:
        engine = open_engine(url, Path())
        with pytest.raises(ConfigurationError, match=r"privileges.*security_exception"):
            engine.apply([titled("a", "sea")])
        engine.close()


def test_what_a_proxy_finds_too_large_is_sent_in_parts(caplog: pytest.LogCaptureFixture) -> None:
    """One document is too large by itself: it is passed over, and the others are not."""
    taken: list[bytes] = []

    def replies(path: str, body: bytes) -> Reply | None:
        if not path.startswith("/x/_bulk"):
            return None
        if len(body) > 20_000:
            return 413, {"error": "too large"}
        taken.append(body)
        return None

    with playing(Playing(replies=replies)) as url:
        engine = open_engine(url, Path())
        engine.apply(
            [titled(str(number), "sea") for number in range(CHUNK // 4)] + [titled("big", "sea " * 9000)]
        )
        engine.close()
    assert sum(body.count(b"\n") // 2 for body in taken) == CHUNK // 4
    assert caplog.text.count("document_refused") == 1


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_what_is_refused_for_other_reasons_than_its_own_has_to_wait(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.engines.elasticsearch.bulk.BACKOFF", 0.01)
    item = {"index": {"_id": "a", "status": status, **error("some_exception")}}
    server = Playing(
        replies=lambda path, body: (200, {"errors": True, "items": [item]}) if "_bulk" in path else None
    )
    with playing(server) as url:
        engine = open_engine(url, Path())
        with pytest.raises(IndexUnavailable, match=rf"takes no documents .*\({status}, some_exception\)"):
            engine.apply([titled("a", "sea")])
        engine.close()


def error(kind: str) -> dict[str, Any]:
    return {
        "error": {"type": kind, "reason": "as it is", "root_cause": [{"type": kind, "reason": "as it is"}]}
    }
