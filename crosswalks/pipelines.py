"""A rule's transforms as one converter, from what a path finds to what a field takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crosswalks.readers import READERS
from crosswalks.readers.base import Reader
from crosswalks.shapes import Slot
from crosswalks.transforms import TRANSFORMS, Convert, Transform
from crosswalks.transforms.values import boolean, integer, number
from mappings.record import Format, Instrument, Keyword, LocalisedText, Platform

Tables = Mapping[str, Mapping[str, str]]


def pipeline(reader: Reader, tables: Tables, slot: Slot, given: Any, start: str = "node") -> Convert:
    """One converter: the reader's text, the transforms in order, and what the slot needs in the end.

    ``start`` is ``text`` where the value is joined text already. Raises ``ValueError`` saying what is allowed.
    """
    steps: list[Convert] = []
    kind = start
    for one in given if isinstance(given, list) else [given]:
        step, convert = _step(tables, one)
        if step.takes == "node" and reader is not READERS["xml"]:
            raise ValueError(f"transform {step.name} works on XML only")
        kind = _bridge(reader, steps, kind, step.takes)
        steps.append(convert)
        kind = step.gives
    _bridge(reader, steps, kind, slot.part.__name__ if slot.part is not None else slot.kind)
    if slot.choices:
        steps.append(_one_of(slot.choices))
    return _chain(steps)


def _step(tables: Tables, given: Any) -> tuple[Transform, Convert]:
    name, arguments = _named(given)
    found = TRANSFORMS.get(name)
    if found is None:
        raise ValueError(f"no transform is called {name!r}; there are {', '.join(sorted(TRANSFORMS))}")
    if not isinstance(arguments, dict):
        known = ", ".join(found.parameters) or "it has none"
        raise ValueError(f"transform {name} takes its parameters by name ({known})")
    table = arguments.get("table")
    if isinstance(table, str):
        if table not in tables:
            raise ValueError(f"no table is called {table!r}; there are {', '.join(tables) or 'none'}")
        arguments = {**arguments, "table": dict(tables[table])}
    return found, found.built(arguments)


def _named(given: Any) -> tuple[str, Any]:
    """``collapse`` or ``{split: {separators: ";"}}`` as name and arguments."""
    if isinstance(given, dict) and len(given) == 1:
        ((name, arguments),) = given.items()
        return str(name), arguments
    return str(given), {}


_FROM_TEXT: Mapping[str, Convert] = {
    "number": number,
    "integer": integer,
    "boolean": boolean,
    "LocalisedText": LocalisedText,
    "Keyword": lambda text: Keyword(LocalisedText(text)),
    "Format": Format,
    "Instrument": Instrument,
    "Platform": Platform,
}
"""What a text becomes where a field takes something else and no transform says how."""


def _bridge(reader: Reader, steps: list[Convert], has: str, wants: str) -> str:
    """Add what turns one kind of value into another where that goes without saying, else refuse."""
    if has == wants:
        return wants
    if has == "node":
        steps.append(reader.text)
        has = "text"
    if has == "text" and wants in _FROM_TEXT:
        steps.append(_FROM_TEXT[wants])
        return wants
    if (has, wants) == ("integer", "number"):
        steps.append(float)
        return wants
    if has != wants:
        raise ValueError(f"{wants} is wanted here, and the transforms before it give {has}")
    return wants


def _one_of(choices: Sequence[str]) -> Convert:
    def check(text: str) -> str:
        if text not in choices:
            raise ValueError(f"{text!r} is not one of {', '.join(choices)}")
        return text

    return check


def _chain(steps: Sequence[Convert]) -> Convert:
    if not steps:
        return lambda value: value
    if len(steps) == 1:
        return steps[0]

    def convert(value: Any) -> Any:
        for step in steps:
            value = _flat([step(item) for item in value]) if type(value) is list else step(value)
            if value is None:
                return None
        return value

    return convert


def _flat(values: list[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if type(value) is list:
            found.extend(value)
        elif value is not None:
            found.append(value)
    return found
