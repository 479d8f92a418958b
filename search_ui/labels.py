"""Readable names of code values in Chinese and English, from the vocabularies and from ``labels.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from mappings.vocabularies.loading import load_vocabularies

LABELS_FILE = Path(__file__).with_name("labels.yaml")

VOCABULARY_OF = {
    "type": "MD_ScopeCode",
    "topic": "MD_TopicCategoryCode",
    "language": "ISO_639-2",
    "variable": "variables",
    "platform_kind": "platforms",
    "instrument_kind": "instruments",
}
"""The vocabulary of a group of values; other groups are called as their vocabulary or are in ``labels.yaml``."""

SEARCHED = ("variables", "platforms", "instruments", "sea_regions")
"""The vocabularies whose concepts are looked for in texts; no two of them share an id."""


def label(group: str, value: str, language: str) -> str:
    """What people call ``value`` of a code list or field; the value itself where nobody named it."""
    entries = _labels().get(group)
    if entries is not None:
        names = entries.get(value) or entries.get(value.lower())
        return value if names is None else names[language]
    concept = load_vocabularies().named(VOCABULARY_OF.get(group, group), value)
    return value if concept is None else concept.label(language)


def concept_label(id: str, language: str) -> str:
    """What people call a concept that is looked for in texts."""
    vocabularies = load_vocabularies()
    found = (vocabularies.of(name).get(id) for name in SEARCHED)
    return next((concept.label(language) for concept in found if concept is not None), id)


@cache
def _labels() -> dict[str, dict[str, dict[str, str]]]:
    raw = yaml.safe_load(LABELS_FILE.read_text(encoding="utf-8"))
    return {
        group: {value: {"zh": names[0], "en": names[1]} for value, names in entries.items()}
        for group, entries in raw.items()
    }
