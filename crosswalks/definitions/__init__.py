"""The definitions that Halocline comes with: one YAML file per format, and the files that they include."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from crosswalks.crosswalk import Crosswalk
from crosswalks.loading import load_definition
from mappings.errors import ConfigurationError

FOLDER = Path(__file__).parent
FORMATS: tuple[str, ...] = ("erddap-info", "opendap", "thredds", "csw-record", "iso19139", "iso19115-2")


@cache
def crosswalk_for(format: str) -> Crosswalk:
    """The crosswalk for a format, compiled once. Raises ``ConfigurationError`` for a format that there is
    none for."""
    if format not in FORMATS:
        raise ConfigurationError(
            f"there is no crosswalk for format {format!r}; there are {', '.join(FORMATS)}"
        )
    return load_definition(FOLDER / f"{format}.yaml")
