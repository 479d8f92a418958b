"""Facets of a search: what to ask the catalogue for, and the lists of values people choose from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flask import url_for

from indexer.catalogue import Catalogue
from indexer.query import FacetRequest, FacetValue, Page, Query
from mappings.fields import Field, load_fields
from search_ui.parameters import MORE_VALUES, SearchState, query_string
from search_ui.presentation import code_label

OPEN_AT_FIRST = ("topic", "variable", "platform_kind", "access")
"""These facets stand open; the others open with a click, or by themselves once a value is chosen."""
HISTOGRAM = "year"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet. ``url`` is the search with it chosen, or no longer chosen. Without a count: None."""

    value: str
    label: str
    count: int | None
    chosen: bool
    url: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet with its values. ``more_url`` shows more of them, ``fewer_url`` fewer."""

    field: Field
    choices: tuple[Choice, ...]
    open: bool
    more_url: str | None = None
    fewer_url: str | None = None

    @property
    def chosen(self) -> int:
        """How many values are chosen."""
        return sum(choice.chosen for choice in self.choices)


Counts = dict[str, tuple[FacetValue, ...]]


def requests_for(state: SearchState) -> tuple[FacetRequest, ...]:
    """One request per facet; one value more than is shown tells whether there are more."""
    return tuple(FacetRequest(field.name, _size(field, state) + 1) for field in load_fields().facets)


def count_alternatives(catalogue: Catalogue, state: SearchState, counts: Counts) -> Counts:
    """``counts``, those of each facet with a chosen value counted as if nothing were chosen in it.

    Values of one facet are alternatives: one has to see what adding another would bring.
    """
    counted = dict(counts)
    for name, _ in state.terms:
        request = FacetRequest(name, _size(load_fields()[name], state) + 1)
        query = Query(state.where(without=name), facets=(request,), page=Page(size=0))
        counted[name] = catalogue.search(query).facets.get(name, ())
    return counted


def facets_of(state: SearchState, counts: Counts) -> list[Facet]:
    """The facets that have any value, in the order of ``fields.yaml``."""
    return [
        facet
        for field in load_fields().facets
        if (facet := _facet(field, state, counts.get(field.name, ()))).choices
    ]


def search_url(state: SearchState) -> str:
    """The page of a search."""
    return url_for("html.search") + query_string(state)


def _facet(field: Field, state: SearchState, values: Sequence[FacetValue]) -> Facet:
    size = _size(field, state)
    choices = tuple(_choices(field, state, values[:size]))
    more = field.name in state.more
    others = tuple(name for name in state.more if name != field.name)
    return Facet(
        field=field,
        choices=choices,
        open=field.name in OPEN_AT_FIRST or bool(state.chosen(field.name)) or more,
        more_url=search_url(replace(state, more=(*others, field.name)))
        if len(values) > size and not more
        else None,
        fewer_url=search_url(replace(state, more=others)) if more else None,
    )


def _choices(field: Field, state: SearchState, values: Sequence[FacetValue]) -> Iterator[Choice]:
    """The counted values, and before them those that were chosen but are not among the most frequent."""
    counted = {value.value for value in values}
    chosen = state.chosen(field.name)
    for value in chosen:
        if value not in counted:
            yield _choice(field.name, state, value, None, True)
    for counted_value in values:
        yield _choice(
            field.name, state, counted_value.value, counted_value.count, counted_value.value in chosen
        )


def _choice(name: str, state: SearchState, value: str, count: int | None, chosen: bool) -> Choice:
    return Choice(value, code_label(name, value), count, chosen, search_url(state.toggling(name, value)))


def _size(field: Field, state: SearchState) -> int:
    return max(MORE_VALUES, field.facet) if field.name in state.more else field.facet
