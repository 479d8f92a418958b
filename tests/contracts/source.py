"""What every source type must do, whatever its protocol: a base class that each type's test subclasses.

A subclass serves a small endpoint of its kind: at least four good records and one broken one among them. Types that
speak HTTP subclass ``HttpSourceContract``, which adds servers that are away, or lie about what they send.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import msgspec
import pytest

from crosswalks.definitions import FORMATS
from harvester.http import HttpClient, Policy
from harvester.source import (
    SOURCE_TYPES,
    Expected,
    Failure,
    Item,
    Source,
    SourceConfig,
    read_options,
    source_class,
)
from mappings.errors import ConfigurationError, EndpointBusy, EndpointError
from mappings.record import RawRecord
from tests.conftest import PROJECT
from tests.harvester.servers import Asked, Handle, Loopback, Send, answer, closed_port, serving

QUICK = Policy(
    allow_private_addresses=True,
    requests_per_second=0,
    crawl_delay=False,
    tries=2,
    backoff=0.01,
    read_timeout=2.0,
    total_timeout=5.0,
)
Serve = Callable[[], AbstractContextManager[Loopback]]


def open_quickly(config: SourceConfig, policy: Policy = QUICK) -> Source:
    """The source with a client that does not wait."""
    return source_class(config.type)(config, read_options(config), HttpClient(policy))


class SourceContract:
    """``path`` is added to the server's root to make the source's URL; a folder source overrides ``config``."""

    type: ClassVar[str]
    path: ClassVar[str] = ""
    options: ClassVar[Mapping[str, str]] = {}
    good: ClassVar[frozenset[str]]
    """The native ids of the endpoint's good records."""
    broken: ClassVar[frozenset[str]]
    """The native ids of its broken ones."""

    def endpoint(self, tmp_path: Path) -> AbstractContextManager[Loopback]:
        """The endpoint, running until the block ends. ``asked`` tells its requests."""
        raise NotImplementedError

    def config(self, site: Loopback) -> SourceConfig:
        return SourceConfig("test", self.type, site.root + self.path, options=dict(self.options))

    def items(self, site: Loopback) -> list[Item]:
        return list(open_quickly(self.config(site)).records())

    def test_every_record_comes_with_its_bytes_and_a_format_that_there_is_a_crosswalk_for(
        self, tmp_path: Path
    ) -> None:
        with self.endpoint(tmp_path) as site:
            records = [item for item in self.items(site) if isinstance(item, RawRecord)]
        assert {record.native_id for record in records} == self.good
        for record in records:
            assert record.content
            assert record.format in FORMATS

    def test_native_ids_are_unique_and_stable(self, tmp_path: Path) -> None:
        with self.endpoint(tmp_path) as site:
            runs = [
                [item.native_id for item in self.items(site) if isinstance(item, RawRecord | Failure)]
                for _ in "12"
            ]
        assert len(set(runs[0])) == len(runs[0])
        assert runs[0] == runs[1]

    def test_a_broken_record_is_a_failure_and_the_others_come(self, tmp_path: Path) -> None:
        with self.endpoint(tmp_path) as site:
            failures = [item for item in self.items(site) if isinstance(item, Failure)]
        assert {failure.native_id for failure in failures} == self.broken
        for failure in failures:
            assert failure.reason.endswith((".", "!")) or ":" in failure.reason
            assert not failure.listing

    def test_the_expected_number_is_what_comes(self, tmp_path: Path) -> None:
        with self.endpoint(tmp_path) as site:
            items = self.items(site)
        told = [item.total for item in items if isinstance(item, Expected)]
        assert not told or told[-1] == len(self.good | self.broken)

    def test_records_come_before_all_is_asked(self, tmp_path: Path) -> None:
        with self.endpoint(tmp_path) as site:
            source = open_quickly(self.config(site))
            assert next(item for item in source.records() if isinstance(item, RawRecord))
            at_first = len(site.asked)
            list(open_quickly(self.config(site)).records())
            assert at_first == 0 or at_first < len(site.asked) - at_first

    def test_an_option_it_does_not_take_is_refused_by_name(self) -> None:
        config = SourceConfig("test", self.type, "http://ocean.example/", options={"colour": "blue"})
        with pytest.raises(ConfigurationError, match=r"colour.*allow_private_addresses"):
            read_options(config)

    def test_its_options_are_documented(self) -> None:
        section = documented()[self.type]
        options = source_class(self.type).Options
        for option in msgspec.structs.fields(options):
            assert f"`{option.name}`" in section + documented()["common"], (
                f"docs/sources.md lacks {option.name}"
            )

    def test_it_is_registered(self) -> None:
        assert self.type in SOURCE_TYPES


