"""Facets of a search: what to ask the catalogue for, and the lists and trees of values people choose from.

Only what is seen is counted: the facets that stand open. The others are asked for one at a time when they are opened.
Each facet is counted as if nothing were chosen in it: its values are alternatives, and one has to see what adding
another would bring.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import url_for

from indexer.query import MAX_TERMS, Condition, FacetRequest, FacetValue
from mappings.fields import UNDER, Field, load_fields
from search_ui.html.facet_trees import Node, tree_of
from search_ui.labels import values_called
from search_ui.parameters import FIND, MORE_VALUES, SearchState, query_string
from search_ui.presentation import code_label

OPEN_AT_FIRST = ("category", "variable", "platform_kind", "access")
"""These facets stand open; the others open with a click, or by themselves once a value is chosen."""
YEARS, DEPTHS = "year", "depth_zone"
HISTOGRAMS = (YEARS, DEPTHS)
"""Facets that are drawn as bars, always."""

Counts = Mapping[str, tuple[FacetValue, ...]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet. ``url`` is the search with it chosen, or no longer chosen. Without a count: None.

    ``narrower`` are the values below it, where the facet is a tree; ``open`` that one of them is chosen.
    """

    value: str
    label: str
    count: int | None
    chosen: bool
    url: str
    narrower: tuple[Choice, ...] = ()

    @property
    def open(self) -> bool:
        """Whether a narrower value is chosen."""
        return any(choice.chosen or choice.open for choice in self.narrower)


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet with its values. ``more_url`` shows more of them, ``fewer_url`` fewer; ``load_url`` gives the values of
    one that is closed and not counted, and ``open_url`` is the search with it open.
    """

    field: Field
    choices: tuple[Choice, ...]
    open: bool
    chosen: int
    load_url: str
    open_url: str
    sought: str | None = None
    more_url: str | None = None
    fewer_url: str | None = None

    @property
    def find_name(self) -> str:
        """The parameter that looks for values."""
        return f"{FIND}{self.field.name}"

    @property
    def can_be_searched(self) -> bool:
        """Whether there are more values than one sees."""
        return self.sought is not None or self.more_url is not None or self.fewer_url is not None


def shown_facets(state: SearchState) -> tuple[Field, ...]:
    """The facets of the search page, in the order of ``fields.yaml``: those under another once that one is chosen."""
    return tuple(
        field
        for field in load_fields().facets
        if field.name not in HISTOGRAMS
        and (field.under is None or state.chosen(field.under) or _is_open(field, state))
    )


def open_facets(state: SearchState) -> tuple[Field, ...]:
    """Those that have to be counted for the search page."""
    bars = [field for field in load_fields().facets if field.name in HISTOGRAMS]
    return (*(field for field in shown_facets(state) if _is_open(field, state)), *bars)


def requests_for(state: SearchState, fields: Iterable[Field]) -> tuple[FacetRequest, ...]:
    """One request per facet; one value more than is shown tells whether there are more."""
    return tuple(_request(field, state) for field in fields)


def facet_of(field: Field, state: SearchState, values: Sequence[FacetValue] | None) -> Facet:
    """A facet with its counted values; with None it is closed and has not been counted."""
    size, more = _size(field, state), field.name in state.more
    others = tuple(name for name in state.more if name != field.name)
    found = () if values is None else tuple(_choices(field, state, values[:size]))
    longer = search_url(replace(state, more=(*others, field.name)))
    return Facet(
        field=field,
        choices=found,
        open=values is not None,
        chosen=len(state.chosen(field.name)),
        load_url=url_for("html.facet", name=field.name) + query_string(state),
        open_url=longer,
        sought=state.sought(field.name),
        more_url=longer if values is not None and len(values) > size and not more else None,
        fewer_url=search_url(replace(state, more=others)) if more else None,
    )


def facets_of(state: SearchState, counts: Counts) -> list[Facet]:
    """The facets of the search page: with values those that are open, if they have any."""
    facets = (facet_of(field, state, counts.get(field.name)) for field in shown_facets(state))
    return [facet for facet in facets if facet.choices or facet.sought is not None or not facet.open]


def search_url(state: SearchState) -> str:
    """The page of a search."""
    return url_for("html.search") + query_string(state)


def _is_open(field: Field, state: SearchState) -> bool:
    name = field.name
    return (
        name in OPEN_AT_FIRST
        or name in state.more
        or bool(state.chosen(name))
        or state.sought(name) is not None
        or (field.under is not None and bool(state.chosen(field.under)))
    )


def _request(field: Field, state: SearchState) -> FacetRequest:
    sought = state.sought(field.name)
    parents = state.chosen(field.under) if field.under else ()
    return FacetRequest(
        field.name,
        _size(field, state) + 1,
        where=_alternatives(field, state),
        containing=sought,
        among=() if sought is None else values_called(field.name, sought)[:MAX_TERMS],
        starting=tuple(f"{parent}{UNDER}" for parent in parents),
    )


def _alternatives(field: Field, state: SearchState) -> Condition | None:
    """The search with nothing chosen in this facet; None where nothing is."""
    if field.name == DEPTHS and (state.depth_min is not None or state.depth_max is not None):
        return replace(state, depth_min=None, depth_max=None).where(without=field.name)
    return state.where(without=field.name) if state.chosen(field.name) else None


def _choices(field: Field, state: SearchState, values: Sequence[FacetValue]) -> Iterator[Choice]:
    """The counted values, and before them those that were chosen but are not among the most frequent."""
    counted = {value.value for value in values}
    chosen = state.chosen(field.name)
    for value in chosen:
        if value not in counted and state.sought(field.name) is None:
            yield _choice(field, state, Node(value, None))
    if field.tree and state.sought(field.name) is None:
        yield from (_choice(field, state, node) for node in tree_of(field.tree, values))
    else:
        yield from (_choice(field, state, Node(value.value, value.count)) for value in values)


def _choice(field: Field, state: SearchState, node: Node) -> Choice:
    return Choice(
        node.value,
        _label(field, node.value),
        node.count,
        node.value in state.chosen(field.name),
        search_url(replace(state.toggling(field.name, node.value), find=())),
        tuple(_choice(field, state, narrower) for narrower in node.narrower),
    )


def _label(field: Field, value: str) -> str:
    return value.partition(UNDER)[2] if field.under else code_label(field.name, value)


def _size(field: Field, state: SearchState) -> int:
    longer = field.name in state.more or state.sought(field.name) is not None
    return max(MORE_VALUES, field.facet) if longer else field.facet
