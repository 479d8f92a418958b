"""The OpenSearch description, held against what OpenSearch 1.1 (draft 6) asks of one."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree

from search_ui.feeds.addresses import Addresses
from search_ui.feeds.opensearch import document
from tests.search_ui.feeds.reading import read, texts

OS = "{http://a9.com/-/spec/opensearch/1.1/}"
BASE = "http://localhost"
ORDINARY = {
    "searchTerms": "temperature 水温",
    "count": "5",
    "startPage": "1",
    "geo:box": "170,-20,-160,20",
    "time:start": "2003-05-01",
    "time:end": "2004-01-01T00:00:00Z",
}


def described(client: FlaskClient, language: str = "en") -> Any:
    answer = client.get(f"/opensearch.xml?lang={language}")
    assert answer.content_type == "application/opensearchdescription+xml; charset=utf-8"
    assert answer.cache_control.max_age
    return etree.fromstring(answer.data)


def templates(client: FlaskClient) -> dict[str, str]:
    return {
        url.get("type"): url.get("template")
        for url in described(client).findall(f"{OS}Url")
        if url.get("rel") == "results"
    }


def filled(template: str, values: dict[str, str]) -> str:
    """A template as a client fills it: nothing for an optional parameter that it has no value for."""

    def value(match: re.Match[str]) -> str:
        name, optional = match[1], bool(match[2])
        assert optional or name in values, name
        return quote(values.get(name, ""), safe="")

    return re.sub(r"\{([\w:]+)(\?)?\}", value, template)


def test_elements_are_as_the_draft_allows(client: FlaskClient) -> None:
    for language in ("zh", "en"):
        root = described(client, language)
        assert root.tag == f"{OS}OpenSearchDescription"
        for name, length in (("ShortName", 16), ("Description", 1024), ("LongName", 48)):
            [element] = root.findall(OS + name)
            assert 0 < len(element.text) <= length
            assert "<" not in element.text
        assert root.findtext(f"{OS}SyndicationRight") in {"open", "limited", "private", "closed"}
        assert root.findtext(f"{OS}AdultContent") == "false"
        assert [element.text for element in root.findall(f"{OS}Language")] == ["zh-Hans", "en"]
        assert root.findtext(f"{OS}InputEncoding") == root.findtext(f"{OS}OutputEncoding") == "UTF-8"
        assert [query.get("role") for query in root.findall(f"{OS}Query")] == ["example"]
        allowed = {"ShortName", "Description", "Url", "LongName", "Image", "Query", "SyndicationRight"}
        allowed |= {"AdultContent", "Language", "InputEncoding", "OutputEncoding"}
        assert {element.tag.removeprefix(OS) for element in root} == allowed
    assert described(client, "zh").findtext(f"{OS}Description") != described(client).findtext(
        f"{OS}Description"
    )


def test_prefixes_of_template_parameters_are_declared(client: FlaskClient) -> None:
    root = described(client)
    used = set(re.findall(r"\{(\w+):", " ".join(templates(client).values())))
    assert used == {"geo", "time"}
    assert used < set(root.nsmap)


def test_a_long_name_is_cut(application: Flask) -> None:
    with application.test_request_context():
        root = etree.fromstring(document(Addresses(BASE), "The Catalogue of All Oceans & <Seas>" * 2))
    assert root.findtext(f"{OS}ShortName") == "The Catalogue of"
    assert len(root.findtext(f"{OS}LongName") or "") == 48


def test_it_tells_where_it_is(client: FlaskClient) -> None:
    [own] = [url for url in described(client).findall(f"{OS}Url") if url.get("rel") == "self"]
    assert client.get(own.get("template").removeprefix(BASE)).data.startswith(b"<?xml")


@pytest.mark.parametrize("values", [ORDINARY, {"searchTerms": "temperature"}])
def test_filled_templates_answer(client: FlaskClient, values: dict[str, str]) -> None:
    answers = {}
    for media_type, template in templates(client).items():
        answers[media_type] = client.get(filled(template, values).removeprefix(BASE))
        assert (answers[media_type].status_code, answers[media_type].mimetype) == (200, media_type)
    assert set(answers) == {"text/html", "application/atom+xml", "application/json"}
    total = answers["application/json"].get_json()["total"]
    assert total > 0
    assert texts(read(answers["application/atom+xml"].data), "os:totalResults") == [str(total)]


def test_everything_may_be_left_out_but_for_the_words_of_a_browser(client: FlaskClient) -> None:
    found = templates(client)
    with pytest.raises(AssertionError):
        filled(found.pop("text/html"), {})
    for template in found.values():
        assert client.get(filled(template, {}).removeprefix(BASE)).status_code == 200


def test_every_page_leads_to_it(client: FlaskClient, restricted: str) -> None:
    for address in (
        "/",
        "/search?q=ctd",
        f"/records/{quote(restricted, safe='')}",
        "/quarantine",
        "/nowhere",
    ):
        [found] = re.findall(
            r'<link rel="search" type="([^"]+)" title="([^"]+)" href="([^"]+)">', client.get(address).text
        )
        assert found[:2] == ("application/opensearchdescription+xml", "Halocline")
        assert client.get(found[2]).status_code == 200
