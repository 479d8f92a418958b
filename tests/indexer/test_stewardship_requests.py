"""Requests for data that are not open."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any

import pytest

from indexer.requests import MAX_PENDING, DataRequest, token_digest
from indexer.stewardship import Stewardship
from indexer.store import Store
from mappings.errors import InvalidQuery, NotFound
from mappings.record import BoundingBox
from tests.indexer.samples import sample

REQUEST = DataRequest(
    record_id="ctd",
    name="王海洋",
    institution="Institute of Oceanology, Qingdao",
    email="wang@example.ac.cn",
    purpose="Validation of a regional model\nof the Yellow Sea.",
    box=BoundingBox(170.25, -10.0, -170.0, 10.5),
    start="2003",
    end="2003-05-06T07:08:09Z",
    variables=("TEMP", "盐度"),
    language="en",
)


@pytest.fixture
def stewardship(store: Store) -> Stewardship:
    store.writer.ingest([sample("ctd")])
    return Stewardship(store)


def test_a_request_is_kept_whole_and_found_by_its_token(stewardship: Stewardship) -> None:
    token = stewardship.submit_request(REQUEST)
    stored = stewardship.request_by_token(token)
    assert stored.request == REQUEST
    assert (stored.status, stored.reason, stored.decided) == ("pending", None, None)
    assert stewardship.request(stored.id) == stored
    assert stewardship.requests() == (stored,)


def test_a_request_for_the_whole_dataset(stewardship: Stewardship) -> None:
    bare = DataRequest("ctd", "A", "B", "a@b.org", "Teaching students")
    stored = stewardship.request_by_token(stewardship.submit_request(bare))
    assert stored.request == bare


def test_only_the_digest_of_a_token_is_kept(stewardship: Stewardship, store: Store) -> None:
    tokens = {stewardship.submit_request(REQUEST) for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) >= 43 for token in tokens)
    with sqlite3.connect(store.location) as connection:
        dump = "\n".join(connection.iterdump())
    connection.close()
    assert not any(token in dump for token in tokens)
    assert all(token_digest(token) in dump for token in tokens)


@pytest.mark.parametrize("token", ["", "x", "海", "\ud800", "a" * 100_000])
def test_an_unknown_token_is_not_found(stewardship: Stewardship, token: str) -> None:
    stewardship.submit_request(REQUEST)
    with pytest.raises(NotFound):
        stewardship.request_by_token(token)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("name", "  "),
        ("name", "x" * 201),
        ("name", "a\nb"),
        ("name", "a\x00b"),
        ("institution", ""),
        ("email", "nobody"),
        ("email", "a@b"),
        ("email", "a@b.org\nBcc: c@d.org"),
        ("email", "a@b.org, c@d.org"),
        ("email", "x" * 250 + "@b.org"),
        ("purpose", "why not"),
        ("purpose", "x" * 5001),
        ("purpose", "a long purpose \x1b[2J"),
        ("purpose", "a long purpose \ud800"),
        ("start", "yesterday"),
        ("end", "2003-02-30"),
        ("end", "2002"),
        ("variables", tuple(str(number) for number in range(201))),
        ("variables", ("x" * 301,)),
        ("variables", ("",)),
        ("language", "xx"),
        ("record_id", ""),
    ],
)
def test_what_will_not_do_is_named(stewardship: Stewardship, parameter: str, value: Any) -> None:
    with pytest.raises(InvalidQuery) as caught:
        stewardship.submit_request(replace(REQUEST, **{parameter: value}))
    assert caught.value.parameter == parameter
    assert stewardship.requests() == ()


def test_texts_are_trimmed_and_instants_canonical(stewardship: Stewardship) -> None:
    untidy = replace(
        REQUEST,
        name="  王海洋 ",
        purpose=" Line one\r\nline two ",
        start="20030102",
        end=" ",
        variables=("TEMP", "TEMP "),
    )
    kept = stewardship.request_by_token(stewardship.submit_request(untidy)).request
    assert (kept.name, kept.purpose) == ("王海洋", "Line one\nline two")
    assert (kept.start, kept.end, kept.variables) == ("2003-01-02", None, ("TEMP",))


def test_an_end_of_low_precision_reaches_beyond_the_start(stewardship: Stewardship) -> None:
    stewardship.submit_request(replace(REQUEST, start="2003-05-06", end="2003"))


def test_there_must_be_such_a_record(stewardship: Stewardship) -> None:
    with pytest.raises(NotFound, match="adcp"):
        stewardship.submit_request(replace(REQUEST, record_id="adcp"))


def test_one_address_can_wait_for_so_many_decisions(stewardship: Stewardship) -> None:
    for _ in range(MAX_PENDING):
        stewardship.submit_request(REQUEST)
    with pytest.raises(InvalidQuery, match="email"):
        stewardship.submit_request(REQUEST)
    stewardship.submit_request(replace(REQUEST, email="li@example.ac.cn"))
    stewardship.refuse(stewardship.requests()[0].id, "duplicate", "steward")
    stewardship.submit_request(REQUEST)


@pytest.mark.parametrize(("decide", "status"), [("approve", "approved"), ("refuse", "refused")])
def test_a_decision_is_shown_with_its_reason(stewardship: Stewardship, decide: str, status: str) -> None:
    token = stewardship.submit_request(REQUEST)
    [pending] = stewardship.requests("pending")
    decided = getattr(stewardship, decide)(pending.id, " 已核准 ", "steward")
    assert decided == stewardship.request_by_token(token)
    assert (decided.status, decided.reason, decided.decided_by) == (status, "已核准", "steward")
    assert decided.submitted <= decided.decided
    assert decided.request == REQUEST
    assert stewardship.requests("pending") == ()
    assert stewardship.requests(decided.status) == (decided,)


def test_a_decision_is_final(stewardship: Stewardship) -> None:
    stewardship.submit_request(REQUEST)
    [pending] = stewardship.requests()
    refused = stewardship.refuse(pending.id, "not yet published", "steward")
    with pytest.raises(InvalidQuery, match="already refused"):
        stewardship.approve(pending.id, "after all", "another")
    assert stewardship.request(pending.id) == refused


def test_a_decision_needs_a_reason_and_a_request(stewardship: Stewardship) -> None:
    stewardship.submit_request(REQUEST)
    [pending] = stewardship.requests()
    with pytest.raises(InvalidQuery, match="reason"):
        stewardship.approve(pending.id, "  ", "steward")
    with pytest.raises(InvalidQuery, match="by"):
        stewardship.approve(pending.id, "fine", "")
    with pytest.raises(NotFound, match="99"):
        stewardship.approve(99, "fine", "steward")
    assert stewardship.request(pending.id).status == "pending"
