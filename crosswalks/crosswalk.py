"""A crosswalk: the compiled rules that make a Record of one format's raw records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crosswalks.builders import RECORD_SHAPE
from crosswalks.readers.base import Reader
from crosswalks.rules import Finding, Path, Rule, State, TraceEntry, build_whole
from crosswalks.shapes import Values
from mappings.errors import UnreadableRecord
from mappings.record import RawRecord, Record

__all__ = ["Crosswalk", "Crosswalked", "Finding", "TraceEntry"]


@dataclass(frozen=True, slots=True)
class Crosswalked:
    """What came of one raw record. ``trace`` is empty unless it was asked for."""

    record: Record
    findings: tuple[Finding, ...]
    trace: tuple[TraceEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """One version of a definition, ready to apply. ``required`` is field name to the paths where it is looked
    for."""

    name: str
    version: int
    format: str
    reader: Reader
    record: tuple[Path, ...]
    rules: tuple[Rule, ...]
    required: Mapping[str, str]

    @property
    def label(self) -> str:
        """``iso19139@1``: what provenance keeps."""
        return f"{self.name}@{self.version}"

    def apply(self, raw: RawRecord, trace: bool = False) -> Crosswalked:
        """The Record that ``raw`` describes, what was wrong with it, and, when asked, which rule gave which
        value.

        Raises ``UnreadableRecord`` where the bytes are not of the format, ``CrosswalkError`` where a
        required field is missing.
        """
        state = State(raw, trace=[] if trace else None)
        root = self._record_node(
            self.reader.open(raw, raw.content, lambda *found: state.report("record", *found))
        )
        values: Values = {}
        for rule in self.rules:
            rule.run(root, values, state)
        record: Record = build_whole(RECORD_SHAPE, values, state, self.required)
        return Crosswalked(record, tuple(state.findings), tuple(state.trace or ()))

    def _record_node(self, root: Any) -> Any:
        """The element that is the record, where the definition says how to find it."""
        for path in self.record:
            found = path.find(root)
            if found:
                return found[0]
        if self.record:
            wanted = " or ".join(path.text for path in self.record)
            raise UnreadableRecord(
                f"not a record of format {self.format}: {self.reader.describe(root)}; {wanted} is wanted"
            )
        return root
