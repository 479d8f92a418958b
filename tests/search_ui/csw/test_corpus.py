"""Requests of real clients, test suites and standards: answered validly, or refused for the right reason."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest
import yaml
from flask.testing import FlaskClient
from lxml import etree

from search_ui.csw.protocol import V300
from tests.search_ui.csw.answers import refusal, schema_problems

REFUSALS = Path(__file__).with_name("corpus_refusals.yaml")


@cache
def requests_of(corpus: Path) -> list[Path]:
    with (corpus / "MANIFEST.train.tsv").open(encoding="utf-8", newline="") as manifest:
        rows = list(csv.DictReader(manifest, delimiter="\t"))
    return [
        corpus / row["path"].removeprefix("train/")
        for row in rows
        if row["kind"] in {"csw202", "csw30"} and row["quality"] == "request"
    ]


@cache
def expected_refusals() -> dict[str, tuple[str, str]]:
    """Exception code and locator by the end of a request's file name; all others must be answered."""
    loaded = yaml.safe_load(REFUSALS.read_text(encoding="utf-8"))
    return {
        name: (code, locator)
        for code, by_locator in loaded.items()
        for locator, names in by_locator.items()
        for name in names
    }


def test_every_request_is_answered(client: FlaskClient, corpus: Path) -> None:
    wrong = []
    used = set()
    paths = requests_of(corpus)
    for path in paths:
        answer = client.post("/csw", data=path.read_bytes(), content_type="application/xml")
        refused = refusal(answer.data)
        name = next((name for name in expected_refusals() if path.name.endswith(name)), None)
        used.add(name)
        found = (refused.code, refused.locator) if refused else None
        if found != expected_refusals().get(name or ""):
            wrong.append(f"{path.name}: {refused or 'answered'}")
        status = answer.status_code
        if status != ({"NotFound": 404}.get(refused.code, 400) if refused else 200):
            wrong.append(f"{path.name}: status {status}")
        root = etree.QName(etree.fromstring(answer.data))
        version = "3.0.0" if root.namespace in {V300.csw, V300.ows} else "2.0.2"
        parts = root.localname == "GetRecordsResponse" and b"elementSet=" not in answer.data
        wrong += [
            f"{path.name}: {problem}"
            for problem in schema_problems(answer.data, version, corpus, parts=parts)
        ]
    assert not wrong, "\n".join(wrong)
    assert len(paths) == 213
    assert used - {None} == set(expected_refusals())


@pytest.mark.parametrize("wrap", ["http://schemas.xmlsoap.org/soap/envelope/"])
def test_every_request_is_answered_in_soap(client: FlaskClient, corpus: Path, wrap: str) -> None:
    for path in requests_of(corpus):
        try:
            request = etree.tostring(etree.fromstring(path.read_bytes()))
        except etree.XMLSyntaxError:
            continue
        envelope = b'<s:Envelope xmlns:s="%s"><s:Body>%s</s:Body></s:Envelope>' % (wrap.encode(), request)
        answer = client.post("/csw", data=envelope, content_type="text/xml")
        inside = etree.fromstring(answer.data)[0][0]
        assert (etree.QName(inside).localname == "Fault") == (answer.status_code != 200)
