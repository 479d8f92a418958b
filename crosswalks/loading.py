"""Definitions: YAML to a Crosswalk, checked so that a mistake is found here and not in the first record.

Every ``ConfigurationError`` names the file, the rule by its number (``3.2`` is the second rule inside the
third) and what is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any

import yaml

from crosswalks.builders import RECORD_SHAPE, shape_of
from crosswalks.crosswalk import Crosswalk
from crosswalks.pipelines import pipeline
from crosswalks.readers import READERS
from crosswalks.readers.base import Reader
from crosswalks.rules import (
    AttachmentRule,
    BlockRule,
    ConstantRule,
    GroupRule,
    JoinRule,
    Path,
    Rule,
    ValueRule,
)
from crosswalks.shapes import Shape, Slot
from mappings.errors import ConfigurationError
from mappings.record import LocalisedText

_HEAD = {"name", "version", "format", "reader", "namespaces", "record", "tables", "rules"}
_COMMON = {"when"}
RULE_KEYS = {
    "field": {"field", "paths", "all", "transforms", "constant", "join", "fallback", "required"} | _COMMON,
    "each": {"each", "all", "into", "rules", "fallback"} | _COMMON,
    "at": {"at", "rules"} | _COMMON,
    "include": {"include"},
    "attachment": {"attachment", "reader", "namespaces", "rules"},
}
_RAW_PATHS: Mapping[str, Callable[[Any], Sequence[str]]] = {
    "$native_id": lambda raw: [raw.native_id],
    "$location": lambda raw: [raw.location] if raw.location else [],
    "$modified": lambda raw: [raw.modified] if raw.modified else [],
}
"""Paths that look at the raw record itself, allowed with every reader."""
_TEXT_PATH = re.compile(r"(?:^|/)(?:@[\w:.*-]+|text\(\))$")


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a rule stands: which file, reader and namespaces it belongs to, and what it may fill."""

    file: FilePath
    reader: Reader
    namespaces: dict[str, list[str]]
    tables: dict[str, dict[str, str]]
    shape: Shape
    required: dict[str, str] = field(default_factory=dict)
    depth: int = 0
    on_texts: bool = False

    def error(self, place: str, problem: str) -> ConfigurationError:
        return ConfigurationError(f"{self.file.name}: {place}: {problem}")


def load_definition(file: FilePath) -> Crosswalk:
    """The crosswalk that ``file`` defines. Raises ``ConfigurationError`` for anything wrong with it."""
    data = _read(file)
    missing = {"name", "version", "format", "reader", "rules"} - data.keys()
    if missing or data.keys() - _HEAD:
        wrong = f"lacks {sorted(missing)[0]!r}" if missing else f"has {sorted(data.keys() - _HEAD)[0]!r}"
        raise ConfigurationError(f"{file.name}: the definition {wrong}; it has {', '.join(sorted(_HEAD))}")
    scope = _Scope(
        file,
        _reader(file, data["reader"]),
        _namespaces(file, data.get("namespaces")),
        _tables(file, data.get("tables")),
        RECORD_SHAPE,
    )
    record = tuple(_path(scope, "record", text) for text in _texts(scope, "record", data.get("record", [])))
    rules = _rules(scope, data["rules"], "")
    for name in RECORD_SHAPE.needed:
        scope.required.setdefault(name, "no rule")
    return Crosswalk(
        str(data["name"]),
        int(data["version"]),
        str(data["format"]),
        scope.reader,
        record,
        tuple(rules),
        scope.required,
    )


def _read(file: FilePath) -> dict[str, Any]:
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{file.name}: cannot be read as YAML: {error}") from error
    if not isinstance(data, dict):
        raise ConfigurationError(f"{file.name}: a definition is a mapping with {', '.join(sorted(_HEAD))}")
    return data


def _reader(file: FilePath, name: Any) -> Reader:
    if name not in READERS:
        raise ConfigurationError(f"{file.name}: no reader is called {name!r}; there are {', '.join(READERS)}")
    return READERS[name]


def _namespaces(file: FilePath, data: Any) -> dict[str, list[str]]:
    if not isinstance(data or {}, dict):
        raise ConfigurationError(f"{file.name}: namespaces: a mapping of prefix to URI, or to a list of URIs")
    return {
        str(prefix): [uris] if isinstance(uris, str) else list(uris) for prefix, uris in (data or {}).items()
    }


