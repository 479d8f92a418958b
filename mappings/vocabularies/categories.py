"""The categories under which data are published, and what puts a record in one: ``categories.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import translate
from functools import cache
from pathlib import Path

from mappings.vocabularies.loading import CATEGORIES, FOLDER, load_vocabularies
from mappings.vocabularies.reading import CategoryEntry, read_categories

Ids = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Categories:
    """The categories that each reason alone puts a record in, with all wider ones: by the id of a concept, by a topic
    category, by a pattern of standard names.
    """

    by_concept: Mapping[str, Ids]
    by_topic: Mapping[str, Ids]
    by_name: tuple[tuple[re.Pattern[str], Ids], ...]

    def of(self, concepts: Iterable[str], topics: Iterable[str], standard_names: Iterable[str]) -> Ids:
        """The categories of a record that is about these concepts, wider ones included."""
        found: dict[str, None] = {}
        for reasons, values in ((self.by_concept, concepts), (self.by_topic, topics)):
            for value in values:
                found |= dict.fromkeys(reasons.get(value, ()))
        for name in standard_names:
            for pattern, ids in self.by_name:
                if pattern.fullmatch(name):
                    found |= dict.fromkeys(ids)
        return tuple(found)


@cache
def load_categories(folder: Path = FOLDER) -> Categories:
    """Read the file, which ``load_vocabularies`` checks. Raises ``ConfigurationError``."""
    vocabularies = load_vocabularies(folder)
    entries = read_categories(folder / f"{CATEGORIES}.yaml")
    ids = {entry.id: vocabularies.with_broader(CATEGORIES, entry.id) for entry in entries}
    return Categories(
        by_concept=_reasons((value, ids[entry.id]) for entry in entries for value in entry.concepts),
        by_topic=_reasons((value, ids[entry.id]) for entry in entries for value in entry.topics),
        by_name=tuple((_pattern(entry), ids[entry.id]) for entry in entries if entry.standard_names),
    )


def _reasons(pairs: Iterable[tuple[str, Ids]]) -> dict[str, Ids]:
    found: dict[str, Ids] = {}
    for value, ids in pairs:
        found[value] = tuple(dict.fromkeys([*found.get(value, ()), *ids]))
    return found


def _pattern(entry: CategoryEntry) -> re.Pattern[str]:
    return re.compile("|".join(translate(pattern) for pattern in entry.standard_names))
