"""What a search that finds nothing, or little, is told: other spellings, and what each condition costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import islice

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from indexer.areas import box_around
from indexer.catalogue import Catalogue
from search_ui.extents import box_text
from search_ui.html.asking import Answer, with_all_words
from search_ui.html.facets import search_url
from search_ui.most_words import has_alternatives
from search_ui.parameters import SearchState, decode, encode
from search_ui.presentation import code_label, field_label, season_text
from search_ui.spelling import FEW, Speller, Spelling

TOGETHER = (
    ("q",),
    ("bbox",),
    ("polygon",),
    ("start", "end", "time_relation"),
    ("season",),
    ("depth_min", "depth_max"),
)
"""Parameters that make one filter. Each other one, but for those of ``VIEW``, is a filter of its own."""
VIEW = frozenset({"relation", "sort", "page", "size", "more", "lang"})
MAX_FILTERS = 12
"""Filters that are left out one at a time, each at the cost of one count."""


@dataclass(frozen=True, slots=True)
class Meant:
    """Another spelling that finds more. ``url`` is its search."""

    text: str
    total: int
    url: str


@dataclass(frozen=True, slots=True)
class Without:
    """A filter, and how many records there are without it. ``url`` is that search."""

    name: str
    value: str
    total: int
    url: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What is told beside the hits. ``exactly_url`` searches without respelling, where words were respelt."""

    spelling: Spelling | None
    exactly_url: str | None
    meant: Meant | None
    without: tuple[Without, ...]

    def as_json(self) -> dict[str, object]:
        """For programs."""
        spelling, meant = self.spelling, self.meant
        words = [] if spelling is None else list(map(asdict, spelling.corrections))
        return {
            "respelt": spelling and {"q": spelling.text, "exactly": spelling.exactly, "words": words},
            "did_you_mean": meant and {"q": meant.text, "total": meant.total},
            "without": list(map(asdict, self.without)),
        }


def advice_on(catalogue: Catalogue, asked: SearchState, answer: Answer) -> Advice:
    """What to tell of the answer to ``asked``. Costs nothing where more than ``FEW`` records are found."""
    spelling, total = answer.spelling, answer.page.total
    exactly_url = None if spelling is None else search_url(replace(asked, q=spelling.exactly, page=1))
    other = meant(catalogue, answer.state, total) if spelling is None and answer.most is None else None
    return Advice(spelling, exactly_url, other, () if total else without_each(catalogue, answer.state))


def meant(catalogue: Catalogue, state: SearchState, total: int) -> Meant | None:
    """Another spelling of a search that finds little, if it finds much more. Where more records have all words,
    whatever else is asked for, more have each of them.
    """
    if state.q is None or total > FEW:
        return None
    if with_all_words(catalogue, state) > FEW and not has_alternatives(state.asked.conditions):
        return None
    spelling = Speller(catalogue).meant(state.q)
    if spelling is None:
        return None
    other = replace(state, q=spelling.text, page=1)
    found = catalogue.total(other.where())
    return Meant(spelling.text, found, search_url(other)) if found > total else None


def without_each(catalogue: Catalogue, state: SearchState) -> tuple[Without, ...]:
    """How many records there are when one filter is left out, for each that makes a difference, most first. Where no
    record at all has the words, only without them there may be any.
    """
    hopeless = state.q is not None and not with_all_words(catalogue, state)
    dropped = [
        (names, other, other.where())
        for names, other in islice(_dropping(state), MAX_FILTERS)
        if not hopeless or other.q is None
    ]
    totals = catalogue.totals(where for *_, where in dropped)
    counted = (
        Without(_name(names[0]), _value(state, names), totals[where], search_url(other))
        for names, other, where in dropped
        if totals[where]
    )
    return tuple(sorted(counted, key=lambda each: -each.total))


def _dropping(state: SearchState) -> Iterator[tuple[tuple[str, ...], SearchState]]:
    """The names of the parameters of each filter, and the search without them."""
    pairs = encode(
        replace(state, page=1, sort=None)
    )  # an order by distance may need the box that is left out
    others = dict.fromkeys(name for name, _ in pairs if name not in VIEW)
    single = tuple((name,) for name in others if not any(name in names for names in TOGETHER))
    for names in (*TOGETHER, *single):
        left = decode(MultiDict([pair for pair in pairs if pair[0] not in names]))
        if left.where() != state.where():
            yield names, left


def _name(parameter: str) -> str:
    match parameter:
        case "q":
            return str(gettext("Text"))
        case "bbox":
            return str(gettext("Box"))
        case "start":
            return field_label("time")
        case "polygon":
            return str(gettext("Polygon"))
        case "season":
            return str(gettext("Season"))
        case "updated_since":
            return field_label("updated")
        case "depth_min":
            return field_label("depth")
        case _:
            return field_label(parameter)


def _value(state: SearchState, names: tuple[str, ...]) -> str:
    if names == ("season",) and state.season is not None:
        return season_text(state.season)
    if names == ("polygon",) and state.area is not None:
        return box_text(box_around(state.area))
    given = encode(state)
    if names[0] in {"start", "depth_min"}:
        ends = dict(given)
        return " – ".join(ends.get(name, "…") for name in names[:2])
    return ", ".join(code_label(name, value) for name, value in given if name == names[0])
