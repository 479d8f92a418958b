"""A feed as its readers see it: checked against the grammar, then by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from lxml import etree

NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "georss": "http://www.georss.org/georss",
    "os": "http://a9.com/-/spec/opensearch/1.1/",
}
GRAMMAR = etree.RelaxNG(etree.parse(str(Path(__file__).with_name("atom.rng"))))


def read(content: bytes) -> Any:
    """The root of a valid feed."""
    root = etree.fromstring(content)
    GRAMMAR.assertValid(root)
    links = [link.attrib for link in root.findall("a:link", NAMES)]
    assert len({link["rel"] for link in links}) == len(links)
    for entry in root.findall("a:entry", NAMES):
        kinds = [link.get("type") for link in entry.findall("a:link[@rel='alternate']", NAMES)]
        assert len(set(kinds)) == len(kinds), "one alternate of each kind (RFC 4287 §4.1.2)"
    ids = texts(root, "a:entry/a:id")
    assert len(set(ids)) == len(ids)
    return root


def feed(client: FlaskClient, query: str = "", **headers: str) -> Any:
    """The root of the valid feed that a search has."""
    answer = client.get(f"/feed.atom{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return read(answer.data)


def texts(element: Any, path: str) -> list[str]:
    """The texts of the elements at ``path``."""
    return [found.text or "" for found in element.findall(path, NAMES)]


def links(element: Any) -> dict[str, str]:
    """Addresses by relation, and for alternates by media type."""
    return {
        link.get("type") if link.get("rel") == "alternate" else link.get("rel"): link.get("href")
        for link in element.findall("a:link", NAMES)
    }
