"""Search URLs of Elasticsearch, and the mapping that is made for it; no server is asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.engines import open_engine
from indexer.engines.elasticsearch import mapping
from indexer.engines.elasticsearch.connection import Address, read_address
from mappings.errors import ConfigurationError
from mappings.fields import load_fields


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://es", Address(("http://es:9200",), "halocline", None, None, None)),
        ("http://[::1]:9201/sea/", Address(("http://[::1]:9201",), "sea", None, None, None)),
        (
            "https://me:a%40b@es:9243/x?ca_certs=/etc/ca.pem&node=https://two:9200",
            Address(("https://es:9243", "https://two:9200"), "x", ("me", "a@b"), None, "/etc/ca.pem"),
        ),
        (
            "http://es/x?shards=2&replicas=0",
            Address(("http://es:9200",), "x", None, None, None, shards=2, replicas=0),
        ),
        ("https://es/x?api_key=abc%3D", Address(("https://es:9200",), "x", None, "abc=", None)),
    ],
)
def test_addresses(url: str, address: Address) -> None:
    assert read_address(url) == address


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http:///x", "names no host"),
        ("http://me:secret@es:port/x", "no number"),
        ("http://me:secret@es/x?color=red", "'color' is not one of"),
        ("http://me:secret@es/x?shards=0", "shards takes a whole number from 1"),
        ("http://me:secret@es/x?replicas=-1", "replicas takes a whole number from 0"),
        ("http://es/x?node=https://me:secret@two:9200", "without user or password"),
        ("http://es/x?node=two", "write further nodes as"),
        ("http://me:secret@es/Upper", "'Upper' cannot begin"),
        ("https://me:secret@es/x?ca_certs=/nowhere/ca.pem", "cannot be used"),
    ],
)
def test_wrong_addresses_are_refused_without_their_password(url: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as error:
        open_engine(url, Path())
    assert "secret" not in str(error.value)


def test_what_is_shown_of_an_address_has_no_secrets() -> None:
    assert read_address("https://me:secret@es/x?api_key=secret").shown == "https://es:9200/x"


def test_the_written_mapping_is_the_one_in_use() -> None:
    assert mapping.FILE.read_text("utf-8") == mapping.written(), (
        "run python -m indexer.engines.elasticsearch.mapping"
    )


def test_the_mapping_takes_every_field_and_no_other() -> None:
    mappings = json.loads(mapping.written())["mappings"]
    assert mappings["dynamic"] == "strict"
    names = " ".join(mappings["properties"])
    for field in load_fields().values():
        if field.type in {"text", "keyword", "integer", "instant"}:
            assert f"_{field.name}" in names
