"""Asking for restricted data, and being answered."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from indexer.workspace import Workspace

PURPOSE = "Validation of a regional model of the Yellow Sea"
WHO = {"name": "李伟", "institution": "海洋研究所", "email": "li@example.org", "purpose": PURPOSE}


def form_of(client: FlaskClient, record_id: str, search: str = "") -> tuple[str, str, str]:
    """Address of the form, its page, and the token that protects it."""
    address = f"/records/{quote(record_id, safe='')}/request"
    page = client.get(f"{address}?lang=en{search}").text
    match = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert match is not None
    return address, page, match[1]


def test_a_request_is_kept_answered_and_seen(
    client: FlaskClient, workspace: Workspace, restricted: str
) -> None:
    variable = workspace.catalogue.get(restricted).record.variables[0].name
    address, _, token = form_of(client, restricted)
    asked = {**WHO, "csrf_token": token, "west": "170", "south": "-5", "east": "-170", "north": "5"}
    answer = client.post(address, data={**asked, "start": "2019", "variables": variable})
    assert answer.status_code == 303
    status = answer.headers["Location"]
    assert len(status.rpartition("/")[2]) >= 43
    page = client.get(status)
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    pending = workspace.stewardship.requests("pending")
    (stored,) = [one for one in pending if one.request.email == WHO["email"]]
    assert stored.request.record_id == restricted
    assert stored.request.name == "李伟"
    assert stored.request.variables == (variable,)
    assert stored.request.box is not None
    assert stored.request.box.crosses_antimeridian
    workspace.stewardship.approve(stored.id, "Please cite the cruise report.", "steward")
    assert "Please cite the cruise report." in client.get(status).text


def test_the_form_is_filled_in_from_the_search(client: FlaskClient, restricted: str) -> None:
    _, page, _ = form_of(client, restricted, "&bbox=120,30,125,35&start=2019-01&end=2020")
    for value in ("120", "30", "125", "35", "2019-01", "2020"):
        assert f'value="{value}"' in page


def test_a_form_without_its_token_is_refused(
    client: FlaskClient, workspace: Workspace, restricted: str
) -> None:
    before = len(workspace.stewardship.requests())
    address, _, _ = form_of(client, restricted)
    answer = client.post(address, data=WHO)
    assert answer.status_code == 400
    assert PURPOSE in answer.text  # nothing typed is lost
    assert client.application.test_client().post(address, data={**WHO, "csrf_token": "x"}).status_code == 400
    assert len(workspace.stewardship.requests()) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("email", "not an address"),
        ("purpose", "short"),
        ("west", "999"),
        ("start", "soon"),
        ("website", "x"),
    ],
)
def test_what_is_wrong_is_said_and_what_is_right_is_kept(
    client: FlaskClient, workspace: Workspace, restricted: str, field: str, value: str
) -> None:
    before = len(workspace.stewardship.requests())
    address, _, token = form_of(client, restricted)
    answer = client.post(address, data={**WHO, "csrf_token": token, field: value})
    assert answer.status_code == 400
    assert "海洋研究所" in answer.text
    assert 'role="alert"' in answer.text
    assert len(workspace.stewardship.requests()) == before


def test_open_data_need_no_request(client: FlaskClient) -> None:
    assert client.get("/records/ends.xml/request").status_code == 404


def test_a_guessed_address_shows_nothing(client: FlaskClient) -> None:
    assert client.get("/requests/" + "A" * 43).status_code == 404
