"""What people write in the search box, read into a condition.

::

    sea temperature            every word has to occur, or, for words that name a concept, another of its names
    "sea surface"              together, in this order
    salin*                     words that begin so
    salinity OR oxygen         either; OR joins its two neighbours, and binds tighter than the blank
    -model                     not this word, phrase, field or group
    (ice OR snow) -"sea ice"   groups
    platform:"Xue Long"        in one field: its name, or its label in either language
    year:1998..2004            numbers and dates take ranges, open at either end

Nothing that is written is an error. What cannot be read so is searched as words, and told as a ``Slip``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Literal

from indexer.analysis import units
from indexer.concepts import concepts_in
from indexer.document import CONCEPT
from indexer.query import (
    MAX_PATTERN,
    MAX_TERMS,
    MAX_TEXT,
    And,
    Compare,
    Condition,
    Like,
    Not,
    Or,
    Phrase,
    Terms,
    Text,
    conjunction,
)
from mappings.fields import Field, load_fields, value_id
from mappings.times import parse_instant

MAX_GROUPS = 8
"""Parentheses nested deeper are read as punctuation."""
MAX_SHOWN = 60
"""Characters of what was left out that are shown."""
_MAX_WILDCARDS = 4
_Read = Callable[[str], str | None]
_TOKEN = re.compile(
    r"""
    (?P<blank>\s+)
    | (?P<not>(?<![^\s(])-(?=[^\s-]))
    | (?P<field>(?<![^\s(-])[^\W\d_]\w*[:：](?=[^\s:/]))
    | (?P<phrase>"[^"]*"|[“”][^“”]*[“”])
    | (?P<open>\() | (?P<close>\))
    | (?P<quote>["“”])
    | (?P<word>[^\s()"“”]+)
    """,
    re.VERBOSE,
)
MAX_CONCEPTS = 20
"""Further concepts are searched by their words alone."""
_RANGE = re.compile(r"(?P<low>[^.\s]*)\.\.(?P<high>[^.\s]*)")
_WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Slip:
    """A piece that was searched as words: no field has this name, or the field takes no such value, or a quotation
    mark or parenthesis has no other half. Or what was left out because the text is too long.
    """

    kind: Literal["field", "value", "half", "long"]
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text asks for. ``words`` are those that hits contain; ``concepts`` the ids of what they mean."""

    conditions: tuple[Condition, ...]
    words: str
    concepts: tuple[str, ...]
    slips: tuple[Slip, ...]


@lru_cache(maxsize=256)
def read(text: str) -> Asked:
    """Read a text. Never fails."""
    parser = _Parser([(str(match.lastgroup), match[0]) for match in _TOKEN.finditer(text[:MAX_TEXT])])
    if len(text) > MAX_TEXT:
        parser.slips.append(Slip("long", f"{text[MAX_TEXT:][:MAX_SHOWN]}…"))
    conditions = parser.sequence(0)
    concepts: list[str] = []
    meant = tuple(_meant(condition, concepts) for condition in conditions)
    return Asked(
        meant, " ".join(parser.words), tuple(dict.fromkeys(concepts)), tuple(dict.fromkeys(parser.slips))
    )


def bare_words(text: str) -> Iterator[tuple[int, str]]:
    """The single words of a text and where they begin: no OR, no pattern, nothing after a minus or a field's name."""
    before = ""
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind == "word" and before not in {"not", "field"} and match[0] != "OR" and "*" not in match[0]:
            yield match.start(), match[0]
        before = kind


@dataclass(slots=True)
class _Parser:
    """Walks the tokens (kind and text) once."""

    tokens: list[tuple[str, str]]
    at: int = 0
    words: list[str] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    denied: int = 0

    def sequence(self, depth: int) -> list[Condition]:
        """The conditions up to the end of the group, or of the text; all have to hold."""
        items: list[list[Condition]] = []
        joined = False
        while self.at < len(self.tokens):
            kind, text = self.tokens[self.at]
            if kind == "close" and depth:
                break
            self.at += 1
            if kind == "word" and text == "OR" and items and not joined and self._more(depth):
                joined = True
                continue
            part = self._part(kind, text, depth)
            if part is None:
                continue
            if joined:
                items[-1].append(part)
            else:
                items.append([part])
            joined = False
        return _together([item[0] if len(item) == 1 else Or(tuple(item)) for item in items])

    def _more(self, depth: int) -> bool:
        """Whether anything follows in this group that OR can join."""
        rest = (kind for kind, _ in self.tokens[self.at :] if kind not in {"blank", "quote"})
        return next(rest, "close" if depth else None) not in {None, "close"}

    def _part(self, kind: str, text: str, depth: int) -> Condition | None:
        match kind:
            case "not":
                return self._denied(depth)
            case "field":
                return self._in_field(text)
            case "phrase":
                return self._phrase(text[1:-1])
            case "open" if depth < MAX_GROUPS:
                return self._group(text, depth)
            case "quote" | "open" | "close":
                self.slips.append(Slip("half", text))
                return None
            case "word":
                return self._word(text)
        return None

    def _denied(self, depth: int) -> Condition | None:
        kind, text = self.tokens[self.at]
        self.at += 1
        self.denied += 1
        part = self._part(kind, text, depth)
        self.denied -= 1
        return None if part is None else Not(part)

    def _group(self, text: str, depth: int) -> Condition | None:
        parts = self.sequence(depth + 1)
        if self.at < len(self.tokens):
            self.at += 1  # the closing half
        else:
            self.slips.append(Slip("half", text))
        return conjunction(parts) if parts else None

    def _phrase(self, text: str) -> Condition | None:
        if not units(text):
            return None
        self._show(text)
        return Phrase(text)

    def _word(self, text: str) -> Condition | None:
        bare = text.replace("*", " ")
        if not units(bare):
            return None
        self._show(bare)
        pattern = _pattern(text) if "*" in text else None
        return Text(bare) if pattern is None else Like("anytext", pattern)

    def _in_field(self, prefix: str) -> Condition | None:
        name = prefix[:-1]
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        if kind not in {"word", "phrase"}:
            return self._word(name)
        self.at += 1
        value = text[1:-1] if kind == "phrase" else text
        known = _fields().get(name.casefold())
        found = None if known is None else _condition(known, value, phrase=kind == "phrase")
        if found is None:
            self.slips.append(Slip("field" if known is None else "value", f"{prefix}{text}"))
            return self._phrase(f"{prefix}{value}")
        if known is not None and known.type == "text":
            self._show(value.replace("*", " "))
        return found

    def _show(self, words: str) -> None:
        if not self.denied:
            self.words.append(words)


def _together(conditions: list[Condition]) -> list[Condition]:
    """Words that all have to occur as one condition, where the first of them stands."""
    words = [
        condition.words for condition in conditions if isinstance(condition, Text) and condition.field is None
    ]
    if len(words) < 2:
        return conditions
    rest = [one for one in conditions if not (isinstance(one, Text) and one.field is None)]
    return [Text(" ".join(words)), *rest]


def _meant(condition: Condition, concepts: list[str]) -> Condition:
    """The condition with words that name a concept matched by its other names too. Adds to ``concepts``."""
    match condition:
        case Text(words, None):
            return _by_concepts(words, concepts)
        case And(parts):
            return And(tuple(_meant(part, concepts) for part in parts))
        case Or(parts):
            return Or(tuple(_meant(part, concepts) for part in parts))
        case Not(part):
            return Not(_meant(part, []))
    return condition


def _by_concepts(words: str, concepts: list[str]) -> Condition:
    found = concepts_in(words)[: max(0, MAX_CONCEPTS - len(concepts))]
    parts: list[Condition] = []
    rest, end = [], 0  # what stood apart must not become one word: Chinese is written without blanks
    for named in found:
        rest.append(words[end : named.start])
        end = named.end
        parts.append(Or((Text(words[named.start : named.end]), Terms(CONCEPT, named.concept_ids))))
        concepts += named.concept_ids
    rest.append(words[end:])
    left = " ".join(" ".join(rest).split())
    if units(left):
        parts.insert(0, Text(left))
    return conjunction(parts)


@cache
def _fields() -> dict[str, Field]:
    """The fields that can be named, by their names and by their labels that are one word."""
    named: dict[str, Field] = {}
    for one in load_fields().values():
        if one.type in {"text", "keyword", "integer", "instant"}:
            for name in (*one.labels.values(), one.name):
                named[name.casefold()] = one
    return named


def _condition(known: Field, value: str, *, phrase: bool) -> Condition | None:
    """The condition on one field; None where it takes no such value."""
    match known.type:
        case "text":
            return _in_text(known.name, value, phrase=phrase)
        case "keyword" if (id := value_id(known, value)) or known.exact:
            return Terms(known.name, (id or value,))
        case "keyword":
            pattern = _pattern(value)
            return None if pattern is None else Like(known.name, pattern)
        case "integer":
            return _ranged(known, value, _whole)
        case _:
            return _ranged(known, value, _instant)


def _in_text(name: str, value: str, *, phrase: bool) -> Condition | None:
    if not units(value.replace("*", " ")):
        return None
    pattern = _pattern(value) if "*" in value and not phrase else None
    if pattern is not None:
        return Like(name, pattern)
    return Phrase(value, name) if phrase else Text(value, name)


def _pattern(text: str) -> str | None:
    """``*`` is the one wildcard that people are offered. None for what is too long, or has too many to be found."""
    pattern = text.replace("\\", "\\\\").replace("?", "\\?")
    usable = text.strip() and len(pattern) <= MAX_PATTERN and text.count("*") <= _MAX_WILDCARDS
    return pattern if usable else None


def _ranged(known: Field, value: str, read: _Read) -> Condition | None:
    """One value, or from one to another, either end open."""
    span = _RANGE.fullmatch(value)
    if span is None:
        only = read(value)
        if only is None:
            return None
        return Terms(known.name, (only,)) if known.type == "integer" else Compare(known.name, "=", only)
    ends = list(_ends(span, read))
    if known.type == "integer" and len(ends) == 2 and (numbers := _numbers(ends[0][1], ends[1][1])):
        return Terms(known.name, numbers)
    return _between(known.name, ends)


def _numbers(low: str | None, high: str | None) -> tuple[str, ...]:
    """All whole numbers of a range that is not too long: one of a record's values has to lie in it."""
    if low is None or high is None or not 0 <= int(high) - int(low) < MAX_TERMS:
        return ()
    return tuple(map(str, range(int(low), int(high) + 1)))


def _ends(span: re.Match[str], read: _Read) -> Iterator[tuple[Literal[">=", "<="], str | None]]:
    if span["low"]:
        yield ">=", read(span["low"])
    if span["high"]:
        yield "<=", read(span["high"])


def _between(name: str, ends: list[tuple[Literal[">=", "<="], str | None]]) -> Condition | None:
    parts = [Compare(name, operator, value) for operator, value in ends if value is not None]
    if not parts or len(parts) < len(ends):
        return None
    return conjunction(parts)


def _whole(text: str) -> str | None:
    return text if _WHOLE.fullmatch(text) else None


def _instant(text: str) -> str | None:
    try:
        return parse_instant(text)
    except ValueError:
        return None
