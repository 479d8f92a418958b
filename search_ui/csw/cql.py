"""OGC Common Catalogue Query Language (OGC 07-006r1 §6.2.2), and the little of ECQL that clients add, as
conditions.

A hand-written descent over a list of tokens: no evaluation, no backtracking, bounded in length and depth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.areas import ANY, Area, read_area
from indexer.query import Condition, Not, Operator, Or
from mappings.record import BoundingBox
from search_ui.csw import places, predicates
from search_ui.csw.errors import OwsError, invalid, unsupported
from search_ui.csw.patterns import LikeSyntax

MAX_LENGTH = 20_000
MAX_NESTING = 64
LOCATOR = "Constraint"
SPATIAL = predicates.SPATIAL_OPERATORS | {"touches", "crosses", "dwithin", "beyond", "relate"}
TEMPORAL = frozenset({"before", "after", "during", "tequals"})
OPERATORS: dict[str, Operator] = {
    "=": "=",
    "<>": "<>",
    "!=": "<>",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>'(?:[^']|'')*')
    | (?P<quoted>"[^"]+")
    | (?P<time>[+-]?\d{4,6}-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)?(?![\w.-]))
    | (?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?!\w))
    | (?P<operator><>|!=|<=|>=|<|>|=)
    | (?P<punctuation>[(),/])
    | (?P<name>[^\W\d][\w.:]*(?:/[^\W\d][\w.:]*)*)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` is the name of the token's group above; ``at`` its offset, for messages."""

    kind: str
    text: str
    at: int

    @property
    def value(self) -> str:
        """The text without its quotes."""
        if self.kind == "string":
            return self.text[1:-1].replace("''", "'")
        return self.text[1:-1] if self.kind == "quoted" else self.text


def decode(text: str) -> Condition:
    """The condition that a CQL text states. Raises ``OwsError`` that says what was expected and where."""
    if len(text) > MAX_LENGTH:
        raise invalid(LOCATOR, f"the CQL text is longer than {MAX_LENGTH:,} characters")
    parser = _Parser(_tokens(text))
    condition = parser.either(1)
    if parser.next.kind != "end":
        raise parser.wrong("AND, OR or the end")
    return condition


