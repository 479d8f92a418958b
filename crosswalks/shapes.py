"""What rules may fill: the fields of Record and its parts, and how each part is built from what the rules
found.

A *shape* is a part of the Record (or the Record itself) as a rule group sees it: its slots by name, and a
builder. Most slots are the fields of the dataclass; some shapes take further ones because sources say the
same thing in other words (a duration instead of an end, a corner pair instead of four bounds);
``crosswalks/builders.py`` knows those.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Any, Literal

from mappings import record as parts
from mappings.record import Record

Kind = Literal["text", "number", "integer", "boolean", "object"]
Values = dict[str, Any]
Report = Callable[[str], None]
"""Takes a sentence about something in the source that was mended or left out."""
Builder = Callable[[Values, Report], Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """What one field takes: text, numbers, or parts of class ``part``; several of them when ``many``."""

    kind: Kind
    many: bool = False
    part: type | None = None
    choices: tuple[str, ...] = ()

    def describe(self) -> str:
        """For error messages: ``list of Keyword``, ``text``, ``number``."""
        name = self.part.__name__ if self.part else self.kind
        return f"list of {name}" if self.many else name


@dataclass(frozen=True, slots=True)
class Shape:
    """A part of the Record that rules can build. ``needed`` are the slots without which there is no such
    part; where only ``aside`` slots have values (the units of bounds that are not there), there is none
    either, and nothing to report."""

    part: type
    slots: Mapping[str, Slot]
    needed: tuple[str, ...]
    build: Builder
    aside: frozenset[str] = frozenset()


TEXT = Slot("text")
NUMBER = Slot("number")

_FLAT = ("extent", "resolution", "dates", "constraints", "lineage")
"""Parts that every Record has exactly one of: rules fill them by dotted names (``extent.boxes``)."""


def plain_shape(part: type) -> Shape:
    """The shape of a dataclass whose slots are just its fields."""
    slots = _slots(part)
    needed = tuple(f.name for f in fields(part) if f.default is MISSING and f.default_factory is MISSING)
    return Shape(part, slots, needed, lambda values, _: part(**values))


def record_slots() -> dict[str, Slot]:
    """The slots of a Record, with dotted names for the parts it always has; provenance belongs to the
    pipeline."""
    slots: dict[str, Slot] = {}
    hints = typing.get_type_hints(Record)
    for name, slot in _slots(Record, skip=(*_FLAT, "provenance")).items():
        slots[name] = slot
    for name in _FLAT:
        slots |= {f"{name}.{inner}": slot for inner, slot in _slots(hints[name]).items()}
    return slots


def flat_parts(values: Values) -> Values:
    """Keyword arguments for ``Record`` from values by dotted name."""
    found: Values = {}
    nested: dict[str, Values] = {}
    for name, value in values.items():
        outer, dot, inner = name.partition(".")
        if dot:
            nested.setdefault(outer, {})[inner] = value
        else:
            found[name] = value
    for outer, inner_values in nested.items():
        found[outer] = _FLAT_CLASSES[outer](**inner_values)
    return found


_FLAT_CLASSES: Mapping[str, type] = {
    "extent": parts.Extent,
    "resolution": parts.Resolution,
    "dates": parts.Dates,
    "constraints": parts.Constraints,
    "lineage": parts.Lineage,
}


def _slots(part: type, skip: tuple[str, ...] = ()) -> dict[str, Slot]:
    return {name: _slot(hint) for name, hint in typing.get_type_hints(part).items() if name not in skip}


def _slot(hint: Any) -> Slot:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        (hint,) = (arg for arg in typing.get_args(hint) if arg is not type(None))
    if typing.get_origin(hint) is tuple:
        inner = _slot(typing.get_args(hint)[0])
        return Slot(inner.kind, many=True, part=inner.part)
    if typing.get_origin(hint) is Literal:
        return Slot("text", choices=typing.get_args(hint))
    if is_dataclass(hint):
        return Slot("object", part=typing.cast(type, hint))
    return Slot(_KINDS[hint])


_KINDS: Mapping[Any, Kind] = {str: "text", float: "number", int: "integer", bool: "boolean"}
