"""The rules of a definition, compiled: what runs for every record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from crosswalks.readers.base import Reader, Select
from crosswalks.shapes import Shape, Values
from mappings.errors import CrosswalkError, UnreadableRecord
from mappings.record import RawRecord

MAX_FINDINGS = 200
MAX_ITEMS = 10_000
"""At most so many items from one list of one record."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the source that was mended or left out. ``field`` is the Record's field by dotted name."""

    field: str
    message: str
    place: str | None = None


@dataclass(frozen=True, slots=True)
class TraceEntry:
    """Rule ``rule`` (its number, ``3.2``) took ``value`` from ``path`` for ``field``."""

    rule: str
    path: str
    field: str
    value: str


class Path(NamedTuple):
    """One compiled path. ``of_raw`` paths (``$location``) look at the raw record instead of the node."""

    text: str
    find: Select
    of_raw: bool


@dataclass(slots=True)
class State:
    """One application of a crosswalk to one raw record."""

    raw: RawRecord
    findings: list[Finding] = field(default_factory=list)
    trace: list[TraceEntry] | None = None
    inside: list[str] = field(default_factory=list)

    def report(self, name: str, message: str, place: str | None = None) -> None:
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(Finding(".".join((*self.inside, name)), message, place))

    def note(self, rule: str, path: str, name: str, value: Any) -> None:
        if self.trace is not None:
            self.trace.append(TraceEntry(rule, path, ".".join((*self.inside, name)), str(value)))


