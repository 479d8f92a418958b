"""The patterns of a Like condition, read once for all engines; each engine then writes them in its own
syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from indexer.analysis import HAN, JOINTS, MARKS, fold


@dataclass(frozen=True, slots=True)
class Literally:
    """Characters that stand for themselves."""

    text: str


Wildcard = Literal["*", "?"]
"""Any run of characters, also none; any one character."""
Pattern = tuple[Literally | Wildcard, ...]
"""One pattern, to be matched against one whole value or word."""
Character = tuple[str, bool]
"""A character of a written pattern, and whether it is a wildcard."""

_HAN = re.compile(f"[{HAN}]")
_PIECE = re.compile(f"[{HAN}]|(?:(?![{HAN}])[\\w{MARKS}{JOINTS}])+")
_JOINTS_BEFORE, _JOINTS_AFTER = re.compile(f"^[{JOINTS}]+"), re.compile(f"[{JOINTS}]+$")


def key_pattern(pattern: str) -> Pattern:
    """A pattern for a keyword field, to be matched against ``analysis.fold_key`` of each value."""
    return _merged(_piece(part, wild) for part, wild in _read(pattern))


def word_patterns(pattern: str) -> tuple[Pattern, ...]:
    """Patterns for a text field, of which each must match one of ``analysis.Analysed.words``.

    The pattern is cut at blanks, at Han characters (each a word of its own) and at whatever no word contains.
    Wildcards that such a cut leaves alone say nothing; where nothing else is left, any word will do.
    """
    found: dict[Pattern, None] = {}
    for blank, word in groupby(_read(pattern), key=lambda character: character[0].isspace()):
        if not blank:
            found |= dict.fromkeys(_patterns_of_word(word))
    return tuple(found) or (("*",),)


def _read(pattern: str) -> Iterator[Character]:
    """Take the escapes out. A backslash at the very end stands for itself."""
    characters = iter(pattern)
    for character in characters:
        if character == "\\":
            yield next(characters, "\\"), False
        else:
            yield character, character in "*?"


def _piece(character: str, wild: bool) -> Literally | Wildcard:
    if not wild:
        return Literally(character.casefold())
    return "*" if character == "*" else "?"


def _patterns_of_word(word: Iterable[Character]) -> Iterator[Pattern]:
    stretches: list[list[Literally | Wildcard]] = [[]]
    for wild, run in groupby(word, key=lambda character: character[1]):
        text = "".join(character for character, _ in run)
        if wild:
            stretches[-1] += [_piece(character, wild) for character in text]
        else:
            _add_literals(stretches, fold(text))
    for stretch in stretches:
        pattern = _merged(_trimmed(stretch))
        if pattern and (len(stretches) == 1 or any(isinstance(piece, Literally) for piece in pattern)):
            yield pattern


def _add_literals(stretches: list[list[Literally | Wildcard]], text: str) -> None:
    """Add to the last stretch what words contain; begin a new one at everything else, and around Han."""
    end = 0
    for match in _PIECE.finditer(text):
        han = _HAN.match(match[0])
        if match.start() > end or han:
            stretches.append([])
        stretches[-1].append(Literally(match[0]))
        if han:
            stretches.append([])
        end = match.end()
    if end < len(text):
        stretches.append([])


def _trimmed(stretch: list[Literally | Wildcard]) -> list[Literally | Wildcard]:
    """Without joints at the ends: no word begins or ends with one."""
    trimmed = list(stretch)
    if trimmed and isinstance(first := trimmed[0], Literally):
        trimmed[0] = Literally(_JOINTS_BEFORE.sub("", first.text))
    if trimmed and isinstance(last := trimmed[-1], Literally):
        trimmed[-1] = Literally(_JOINTS_AFTER.sub("", last.text))
    return trimmed


def _merged(pieces: Iterable[Literally | Wildcard]) -> Pattern:
    """Neighbouring literals as one, runs of ``*`` as one, nothing empty."""
    merged: list[Literally | Wildcard] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if isinstance(piece, Literally):
            if isinstance(last, Literally):
                merged[-1] = Literally(last.text + piece.text)
            elif piece.text:
                merged.append(piece)
        elif not piece == last == "*":
            merged.append(piece)
    return tuple(merged)