def _tokens(text: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise invalid(
                LOCATOR, f"the CQL text cannot be read at character {at + 1}: {text[at : at + 20]!r}"
            )
        tokens.append(Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        at = match.end()
    return [*tokens, Token("end", "", at)]


class _Parser:
    """Position in the list of tokens, and one method for each rule of the grammar."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def next(self) -> Token:
        return self._tokens[self._at]

    def wrong(self, expected: str) -> OwsError:
        found = repr(self.next.text) if self.next.text else "the end"
        return invalid(
            LOCATOR, f"the CQL text has {found} at character {self.next.at + 1} where {expected} was expected"
        )

    def take(self, kind: str, expected: str) -> Token:
        if self.next.kind != kind:
            raise self.wrong(expected)
        token = self.next
        self._at += 1
        return token

    def word(self, *words: str) -> str | None:
        """Take the next token if it is one of these keywords, operators or signs, in any case."""
        found = self.next.text.upper()
        if self.next.kind not in {"name", "operator", "punctuation"} or found not in words:
            return None
        self._at += 1
        return found

    def need(self, word: str) -> None:
        if self.word(word) is None:
            raise self.wrong(word)

    def either(self, depth: int) -> Condition:
        parts = [self.both(depth)]
        while self.word("OR"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self, depth: int) -> Condition:
        parts = [self.single(depth)]
        while self.word("AND"):
            parts.append(self.single(depth))
        return predicates.all_of(parts)

    def single(self, depth: int) -> Condition:
        if depth > MAX_NESTING:
            raise invalid(LOCATOR, f"the CQL text is nested deeper than {MAX_NESTING}")
        if self.word("NOT"):
            return Not(self.single(depth + 1))
        if self.word("("):
            inside = self.either(depth + 1)
            self.need(")")
            return inside
        return self.predicate()

    def predicate(self) -> Condition:
        following = self._tokens[self._at + 1] if self.next.kind != "end" else self.next
        if self.next.kind == "name" and following.text == "(":
            return self.routine()
        name = self.name()
        negated = self.word("NOT") is not None
        condition = self.comparison(name, negated)
        return Not(condition) if negated else condition

    def name(self) -> str:
        if self.next.kind == "quoted":
            return self.take("quoted", "a property name").value
        return self.take("name", "a property name").value

    def comparison(self, name: str, negated: bool) -> Condition:
        if self.word("LIKE", "ILIKE"):
            return predicates.like(name, self.literal(), LikeSyntax())
        if self.word("BETWEEN"):
            lower = self.literal()
            self.need("AND")
            return predicates.between(name, lower, self.literal())
        if self.word("IN"):
            return self.members(name)
        if negated:
            raise self.wrong("LIKE, BETWEEN or IN")
        if self.word("IS"):
            absent = self.word("NOT") is None
            self.need("NULL")
            return predicates.is_null(name) if absent else Not(predicates.is_null(name))
        operator = self.word(*OPERATORS)
        if operator is not None:
            return predicates.compare(name, OPERATORS[operator], self.literal())
        if self.next.text.lower() in TEMPORAL:
            return self.temporal(name)
        raise self.wrong("a comparison")

    def literal(self) -> str:
        for kind in ("string", "time", "number"):
            if self.next.kind == kind:
                return self.take(kind, "").value
        if self.next.text.lower() in {"true", "false"}:
            return self.take("name", "").text
        raise self.wrong("a value in quotes or a number")

    def members(self, name: str) -> Condition:
        self.need("(")
        values = [self.literal()]
        while self.word(","):
            values.append(self.literal())
        self.need(")")
        parts = tuple(predicates.compare(name, "=", value) for value in values)
        return parts[0] if len(parts) == 1 else Or(parts)

    def temporal(self, name: str) -> Condition:
        operator = self.take("name", "").text
        start = end = self.literal()
        if self.word("/"):
            end = self.literal()
        return predicates.temporal(name, operator, start, end)

    def routine(self) -> Condition:
        """``BBOX(property, west, south, east, north)`` and ``INTERSECTS(property, geometry)`` with its
        relatives.
        """
        operator = self.take("name", "").text
        if operator.lower() not in SPATIAL:
            raise unsupported(operator, f"there is no CQL function {operator} here")
        self.need("(")
        name = self.name()
        self.need(",")
        region = self.bounds() if operator.lower() == "bbox" else self.geometry()
        self.need(")")
        return predicates.spatial(name, operator, region)

    def bounds(self) -> BoundingBox | Area:
        if self.next.text.upper() == "ENVELOPE":
            return self.geometry()
        west, south, east, north = self.numbers(4)
        crs = self.take("string", "a CRS").value if self.word(",") else None
        return places.envelope((west, south), (east, north), crs, "BBOX")

    def numbers(self, count: int) -> list[float]:
        values = []
        for position in range(count):
            if position:
                self.need(",")
            values += places.numbers(self.take("number", "a number").text, LOCATOR)
        return values

    def geometry(self) -> BoundingBox | Area:
        """``ENVELOPE(west, east, north, south)``, or well-known text."""
        kind = self.take("name", "a geometry").text.upper()
        if kind == "ENVELOPE":
            self.need("(")
            west, east, north, south = self.numbers(4)
            self.need(")")
            return places.envelope((west, min(north, south)), (east, max(north, south)), "CRS84", "ENVELOPE")
        if kind not in {"POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON"}:
            raise unsupported(kind, f"there is no geometry {kind}; use ENVELOPE or POLYGON")
        try:
            return read_area(f"{kind} {self.brackets()}", ANY)
        except ValueError as error:
            raise invalid(kind, str(error)) from error

    def brackets(self) -> str:
        """The text from an opening bracket to the one that closes it."""
        self.need("(")
        found, depth = "(", 1
        while depth:
            sign = self.word("(", ")", ",")
            depth += {"(": 1, ")": -1}.get(sign or "", 0)
            found += sign or f" {self.take('number', 'a number').text}"
        return found
