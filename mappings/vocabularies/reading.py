"""Reads the vocabulary files: from their lines and entries to plain values that have the right types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import yaml

from mappings.errors import ConfigurationError
from mappings.record import BoundingBox
from mappings.vocabularies.concept import Wording

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Leaves every value as text, so that the wordings ON and NO are none of YAML's truths; ten times as fast in C."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One concept as it is written; the head of ``variables.yaml`` explains each key."""

    id: str
    zh: str
    en: str
    also: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    own: bool = False
    units: str | None = None
    box: tuple[float, float, float, float] | None = None
    named_only: bool = False
    matched: bool = True

    @property
    def wordings(self) -> tuple[Wording, ...]:
        """The labels and all other wordings; a label that ``short`` or ``exact`` repeats is compared as they say."""
        stricter = {text.casefold() for text in (*self.short, *self.exact)}
        labels = [text for text in (self.zh, self.en) if text.casefold() not in stricter]
        return (
            *(Wording(text) for text in (*labels, *self.also)),
            *(Wording(text, "word") for text in self.short),
            *(Wording(text, "exact") for text in self.exact),
        )

    @property
    def bounding_box(self) -> BoundingBox | None:
        """Raises ``ValueError`` where the bounds are none."""
        return None if self.box is None else BoundingBox(*self.box)


class CategoryEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One category as it is written; the head of ``categories.yaml`` explains each key."""

    id: str
    zh: str
    en: str
    broader: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    standard_names: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryFile:
    """What one YAML file of concepts says."""

    name: str
    entries: tuple[Entry, ...]
    guards: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StandardName:
    """One line of the CF standard name table."""

    name: str
    units: str | None
    aliases: tuple[str, ...]


def read_entries(path: Path) -> EntryFile:
    """A file of concepts. Raises ``ConfigurationError`` that names the file and the entry."""
    raw = _yaml(path)
    if not isinstance(raw, dict) or not isinstance(raw.get("concepts"), list):
        raise ConfigurationError(f"{path.name}: there is no list of concepts")
    if unknown := raw.keys() - {"concepts", "guards", "shared"}:
        raise ConfigurationError(f"{path.name}: unknown keys {sorted(map(str, unknown))}")
    entries = tuple(_entry(path, item) for item in raw["concepts"])
    try:
        guards, shared = (msgspec.convert(raw.get(key, ()), tuple[str, ...]) for key in ("guards", "shared"))
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"{path.name}: guards or shared: {error}") from error
    return EntryFile(path.name, entries, guards, shared)


def read_categories(path: Path) -> tuple[CategoryEntry, ...]:
    """The categories. Raises ``ConfigurationError`` that names the file and the entry."""
    raw = _yaml(path)
    try:
        return msgspec.convert(raw["concepts"], tuple[CategoryEntry, ...])
    except (msgspec.ValidationError, TypeError, KeyError) as error:
        raise ConfigurationError(f"{path.name}: {error}") from error


def read_standard_names(path: Path) -> Iterator[StandardName]:
    """The CF table: name, canonical units and aliases, separated by tabs; its first line is a comment."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.startswith("#"):
                continue
            name, *rest = line.rstrip("\n").split("\t")
            if not name or len(rest) > 2 or " " in name:
                raise ConfigurationError(f"{path.name}: line {number} is not: name, units, aliases")
            units, aliases = (*rest, "", "")[:2]
            yield StandardName(name, units or None, tuple(aliases.split()))


def read_codes(path: Path) -> Iterator[tuple[str, str, str, str]]:
    """The code lists, as list, code, Chinese and English label. Raises ``ConfigurationError``."""
    lists = _yaml(path)
    for name, codes in lists.items() if isinstance(lists, dict) else [(lists, None)]:
        if not isinstance(codes, dict):
            raise ConfigurationError(f"{path.name}: {name} is no list of codes")
        for code, labels in codes.items():
            if not isinstance(labels, list) or len(labels) != 2:
                raise ConfigurationError(
                    f"{path.name}: {name}: {code} has not a Chinese and an English label"
                )
            yield name, code, labels[0], labels[1]


def _yaml(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506  # builds nothing but text, lists and maps
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path.name}: {error}") from error


def _entry(path: Path, item: Any) -> Entry:
    try:
        entry = msgspec.convert(item, Entry, strict=False)
        _ = entry.bounding_box
    except (msgspec.ValidationError, ValueError) as error:
        name = item.get("id") if isinstance(item, dict) else item
        raise ConfigurationError(f"{path.name}: {name}: {error}") from error
    return entry
