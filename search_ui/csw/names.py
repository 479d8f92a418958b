"""Which field a property name means. Clients write the same queryable in many ways."""

from __future__ import annotations

from functools import cache

from mappings.fields import Field, load_fields
from search_ui.csw.errors import invalid

EXTRA_NAMES = {"any": "anytext", "alternative": "title", "envelope": "where", "temporal": "time"}
"""Names without a standard that GeoNetwork, pycsw and deegree clients send."""


def field_called(name: str, locator: str = "PropertyName") -> Field:
    """The field that a filter calls ``name``: exactly, or by its local name in any case, with or without a
    path before it.

    ``dc:title``, ``Title``, ``apiso:title``, ``/dc:title`` and ``csw:Record/dc:title`` are all the title.
    Raises ``OwsError`` for a property that cannot be searched.
    """
    last = name.strip().rpartition("/")[2]
    found = load_fields().by_csw_name(last) or _by_local_name().get(last.rpartition(":")[2].lower())
    if found is None:
        raise invalid(
            locator, f"{name.strip()!r} cannot be searched; the capabilities document lists what can"
        )
    return found


@cache
def _by_local_name() -> dict[str, Field]:
    fields = load_fields()
    names = {csw.rpartition(":")[2].lower(): field for field in fields.values() for csw in field.csw}
    return {extra: fields[name] for extra, name in EXTRA_NAMES.items()} | names
