"""TLS, passwords and keys: against a real server that demands them, and by what is sent to one that writes it down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from indexer.engines import open_engine
from indexer.query import Everything
from indexer.workspace import Workspace
from mappings.errors import ConfigurationError, HaloclineError, IndexUnavailable
from search_ui.application import create_app
from search_ui.services import Services
from tests.contracts.engine_documents import found, refill, titled
from tests.peers.elasticsearch import TEST_PREFIX, Secured, secured
from tests.peers.servers import free_port

pytestmark = pytest.mark.peer
SECRET = "s3cret-word"


@pytest.fixture(scope="module")
def server() -> Iterator[Secured]:
    with secured() as running:
        yield running


def address(server: Secured, *, scheme: str = "https", password: str = "", ca: Path | None = None) -> str:
    said = quote(password or server.password, safe="")
    trusted = f"?ca_certs={quote(str(ca))}" if ca else ""
    return f"{scheme}://{server.user}:{said}@127.0.0.1:{server.port}/{TEST_PREFIX}secured{trusted}"


def test_a_password_and_an_authority_of_ones_own(server: Secured, tmp_path: Path) -> None:
    engine = open_engine(address(server, ca=server.ca), tmp_path)
    engine.apply([titled("a", "sea")])
    assert refill(engine, [titled("b", "sea")]) == 1
    assert found(engine, Everything()) == {"b"}
    engine.close()


@pytest.mark.parametrize(
    ("changes", "kind", "said"),
    [
        ({"password": SECRET}, ConfigurationError, "does not accept the user and password"),
        ({"ca": None}, ConfigurationError, r"no secure connection .* ca_certs=FILE"),
        ({"scheme": "http", "ca": None}, IndexUnavailable, "does it want https"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_without_secrets(
    server: Secured, tmp_path: Path, changes: dict[str, object], kind: type[HaloclineError], said: str
) -> None:
    url = address(server, **{"ca": server.ca, **changes})  # type: ignore[arg-type]
    workspace = Workspace(tmp_path, search_url=url)
    with pytest.raises(kind, match=said) as refused:
        workspace.catalogue.index_is_lost()
    print(refused.value)  # noqa: T201
    for secret in (SECRET, server.password, quote(server.password, safe="")):
        assert secret not in str(refused.value)
    assert "\n" not in str(refused.value)
    portal = create_app(Services(workspace.catalogue, workspace.stewardship, "http://localhost", "key"))
    page = portal.test_client().get("/search?q=sea&lang=en")
    assert page.status_code == 503
    assert "The search index is away" in page.text
    workspace.close()


def test_a_host_that_is_not_there(tmp_path: Path) -> None:
    engine = open_engine(f"https://me:{SECRET}@127.0.0.1:{free_port()}/x", tmp_path)
    with pytest.raises(IndexUnavailable, match=r"does not answer .*refused") as away:
        engine.status()
    print(away.value)  # noqa: T201
    assert SECRET not in str(away.value)