def _tables(file: FilePath, data: Any) -> dict[str, dict[str, str]]:
    tables = data or {}
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise ConfigurationError(
            f"{file.name}: tables: a mapping of name to table, and each table one of text to text"
        )
    return {
        str(name): {str(key): str(value) for key, value in table.items()} for name, table in tables.items()
    }


def _rules(scope: _Scope, data: Any, prefix: str) -> list[Rule]:
    if not isinstance(data, list):
        raise scope.error(f"rule {prefix or '0'}", "rules: a list of rules")
    rules: list[Rule] = []
    for index, entry in enumerate(data, 1):
        rules += _rule(scope, entry, f"{prefix}.{index}" if prefix else str(index))
    return rules


def _rule(scope: _Scope, entry: Any, number: str) -> list[Rule]:
    if not isinstance(entry, dict):
        raise scope.error(f"rule {number}", f"a mapping with one of {', '.join(RULE_KEYS)}, not {entry!r}")
    kinds = [kind for kind in RULE_KEYS if kind in entry]
    if len(kinds) != 1:
        raise scope.error(
            f"rule {number}",
            f"exactly one of {', '.join(RULE_KEYS)} is needed, and there is {', '.join(entry) or 'none'}",
        )
    unknown = sorted(str(key) for key in entry.keys() - RULE_KEYS[kinds[0]])
    if unknown:
        allowed = ", ".join(sorted(RULE_KEYS[kinds[0]]))
        problem = f"{unknown[0]!r} is not allowed in {kinds[0]!r} rules; these are: {allowed}"
        raise scope.error(f"rule {number}", problem)
    return _MAKERS[kinds[0]](scope, entry, number)


def _include(scope: _Scope, entry: dict[str, Any], number: str) -> list[Rule]:
    file = scope.file.parent / str(entry["include"])
    if file.parent != scope.file.parent or scope.depth > 8:
        raise scope.error(f"rule {number}", "include: the name of a file in the same folder, without circles")
    data = _read(file)
    if data.keys() - {"namespaces", "tables", "rules"} or "rules" not in data:
        raise ConfigurationError(
            f"{file.name}: an included file has rules, and may have namespaces and tables"
        )
    inner = replace(
        scope,
        file=file,
        namespaces=scope.namespaces | _namespaces(file, data.get("namespaces")),
        tables=scope.tables | _tables(file, data.get("tables")),
        depth=scope.depth + 1,
    )
    return _rules(inner, data["rules"], number)


def _attachment(scope: _Scope, entry: dict[str, Any], number: str) -> list[Rule]:
    inner = replace(
        scope,
        reader=_reader(scope.file, entry.get("reader")),
        namespaces=scope.namespaces | _namespaces(scope.file, entry.get("namespaces")),
    )
    return [
        AttachmentRule(
            number, str(entry["attachment"]), inner.reader, tuple(_rules(inner, entry.get("rules"), number))
        )
    ]


def _block(scope: _Scope, entry: dict[str, Any], number: str) -> list[Rule]:
    paths = _paths(scope, number, entry["at"])
    same = scope.on_texts and all(path.text == "." for path in paths)
    inner = replace(scope, on_texts=same or _gives_texts(paths))
    rules = tuple(_rules(inner, entry.get("rules"), number))
    return [BlockRule(number, paths, rules, _when(scope, entry, number))]


def _gives_texts(paths: Sequence[Path]) -> bool:
    """Whether any of the paths gives texts rather than nodes: those on the raw record, and XML attributes."""
    return any(path.of_raw or _TEXT_PATH.search(path.text) for path in paths)


def _group(scope: _Scope, entry: dict[str, Any], number: str) -> list[Rule]:
    name = str(entry.get("into"))
    slot = _slot(scope, name, number)
    shape = shape_of(slot)
    if shape is None:
        raise scope.error(
            f"rule {number}",
            f"into: {name!r} takes {slot.describe()}, which is no part that 'each' can build",
        )
    paths = _paths(scope, number, entry["each"])
    same = scope.on_texts and all(path.text == "." for path in paths)
    inner = replace(scope, shape=shape, on_texts=same or _gives_texts(paths))
    rules = _rules(inner, entry.get("rules"), number)
    aside = shape.aside | {rule.name for rule in rules if isinstance(rule, ConstantRule)}
    return [
        GroupRule(
            number,
            name,
            slot.many,
            paths,
            bool(entry.get("all")),
            tuple(rules),
            shape,
            aside,
            bool(entry.get("fallback")),
            _when(scope, entry, number),
            scope.reader,
        )
    ]


