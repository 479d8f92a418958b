"""Words that no record has, and those that were probably meant.

Only single words of the text are looked at: no phrases, patterns, fields or exclusions, which are meant as they are
written. A word that no record has is replaced by the nearest ones that records have. Chinese words are compared with
the wordings of the vocabularies, of which one character may differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from indexer.analysis import placed_words, units
from indexer.catalogue import Catalogue
from indexer.nearness import nearest
from indexer.query import Condition, Or, conjunction
from mappings.vocabularies.loading import load_vocabularies
from search_ui.query_language import bare_words, read

SHORTEST, LONG = 4, 8
"""Letters: shorter words stay as they are, longer ones may be two edits off instead of one."""
SHORTEST_HAN = 3
MAX_WORDS = 10
"""Words of a text that are looked at."""
MAX_TRIED = 8
"""Words that are tried in the place of one."""
MAX_INSTEAD = 3
"""Words that are searched in the place of one, where several are as near."""
FEW, MUCH_MORE = 3, 10
"""Of a word with no more hits than the first, one that has so many times more may be the one that was meant."""


@dataclass(frozen=True, slots=True)
class Place:
    """A word or a run of Han in a word of the text (characters, end exclusive)."""

    start: int
    end: int
    text: str
    folded: str
    han: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """A word as it was written, and what was searched instead, most frequent first."""

    written: str
    instead: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text with corrections. ``exactly`` is the text as it was written, so marked that it is not corrected."""

    text: str
    exactly: str
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class Speller:
    """Spells by what one catalogue has."""

    catalogue: Catalogue

    def corrected(self, text: str) -> Spelling | None:
        """``text`` with the words that no record has replaced by the nearest ones; None where there is none to be."""
        return _spelling(text, lambda word: () if self._count(word.text) else self._instead(word))

    def meant(self, text: str) -> Spelling | None:
        """``text`` with words that hardly any record has replaced by a much more frequent one; None without any."""
        return _spelling(text, self._frequent)

    def _instead(self, word: Place) -> tuple[str, ...]:
        """The nearest words that records have, most frequent first."""
        for tried in self._tried(word):
            found = [(-hits, other) for other, hits in self._counts(tried).items() if hits]
            if found:
                return tuple(other for _, other in sorted(found)[:MAX_INSTEAD])
        return ()

    def _frequent(self, word: Place) -> tuple[str, ...]:
        own = self._count(word.text)
        for tried in self._tried(word) if own <= FEW else ():
            hits, other = max(((hits, other) for other, hits in self._counts(tried).items()), default=(0, ""))
            if hits >= MUCH_MORE * max(own, 1):
                return (other,)
        return ()

    def _tried(self, word: Place) -> Iterator[list[str]]:
        """What may have been meant: the nearest first, together what is as far from ``word``; one of each stem."""
        if word.han:
            yield _with_a_wording(word.text)[:MAX_TRIED]
            return
        edits = 0 if len(word.folded) < SHORTEST else 1 if len(word.folded) < LONG else 2
        seen = {units(word.folded)}
        for distance in range(1, edits + 1):
            near: list[str] = []
            others = self.catalogue.words_near(word.folded, distance)
            named = nearest(word.folded, _vocabulary_words(), distance)
            for other in nearest(word.folded, (*others, *named), distance):
                if units(other) not in seen and len(near) < MAX_TRIED:
                    seen.add(units(other))
                    near.append(other)
            yield near

    def _count(self, text: str) -> int:
        """How many records have a text."""
        return self.catalogue.total(_having(text))

    def _counts(self, texts: Sequence[str]) -> dict[str, int]:
        """How many records have each text."""
        having = {text: _having(text) for text in texts}
        totals = self.catalogue.totals(having.values())
        return {text: totals[where] for text, where in having.items()}


def _having(text: str) -> Condition:
    """Records that have a text; none where there is no word in it."""
    conditions = read(text).conditions
    return conjunction(conditions) if conditions else Or(())


def places(token: str) -> list[Place]:
    """The words of a word of the text that may be misspelt: Latin ones, and runs of Han."""
    found: list[Place] = []
    for word in placed_words(token):
        han = _is_han(word.folded)
        if han and found and found[-1].han and found[-1].end == word.start:
            last = found.pop()
            found.append(
                Place(last.start, word.end, last.text + word.written, last.folded + word.folded, True)
            )
        elif han or word.folded.isalpha():
            found.append(Place(word.start, word.end, token[word.start : word.end], word.folded, han))
    return [place for place in found if not place.han or len(place.text) >= SHORTEST_HAN]


def _is_han(word: str) -> bool:
    return len(word) == 1 and "\u3400" <= word <= "\u9fff"


def _spelling(text: str, instead: Callable[[Place], Sequence[str]]) -> Spelling | None:
    """``text`` with what ``instead`` gives for its words; None where it gives nothing."""
    corrections: list[Correction] = []
    corrected, exactly, done = "", "", 0
    for start, token in islice(bare_words(text), MAX_WORDS):
        found = [(place, tuple(others)) for place in places(token) if (others := instead(place))]
        if not found:
            continue
        corrections += [Correction(place.text, others) for place, others in found]
        between, done = text[done:start], start + len(token)
        corrected += between + _replaced(token, found)
        exactly += f'{between}"{token}"'
    if not corrections:
        return None
    return Spelling(corrected + text[done:], exactly + text[done:], tuple(corrections))


def _replaced(token: str, found: Sequence[tuple[Place, tuple[str, ...]]]) -> str:
    place, others = found[0]
    if place.text == token and len(others) > 1:
        return f"({' OR '.join(others)})"
    pieces, done = "", 0
    for place, others in found:
        pieces, done = pieces + token[done : place.start] + others[0], place.end
    return pieces + token[done:]


def _with_a_wording(run: str) -> list[str]:
    """``run`` with a part of it replaced by a wording of a vocabulary that differs in one character."""
    wordings = _wordings()
    found: dict[str, None] = {}
    for length in range(min(len(run), _longest_wording()), SHORTEST_HAN - 1, -1):
        for start in range(len(run) - length + 1):
            part = run[start : start + length]
            for masked in _masked(part):
                for wording in wordings.get(masked, ()):
                    if wording != part:
                        found[run[:start] + wording + run[start + length :]] = None
    return list(found)


@cache
def _vocabulary_words() -> frozenset[str]:
    """The words of the names of concepts: records may have the concept under another name."""
    return frozenset(
        word.folded
        for concept in load_vocabularies()
        for wording in concept.wordings
        for word in placed_words(wording.text)
        if len(word.folded) >= SHORTEST and word.folded.isalpha()
    )


@cache
def _wordings() -> dict[str, tuple[str, ...]]:
    """The Chinese wordings of all concepts, by each way to leave out one of their characters."""
    found: dict[str, tuple[str, ...]] = {}
    texts = {wording.text: None for concept in load_vocabularies() for wording in concept.wordings}
    for text in texts:
        if len(text) >= SHORTEST_HAN and all("\u3400" <= character <= "\u9fff" for character in text):
            for masked in _masked(text):
                found[masked] = (*found.get(masked, ()), text)
    return found


@cache
def _longest_wording() -> int:
    return max(map(len, _wordings()))


def _masked(text: str) -> Iterator[str]:
    for place in range(len(text)):
        yield f"{text[:place]}?{text[place + 1 :]}"
