"""Fixtures every test may use, and the rule for what this machine cannot run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

REQUIRE_ALL = os.environ.get("HALOCLINE_REQUIRE_ALL") == "1"
"""Continuous integration sets this: what would be skipped for want of something fails instead."""

PROJECT = Path(__file__).resolve().parent.parent
CORPUS = Path(os.environ.get("HALOCLINE_CORPUS", PROJECT.parent / "shared" / "corpus"))

# libxml2 reads this once in a process, when it first opens a file; later is too late.
os.environ.setdefault("XML_CATALOG_FILES", str(CORPUS / "xsd" / "catalog.xml"))

# How long an example takes says more of the machine than of the code; bench measures speed.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def unavailable(reason: str) -> NoReturn:
    """Skip the test because this machine lacks something; fail it where everything is required."""
    if REQUIRE_ALL:
        pytest.fail(f"HALOCLINE_REQUIRE_ALL is set, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real metadata records and server answers, where there is one."""
    if not (CORPUS / "MANIFEST.train.tsv").is_file():
        unavailable(f"no corpus of real records at {CORPUS} (set HALOCLINE_CORPUS)")
    return CORPUS


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """The address of a real Elasticsearch."""
    from tests.peers.elasticsearch import elasticsearch

    with elasticsearch() as url:
        yield url
