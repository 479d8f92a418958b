"""Where the cluster is and how it is spoken to; its errors in Halocline's terms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import elasticsearch
from elasticsearch import Elasticsearch

from mappings.errors import ConfigurationError, IndexUnavailable

DEFAULT_PREFIX = "halocline"
OLDEST_SERVER = 8
TIMEOUT = 30.0
REBUILD = "run `python app.py index rebuild` to fill a fresh one from the database"
_PARAMETERS = {"api_key", "ca_certs", "node"}
_PREFIX = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_AWAY = {408, 429, 502, 503, 504}


@dataclass(frozen=True, slots=True)
class Address:
    """What a search URL says. ``shown`` is the address without secrets."""

    nodes: tuple[str, ...]
    prefix: str
    basic_auth: tuple[str, str] | None
    api_key: str | None
    ca_certs: str | None

    @property
    def shown(self) -> str:
        """The first node and the prefix, for messages."""
        return f"{self.nodes[0]}/{self.prefix}"

    def client(self) -> Elasticsearch:
        """A client, which connects when it is first used. Raises ``ConfigurationError``."""
        options: dict[str, Any] = {"request_timeout": TIMEOUT, "max_retries": 2, "retry_on_timeout": False}
        for name in ("basic_auth", "api_key", "ca_certs"):
            if (value := getattr(self, name)) is not None:
                options[name] = value
        if self.ca_certs is not None and not Path(self.ca_certs).is_file():
            raise ConfigurationError(f"HALOCLINE_SEARCH_URL cannot be used: there is no file {self.ca_certs}")
        try:
            return Elasticsearch(list(self.nodes), **options)
        except (ValueError, OSError) as error:
            raise ConfigurationError(f"HALOCLINE_SEARCH_URL cannot be used: {error}") from error


def read_address(url: str) -> Address:
    """``http(s)://user:password@host:9200/prefix?ca_certs=FILE&api_key=KEY&node=https://other:9200``.

    The prefix names the alias and begins the names of the indexes behind it; ``node`` may be repeated. Raises
    ``ConfigurationError``, which never quotes the URL: it may hold a password.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 9200
    except ValueError as error:
        raise ConfigurationError("HALOCLINE_SEARCH_URL has a port that is no number") from error
    if not host:
        raise ConfigurationError("HALOCLINE_SEARCH_URL names no host: write http://host:9200/halocline")
    given = parse_qs(parts.query)
    if unknown := sorted(given.keys() - _PARAMETERS):
        raise ConfigurationError(
            f"HALOCLINE_SEARCH_URL: {unknown[0]!r} is not one of {', '.join(sorted(_PARAMETERS))}"
        )
    prefix = parts.path.strip("/") or DEFAULT_PREFIX
    if not _PREFIX.fullmatch(prefix):
        raise ConfigurationError(
            f"HALOCLINE_SEARCH_URL: {prefix!r} cannot begin the names of Elasticsearch indexes"
        )
    name = f"[{host}]" if ":" in host else host
    return Address(
        nodes=(f"{parts.scheme}://{name}:{port}", *given.get("node", ())),
        prefix=prefix,
        basic_auth=(unquote(parts.username), unquote(parts.password or "")) if parts.username else None,
        api_key=given.get("api_key", [None])[-1],
        ca_certs=given.get("ca_certs", [None])[-1],
    )


@contextmanager
def speaking_to(address: Address) -> Iterator[None]:
    """Raises ``IndexUnavailable`` where the cluster is away or overloaded, ``ConfigurationError`` where it refuses."""
    try:
        yield
    except elasticsearch.ApiError as error:
        if error.status_code in _AWAY:
            raise IndexUnavailable(
                f"Elasticsearch at {address.shown} is overloaded or starting ({error})"
            ) from error
        raise ConfigurationError(f"Elasticsearch at {address.shown} refuses: {error}") from error
    except elasticsearch.UnsupportedProductError as error:
        raise ConfigurationError(f"the server at {address.shown} is not Elasticsearch") from error
    except elasticsearch.TransportError as error:
        raise IndexUnavailable(
            f"Elasticsearch at {address.shown} does not answer ({error.message})"
        ) from error


def check_version(client: Elasticsearch, address: Address) -> None:
    """Raises ``ConfigurationError`` for a server that is too old."""
    number = client.info()["version"]["number"]
    if int(number.split(".")[0]) < OLDEST_SERVER:
        raise ConfigurationError(
            f"Elasticsearch at {address.shown} is {number}: Halocline needs {OLDEST_SERVER} or newer"
        )
