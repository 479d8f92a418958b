"""The part of an abstract that shows why a record was found, its words marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from indexer.analysis import phrase, spans, units
from indexer.concepts import concept_ids, concepts_in
from indexer.query import And, Condition, Like, Or, Phrase, Text
from mappings.fields import load_fields
from search_ui.query_language import Asked

LENGTH = 260
LEAD = 60
"""Characters before the first word that was found."""
LOOKED_AT = 3000
"""Characters of a text that are looked through."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is marked: each row of stems that is asked for, where it stands as a row; in a text that has none of them
    the names of ``concepts`` (ids).
    """

    rows: frozenset[tuple[str, ...]] = frozenset()
    concepts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, asked: Asked) -> Sought:
        """What a text asks for that hits contain."""
        return cls(frozenset(_rows(asked.conditions)), frozenset(asked.concepts))

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where to mark ``text`` (characters, end exclusive), in order and apart from each other."""
        return list(_joined(_found(text, self.rows))) or list(_naming(text, self.concepts))


NOTHING = Sought()


def snippet(text: str, sought: Sought) -> Markup:
    """Up to ``LENGTH`` characters of ``text`` around the first place of what is sought, marked."""
    text = " ".join(text[:LOOKED_AT].split())
    found = sought.places(text)
    start = max(0, found[0][0] - LEAD) if found and found[0][1] > LENGTH else 0
    if start:
        start = text.find(" ", start, start + LEAD // 2) + 1 or start
    end = start + LENGTH
    if end < len(text):
        end = max(text.rfind(" ", end - LEAD // 2, end), end if " " not in text[end - LEAD // 2 : end] else 0)
    within = ((a - start, min(b, end) - start) for a, b in found if start <= a < end)
    marked = _marked(text[start:end], within)
    return Markup("{}{}{}").format("… " if start else "", marked, " …" if end < len(text) else "")


def highlighted(text: str, sought: Sought) -> Markup:
    """All of a short text, what is sought marked."""
    return _marked(text, sought.places(text))


def matching(texts: Iterable[str], sought: Sought) -> tuple[Markup, ...]:
    """Those of the short texts that have what is sought, with that marked; each once."""
    marked = {text: highlighted(text, sought) for text in texts}
    return tuple(shown for shown in marked.values() if has_marks(shown))


def has_marks(shown: Markup) -> bool:
    """Whether anything is marked in it: a text of its own has no tags."""
    return "<mark>" in shown


def _rows(conditions: Iterable[Condition]) -> Iterator[tuple[str, ...]]:
    """The rows of stems that have to occur, or may, but not those that must not."""
    for condition in conditions:
        match condition:
            case Text(words):
                yield from units(words)
            case Phrase(words):
                yield phrase(words)
            case Like(field, pattern) if load_fields()[field].type == "text":  # which asks for single words
                yield from ((stem,) for stem in phrase(pattern.replace("*", " ")))
            case And(parts) | Or(parts):
                yield from _rows(parts)


def _naming(text: str, concepts: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where a concept, or a narrower one, is named."""
    for found in concepts_in(text) if concepts else ():
        if not concepts.isdisjoint(concept_ids((text[found.start : found.end],))):
            yield found.start, found.end


def _found(text: str, rows: frozenset[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Where the longest of the rows stands that begins at each word or compound."""
    if not rows:
        return
    starts, lengths = {row[0] for row in rows}, sorted({len(row) for row in rows}, reverse=True)
    placed = [(stem, span) for span in spans(text) for stem in span.stems]
    stems = tuple(stem for stem, _ in placed)
    for first, stem in enumerate(stems):
        if stem not in starts:
            continue
        here = (stems[first : first + length] for length in lengths)
        if row := next((row for row in here if row in rows), None):
            yield placed[first][1].start, placed[first + len(row) - 1][1].end


def _joined(found: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Places by their starts, those made one that overlap or touch."""
    current: tuple[int, int] | None = None
    for start, end in found:
        if current is not None and start <= current[1]:
            current = current[0], max(end, current[1])
            continue
        if current is not None:
            yield current
        current = start, end
    if current is not None:
        yield current


def _marked(text: str, found: Iterable[tuple[int, int]]) -> Markup:
    pieces: list[Markup] = []
    done = 0
    for start, end in found:
        pieces += [escape(text[done:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
        done = end
    pieces.append(escape(text[done:]))
    return Markup("").join(pieces)
