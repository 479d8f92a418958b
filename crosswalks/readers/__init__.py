"""The readers that definitions may name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from crosswalks.readers.base import Reader
from crosswalks.readers.dap import DapReader
from crosswalks.readers.erddap import ErddapInfoReader
from crosswalks.readers.json import JsonReader
from crosswalks.readers.xml import XmlReader

READERS: Mapping[str, Reader] = MappingProxyType(
    {"xml": XmlReader(), "json": JsonReader(), "erddap-info": ErddapInfoReader(), "opendap": DapReader()}
)
"""Reader by name."""