class Rule:
    """What all rules have in common."""

    __slots__ = ()

    def run(self, node: Any, target: Values, state: State, /) -> None:
        """Put what the rule finds from ``node`` into ``target``."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class ConstantRule(Rule):
    """Gives a field a fixed value."""

    number: str
    name: str
    many: bool
    value: Any
    when: Path | None

    def run(self, node: Any, target: Values, state: State) -> None:
        if (self.name in target and not self.many) or not _holds(self.when, node, state):
            return
        if self.many:
            target.setdefault(self.name, []).append(self.value)
        else:
            target[self.name] = self.value
        state.note(self.number, "constant", self.name, self.value)


@dataclass(frozen=True, slots=True)
class ValueRule(Rule):
    """Gives a field the value, or the values, that the first fruitful path (or ``every`` path) finds."""

    number: str
    name: str
    many: bool
    paths: tuple[Path, ...]
    every: bool
    convert: Callable[[Any], Any]
    fallback: bool
    required: bool
    when: Path | None
    reader: Reader

    def run(self, node: Any, target: Values, state: State) -> None:
        if self.name in target and (not self.many or self.fallback):
            return
        if self.when is not None and not _holds(self.when, node, state):
            return
        for path in self.paths:
            _, find, of_raw = path
            found = find(state.raw if of_raw else node)
            if found and self._take(found, path, target, state) and not (self.every and self.many):
                if self.required and path is not self.paths[0]:
                    state.report(self.name, f"the record has no {self.paths[0].text}; taken from {path.text}")
                return

    def _take(self, found: Sequence[Any], path: Path, target: Values, state: State) -> bool:
        """Whether any of the nodes gave a value."""
        taken = False
        for node in found if len(found) <= MAX_ITEMS else found[:MAX_ITEMS]:
            try:
                value = self.convert(node)
            except (ValueError, OverflowError, ArithmeticError) as error:
                state.report(self.name, str(error), self.reader.place(node) or path.text)
                continue
            if value is None or value == []:
                continue
            taken = True
            if state.trace is not None:
                state.note(self.number, path.text, self.name, value)
            if not self.many:
                target[self.name] = value[0] if isinstance(value, list) else value
                return True
            items = target.setdefault(self.name, [])
            if isinstance(value, list):
                items.extend(value)
            else:
                items.append(value)
        return taken


@dataclass(frozen=True, slots=True)
class JoinRule(Rule):
    """Gives a text field the texts of every path, joined."""

    number: str
    name: str
    many: bool
    paths: tuple[Path, ...]
    separator: str
    convert: Callable[[Any], Any]
    when: Path | None
    reader: Reader

    def run(self, node: Any, target: Values, state: State) -> None:
        if (self.name in target and not self.many) or not _holds(self.when, node, state):
            return
        nodes = [found for path in self.paths for found in path.find(state.raw if path.of_raw else node)]
        texts = [text for text in map(self.reader.text, nodes[:MAX_ITEMS]) if text]
        if not texts:
            return
        try:
            value = self.convert(self.separator.join(texts))
        except ValueError as error:
            state.report(self.name, str(error), self.reader.place(nodes[0]))
            return
        if value is None or value == []:
            return
        if self.many:
            target.setdefault(self.name, []).extend(value if isinstance(value, list) else [value])
        else:
            target[self.name] = value[0] if isinstance(value, list) else value
        state.note(self.number, " + ".join(path.text for path in self.paths), self.name, value)


@dataclass(frozen=True, slots=True)
class GroupRule(Rule):
    """``each``: builds one part (a contact, a box) from every node that its paths find."""

    number: str
    name: str
    many: bool
    paths: tuple[Path, ...]
    every: bool
    rules: tuple[Rule, ...]
    shape: Shape
    aside: frozenset[str]
    fallback: bool
    when: Path | None
    reader: Reader

    def run(self, node: Any, target: Values, state: State) -> None:
        if self.name in target and (not self.many or self.fallback):
            return
        if self.when is not None and not _holds(self.when, node, state):
            return
        for _, find, of_raw in self.paths:
            found = find(state.raw if of_raw else node)
            if found and self._take(found, target, state) and not (self.every and self.many):
                return

    def _take(self, found: Sequence[Any], target: Values, state: State) -> bool:
        taken = False
        for node in found[:MAX_ITEMS]:
            part = self._build(node, state)
            if part is None:
                continue
            taken = True
            if not self.many:
                target[self.name] = part
                return True
            target.setdefault(self.name, []).append(part)
        return taken

    def _build(self, node: Any, state: State) -> Any:
        values: Values = {}
        state.inside.append(self.name)
        for rule in self.rules:
            rule.run(node, values, state)
        state.inside.pop()
        if values.keys() <= self.aside:
            return None
        return build(
            self.shape, values, lambda message: state.report(self.name, message, self.reader.place(node))
        )


@dataclass(frozen=True, slots=True)
class BlockRule(Rule):
    """``at``: runs its rules from every node that its path finds (of the first fruitful path)."""

    number: str
    paths: tuple[Path, ...]
    rules: tuple[Rule, ...]
    when: Path | None

    def run(self, node: Any, target: Values, state: State) -> None:
        if not _holds(self.when, node, state):
            return
        for path in self.paths:
            found = path.find(state.raw if path.of_raw else node)
            if found:
                for inner in found[:MAX_ITEMS]:
                    for rule in self.rules:
                        rule.run(inner, target, state)
                return


@dataclass(frozen=True, slots=True)
class AttachmentRule(Rule):
    """``attachment``: runs its rules on further bytes of the same record, where they are there, with a reader
    of their own."""

    number: str
    name: str
    reader: Reader
    rules: tuple[Rule, ...]

    def run(self, _node: Any, target: Values, state: State) -> None:
        content = dict(state.raw.attachments).get(self.name)
        if not content:
            return
        try:
            root = self.reader.open(
                state.raw, content, lambda message, place: state.report(self.name, message, place)
            )
        except UnreadableRecord as error:
            state.report(self.name, error.reason, error.place)
            return
        for rule in self.rules:
            rule.run(root, target, state)


def build(shape: Shape, values: Values, report: Callable[[str], None]) -> Any:
    """The part that ``values`` make, or None (reported) where they make none. Lists lose repeated items."""
    for name in shape.needed:
        if name not in values:
            report(f"left out: a {shape.part.__name__} needs {name}, and there is none")
            return None
    for name, value in values.items():
        if type(value) is list:
            values[name] = tuple(dict.fromkeys(value)) if len(value) > 1 else tuple(value)
    try:
        return shape.build(values, report)
    except (ValueError, OverflowError) as error:
        report(f"left out: {error}")
        return None


def build_whole(shape: Shape, values: Values, state: State, required: Mapping[str, str]) -> Any:
    """The Record. Raises ``CrosswalkError`` that names the first missing field and where it was sought."""
    for name, looked in required.items():
        if name not in values:
            raise CrosswalkError(f"the record has no usable {name}; it was looked for in {looked}", name)
    whole = build(shape, values, lambda message: state.report("record", message))
    if whole is None:
        reason = state.findings[-1].message if state.findings else "its parts do not fit together"
        raise CrosswalkError(f"no record could be made: {reason}")
    return whole


def _holds(when: Path | None, node: Any, state: State) -> bool:
    return when is None or bool(when.find(state.raw if when.of_raw else node))
