"""Attribute tables: a dataset's global attributes and its variables with theirs, wherever they were written.

Paths are attribute names, and a few names with ``#`` for what is not an attribute:

``title``
    the attribute of that name (as written, else in any case) of the dataset, variable or party
``#variables``
    the variables that are not coordinate axes
``#longitude``, ``#latitude``, ``#vertical``, ``#time``
    the coordinate variable of that axis, found by CF's rules
``#name``, ``#data_type``, ``#dimensions``
    of a variable
``#minimum``, ``#maximum``, ``#resolution``
    of an axis, in its own units
``#start``, ``#end``, ``#step``
    of the time axis: instants and an ISO 8601 duration
``#dataset_name``
    what the DDS calls the dataset
``#map_layers``
    the gridded variables that ERDDAP can draw as a map
``#creators``, ``#publishers``, ``#contributors``
    ACDD's parties; each has ``individual``, ``organisation``, ``position``, ``email``, ``phone``, ``url``, ``role``
``#institution``
    the institution as a party, where no creator or publisher is of it

Steps are joined by ``/``: ``#vertical/positive``, ``#time/#start``. ``.`` is the node itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from crosswalks.readers.axes import axis_of, bounds, resolution, time_end, time_start, time_step
from crosswalks.readers.base import Namespaces, Select
from crosswalks.readers.parties import Party, institution_party, parties


@dataclass(slots=True)
class Variable:
    """One variable of a dataset. ``length`` and ``spacing`` are known for the dimensions of ERDDAP grids."""

    name: str
    data_type: str | None = None
    dimensions: tuple[str, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    spacing: str | None = None
    is_dimension: bool = False

    def get(self, name: str) -> str | None:
        return attribute(self.attributes, name)


@dataclass(frozen=True, slots=True)
class Item:
    """A thing with attributes and nothing else: a party."""

    attributes: Mapping[str, str]


@dataclass(slots=True)
class Table:
    """A dataset. ``gridded`` is true where the source says that it is a grid."""

    attributes: dict[str, str] = field(default_factory=dict)
    variables: list[Variable] = field(default_factory=list)
    name: str | None = None
    gridded: bool = False
    axes: dict[str, Variable] | None = None

    def axis(self, name: str) -> Variable | None:
        if self.axes is None:
            self.axes = axis_of(self.variables)
        return self.axes.get(name)

    def measured(self) -> list[Variable]:
        """The variables that are not an axis or a dimension."""
        self.axis("time")
        axes = list(map(id, (self.axes or {}).values()))
        return [
            variable for variable in self.variables if not variable.is_dimension and id(variable) not in axes
        ]


def attribute(attributes: Mapping[str, str], name: str) -> str | None:
    """The value of an attribute: by its name as written, else in any case."""
    found = attributes.get(name)
    if found is None and attributes:
        lowered = name.lower()
        for key in attributes:
            if len(key) == len(name) and key.lower() == lowered:
                return attributes[key]
    return found


def _map_layers(node: Any) -> list[Any]:
    """ERDDAP serves a grid as WMS when it has longitudes and latitudes and variables with a colour bar
    (EDDGrid.accessibleViaWMS)."""
    if not (isinstance(node, Table) and node.gridded and node.axis("longitude") and node.axis("latitude")):
        return []
    return [v.name for v in node.measured() if v.get("colorBarMinimum") and v.get("colorBarMaximum")]


def _listed(value: Any) -> list[Any]:
    return [] if value is None or value == "" else [value]


def _axis(name: str) -> Callable[[Any], list[Any]]:
    return lambda node: _listed(node.axis(name)) if isinstance(node, Table) else []


def _parties(find: Callable[[Callable[[str], str | None]], list[Party]]) -> Callable[[Any], list[Item]]:
    def items(node: Any) -> list[Item]:
        if not isinstance(node, Table):
            return []
        return [
            Item(party)
            for party in find(lambda name: (attribute(node.attributes, name) or "").strip() or None)
        ]

    return items


def _of_variable(read: Callable[[Variable], Any]) -> Callable[[Any], list[Any]]:
    return lambda node: _listed(read(node)) if isinstance(node, Variable) else []


def _of_prefix(prefix: str, get: Callable[[str], str | None]) -> list[Party]:
    return parties(get, prefix)


SPECIAL_PATHS: Mapping[str, Callable[[Any], Sequence[Any]]] = {
    "#variables": lambda node: node.measured() if isinstance(node, Table) else [],
    "#map_layers": _map_layers,
    "#dataset_name": lambda node: _listed(node.name) if isinstance(node, Table) else [],
    **{f"#{name}": _axis(name) for name in ("longitude", "latitude", "vertical", "time")},
    **{
        f"#{prefix}s": _parties(partial(_of_prefix, prefix))
        for prefix in ("creator", "publisher", "contributor")
    },
    "#institution": _parties(institution_party),
    "#name": _of_variable(lambda variable: variable.name),
    "#data_type": _of_variable(lambda variable: variable.data_type),
    "#dimensions": lambda node: list(node.dimensions) if isinstance(node, Variable) else [],
    "#minimum": _of_variable(lambda variable: bounds(variable)[0]),
    "#maximum": _of_variable(lambda variable: bounds(variable)[1]),
    "#resolution": _of_variable(resolution),
    "#start": _of_variable(time_start),
    "#end": _of_variable(time_end),
    "#step": _of_variable(time_step),
}


class AttributeReader:
    """The half of a reader that all attribute tables share: paths and texts."""

    def select(self, path: str, _namespaces: Namespaces) -> Select:
        if path == ".":
            return lambda node: [node]
        if not path.startswith("#"):
            return _attribute(path)
        steps = [_step(part, path) for part in path.split("/")]

        def find(node: Any) -> list[Any]:
            nodes = [node]
            for step in steps:
                nodes = [found for one in nodes for found in step(one)]
            return nodes

        return find

    def text(self, node: Any) -> str | None:
        return str(node).strip() or None if isinstance(node, str | int | float) else None

    def place(self, node: Any) -> str | None:
        return f"variable {node.name}" if isinstance(node, Variable) else None

    def describe(self, _root: Any) -> str:
        return "the document is an attribute table"


def _step(part: str, path: str) -> Callable[[Any], Sequence[Any]]:
    if not part.startswith("#"):
        return _attribute(part)
    found = SPECIAL_PATHS.get(part)
    if found is None:
        raise ValueError(f"{path!r}: there is no {part}; there are {', '.join(SPECIAL_PATHS)}")
    return found


def _attribute(name: str) -> Select:
    def find(node: Any) -> Sequence[str]:
        found = attribute(node.attributes, name) if isinstance(node, Table | Variable | Item) else None
        return () if found is None else (found,)

    return find
