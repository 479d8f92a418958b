"""Compiles a condition into Elasticsearch's query language. Only Text and Phrase give hits a relevance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from indexer import analysis
from indexer.document import searched_fields
from indexer.engines.bounds import Bound, box_conditions
from indexer.engines.elasticsearch import mapping
from indexer.engines.elasticsearch.documents import folded
from indexer.engines.elasticsearch.refinement import Refiner
from indexer.patterns import Literally, Pattern, key_pattern, word_patterns
from indexer.query import (
    And,
    Compare,
    Condition,
    DepthRange,
    During,
    Everything,
    Exists,
    Like,
    Not,
    Or,
    Phrase,
    Preference,
    Spatial,
    Terms,
    Text,
)
from mappings.fields import load_fields
from mappings.times import first_second, last_second

Q = dict[str, Any]
_OPERATORS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
_ESCAPED = str.maketrans({"*": "\\*", "?": "\\?", "\\": "\\\\"})
NOTHING: Q = {"match_none": {}}


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles for one index, which ``refine`` asks about shapes."""

    refine: Refiner

    def query(self, where: Condition, prefer: Sequence[Preference] = ()) -> Q:
        """The query of a condition among all documents that are not deleted, with what is preferred among them."""
        asked: Q = {"must": [self._scored(where)], "must_not": [term(mapping.GONE, True)]}
        if prefer:
            asked["should"] = [
                {"constant_score": {"filter": self._scored(one.condition), "boost": one.weight}}
                for one in prefer
            ]
        return {"bool": asked}

    def _scored(self, where: Condition) -> Q:
        """A condition that adds to the relevance of its hits what its words add, and nothing else."""
        match where:
            case And(parts) if parts:
                return every(map(self._scored, parts))
            case Or(parts) if parts:
                return some(map(self._scored, parts))
            case Text(words, field):
                return _words(analysis.units(words), field)
            case Phrase(words, field):
                asked = analysis.phrase(words)
                return _words((asked,) if asked else (), field)
            case _:
                return silent(self._filter(where))

    def _filter(
        self,
        where: Everything | And | Or | Not | Spatial | During | DepthRange | Like | Terms | Compare | Exists,
    ) -> Q:
        """A condition without relevance."""
        match where:
            case Everything() | And(()):
                return {"match_all": {}}
            case Or(()):
                return NOTHING
            case Not(part):
                return {"bool": {"must_not": [self._scored(part)]}}
            case Spatial():
                return self._spatial(where)
            case During():
                return _during(where)
            case DepthRange(top, bottom):
                return _overlapping(mapping.DEPTH, top, bottom, "depth")
            case _:
                return _values(where)

    def _spatial(self, where: Spatial) -> Q:
        conditions = box_conditions(where)
        latitudes = list(map(_bound, conditions.latitudes))
        excluded = [_all_of(map(_bound, bounds)) for bounds in conditions.excluded]
        shaped = term(mapping.HAS, mapping.SHAPE)
        boxes: Q = {"bool": {"filter": latitudes, "must_not": [*excluded, shaped]}}
        return some([boxes, self.refine(where, latitudes)])


def term(name: str, value: str | int | bool) -> Q:
    """Documents with this value."""
    return {"term": {name: {"value": value}}}


def silent(query: Q) -> Q:
    """The same documents, none more relevant than another."""
    return {"constant_score": {"filter": query, "boost": 0.0}}


def every(parts: Iterable[Q]) -> Q:
    """Documents that match all parts, whose relevance adds up."""
    listed = list(parts)
    return listed[0] if len(listed) == 1 else {"bool": {"must": listed}}


def some(parts: Iterable[Q]) -> Q:
    """Documents that match at least one part."""
    listed = list(parts)
    return listed[0] if len(listed) == 1 else {"bool": {"should": listed, "minimum_should_match": 1}}


def _all_of(parts: Iterable[Q]) -> Q:
    return {"bool": {"filter": list(parts)}}


