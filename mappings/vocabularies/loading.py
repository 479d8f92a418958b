"""Loads the vocabularies from their files, once, and checks what the files say against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from mappings.errors import ConfigurationError
from mappings.vocabularies.concept import Concept, Vocabularies, Wording, name_key
from mappings.vocabularies.reading import (
    Entry,
    EntryFile,
    StandardName,
    read_categories,
    read_codes,
    read_entries,
    read_standard_names,
)

FOLDER = Path(__file__).parent
STANDARD_NAMES, CODES = "cf_standard_names.tsv", "iso_codes.yaml"
CATEGORIES, TOPICS = "categories", "MD_TopicCategoryCode"
VOCABULARIES = ("variables", "platforms", "instruments", "sea_regions")
"""What concepts are looked for in texts, each in a file of its name. No two of these concepts have one id."""

Names = dict[str, str]
"""The id of the concept that a name (``name_key``) means; empty where it means several."""


@cache
def load_vocabularies(folder: Path = FOLDER) -> Vocabularies:
    """Read and check all files. Raises ``ConfigurationError`` that names the file, the entry and what is wrong."""
    files = {name: read_entries(folder / f"{name}.yaml") for name in VOCABULARIES}
    table = tuple(read_standard_names(folder / STANDARD_NAMES))
    _check_ids(files, table)
    names = {name: _names(file) for name, file in files.items()}
    concepts = [_concept(name, entry) for name in VOCABULARIES[1:] for entry in files[name].entries]
    concepts += _variables(files["variables"], table, names["variables"])
    concepts += _codes(folder / CODES, names)
    concepts += _categories(folder / f"{CATEGORIES}.yaml", concepts)
    guards = tuple(guard for file in files.values() for guard in file.guards)
    return Vocabularies(concepts, names, guards)


def _check_ids(files: dict[str, EntryFile], table: Iterable[StandardName]) -> None:
    standard_names = {row.name for row in table}
    seen: set[str] = set()
    for vocabulary, file in files.items():
        cf = standard_names if vocabulary == "variables" else None
        known = {entry.id for entry in file.entries} | (cf or set())
        for entry in file.entries:
            if entry.id in seen:
                raise ConfigurationError(f"{file.name}: {entry.id}: the id is given twice")
            for problem in _problems(entry, known, cf):
                raise ConfigurationError(f"{file.name}: {entry.id}: {problem}")
            seen.add(entry.id)
        _check_chains(file.name, {entry.id: entry.broader for entry in file.entries})
        seen |= known


def _problems(entry: Entry, known: set[str], cf: set[str] | None) -> Iterator[str]:
    if not entry.id.replace("_", "").isalnum():
        yield "an id has letters, digits and underscores only"
    for wider in entry.broader:
        if wider not in known:
            yield f"there is no concept {wider} to be broader"
    if cf is None:
        return
    if entry.own == (entry.id in cf):
        yield "CF has this name, it is not our own" if entry.own else "CF has no such standard name"
    if entry.units and not entry.own:
        yield f"the units are those of {STANDARD_NAMES}"


def _check_chains(file: str, broader: dict[str, tuple[str, ...]]) -> None:
    """No concept may be wider than itself."""
    done: set[str] = set()

    def climb(id: str, way: tuple[str, ...]) -> None:
        if id in way:
            raise ConfigurationError(f"{file}: {id}: is broader than itself")
        if id not in done:
            for wider in broader.get(id, ()):
                climb(wider, (*way, id))
            done.add(id)

    for id in broader:
        climb(id, ())


def _names(file: EntryFile) -> Names:
    """What each wording of a file means. Raises where one is given twice and is not declared as shared."""
    names: Names = dict.fromkeys(map(name_key, file.shared), "")
    shared = set(names)
    for entry in file.entries:
        for wording in entry.wordings:
            key = name_key(wording.text)
            if key in names and key not in shared:
                raise ConfigurationError(
                    f"{file.name}: {entry.id}: {wording.text} already means {names[key]}"
                )
            names.setdefault(key, entry.id)
    return names


def _concept(vocabulary: str, entry: Entry, units: str | None = None, more: tuple[str, ...] = ()) -> Concept:
    wordings = (*entry.wordings, *map(Wording, more)) if entry.matched else ()
    labels = {"zh": entry.zh, "en": entry.en}
    return Concept(
        entry.id,
        vocabulary,
        labels,
        wordings,
        entry.broader,
        units or entry.units,
        entry.bounding_box,
        entry.named_only,
    )


def _variables(file: EntryFile, table: Iterable[StandardName], names: Names) -> Iterator[Concept]:
    entries = {entry.id: entry for entry in file.entries}
    yield from (_concept("variables", entry) for entry in file.entries if entry.own)
    claimed = frozenset(names)
    for row in table:
        entry = entries.get(row.name)
        label = _label(row.name)
        plain = [label, *(alias.replace("_", " ") for alias in row.aliases)]
        more = tuple([text for text in plain if _take(text, row.name, names, claimed)])
        if entry is not None:
            yield _concept("variables", entry, row.units, more)
        else:
            yield Concept(row.name, "variables", {"en": label}, tuple(map(Wording, more)), units=row.units)


def _take(text: str, id: str, names: Names, claimed: frozenset[str]) -> bool:
    """Whether a name of the table becomes a wording of ``id``: one that variables.yaml has stays as it is there."""
    key = text.casefold()
    if key in claimed:
        return names[key] == ""
    if names.setdefault(key, id) != id:
        raise ConfigurationError(f"{STANDARD_NAMES}: {id}: {text} already means {names[key]}")
    return True


def _label(name: str) -> str:
    """``Sea water pH abiotic analogue`` from ``sea_water_ph_abiotic_analogue``: the name in words."""
    words = name.replace("_ph_", "_pH_").replace("_", " ")
    return words[0].upper() + words[1:]


def _categories(path: Path, others: list[Concept]) -> list[Concept]:
    """The categories, which have ids of their own. Raises where one dangles."""
    entries = read_categories(path)
    _check_chains(path.name, {entry.id: entry.broader for entry in entries})
    ids = [entry.id for entry in entries]
    topics = {concept.id for concept in others if concept.vocabulary == TOPICS}
    reasons = {concept.id for concept in others if concept.vocabulary in VOCABULARIES}
    for number, entry in enumerate(entries):
        unknown = [*({*entry.broader} - {*ids}), *({*entry.concepts} - reasons), *({*entry.topics} - topics)]
        if unknown:
            raise ConfigurationError(f"{path.name}: {entry.id}: there is no {sorted(unknown)[0]}")
        if entry.id in ids[:number]:
            raise ConfigurationError(f"{path.name}: {entry.id}: the id is given twice")
    return [Concept(e.id, CATEGORIES, {"zh": e.zh, "en": e.en}, broader=e.broader) for e in entries]


def _codes(path: Path, names: dict[str, Names]) -> Iterator[Concept]:
    for vocabulary, code, zh, en in read_codes(path):
        names.setdefault(vocabulary, {})[name_key(code)] = code
        yield Concept(code, vocabulary, {"zh": zh, "en": en})