def documented() -> dict[str, str]:
    """The sections of docs/sources.md by the source type in their headings; ``common`` is the one on common options."""
    text = (PROJECT / "docs" / "sources.md").read_text(encoding="utf-8")
    parts = re.split(r"^## `?([\w ]+?)`?$", text, flags=re.MULTILINE)
    found = dict(zip(parts[1::2], parts[2::2], strict=True))
    return {**found, "common": found["Options of every type"]}


def html(asked: Asked, send: Send) -> None:
    page = b"<!DOCTYPE html><html><head><title>Welcome</title></head><body><p>to our portal</body></html>"
    send(answer(page, "text/html"))


def garbage(asked: Asked, send: Send) -> None:
    send(answer(bytes(range(256)) * 20, "application/octet-stream"))


def nothing(asked: Asked, send: Send) -> None:
    send(answer(b""))


def endless(asked: Asked, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n<?xml version='1.0'?><a>")
    while True:
        send(b"<b>x</b>" * 100_000)


def round_in_circles(asked: Asked, send: Send) -> None:
    send(answer(b"", status="302 Found", headers=f"Location: {asked.path}?{asked.query}\r\n"))


def cut_short(asked: Asked, send: Send) -> None:
    send(b'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{"table": {"columnNames": [')


def not_http(asked: Asked, send: Send) -> None:
    send(b"220 ready\r\n331 password please\r\n")


def out_of_order(asked: Asked, send: Send) -> None:
    send(answer(b"<html><title>Maintenance</title></html>", "text/html", "503 Service Unavailable"))


def forbidden(asked: Asked, send: Send) -> None:
    send(answer(b"<html><title>Log in</title></html>", "text/html", "403 Forbidden"))


LIES: Mapping[str, Handle] = {
    "html": html,
    "garbage": garbage,
    "nothing": nothing,
    "endless": endless,
    "redirect loop": round_in_circles,
    "cut short": cut_short,
    "not http": not_http,
    "out of order": out_of_order,
    "forbidden": forbidden,
}


class HttpSourceContract(SourceContract):
    """For types that speak HTTP."""

    def test_a_server_that_is_away_ends_the_run_with_its_name(self) -> None:
        port = closed_port()
        config = self.config(Loopback(f"http://127.0.0.1:{port}"))
        with pytest.raises(EndpointError, match=rf"127\.0\.0\.1 port {port}.*check that the server is up"):
            list(open_quickly(config).records())

    @pytest.mark.parametrize("lie", LIES)
    def test_a_server_that_lies_ends_the_run_with_what_it_said(self, lie: str) -> None:
        started = time.monotonic()
        with serving(LIES[lie]) as site, pytest.raises((EndpointError, EndpointBusy)) as caught:
            list(open_quickly(self.config(site)).records())
        assert site.root in str(caught.value)
        assert len(str(caught.value)) > 40
        assert time.monotonic() - started < 20

    def test_private_addresses_are_not_asked_unless_the_source_says_so(self, tmp_path: Path) -> None:
        with self.endpoint(tmp_path) as site:
            source = open_quickly(self.config(site), replace(QUICK, allow_private_addresses=False))
            with pytest.raises(EndpointError, match="allow_private_addresses"):
                list(source.records())
            assert site.asked == []

    def test_a_server_that_dies_under_way_ends_the_run(self, tmp_path: Path) -> None:
        """Or, where all was had already, lets it end in peace."""
        with self.endpoint(tmp_path) as site:
            records = open_quickly(self.config(site)).records()
            next(item for item in records if isinstance(item, RawRecord))
        rest: list[Item] = []
        try:
            rest += records
        except (EndpointError, EndpointBusy):
            return
        assert all(not isinstance(item, RawRecord) for item in rest) or len(rest) < len(self.good)


__all__ = ["QUICK", "HttpSourceContract", "SourceContract", "open_quickly"]
