"""Titles drawn from all of a large catalogue, for beginnings that many titles have.

Where one title in a thousand has what is typed, an engine has to look through very many of them, and any four
say as much as any other four. What is rarer the engine finds fast.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from indexer.analysis import placed_words, units
from indexer.stored import Titled

SIZE, SHARE = 4000, 1000
"""Titles in a sample; and of how many of them one at least has to have the words, for the sample to answer: then as
many have them as are suggested.
"""
MOST = 40


@dataclass(frozen=True, slots=True)
class TitleSample:
    """Titles, and which of them have a stem, or a word: each set of titles is a number with their bits."""

    titles: tuple[Titled, ...]
    stems: dict[str, int]
    words: tuple[str, ...]
    having: tuple[int, ...]

    @classmethod
    def of(cls, titles: Iterable[Titled]) -> TitleSample:
        """All wordings of each title count."""
        drawn = tuple(titles)
        stems: defaultdict[str, int] = defaultdict(int)
        words: defaultdict[str, int] = defaultdict(int)
        for place, titled in enumerate(drawn):
            for wording in titled.title.all():
                for word in placed_words(wording):
                    stems[word.stem] |= 1 << place
                    words[word.folded] |= 1 << place
        ordered = sorted(words)
        return cls(drawn, dict(stems), tuple(ordered), tuple(words[word] for word in ordered))

    def with_words(self, text: str, *, begun: bool) -> tuple[Titled, ...] | None:
        """Up to ``MOST`` titles that have all words, the last of them perhaps only ``begun``. None where too few have
        them, and for words that have to stand together.
        """
        found = list(placed_words(text))
        if not found or any(len(unit) > 1 for unit in units(text)):
            return None
        *before, last = found
        having = self.stems.get(last.stem, 0)
        if begun:
            start = bisect_left(self.words, last.folded)
            end = bisect_left(self.words, f"{last.folded}\U0010ffff", start)
            for some in self.having[start:end]:
                having |= some
        for word in before:
            having &= self.stems.get(word.stem, 0)
        if not having or having.bit_count() * SHARE < len(self.titles):
            return None
        return tuple(self.titles[place] for place in islice(_places(having), MOST))


def _places(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
