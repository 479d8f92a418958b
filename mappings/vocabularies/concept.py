"""What a vocabulary is made of: concepts and their wordings, and all of them together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from mappings.record import BoundingBox

Comparison = Literal["stems", "word", "exact"]
"""How a text must agree with a wording: up to the endings of English words, in these words, or in capitals too."""

_BETWEEN_WORDS = re.compile(r"[\s_\-]+")


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to name a concept."""

    text: str
    comparison: Comparison = "stems"


@dataclass(frozen=True, slots=True)
class Concept:
    """One entry of a vocabulary.

    ``id`` is a CF standard name, an ISO code or a plain name of our own. ``wordings`` are what a text may
    call it; none for what is not looked for in texts. ``broader`` are ids in the same vocabulary. ``units``
    are canonical ones in UDUNITS notation. ``box`` is the rectangle of a sea region; data that lie in it belong to the
    region, unless it is ``named_only``: a current or a ridge, which has no such limits.
    """

    id: str
    vocabulary: str
    labels: Mapping[str, str]
    wordings: tuple[Wording, ...] = ()
    broader: tuple[str, ...] = ()
    units: str | None = None
    box: BoundingBox | None = None
    named_only: bool = False

    def label(self, language: str) -> str:
        """The preferred name in ``zh`` or ``en``; the English one where there is no other."""
        return self.labels.get(language) or self.labels["en"]


class Vocabularies:
    """All concepts. ``guards`` are words in which no concept is found, though they hold a wording."""

    def __init__(
        self, concepts: Iterable[Concept], names: Mapping[str, Mapping[str, str]], guards: tuple[str, ...]
    ):
        by_vocabulary: dict[str, dict[str, Concept]] = {}
        for concept in concepts:
            by_vocabulary.setdefault(concept.vocabulary, {})[concept.id] = concept
        self._by_vocabulary = {name: MappingProxyType(entries) for name, entries in by_vocabulary.items()}
        self._names = names
        self.guards = guards

    def __iter__(self) -> Iterator[Concept]:
        for entries in self._by_vocabulary.values():
            yield from entries.values()

    def __len__(self) -> int:
        return sum(map(len, self._by_vocabulary.values()))

    @property
    def vocabularies(self) -> tuple[str, ...]:
        """``variables``, ``platforms``, ``instruments``, ``sea_regions``, ``categories``, and each ISO code list."""
        return tuple(self._by_vocabulary)

    def of(self, vocabulary: str) -> Mapping[str, Concept]:
        """The concepts of one vocabulary by id; none where there is no such vocabulary."""
        return self._by_vocabulary.get(vocabulary, MappingProxyType({}))

    def named(self, vocabulary: str, name: str) -> Concept | None:
        """The concept that has this id, label, alias or other wording, in any case; None if none or several."""
        entries = self.of(vocabulary)
        return entries.get(name) or entries.get(self._names.get(vocabulary, {}).get(name_key(name), ""))

    def with_broader(self, vocabulary: str, id: str) -> tuple[str, ...]:
        """``id`` and the ids of all concepts that are wider than it, nearest first."""
        found = {id: None}
        entries = self.of(vocabulary)
        for wider in (waiting := [id]):
            new = [each for each in entries[wider].broader if each not in found]
            found |= dict.fromkeys(new)
            waiting += new
        return tuple(found)


def name_key(name: str) -> str:
    """What two names must have in common to be the same name: width, case and joints do not matter."""
    folded = name if name.isascii() else unicodedata.normalize("NFKC", name)
    return _BETWEEN_WORDS.sub(" ", folded).strip().casefold()