def _values(where: And | Or | Like | Terms | Compare | Exists) -> Q:
    match where:
        case Like():
            return _like(where)
        case Terms(field, values):
            integer = load_fields()[field].type == "integer"
            return _terms(f"number_{field}" if integer else f"key_{field}", values)
        case Compare():
            return _compare(where)
        case Exists(field):
            return term(mapping.HAS, field)
        case _:
            raise TypeError(f"{where!r} is no condition on values")


def _terms(name: str, values: Sequence[str]) -> Q:
    return {"terms": {name: list(values)}} if values else NOTHING


def _bound(bound: Bound) -> Q:
    return {"range": {bound.name: {_OPERATORS[bound.operator]: bound.value}}}


def _words(asked: Sequence[tuple[str, ...]], field: str | None) -> Q:
    if not asked:
        return silent({"match_all": {}})
    return every(some(_unit(name, unit) for name in searched_fields(field)) for unit in asked)


def _unit(field: str, unit: tuple[str, ...]) -> Q:
    """A word or a phrase, with relevance."""
    name, weight = f"stems_{field}", load_fields()[field].weight
    if len(unit) == 1:
        return {"term": {name: {"value": unit[0], "boost": weight}}}
    return {"match_phrase": {name: {"query": " ".join(unit), "boost": weight}}}


def _like(where: Like) -> Q:
    if load_fields()[where.field].type == "keyword":
        return _wildcard(f"fold_{where.field}", key_pattern(where.pattern))
    return _all_of(_word(where.field, pattern) for pattern in word_patterns(where.pattern))


def _word(field: str, pattern: Pattern) -> Q:
    """Documents with a word that matches."""
    return some(_wildcard(f"words_{name}", pattern) for name in searched_fields(field))


def _wildcard(name: str, pattern: Pattern) -> Q:
    written = "".join(
        piece.text.translate(_ESCAPED) if isinstance(piece, Literally) else piece for piece in pattern
    )
    return {"wildcard": {name: {"value": written}}}


def _compare(where: Compare) -> Q:
    if where.operator == "<>":
        same = _compare(replace(where, operator="="))
        return {"bool": {"filter": [term(mapping.HAS, where.field)], "must_not": [same]}}
    match load_fields()[where.field].type:
        case "integer":
            return _compare_values(f"number_{where.field}", where.operator, int(where.value))
        case "instant":
            return _compare_instants(where)
        case _:
            return _compare_values(f"fold_{where.field}", where.operator, folded(where.value))


def _compare_values(name: str, operator: str, value: str | int) -> Q:
    return term(name, value) if operator == "=" else {"range": {name: {_OPERATORS[operator]: value}}}


def _compare_instants(where: Compare) -> Q:
    first, last = first_second(where.value), last_second(where.value)
    match where.operator:
        case "<":
            return _compare_values(f"first_{where.field}", "<", first)
        case "<=":
            return _compare_values(f"first_{where.field}", "<=", last)
        case ">":
            return _compare_values(f"last_{where.field}", ">", last)
        case ">=":
            return _compare_values(f"last_{where.field}", ">=", first)
        case _:
            return _overlapping(f"span_{where.field}", first, last, where.field)


def _during(where: During) -> Q:
    start = None if where.start is None else first_second(where.start)
    end = None if where.end is None else last_second(where.end)
    return _overlapping(
        mapping.PERIODS, start, end, "time", "within" if where.relation == "within" else "intersects"
    )


def _overlapping(
    name: str, low: float | None, high: float | None, field: str, relation: str = "intersects"
) -> Q:
    """Documents with a range that overlaps (or lies within) [low, high]; open ends match any of ``field``."""
    if low is None and high is None:
        return term(mapping.HAS, field)
    ends = {end: value + 0 for end, value in (("gte", low), ("lte", high)) if value is not None}
    return {"range": {name: {**ends, "relation": relation}}}
