"""What the portal puts first, and how it is switched off."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from indexer.query import Compare, Phrase, Preference, Terms, check
from mappings.errors import InvalidQuery
from search_ui import preferences as weights
from search_ui.parameters import SearchState, decode, query_string
from search_ui.preferences import preferences
from search_ui.query_language import read

TODAY = date(2026, 11, 26)


def prefer(text: str, *, priors: bool = False) -> dict[object, float]:
    found = preferences(text, read(text), priors=priors, today=TODAY)
    return {preference.condition: preference.weight for preference in found}


def test_a_whole_title_and_a_whole_identifier() -> None:
    found = prefer("CTD profiles of the Yellow Sea")
    assert found[Compare("title", "=", "CTD profiles of the Yellow Sea")] == weights.EXACT_TITLE
    assert found[Compare("identifier", "=", "CTD profiles of the Yellow Sea")] == weights.EXACT_IDENTIFIER
    assert weights.EXACT_IDENTIFIER > weights.EXACT_TITLE > 10 * weights.TITLE_PHRASE


@pytest.mark.parametrize(
    "text",
    ["10.12157/IOCAS.2023.001", "doi:10.12157/IOCAS.2023.001", "https://doi.org/10.12157/IOCAS.2023.001"],
)
def test_identifiers_with_and_without_their_resolver(text: str) -> None:
    assert Compare("identifier", "=", "10.12157/IOCAS.2023.001") in prefer(text)
    assert Compare("identifier", "=", text) in prefer(text)


def test_words_together_in_the_title() -> None:
    assert prefer("deep salinity")[Phrase("deep salinity", "title")] == weights.TITLE_PHRASE
    assert not [one for one in prefer("salinity") if isinstance(one, Phrase)]


def test_what_the_words_mean_but_not_what_must_not_be() -> None:
    found = prefer("SST OR waves -CTD")
    meant = [one for one in found if isinstance(one, Terms) and one.field == "concept"]
    assert ("sea_surface_temperature",) in [one.values for one in meant]
    assert "ctd" not in [value for one in meant for value in one.values]
    assert Terms("title_concept", ("sea_surface_temperature",)) in found


def test_priors_are_small_and_can_be_left_out() -> None:
    with_priors, without = prefer("salinity", priors=True), prefer("salinity")
    priors = {condition: weight for condition, weight in with_priors.items() if condition not in without}
    assert priors == {
        Terms("access", ("open",)): weights.OPEN_ACCESS,
        Compare("modified", ">=", "2024"): weights.FRESH,
    }
    assert max(priors.values()) < 1


def test_without_words_nothing_is_preferred() -> None:
    assert preferences("", read(""), priors=True, today=TODAY) == ()
    assert preferences("-ice", read("-ice"), priors=True, today=TODAY) == ()
    assert SearchState(start="2003").query().prefer == ()


def test_every_text_can_be_asked() -> None:
    for text in ("a" * 1000, "%^&*", '"' * 30, "SST " * 200, "year:2003..", "\\x00 \ud800"):
        check(SearchState(q=text).query())


def test_the_address_and_the_setting() -> None:
    def has_priors(address: str, default: bool) -> bool:
        state = decode(MultiDict(parse_qsl(address)))
        assert query_string(state) == f"?{address}"
        return (
            Preference(Terms("access", ("open",)), weights.OPEN_ACCESS) in state.query(priors=default).prefer
        )

    assert has_priors("q=ice", True)
    assert not has_priors("q=ice", False)
    assert not has_priors("q=ice&priors=off", True)
    assert has_priors("q=ice&priors=on", False)
    with pytest.raises(InvalidQuery, match="priors"):
        decode(MultiDict([("priors", "maybe")]))


def test_the_portal_takes_it(client: FlaskClient) -> None:
    everything = client.get("/search.json?q=temperature").json
    without = client.get("/search.json?q=temperature&priors=off").json
    assert everything is not None
    assert without is not None
    assert everything["total"] == without["total"] > 1
    assert client.get("/search?q=temperature&priors=off").status_code == 200
    assert client.get("/search.json?q=temperature&priors=perhaps").status_code == 400
    title = everything["records"][-1]["title"]
    first = client.get("/search.json", query_string={"q": title}).json
    assert first is not None
    assert first["records"][0]["title"] == title
