"""OPeNDAP (DAP 2.0, NASA ESE-RFC-004.1.2): the DAS with its attributes and the DDS with types and dimensions.

Both are read leniently: servers send attributes at the top, attributes nested in attributes, values
without quotes, Latin-1, and answers cut off in the middle. What could be read counts; what was wrong is
reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from crosswalks.readers.attributes import AttributeReader, Table, Variable
from crosswalks.readers.base import Report, decoded
from mappings.errors import UnreadableRecord
from mappings.record import RawRecord

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 50
MAX_VALUE = 200_000
"""Characters that one attribute value may have; HDF-EOS puts its whole structural metadata into one."""

_TOKEN = re.compile(r'\s+|"((?:[^"\\]|\\.)*)"|([{};,])|([^\s{};,"]+)|(")', re.DOTALL)
_INTEGERS = frozenset(
    ("byte", "int16", "uint16", "int32", "uint32", "int64", "uint64", "char", "short", "int")
)
_TYPES = _INTEGERS | {"float32", "float64", "float", "double", "string", "url", "otherxml", "alias"}
_GLOBAL = re.compile(r"(?:NC|HDF|HDF5|DODS|NCML|EPIC)?_?GLOBAL\w*$", re.IGNORECASE)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(slots=True)
class Container:
    """One ``name { ... }`` of a DAS."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    containers: list[Container] = field(default_factory=list)


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Kind (``string``, ``mark``, ``word``, ``cut``), text and offset of each word."""
    for match in _TOKEN.finditer(text):
        if match[2]:
            yield "mark", match[2], match.start()
        elif match[3]:
            yield "word", match[3], match.start()
        elif match[4]:
            yield "cut", "", match.start()
        elif match[1] is not None:
            yield (
                "string",
                re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), match[1], flags=re.DOTALL),
                match.start(),
            )


def parse_das(content: bytes, report: Report) -> Container:
    """The outermost container. Raises ``UnreadableRecord`` for anything that does not begin as a DAS."""
    text = _text(content)
    start = re.match(r"\s*Attributes\s*\{", text, re.IGNORECASE)
    if start is None:
        raise UnreadableRecord(
            f"not a DAS: it begins with {text.strip()[:60]!r} instead of 'Attributes {{'", "offset 0"
        )
    return _DasParser(text, start.end(), report).run()


class _DasParser:
    """One pass over the tokens with the open containers on a stack."""

    def __init__(self, text: str, start: int, report: Report) -> None:
        self.text = text
        self.tokens = [(kind, word, start + offset) for kind, word, offset in _tokens(text[start:])]
        self.report = report
        self.stack = [Container("")]
        self.words: list[tuple[str, str]] = []

    def run(self) -> Container:
        root = self.stack[0]
        for kind, word, offset in self.tokens:
            if kind == "cut":
                self.report(
                    "the DAS is cut off inside a text; what comes before it was read", self._place(offset)
                )
                return root
            if kind != "mark" or word == ",":
                self.words.append((kind, word))
            elif word == "{":
                self._open(offset)
            elif word == ";":
                self._attribute(offset)
            elif not self._close():
                return root
        inside = "/".join(container.name for container in self.stack[1:]) or "the dataset"
        self.report(f"the DAS ends inside {inside}; what comes before was read", self._place(len(self.text)))
        return root

    def _open(self, offset: int) -> None:
        name = unquote(self.words[-1][1]) if self.words else ""
        self.words = []
        if len(self.stack) >= MAX_DEPTH:
            raise UnreadableRecord(f"the DAS is nested more than {MAX_DEPTH} deep", self._place(offset))
        container = Container(name)
        self.stack[-1].containers.append(container)
        self.stack.append(container)

    def _close(self) -> bool:
        """False at the brace that ends the DAS."""
        self.words = []
        if len(self.stack) == 1:
            return False
        self.stack.pop()
        return True

    def _attribute(self, offset: int) -> None:
        words, self.words = self.words, []
        if len(words) < 2:
            if words:
                self.report(f"{words[0][1][:60]!r} is not an attribute and was left out", self._place(offset))
            return
        kind, name, values = words[0][1].lower(), unquote(words[1][1]), words[2:]
        if kind == "alias":
            return
        if kind not in _TYPES:
            self.report(
                f"{words[0][1][:60]!r} is not an attribute type; {name[:60]!r} was read all the same",
                self._place(offset),
            )
        value = _joined(values)
        if value.strip():
            self.stack[-1].attributes.setdefault(name, value[:MAX_VALUE])

    def _place(self, offset: int) -> str:
        return f"line {self.text.count(chr(10), 0, offset) + 1}"


def _joined(values: list[tuple[str, str]]) -> str:
    """Values of one attribute: a list keeps its commas, words of an unquoted text are joined by spaces."""
    parts: list[str] = []
    for kind, word in values:
        if kind == "word" and word == ",":
            continue
        parts.append(", " if kind == "mark" else word if not parts or parts[-1] == ", " else " " + word)
    return "".join(parts)


_DECLARATION = re.compile(r"(?P<type>\w+)\s+(?P<name>[^\s\[{};]+)\s*(?P<dims>(?:\[[^\]]*\]\s*)*)$")
_DIMENSION = re.compile(r"\[\s*(?:([^\]=]+?)\s*=)?\s*(\d+)\s*\]")


def parse_dds(content: bytes, report: Report) -> Table:
    """Variables with types and dimensions. Members of structures and sequences come by their own names, those
    of a grid are the grid's array and the maps that no variable outside has. Raises ``UnreadableRecord``
    for anything but a DDS."""
    text = _text(content)
    start = re.match(r"\s*Dataset\s*\{", text, re.IGNORECASE)
    if start is None:
        raise UnreadableRecord(
            f"not a DDS: it begins with {text.strip()[:60]!r} instead of 'Dataset {{'", "offset 0"
        )
    table = Table()
    scopes: list[list[Variable]] = [[]]
    kinds = ["dataset"]
    for piece in re.finditer(r"([^{};]*)([{};]|$)", text[start.end() :]):
        words, mark = re.sub(r"\b(?:Array|Maps)\s*:", " ", piece[1], flags=re.IGNORECASE).strip(), piece[2]
        if mark == "{":
            kinds.append(words.split()[-1].lower() if words else "")
            scopes.append([])
        elif mark == "}":
            if len(scopes) == 1:
                name = re.match(r"\s*([^;]*);?", text[start.end() + piece.end() :])
                table.name = unquote(name[1].strip()) or None if name else None
                break
            inner, kind = scopes.pop(), kinds.pop()
            scopes[-1] += _members(inner, kind)
        elif match := _DECLARATION.match(words):
            scopes[-1].append(_declared(match))
        if mark == "" and len(scopes) >= 1:
            report("the DDS ends too early; what comes before was read", None)
            break
        if len(scopes) > MAX_DEPTH:
            raise UnreadableRecord(f"the DDS is nested more than {MAX_DEPTH} deep")
    table.variables = _unique([variable for scope in scopes for variable in scope])
    return table


def _declared(match: re.Match[str]) -> Variable:
    dims = tuple(unquote(name.strip()) if name else size for name, size in _DIMENSION.findall(match["dims"]))
    return Variable(unquote(match["name"]), match["type"], dims)


def _members(inner: list[Variable], kind: str) -> list[Variable]:
    if kind == "grid" and inner:
        for variable in inner[1:]:
            variable.is_dimension = True
    return inner


def _unique(variables: list[Variable]) -> list[Variable]:
    """One variable per name; a grid's map gives way to the variable itself."""
    found: dict[str, Variable] = {}
    for variable in variables:
        other = found.get(variable.name)
        if other is None or (other.is_dimension and not variable.is_dimension):
            found[variable.name] = variable
    return list(found.values())


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise UnreadableRecord(f"the answer has {len(content):,} bytes; at most {MAX_BYTES:,} are read")
    return decoded(content).replace("\x00", "")


