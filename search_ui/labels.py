"""Readable names of code values in Chinese and English, from the vocabularies and from ``labels.yaml``."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import yaml

from indexer.analysis import fold
from mappings.depths import ZONES
from mappings.fields import UNDER
from mappings.vocabularies.loading import load_vocabularies

LABELS_FILE = Path(__file__).with_name("labels.yaml")

VOCABULARY_OF = {
    "type": "MD_ScopeCode",
    "topic": "MD_TopicCategoryCode",
    "language": "ISO_639-2",
    "variable": "variables",
    "platform_kind": "platforms",
    "parameter": "variables",
    "region": "sea_regions",
    "category": "categories",
    "instrument_kind": "instruments",
}
"""The vocabulary of a group of values; other groups are called as their vocabulary or are in ``labels.yaml``."""

SEARCHED = ("variables", "platforms", "instruments", "sea_regions")
"""The vocabularies whose concepts are looked for in texts; no two of them share an id."""


def label(group: str, value: str, language: str) -> str:
    """What people call ``value`` of a code list or field; the value itself where nobody named it."""
    if group in _COMPUTED:
        return _COMPUTED[group](value)
    entries = _labels().get(group)
    if entries is not None:
        names = entries.get(value) or entries.get(value.lower())
        return value if names is None else names[language]
    concept = load_vocabularies().named(VOCABULARY_OF.get(group, group), value)
    return value if concept is None else concept.label(language)


def values_called(group: str, text: str) -> tuple[str, ...]:
    """The values whose name in either language contains ``text``, case, accents and width aside."""
    part = fold(text)
    return tuple(value for value, names in _folded(group).items() if any(part in name for name in names))


@cache
def _folded(group: str) -> dict[str, tuple[str, ...]]:
    """The folded names of each value of a group."""
    entries = _labels().get(group)
    if entries is not None:
        return {value: tuple(map(fold, names.values())) for value, names in entries.items()}
    concepts = load_vocabularies().of(VOCABULARY_OF.get(group, group))
    return {id: tuple(map(fold, concept.labels.values())) for id, concept in concepts.items()}


def concept_label(id: str, language: str) -> str:
    """What people call a concept that is looked for in texts."""
    vocabularies = load_vocabularies()
    found = (vocabularies.of(name).get(id) for name in SEARCHED)
    return next((concept.label(language) for concept in found if concept is not None), id)


def _depth_zone(value: str) -> str:
    """``10 – 50 m``, the last one ``> 6000 m``."""
    for zone in ZONES:
        if value == str(zone.top):
            return f"> {zone.top} m" if zone.bottom is None else f"{zone.top} – {zone.bottom} m"
    return value


def _term(value: str) -> str:
    """``thesaurus: term``."""
    return value.replace(UNDER, ": ", 1)


_COMPUTED: dict[str, Callable[[str], str]] = {"depth_zone": _depth_zone, "thesaurus_term": _term}
"""How the values of these groups are called in any language."""


@cache
def _labels() -> dict[str, dict[str, dict[str, str]]]:
    raw = yaml.safe_load(LABELS_FILE.read_text(encoding="utf-8"))
    return {
        group: {value: {"zh": names[0], "en": names[1]} for value, names in entries.items()}
        for group, entries in raw.items()
    }
