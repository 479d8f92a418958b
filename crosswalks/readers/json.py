"""JSON: nodes are plain values, paths are member names joined by dots, with ``[*]`` for all items and ``[0]``
for one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from crosswalks.readers.base import Namespaces, Report, Select
from mappings.errors import UnreadableRecord
from mappings.record import RawRecord

MAX_BYTES = 32 * 1024 * 1024

_STEP = re.compile(
    r"\.?(?:(?P<name>[^.\[\]\"]+)|\[(?P<all>\*)\]|\[(?P<index>\d+)\]|\[\"(?P<quoted>[^\"]+)\"\])"
)
_Step = Callable[[list[Any]], list[Any]]


def parse(content: bytes, *, max_bytes: int = MAX_BYTES) -> Any:
    """The value that ``content`` is. Raises ``UnreadableRecord`` with the offset for anything that is not
    JSON in UTF-8."""
    if len(content) > max_bytes:
        raise UnreadableRecord(f"the document has {len(content):,} bytes; at most {max_bytes:,} are read")
    try:
        return msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        match = re.search(r"byte (\d+)", str(error))
        raise UnreadableRecord(
            f"the document is not JSON: {error}", f"offset {match[1]}" if match else None
        ) from error


class JsonReader:
    """Reads any JSON document."""

    def open(self, _raw: RawRecord, content: bytes, _report: Report) -> Any:
        return parse(content)

    def select(self, path: str, _namespaces: Namespaces) -> Select:
        steps = _steps(path)

        def find(node: Any) -> list[Any]:
            nodes = [node]
            for step in steps:
                nodes = step(nodes)
            return [found for found in nodes if found is not None]

        return find

    def text(self, node: Any) -> str | None:
        if isinstance(node, str):
            return node.strip() or None
        if isinstance(node, bool):
            return "true" if node else "false"
        return str(node) if isinstance(node, int | float) else None

    def place(self, _node: Any) -> str | None:
        return None

    def describe(self, root: Any) -> str:
        return f"the document is a JSON {type(root).__name__}"


def _steps(path: str) -> list[_Step]:
    if path == ".":
        return []
    steps: list[_Step] = []
    position = 0
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            raise ValueError(f"{path!r} is not a JSON path such as a.b[*].c")
        position = match.end()
        steps.append(_step(match))
    return steps


def _step(match: re.Match[str]) -> _Step:
    if match["all"]:
        return lambda nodes: [item for node in nodes if isinstance(node, list) for item in node]
    if match["index"]:
        index = int(match["index"])
        return lambda nodes: [node[index] for node in nodes if isinstance(node, list) and len(node) > index]
    name = match["name"] or match["quoted"]
    return lambda nodes: [node[name] for node in nodes if isinstance(node, dict) and name in node]
