"""CSW over HTTP from a server process of its own, and how much memory that process holds."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random
from string import Template
from typing import Any

from harvester.bench.measure import latency, process_memory_mb
from harvester.bench.questions import box, words, years
from mappings.errors import FatalError

REQUESTS = 300
WARM_UP = 20
START_SECONDS = 60

GET_RECORDS = Template(
    """<?xml version="1.0" encoding="UTF-8"?>
<csw:GetRecords xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:ogc="http://www.opengis.net/ogc"
    xmlns:gml="http://www.opengis.net/gml" service="CSW" version="2.0.2" resultType="results" startPosition="1"
    maxRecords="10" outputSchema="http://www.isotc211.org/2005/gmd">
  <csw:Query typeNames="csw:Record">
    <csw:ElementSetName>full</csw:ElementSetName>
    <csw:Constraint version="1.1.0">
      <ogc:Filter>
        <ogc:And>
          <ogc:PropertyIsLike wildCard="%" singleChar="_" escapeChar="\\">
            <ogc:PropertyName>csw:AnyText</ogc:PropertyName><ogc:Literal>%$words%</ogc:Literal>
          </ogc:PropertyIsLike>
          <ogc:BBOX>
            <ogc:PropertyName>ows:BoundingBox</ogc:PropertyName>
            <gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326">
              <gml:lowerCorner>$south $west</gml:lowerCorner><gml:upperCorner>$north $east</gml:upperCorner>
            </gml:Envelope>
          </ogc:BBOX>
          <ogc:PropertyIsGreaterThanOrEqualTo>
            <ogc:PropertyName>apiso:TempExtent_end</ogc:PropertyName><ogc:Literal>$start</ogc:Literal>
          </ogc:PropertyIsGreaterThanOrEqualTo>
          <ogc:PropertyIsLessThanOrEqualTo>
            <ogc:PropertyName>apiso:TempExtent_begin</ogc:PropertyName><ogc:Literal>$end</ogc:Literal>
          </ogc:PropertyIsLessThanOrEqualTo>
        </ogc:And>
      </ogc:Filter>
    </csw:Constraint>
  </csw:Query>
</csw:GetRecords>"""
)


class Server:
    """The web server on a catalogue, in a process of its own, and a connection to it."""

    def __init__(self, serve: Sequence[str], data: Path, search_url: str | None = None) -> None:
        """``serve`` is the command line; ``data`` is what ``HALOCLINE_DATA_DIR`` says."""
        self._port = _free_port()
        environment = {**os.environ, "HALOCLINE_DATA_DIR": str(data)}
        for name in ("HALOCLINE_DATABASE_URL", "HALOCLINE_SEARCH_URL"):
            environment.pop(name, None)
        if search_url is not None:
            environment["HALOCLINE_SEARCH_URL"] = search_url
        command = [*serve, "--no-scheduler", "--port", str(self._port)]
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
        self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._process.pid

    def __enter__(self) -> Server:
        try:
            _wait_for(self._port, self._process)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()
        self._process.terminate()
        self._process.wait(timeout=30)

    def get(self, address: str) -> bytes:
        """The body of what a path answers."""
        return self._ask("GET", address)

    def post(self, address: str, body: bytes) -> bytes:
        """The body of what a path answers to an XML document."""
        return self._ask("POST", address, body, {"Content-Type": "application/xml"})

    def _ask(self, method: str, address: str, *rest: Any) -> bytes:
        self._connection.request(method, address, *rest)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise FatalError(f"{address} answered {answer.status}: {content[:500]!r}")
        return content


def measure_csw(serve: Sequence[str], data: Path) -> dict[str, object]:
    """Start the server on the catalogue in ``data``, ask for records, stop it.

    Each request has words, a box and a time range, and asks for ten records in full as gmd.
    """
    with Server(serve, data) as server:
        sizes: list[int] = []
        latency(lambda body: server.post("/csw", body), bodies(WARM_UP, seed=3))
        measured = latency(
            lambda body: sizes.append(len(server.post("/csw", body))), bodies(REQUESTS, seed=7)
        )
        return {
            "get_records_ms": asdict(measured),
            "answer_kb_median": round(sorted(sizes)[len(sizes) // 2] / 1000, 1),
            "web_process_memory_mb": process_memory_mb(server.pid),
        }


def bodies(count: int, seed: int) -> Iterator[bytes]:
    """``count`` GetRecords requests."""
    rng = Random(seed)  # noqa: S311
    for _ in range(count):
        area, time_range = box(rng), years(rng)
        request = GET_RECORDS.substitute(
            words=words(rng),
            south=area.south,
            west=area.west,
            north=area.north,
            east=area.east,
            start=time_range.start,
            end=time_range.end,
        )
        yield request.encode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise FatalError("the web server did not start; run it by hand to see why: python app.py serve")
