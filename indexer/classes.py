"""How a record is classed when its document is made: by data category and by sea region."""

from __future__ import annotations

from collections.abc import Mapping

from mappings.record import Record
from mappings.vocabularies.categories import load_categories
from mappings.vocabularies.loading import load_vocabularies
from mappings.vocabularies.seas import VOCABULARY, seas_of

MAX_BOXES = 100
"""Boxes of one record beyond these are not looked at: it is a track, and its seas are known by then."""

Keywords = Mapping[str, tuple[str, ...]]


def classes_of(record: Record, about: tuple[str, ...], keywords: Keywords) -> dict[str, tuple[str, ...]]:
    """The values of ``category`` and ``region`` of a record that is about the concepts ``about``, where it has any.

    A record is in the regions that it names and in those where its boxes lie, and in all wider ones.
    """
    seas = load_vocabularies().of(VOCABULARY)
    regions = dict.fromkeys(id for id in about if id in seas)
    for box in record.extent.boxes[:MAX_BOXES]:
        regions |= dict.fromkeys(seas_of(box))
    categories = load_categories().of(
        (*about, *keywords.get("platform_kind", ())), keywords.get("topic", ()), keywords.get("variable", ())
    )
    found = {"category": categories, "region": tuple(regions)}
    return {name: values for name, values in found.items() if values}
