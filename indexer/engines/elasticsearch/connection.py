"""Where the cluster is and how it is spoken to; its errors in Halocline's terms."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import elasticsearch
import msgspec
from elasticsearch import Elasticsearch
from elasticsearch.serializer import JsonSerializer, NdjsonSerializer

from mappings.errors import ConfigurationError, IndexUnavailable

DEFAULT_PREFIX = "halocline"
OLDEST_SERVER = 8
TIMEOUT = 30.0
REBUILD = "run `python app.py index rebuild` to fill a fresh one from the database"
logging.getLogger("elastic_transport").setLevel(
    logging.ERROR
)  # it logs every try that fails, with its traceback
_PARAMETERS = {"api_key", "ca_certs", "node", "replicas", "shards"}
_MOST = {"shards": 1024, "replicas": 100}
_PREFIX = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_NODE = re.compile(r"https?://[^/@?#\s]+/?")
BLOCKED = "cluster_block_exception"
_NEEDED = f"of version {OLDEST_SERVER} or newer, or is something else"
_LONGEST = 300
"""Characters of what a server says of an error."""
_AWAY = {408, 429, 502, 503, 504}


class _Json(JsonSerializer):
    """What is sent and answered, written and read several times faster than by the standard library."""

    def json_dumps(self, data: Any) -> bytes:
        return msgspec.json.encode(data, enc_hook=self.default)

    def json_loads(self, data: bytes) -> Any:
        try:
            return msgspec.json.decode(data)
        except msgspec.DecodeError as error:
            raise ValueError(str(error)) from error


class _Ndjson(_Json, NdjsonSerializer):
    """Several in a row."""


_SERIALIZERS = {one.mimetype: one for one in (_Json(), _Ndjson())}


@dataclass(frozen=True, slots=True)
class Address:
    """What a search URL says. ``shown`` is the address without secrets."""

    nodes: tuple[str, ...]
    prefix: str
    basic_auth: tuple[str, str] | None
    api_key: str | None
    ca_certs: str | None
    shards: int | None = None
    replicas: int | None = None

    @property
    def shown(self) -> str:
        """The first node and the prefix, for messages."""
        return f"{self.nodes[0]}/{self.prefix}"

    @property
    def spread(self) -> dict[str, Any]:
        """The settings of an index that say over how many nodes it is spread, where the URL does."""
        found: dict[str, Any] = {}
        if self.shards is not None:
            found["number_of_shards"] = self.shards
        if self.replicas is not None:
            found |= {"number_of_replicas": self.replicas, "auto_expand_replicas": False}
        return found

    def client(self) -> Elasticsearch:
        """A client, which connects when it is first used. Raises ``ConfigurationError``."""
        options: dict[str, Any] = {"request_timeout": TIMEOUT, "max_retries": 2, "retry_on_timeout": False}
        for name in ("basic_auth", "api_key", "ca_certs"):
            if (value := getattr(self, name)) is not None:
                options[name] = value
        if self.ca_certs is not None and not Path(self.ca_certs).is_file():
            raise ConfigurationError(f"HALOCLINE_SEARCH_URL cannot be used: there is no file {self.ca_certs}")
        try:
            return Elasticsearch(list(self.nodes), serializers=_SERIALIZERS, **options)
        except (ValueError, OSError) as error:
            raise ConfigurationError(f"HALOCLINE_SEARCH_URL cannot be used: {error}") from error


def read_address(url: str) -> Address:
    """``http(s)://user:password@host:9200/prefix?ca_certs=FILE&api_key=KEY&node=https://other:9200&shards=2&replicas=1``.

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
    others = given.get("node", [])
    if not all(_NODE.fullmatch(other) for other in others):
        raise ConfigurationError(
            "HALOCLINE_SEARCH_URL: write further nodes as node=https://host:9200, without user or password"
        )
    name = f"[{host}]" if ":" in host else host
    return Address(
        nodes=(f"{parts.scheme}://{name}:{port}", *others),
        prefix=prefix,
        basic_auth=(unquote(parts.username), unquote(parts.password or "")) if parts.username else None,
        api_key=given.get("api_key", [None])[-1],
        ca_certs=given.get("ca_certs", [None])[-1],
        shards=_number(given, "shards", 1),
        replicas=_number(given, "replicas", 0),
    )


def _number(given: dict[str, list[str]], name: str, least: int) -> int | None:
    if name not in given:
        return None
    text = given[name][-1]
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII) or not least <= int(text) <= _MOST[name]:
        raise ConfigurationError(
            f"HALOCLINE_SEARCH_URL: {name} takes a whole number from {least} to {_MOST[name]}"
        )
    return int(text)


@contextmanager
def speaking_to(address: Address) -> Iterator[None]:
    """Raises ``IndexUnavailable`` where the cluster is away or overloaded, ``ConfigurationError`` where it refuses."""
    where = f"Elasticsearch at {address.shown}"
    try:
        yield
    except elasticsearch.UnsupportedProductError as error:  # a kind of ApiError
        raise ConfigurationError(f"{where} is not {_NEEDED}") from error
    except elasticsearch.ApiError as error:
        raise _refusal(error, where) from error
    except elasticsearch.SSLError as error:  # a kind of TransportError that no waiting mends
        raise ConfigurationError(
            f"no secure connection to {where}: {_reason(error)}. Its certificate has to be for that host name, and be "
            "signed by an authority that this machine knows or that ca_certs=FILE in HALOCLINE_SEARCH_URL holds"
        ) from error
    except elasticsearch.TransportError as error:
        hint = "" if address.nodes[0].startswith("https:") else "; does it want https?"
        raise IndexUnavailable(f"{where} does not answer ({_reason(error)}{hint})") from error


def _refusal(error: elasticsearch.ApiError, where: str) -> ConfigurationError | IndexUnavailable:
    """What a server's refusal means."""
    kind = str(error.message)
    match error.status_code:
        case status if status in _AWAY:
            return IndexUnavailable(f"{where} is overloaded or starting ({status}, {kind})")
        case 401:
            return ConfigurationError(
                f"{where} does not accept the user and password, or the API key, of HALOCLINE_SEARCH_URL"
            )
        case 403 if kind == BLOCKED:
            return IndexUnavailable(f"{where} has blocked the index ({_one_line(error)})")
        case 403:
            return ConfigurationError(
                f"{where} does not let this user or key do what Halocline has to; docs/operations.md lists the "
                f"privileges ({_one_line(error)})"
            )
        case 400 | 406 if "media" in kind or "header" in kind.lower():
            return ConfigurationError(f"{where} is not {_NEEDED}")
        case _:
            return ConfigurationError(f"{where} refuses: {_one_line(error)}")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:_LONGEST]


def _reason(error: elasticsearch.TransportError) -> str:
    """The innermost cause, which is what tells."""
    cause: BaseException = error
    while isinstance(cause, elasticsearch.TransportError) and cause.errors:
        cause = cause.errors[-1]
    said = " ".join(str(cause.message if isinstance(cause, elasticsearch.TransportError) else cause).split())
    return said[:_LONGEST]


def check_version(client: Elasticsearch, address: Address) -> None:
    """Raises ``ConfigurationError`` for a server that is too old."""
    number = client.info()["version"]["number"]
    if int(number.split(".")[0]) < OLDEST_SERVER:
        raise ConfigurationError(
            f"Elasticsearch at {address.shown} is {number}: Halocline needs {OLDEST_SERVER} or newer"
        )
