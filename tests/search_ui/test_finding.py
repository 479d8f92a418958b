"""What helps to find the right thing: similar datasets, respelt words, suggestions, reasons."""

from __future__ import annotations

from urllib.parse import quote

from flask.testing import FlaskClient

from indexer.workspace import Workspace


def test_similar_datasets_share_something_and_are_not_the_record_itself(
    client: FlaskClient, workspace: Workspace
) -> None:
    seen = 0
    for line in list(workspace.catalogue.listing())[:20]:
        address = f"/records/{quote(line.id, safe='')}"
        records = client.get(f"{address}/similar.json").get_json()["records"]
        assert len(records) <= 5
        assert line.id not in {record["id"] for record in records}
        page = client.get(f"{address}?lang=en").text
        assert ("Similar datasets" in page) == bool(records)
        seen += bool(records)
    assert seen >= 10


def test_similar_datasets_of_no_record(client: FlaskClient) -> None:
    assert client.get("/records/none%20such/similar.json").status_code == 404
