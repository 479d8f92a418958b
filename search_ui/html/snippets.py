"""The part of an abstract that shows why a record was found, its words marked."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from indexer.analysis import spans, units
from indexer.concepts import concept_ids, concepts_in

LENGTH = 260
LEAD = 60
"""Characters before the first word that was found."""
LOOKED_AT = 3000
"""Characters of a text that are looked through."""


def stems_of(words: str) -> frozenset[str]:
    """The stems of the words that a search asks for."""
    return frozenset(stem for unit in units(words) for stem in unit)


def snippet(text: str, stems: frozenset[str], concepts: frozenset[str] = frozenset()) -> Markup:
    """Up to ``LENGTH`` characters of ``text`` around the first words found, or names of ``concepts``, those marked."""
    text = " ".join(text[:LOOKED_AT].split())
    found = list(_found(text, stems)) if stems else []
    found = found or list(_naming(text, concepts))
    start = max(0, found[0][0] - LEAD) if found and found[0][1] > LENGTH else 0
    if start:
        start = text.find(" ", start, start + LEAD // 2) + 1 or start
    end = start + LENGTH
    if end < len(text):
        end = max(text.rfind(" ", end - LEAD // 2, end), end if " " not in text[end - LEAD // 2 : end] else 0)
    marked = _marked(text[start:end], ((a - start, b - start) for a, b in found if a >= start and b <= end))
    return Markup("{}{}{}").format("… " if start else "", marked, " …" if end < len(text) else "")


def highlighted(text: str, stems: frozenset[str], concepts: frozenset[str] = frozenset()) -> Markup:
    """All of a short text, the words found marked, or, where there are none, the names of ``concepts``."""
    found = list(_found(text, stems)) if stems else []
    return _marked(text, found or _naming(text, concepts))


def matching(texts: Iterable[str], stems: frozenset[str], concepts: frozenset[str]) -> tuple[Markup, ...]:
    """Those of the short texts that have a word, or name a concept, with that marked; each once."""
    marked = {text: highlighted(text, stems, concepts) for text in texts}
    return tuple(shown for shown in marked.values() if has_marks(shown))


def has_marks(shown: Markup) -> bool:
    """Whether anything is marked in it: a text of its own has no tags."""
    return "<mark>" in shown


def _naming(text: str, concepts: frozenset[str]) -> Iterable[tuple[int, int]]:
    """Where a concept, or a narrower one, is named."""
    for found in concepts_in(text) if concepts else ():
        if not concepts.isdisjoint(concept_ids((text[found.start : found.end],))):
            yield found.start, found.end


def _found(text: str, stems: frozenset[str]) -> Iterable[tuple[int, int]]:
    """Where words stand of which a stem is asked for; neighbours joined (the characters of a Chinese word)."""
    current: tuple[int, int] | None = None
    for span in spans(text):
        if stems.isdisjoint(span.stems):
            continue
        if current is not None and span.start == current[1]:
            current = (current[0], span.end)
            continue
        if current is not None:
            yield current
        current = (span.start, span.end)
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
