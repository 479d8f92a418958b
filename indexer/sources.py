"""A configured source as it is kept, and what its name may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from mappings.errors import ConfigurationError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class StoredSource:
    """One configured source. ``options`` are texts as given; the source type's plugin reads and checks them.

    ``schedule`` is "every 6h", "every 30m" or a cron line; without one the source is harvested by hand.
    """

    name: str
    type: str
    url: str
    schedule: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    enabled: bool = True


def check_source(source: StoredSource) -> None:
    """Refuse a name that would not do in a URL, a file name or a record id. Raises ``ConfigurationError``."""
    if not _NAME.fullmatch(source.name):
        raise ConfigurationError(
            f"{source.name!r} cannot be a source's name: use up to 64 letters, digits, dots, hyphens and "
            "underscores, beginning with a letter or digit"
        )
