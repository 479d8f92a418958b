"""What nobody should send: refused with an ExceptionReport, quickly, and never with a stack trace."""

from __future__ import annotations

import time

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_ui.csw.endpoint import MAX_BODY
from search_ui.csw.protocol import V202
from tests.search_ui.csw.answers import refusal

ROOT = f'<GetRecords xmlns="{V202.csw}" xmlns:ogc="http://www.opengis.net/ogc" service="CSW" version="2.0.2"'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))


def query(inside: str) -> str:
    constraint = f'<Constraint version="1.1.0"><ogc:Filter>{inside}</ogc:Filter></Constraint>'
    return f'{ROOT}><Query typeNames="csw:Record">{constraint}</Query></GetRecords>'


@pytest.mark.parametrize(
    "body",
    [
        f'<!DOCTYPE GetRecords [<!ENTITY x SYSTEM "file:///etc/passwd">]>{ROOT}>&x;</GetRecords>',
        f"<!DOCTYPE GetRecords [{LAUGHS}]>{ROOT}>&l11;</GetRecords>",
        f'<?xml version="1.0"?><!-- a --><!DOCTYPE GetRecords SYSTEM "http://127.0.0.1:1/x.dtd">{ROOT}/>',
        "<" * 10_000,
        "<a>" * 5_000,
        ROOT,
        "<?xml",
        "not xml",
        "{}",
        "\x00\x01",
        query("<ogc:Not>" * 150 + "</ogc:Not>" * 150),
        query(
            "<ogc:And>"
            + "<ogc:PropertyIsNull><ogc:PropertyName>dc:type</ogc:PropertyName></ogc:PropertyIsNull>" * 1000
            + "</ogc:And>"
        ),
        query(
            "<ogc:BBOX><ogc:PropertyName>ows:BoundingBox</ogc:PropertyName><Envelope><pos>"
            + "1 " * 50_000
            + "</pos></Envelope></ogc:BBOX>"
        ),
        f"{ROOT} maxRecords='1' startPosition='100000000'><Query typeNames='csw:Record'/></GetRecords>".replace(
            " service", " resultType='results' service"
        ),
    ],
)
def test_bad_documents_are_refused(client: FlaskClient, body: str) -> None:
    answer = client.post("/csw", data=body.encode(), content_type="application/xml")
    assert answer.status_code == 400, answer.data[:300]
    refused = refusal(answer.data)
    assert refused is not None
    assert refused.code in {"NoApplicableCode", "InvalidParameterValue"}
    assert "root:" not in refused.text


@pytest.mark.parametrize("length", [40, 400, 300_000])
def test_a_long_pattern_takes_no_time(client: FlaskClient, length: int) -> None:
    pattern = "a%" * length + "b"
    like = (
        '<ogc:PropertyIsLike wildCard="%" singleChar="_" escapeChar="!"><ogc:PropertyName>{}</ogc:PropertyName>'
        f"<ogc:Literal>{pattern}</ogc:Literal></ogc:PropertyIsLike>"
    )
    for name in ("csw:AnyText", "dc:subject"):
        start = time.monotonic()
        answer = client.post("/csw", data=query(like.format(name)), content_type="application/xml")
        assert answer.status_code in {200, 400}
        assert time.monotonic() - start < 5


def test_too_large_a_body_is_not_read(client: FlaskClient) -> None:
    answer = client.post("/csw", data=b"<a>" + b" " * MAX_BODY, content_type="application/xml")
    assert answer.status_code == 413
    assert refusal(answer.data) is not None


def test_forms_are_requests_too(client: FlaskClient) -> None:
    form = {
        "service": "CSW",
        "version": "2.0.2",
        "request": "GetRecords",
        "typeNames": "csw:Record",
        "resultType": "results",
    }
    answer = client.post("/csw", data=form)
    assert answer.status_code == 200
    assert b"SearchResults" in answer.data
    answer = client.post("/csw", data="a=%ff&b", content_type="application/x-www-form-urlencoded")
    assert refusal(answer.data) is not None
    answer = client.post("/csw?service=CSW&request=GetCapabilities", data=b"")
    assert b"Capabilities" in answer.data


NAMES = st.sampled_from(
    (
        *(
            "service",
            "version",
            "request",
            "typeNames",
            "outputSchema",
            "elementSetName",
            "elementName",
            "resultType",
        ),
        *(
            "startPosition",
            "maxRecords",
            "constraint",
            "constraintLanguage",
            "sortBy",
            "id",
            "q",
            "bbox",
            "time",
            "requestId",
        ),
        *(
            "recordIds",
            "acceptVersions",
            "sections",
            "parameterName",
            "propertyName",
            "valueReference",
            "typeName",
        ),
    )
)
VALUES = st.one_of(
    st.sampled_from(
        ["CSW", "2.0.2", "3.0.0", "GetRecords", "GetRecordById", "GetDomain", "csw:Record", "full", "1"]
    ),
    st.sampled_from(
        ["CQL_TEXT", "FILTER", "dc:type='a'", "AnyText LIKE '%a%'", "<Filter/>", "1,2,3,4", "2001/2002"]
    ),
    st.sampled_from(["GetRecords.typeNames", "dc:type", "dc:title:A"]),
    st.text(max_size=30),
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(NAMES, VALUES, max_size=10), st.booleans())
def test_any_parameters_are_answered(client: FlaskClient, parameters: dict[str, str], whole: bool) -> None:
    base = (
        {"service": "CSW", "version": "2.0.2", "request": "GetRecords", "typeNames": "csw:Record"}
        if whole
        else {}
    )
    answer = client.get("/csw", query_string=base | parameters)
    assert answer.status_code in {200, 400, 404}
    refused = refusal(answer.data)
    assert (refused is not None) == (answer.status_code != 200)
