"""The sample datasets of the ERDDAP and THREDDS endpoints, and their attributes after ACDD 1.3 and CF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from mappings.record import ISO_LANGUAGES

FOLDER = Path(__file__).parent
Fault = Literal["cut", "error-500", "gone", "html", "latin-1", "dds-error-500"]
"""What an endpoint does wrong: sends half of it, fails, lists what it lacks, sends a login page ..."""
Value = str | int | float
Attributes = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Holding:
    """One dataset.

    ``box`` is west, south, east, north in degrees (west > east: across the antimeridian); ``depth`` is metres
    below the surface; an open end of ``time`` is None; ``attributes`` add to, replace the generated ones, or
    remove them where None.
    """

    id: str
    title: str
    summary: str
    institution: str
    variables: tuple[str, ...]
    box: tuple[float, float, float, float]
    time: tuple[str | None, str | None]
    feature_type: str = "TimeSeries"  # CF discrete sampling geometry or Grid
    folder: str = ""  # THREDDS: where in the catalog
    language: Literal["zh", "en"] = "en"
    access: Literal["opendap", "http"] = "opendap"
    depth: tuple[float, float] | None = None
    resolution: float | None = None  # degrees
    step: str | None = None  # ISO 8601 duration
    translation: str | None = None  # the title in the other language
    area: str | None = None
    keywords: tuple[str, ...] = ()
    platform: str | None = None
    platform_kind: str | None = None
    instrument: str | None = None
    project: str | None = None
    level: str | None = None
    licence: str = "cc-by"
    modified: str | None = None
    attributes: Mapping[str, Value | None] = field(default_factory=dict)
    fault: Fault | None = None

    @property
    def is_grid(self) -> bool:
        return self.feature_type == "Grid"

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions of a grid's variables, or of a table's rows."""
        if not self.is_grid:
            return ("row",)
        return ("time", "depth", "latitude", "longitude") if self.depth else ("time", "latitude", "longitude")

    @property
    def coordinates(self) -> tuple[str, ...]:
        """The coordinate variables."""
        return ("time", *(("depth",) if self.depth else ()), "latitude", "longitude")


class _PlainDates(yaml.SafeLoader):
    """YAML without its timestamps: a date stays the text that it is in a metadata record."""


_PlainDates.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(name: str) -> Any:
    """The content of one of the demo's YAML files."""
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=_PlainDates)  # noqa: S506  (a SafeLoader)


@cache
def holdings(name: str) -> tuple[Holding, ...]:
    """The holdings of one file, in its order."""
    return msgspec.convert(read_yaml(name), tuple[Holding, ...])


@cache
def _common() -> Any:
    return read_yaml("common.yaml")


def global_attributes(holding: Holding) -> Attributes:
    """The dataset's ACDD attributes."""
    licence = _common()["licences"][holding.licence]
    found: dict[str, Value | None] = {
        "title": holding.title,
        "title_en" if holding.language == "zh" else "title_zh": holding.translation,
        "summary": holding.summary,
        "metadata_language": ISO_LANGUAGES[holding.language],
        "topic_category": "oceans",
        "sea_area": holding.area,
        "Conventions": "CF-1.8, ACDD-1.3, COARDS",
        "cdm_data_type": holding.feature_type,
        "featureType": None if holding.is_grid else holding.feature_type,
        "keywords": ", ".join(holding.keywords) or None,
        "standard_name_vocabulary": "CF Standard Name Table v79",
        "naming_authority": "org.example." + holding.institution,
        "id": holding.id,
        **_parties(holding),
        "license": licence["license"],
        "access_level": licence["level"],
        "platform": holding.platform,
        "platform_type": holding.platform_kind,
        "instrument": holding.instrument,
        "project": holding.project,
        "processing_level": holding.level,
        "date_modified": holding.modified,
        **_coverage(holding),
        **holding.attributes,
    }
    return {name: value for name, value in found.items() if value is not None}


def _parties(holding: Holding) -> Attributes:
    """Who made the dataset and who publishes it: always the data centre."""
    institutions = _common()["institutions"]
    found: dict[str, Value] = {"institution": institutions[holding.institution][holding.language]}
    for role, key in (("creator", holding.institution), ("publisher", "canglan")):
        party = institutions[key]
        found |= {f"{role}_name": party[holding.language], f"{role}_type": "institution"}
        found |= {f"{role}_email": party["email"], f"{role}_url": party["url"]}
    return found


def _coverage(holding: Holding) -> dict[str, Value | None]:
    """ACDD's bounds. Longitudes run on past 180 where the box crosses the antimeridian, as on servers."""
    west, south, east, north = holding.box
    bounds: dict[str, Value | None] = {
        "geospatial_lat_min": south,
        "geospatial_lat_max": north,
        "geospatial_lat_units": "degrees_north",
        "geospatial_lon_min": west,
        "geospatial_lon_max": east + 360 if east < west else east,
        "geospatial_lon_units": "degrees_east",
        "geospatial_lat_resolution": holding.resolution,
        "geospatial_lon_resolution": holding.resolution,
        "time_coverage_start": holding.time[0],
        "time_coverage_end": holding.time[1],
        "time_coverage_resolution": holding.step,
    }
    if holding.depth:
        bounds |= {
            "geospatial_vertical_min": holding.depth[0],
            "geospatial_vertical_max": holding.depth[1],
            "geospatial_vertical_positive": "down",
            "geospatial_vertical_units": "m",
        }
    return bounds


def variable_attributes(holding: Holding, name: str) -> Attributes:
    """CF attributes of one of the holding's variables or coordinates."""
    if name in _COORDINATES:
        return _COORDINATES[name]
    entry = dict(_common()["variables"][name])
    chinese = entry.pop("zh")
    if holding.language == "zh":
        entry["long_name"] = chinese
    return {**entry, "coverage_content_type": "physicalMeasurement"}


_COORDINATES: Mapping[str, Attributes] = {
    "time": {
        "standard_name": "time",
        "long_name": "Time",
        "units": "seconds since 1970-01-01T00:00:00Z",
        "axis": "T",
        "_CoordinateAxisType": "Time",
    },
    "depth": {
        "standard_name": "depth",
        "long_name": "Depth",
        "units": "m",
        "positive": "down",
        "axis": "Z",
        "_CoordinateAxisType": "Height",
    },
    "latitude": {
        "standard_name": "latitude",
        "long_name": "Latitude",
        "units": "degrees_north",
        "axis": "Y",
        "_CoordinateAxisType": "Lat",
    },
    "longitude": {
        "standard_name": "longitude",
        "long_name": "Longitude",
        "units": "degrees_east",
        "axis": "X",
        "_CoordinateAxisType": "Lon",
    },
}