class DapReader(AttributeReader):
    """The DAS is the record's content; its DDS comes as the attachment ``dds``."""

    def open(self, raw: RawRecord, content: bytes, report: Report) -> Any:
        das = parse_das(content, report)
        dds_bytes = dict(raw.attachments).get("dds")
        table = Table()
        if dds_bytes:
            try:
                table = parse_dds(dds_bytes, report)
            except UnreadableRecord as error:
                report(error.reason, "dds")
        _merge(table, das)
        table.gridded = any(len(variable.dimensions) >= 2 for variable in table.variables)
        return table


def _merge(table: Table, das: Container) -> None:
    """Give the DAS's attributes to the dataset and its variables."""
    known = {variable.name: variable for variable in table.variables}
    has_dds = bool(known)
    table.attributes.update(das.attributes)
    for container in das.containers:
        _merge_container(table, container, known, has_dds)
    if not has_dds:
        table.variables = list(known.values())


def _merge_container(table: Table, container: Container, known: dict[str, Variable], has_dds: bool) -> None:
    name = (
        container.name.rpartition(".")[2]
        if container.name not in known and "." in container.name
        else container.name
    )
    if name in known:
        known[name].attributes.update(container.attributes)
    elif _GLOBAL.match(name):
        for key, value in container.attributes.items():
            table.attributes.setdefault(key, value)
    elif name.upper() == "DODS_EXTRA":
        return
    elif (
        container.containers
        and any(inner.name in known or not has_dds for inner in container.containers)
        and not container.attributes
    ):
        for inner in container.containers:
            _merge_container(table, inner, known, has_dds)
        return
    elif not has_dds:
        known[name] = Variable(name, attributes=dict(container.attributes))
    for inner in container.containers:
        if inner.name in known and has_dds:
            known[inner.name].attributes.update(inner.attributes)
