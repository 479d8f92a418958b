"""``PropertyIsLike`` patterns, whose special characters each client chooses, as ``indexer.query.Like``.

CSW compares a pattern with the whole text (``%sea temperature%`` is "somewhere in it"). Halocline compares
it word by word: the text must have a word ending in ``sea`` and one beginning with ``temperature``. A run of
Han characters, which is not divided by blanks, is searched as a phrase, as a person who types it would
expect.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import product, zip_longest

from indexer.analysis import HAN
from indexer.query import Condition, Exists, Like, Phrase, conjunction
from mappings.times import parse_instant

MAX_LENGTH = 1000
"""Characters of a pattern."""
_DATE = re.compile(r"[\d?]{4}(?:-[\d?]{2}){0,2}")
_HAN = re.compile(f"[{HAN}]+")
_LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class LikeSyntax:
    """The special characters of a pattern (OGC 04-095 §9.5); empty means that there is no such character."""

    wild: str = "%"
    single: str = "_"
    escape: str = "\\"


def canonical(pattern: str, syntax: LikeSyntax) -> str:
    """``pattern`` with ``*`` and ``?``, and a backslash before those that stand for themselves."""
    out: list[str] = []
    at = 0
    while at < len(pattern):
        after_escape = at + len(syntax.escape)
        if syntax.escape and pattern.startswith(syntax.escape, at) and after_escape < len(pattern):
            out.append(_literal(pattern[after_escape]))
            at = after_escape + 1
        elif syntax.wild and pattern.startswith(syntax.wild, at):
            if out[-1:] != ["*"]:
                out.append("*")
            at += len(syntax.wild)
        elif syntax.single and pattern.startswith(syntax.single, at):
            out.append("?")
            at += len(syntax.single)
        else:
            out.append(_literal(pattern[at]))
            at += 1
    return "".join(out)


def _literal(character: str) -> str:
    return f"\\{character}" if character in "*?\\" else character


def whole_value(field: str, pattern: str) -> Condition:
    """A canonical pattern against the whole values of a keyword field."""
    return Exists(field) if pattern == "*" else Like(field, pattern)


def words(field: str, pattern: str) -> Condition:
    """A canonical pattern against the words of a text field, runs of Han as phrases."""
    found: list[Condition] = [Phrase(run, field) for run in _HAN.findall(pattern)]
    rest = _HAN.sub(" ", pattern)
    if _LETTER.search(rest):
        found.append(Like(field, " ".join(rest.split())))
    if not found:
        return Exists(field)
    return conjunction(found)


def dates(pattern: str) -> tuple[str, ...]:
    """The dates that a canonical pattern such as ``2003-*`` or ``200?-10-*`` covers; none for any other."""
    body = pattern.removesuffix("*").removesuffix("-")
    if not _DATE.fullmatch(body) or body.count("?") > 2:
        return ()
    pieces = body.split("?")
    found = []
    for digits in product("0123456789", repeat=len(pieces) - 1):
        text = "".join(piece + digit for piece, digit in zip_longest(pieces, digits, fillvalue=""))
        with suppress(ValueError):  # a thirteenth month is covered by a pattern, but is no date
            found.append(parse_instant(text))
    return tuple(found)
