"""Titles drawn from all of a large catalogue, for beginnings that many titles have.

Where one title in a thousand has what is typed, an engine has to look through very many of them, and any four
say as much as any other four. What is rarer the engine finds fast. A sample can grow: a smaller one has fewer
beginnings that enough titles have.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from indexer.analysis import placed_words, units
from indexer.stored import Titled

MOST = 40


@dataclass(frozen=True, slots=True)
class TitleSample:
    """Titles, and which of them have a stem, or a word: each set of titles is a number with their bits. ``ordered`` are
    the words in order.
    """

    titles: tuple[Titled, ...] = ()
    stems: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, int] = field(default_factory=dict)
    ordered: tuple[str, ...] = ()

    def with_more(self, titles: Iterable[Titled]) -> TitleSample:
        """These titles and more, each record's once. All wordings of each count."""
        known = {titled.id for titled in self.titles}
        more = tuple(titled for titled in titles if titled.id not in known)
        stems: defaultdict[str, int] = defaultdict(int)
        words: defaultdict[str, int] = defaultdict(int)
        for place, titled in enumerate(more):
            for wording in titled.title.all():
                for word in placed_words(wording):
                    stems[word.stem] |= 1 << place
                    words[word.folded] |= 1 << place
        ordered = sorted((*self.ordered, *(word for word in words if word not in self.words)))
        first = len(self.titles)
        return TitleSample(
            self.titles + more,
            _with_more(self.stems, stems, first),
            _with_more(self.words, words, first),
            tuple(ordered),
        )

    def with_words(self, text: str, *, begun: bool, least: int) -> tuple[Titled, ...] | None:
        """Up to ``MOST`` titles that have all words, the last of them perhaps only ``begun``. None where fewer than
        ``least`` have them, and for words that have to stand together.
        """
        found = list(placed_words(text))
        if not found or any(len(unit) > 1 for unit in units(text)):
            return None
        *before, last = found
        having = self.stems.get(last.stem, 0)
        if begun:
            start = bisect_left(self.ordered, last.folded)
            end = bisect_left(self.ordered, f"{last.folded}\U0010ffff", start)
            for folded in self.ordered[start:end]:
                having |= self.words[folded]
        for word in before:
            having &= self.stems.get(word.stem, 0)
        if having.bit_count() < least:
            return None
        return tuple(self.titles[place] for place in islice(_places(having), MOST))


def _with_more(sets: Mapping[str, int], more: Mapping[str, int], first: int) -> dict[str, int]:
    """The sets, and those of further titles, whose places begin at ``first``."""
    merged = dict(sets)
    for word, bits in more.items():
        merged[word] = merged.get(word, 0) | bits << first
    return merged


def _places(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
