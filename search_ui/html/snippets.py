"""The part of an abstract that shows why a record was found, its words marked."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from indexer.analysis import spans, units

LENGTH = 260
LEAD = 60
"""Characters before the first word that was found."""
LOOKED_AT = 3000
"""Characters of a text that are looked through."""


def stems_of(words: str) -> frozenset[str]:
    """The stems of the words that a search asks for."""
    return frozenset(stem for unit in units(words) for stem in unit)


def snippet(text: str, stems: frozenset[str]) -> Markup:
    """Up to ``LENGTH`` characters of ``text`` around the first words found, those marked."""
    text = " ".join(text[:LOOKED_AT].split())
    found = list(_found(text, stems)) if stems else []
    start = max(0, found[0][0] - LEAD) if found and found[0][1] > LENGTH else 0
    if start:
        start = text.find(" ", start, start + LEAD // 2) + 1 or start
    end = start + LENGTH
    if end < len(text):
        end = max(text.rfind(" ", end - LEAD // 2, end), end if " " not in text[end - LEAD // 2 : end] else 0)
    marked = _marked(text[start:end], ((a - start, b - start) for a, b in found if a >= start and b <= end))
    return Markup("{}{}{}").format("… " if start else "", marked, " …" if end < len(text) else "")


def highlighted(text: str, stems: frozenset[str]) -> Markup:
    """All of a short text, the words found marked."""
    return _marked(text, _found(text, stems)) if stems else escape(text)


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
