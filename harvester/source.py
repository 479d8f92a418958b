"""What a source is: its configuration, the plugin interface, and the registry of source types.

A plugin knows its protocol and nothing else: it yields what it finds through the client it was handed. Cursors, hashes,
counts, quarantine and deletions belong to ``harvester.pipeline``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from threading import Event
from types import MappingProxyType
from typing import Any, ClassVar, Protocol

import msgspec

from harvester.http import HttpClient, Policy
from indexer.sources import StoredSource
from mappings.errors import ConfigurationError
from mappings.record import RawRecord


class SourceOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The options every source type takes; a type's own ``Options`` adds to them. Field names are option names."""

    allow_private_addresses: bool = False
    """Let requests go to loopback, private and link-local addresses."""
    requests_per_second: float = 5.0
    """At most this many requests a second to the endpoint's host; 0 means no limit."""
    crawl_delay: bool = True
    """Obey the Crawl-delay of the host's robots.txt, up to 30 seconds between requests."""
    max_deleted_share: float = 0.3
    """The share of the source's records (0 to 1) that one run may delete without being asked again."""


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """One configured source. ``options`` are texts as given on the command line; the type's ``Options`` reads them."""

    name: str
    type: str
    url: str
    schedule: str | None = None  # "every 6h", "every 30m", or a cron line
    options: Mapping[str, str] = field(default_factory=dict)
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Deletion:
    """The endpoint says that this record is gone."""

    native_id: str


@dataclass(frozen=True, slots=True)
class Failure:
    """One record that could not be had: quarantined with whatever bytes there are; the run goes on.

    ``listing`` says that what failed lists further records (a nested catalog, a page): the listing is then not
    complete, and nothing may be concluded from the absence of a record.
    """

    native_id: str
    reason: str
    location: str | None = None
    content: bytes = b""
    format: str | None = None
    place: str | None = None
    listing: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """How many records the endpoint says there are in all, for progress and for noticing a truncated listing.

    A source that learns better says so again: the last one counts.
    """

    total: int


Item = RawRecord | Deletion | Failure | Expected


class Source(Protocol):
    """A source plugin. Built by ``open_source``; one instance serves one run.

    ``records`` yields items as they arrive. Ending normally means the listing was complete; an ``EndpointError`` or
    ``EndpointBusy`` ends the run as failed and its message is what a person reads. ``native_id`` is unique within a
    source and stable between runs.
    """

    Options: ClassVar[type[SourceOptions]]

    def __init__(self, config: SourceConfig, options: Any, client: HttpClient) -> None: ...

    def records(self) -> Iterator[Item]: ...


SOURCE_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "erddap": "harvester.sources.erddap:ErddapSource",
        "thredds": "harvester.sources.thredds:ThreddsSource",
        "csw": "harvester.sources.csw:CswSource",
        "folder": "harvester.sources.folder:FolderSource",
    }
)
"""Source type to where its class is, imported when first used."""


def source_class(type_name: str) -> type[Source]:
    """The plugin class of a source type. Raises ``ConfigurationError`` that lists the known types."""
    target = SOURCE_TYPES.get(type_name)
    if target is None:
        raise ConfigurationError(
            f"no source type is called {type_name!r}; there are {', '.join(SOURCE_TYPES)}"
        )
    module, _, name = target.partition(":")
    found: type[Source] = getattr(import_module(module), name)
    return found


def read_options(config: SourceConfig) -> SourceOptions:
    """The typed options of ``config``. Raises ``ConfigurationError`` that names the option and what it takes."""
    options = source_class(config.type).Options
    try:
        return msgspec.convert(dict(config.options), options, strict=False)
    except msgspec.ValidationError as error:
        known = ", ".join(field.name for field in msgspec.structs.fields(options))
        raise ConfigurationError(
            f"source {config.name!r}: {error} (type {config.type} takes {known})"
        ) from error


def source_config(stored: StoredSource) -> SourceConfig:
    """A source as it is kept, as its plugin takes it."""
    return SourceConfig(
        stored.name, stored.type, stored.url, stored.schedule, dict(stored.options), stored.enabled
    )


def open_client(
    options: SourceOptions, *, site_url: str | None = None, cancelled: Event | None = None
) -> HttpClient:
    """The client for one run of a source with these options. ``site_url`` tells those asked who asks."""
    policy = Policy(
        allow_private_addresses=options.allow_private_addresses,
        requests_per_second=options.requests_per_second,
        crawl_delay=options.crawl_delay,
        site_url=site_url,
    )
    return HttpClient(policy, cancelled=cancelled)


def open_source(config: SourceConfig, client: HttpClient) -> Source:
    """The plugin for ``config``, ready to yield."""
    return source_class(config.type)(config, read_options(config), client)
