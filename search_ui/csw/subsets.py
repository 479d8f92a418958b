"""Parts of an ISO 19139 document: the brief and summary element sets, and single elements by
``ElementName``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from search_ui.csw.errors import invalid
from search_ui.csw.names import field_called
from search_ui.csw.protocol import GMD, GMI, ElementSet

ELEMENT_SETS_FILE = Path(__file__).with_name("element_sets.yaml")
PREFIXES = {
    "gmd": GMD,
    "gmi": GMI,
    "gco": "http://www.isotc211.org/2005/gco",
    "gmx": "http://www.isotc211.org/2005/gmx",
    "srv": "http://www.isotc211.org/2005/srv",
    "gml": "http://www.opengis.net/gml/3.2",
}
_STEP = re.compile(r"(?:(\w+):)?(\w+|\*)")

Tree = Mapping[str, "Tree"]
"""What is kept below an element, by tag (or ``*``); empty means all of it."""


@cache
def element_set(name: ElementSet) -> Tree:
    """The elements of the brief or summary form."""
    sets: dict[str, list[str]] = yaml.safe_load(ELEMENT_SETS_FILE.read_text(encoding="utf-8"))
    return _tree(tuple(_steps(path)) for path in sets[name])


@lru_cache(maxsize=256)
def elements(names: tuple[str, ...]) -> Tree:
    """The elements that these element names mean: paths from the document element, or queryables
    (``apiso:Title``).
    """
    return _tree(tuple(_steps(_path(name))) for name in names)


def prune(root: Any, tree: Tree) -> Any:
    """Take out of ``root`` (changed in place) what is not in ``tree``."""
    for child in list(root):
        below = tree.get(child.tag)
        if below is None:
            below = tree.get("*")
        if below is None:
            root.remove(child)
        elif below:
            prune(child, below)
            if not len(child):
                root.remove(child)
    return root


def _path(name: str) -> str:
    """``/gmd:MD_Metadata/gmd:language``, ``gmd:language`` or a queryable, as a path below the document element."""
    steps = [step for step in name.strip().split("/") if step]
    root = bool(steps) and steps[0].rpartition(":")[2] in {"MD_Metadata", "MI_Metadata"}
    if "//" in name or not steps[root:]:
        raise invalid(
            "ElementName", f"{name!r} is not a path to an element; write every step from the document element"
        )
    if len(steps) > 1 or steps[0].partition(":")[0] in PREFIXES:
        return "/".join(steps[root:])
    field = field_called(name, "ElementName")
    if field.iso in {None, "."}:
        raise invalid("ElementName", f"{name!r} is not one element of an ISO document")
    return field.iso or ""


def _steps(path: str) -> Iterable[str]:
    for step in path.split("/"):
        match = _STEP.fullmatch(step)
        if match is None or (match[1] or "gmd") not in PREFIXES:
            raise invalid(
                "ElementName",
                f"{step!r} is not a step of a path; use names with the prefixes {', '.join(PREFIXES)}",
            )
        yield "*" if match[2] == "*" else f"{{{PREFIXES[match[1] or 'gmd']}}}{match[2]}"


def _tree(paths: Iterable[tuple[str, ...]]) -> Tree:
    root: dict[str, Any] = {}
    for path in paths:
        node = root
        for step in path:
            node = node.setdefault(step, {})
    return root