def _value(scope: _Scope, entry: dict[str, Any], number: str) -> list[Rule]:
    name = str(entry["field"])
    slot = _slot(scope, name, number)
    when = _when(scope, entry, number)
    given = [key for key in ("paths", "all", "constant") if key in entry]
    if len(given) != 1:
        raise scope.error(f"rule {number} ({name})", "exactly one of paths, all, constant is needed")
    if given == ["constant"]:
        return [
            ConstantRule(number, name, slot.many, _constant(scope, slot, entry["constant"], number), when)
        ]
    paths = _paths(scope, number, entry[given[0]])
    if entry.get("required"):
        if scope.shape is not RECORD_SHAPE:
            raise scope.error(f"rule {number} ({name})", "required is for the fields of the record itself")
        scope.required[name] = ", ".join(path.text for path in paths)
    start = "text" if "join" in entry else "node"
    try:
        convert = pipeline(scope.reader, scope.tables, slot, entry.get("transforms", []), start)
    except ValueError as error:
        raise scope.error(f"rule {number} ({name})", str(error)) from error
    if "join" in entry:
        return [JoinRule(number, name, slot.many, paths, str(entry["join"]), convert, when, scope.reader)]
    fallback = bool(entry.get("fallback"))
    return [
        ValueRule(
            number,
            name,
            slot.many,
            paths,
            given == ["all"],
            convert,
            fallback,
            bool(entry.get("required")),
            when,
            scope.reader,
        )
    ]


_MAKERS: Mapping[str, Callable[[_Scope, dict[str, Any], str], list[Rule]]] = {
    "field": _value,
    "each": _group,
    "at": _block,
    "include": _include,
    "attachment": _attachment,
}


def _slot(scope: _Scope, name: str, number: str) -> Slot:
    slot = scope.shape.slots.get(name)
    if slot is None:
        allowed = ", ".join(sorted(scope.shape.slots))
        raise scope.error(
            f"rule {number}", f"a {scope.shape.part.__name__} has no field {name!r}; it has {allowed}"
        )
    return slot


def _texts(scope: _Scope, place: str, given: Any) -> list[str]:
    texts = given if isinstance(given, list) else [given]
    if not all(isinstance(text, str) for text in texts):
        raise scope.error(place, f"a path or a list of paths, not {given!r}")
    return texts


def _paths(scope: _Scope, number: str, given: Any) -> tuple[Path, ...]:
    paths = tuple(_path(scope, f"rule {number}", text) for text in _texts(scope, f"rule {number}", given))
    if not paths:
        raise scope.error(f"rule {number}", "at least one path is needed")
    return paths


def _path(scope: _Scope, place: str, text: str) -> Path:
    if text.startswith("$"):
        if text not in _RAW_PATHS:
            raise scope.error(place, f"{text!r} is not one of {', '.join(_RAW_PATHS)}")
        return Path(text, _RAW_PATHS[text], True)
    if scope.on_texts and text != ".":
        raise scope.error(
            place, f"{text!r} looks into a text, where only '.' and {', '.join(_RAW_PATHS)} work"
        )
    try:
        return Path(text, scope.reader.select(text, scope.namespaces), False)
    except ValueError as error:
        raise scope.error(place, str(error)) from error


def _when(scope: _Scope, entry: dict[str, Any], number: str) -> Path | None:
    return _path(scope, f"rule {number}", str(entry["when"])) if "when" in entry else None


def _constant(scope: _Scope, slot: Slot, value: Any, number: str) -> Any:
    if slot.kind == "object":
        if slot.part is LocalisedText and isinstance(value, str):
            return LocalisedText(value)
        raise scope.error(
            f"rule {number}", f"the field takes {slot.describe()}, which a constant cannot give"
        )
    wanted = {"text": str, "number": (int, float), "integer": int, "boolean": bool}[slot.kind]
    if not isinstance(value, wanted):  # type: ignore[arg-type]
        raise scope.error(f"rule {number}", f"the field takes {slot.kind}, not {value!r}")
    return float(value) if slot.kind == "number" else value
