"""Starting and stopping the demo's endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

from harvester.demo.csw import CSW, GMD, GMI, Csw
from harvester.demo.erddap import Erddap
from harvester.demo.holdings import holdings
from harvester.demo.records import iso_documents, library_documents
from harvester.demo.server import Endpoint
from harvester.demo.thredds import Thredds
from harvester.source import SourceConfig

OPTIONS: Mapping[str, str] = MappingProxyType(
    {"allow_private_addresses": "true", "requests_per_second": "500"}
)
"""The endpoints are on loopback and ours: private addresses are allowed, and nobody needs politeness."""


@dataclass(frozen=True, slots=True)
class Demo:
    """The running endpoints, as the sources to harvest them with; also a context manager."""

    endpoints: tuple[SourceConfig, ...]
    _servers: tuple[Endpoint, ...]

    def stop(self) -> None:
        """Stop serving and free the ports."""
        for server in self._servers:
            server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start() -> Demo:
    """Start the endpoints on free ports of 127.0.0.1, each in threads of its own."""
    parts = (
        ("demo-erddap", "erddap", "/erddap", Erddap(holdings("erddap.yaml"))),
        (
            "demo-thredds",
            "thredds",
            "/thredds/catalog.xml",
            Thredds(holdings("thredds.yaml"), "Canglan data server"),
        ),
        ("demo-csw", "csw", "/csw", Csw("Canglan catalogue", iso_documents(), (CSW, GMD, GMI))),
        ("demo-library", "csw", "/csw", Csw("Canglan library", library_documents(), (CSW,))),
    )
    servers = tuple(Endpoint(application) for _, _, _, application in parts)
    sources = tuple(
        SourceConfig(name, kind, server.root + path, schedule="every 6h", options=OPTIONS)
        for (name, kind, path, _), server in zip(parts, servers, strict=True)
    )
    return Demo(sources, servers)
