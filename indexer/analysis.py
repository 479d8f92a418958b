"""The one text analysis of every engine, of documents and of queries alike.

Text is cut into words: runs of Unicode letters, marks and digits, and every Han character by itself. A word
is folded (NFKC, case, Latin accents) and, in the *stems*, reduced by the Snowball English stemmer; Han stays
as it is. Words joined by ``_ - . / :`` form a *compound* (``sea_water_temperature``, ``CTD-2019/07``): its
words stand in a row in the stems, so that a query finds the parts, and the whole as a phrase. A word of mixed
letters and digits or mixed case (``erdMH1chla8day``) stays whole, and its parts follow as runs of their own.

Engines get blank-separated tokens and split on blanks, nothing else, so all give the same hits.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import Stemmer

MAX_WORD = 100
"""Longer words are cut to this many characters, in documents and queries alike."""
MAX_KEY = 8000
"""Longer keyword values are cut to this many characters before they are compared or counted."""
SHORT = 80
"""Values of up to this many characters are worth remembering."""
CACHED_WORDS, CACHED_SHORT, CACHED_LONG = 1 << 14, 1 << 12, 32

HAN = "\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
JOINTS = "_\\-./:\u2010\u2011\uff3f\uff0d\uff0e\uff0f\uff1a"  # ASCII, hyphens proper, full width
MARKS = "".join(char for char in map(chr, range(0x10000)) if unicodedata.category(char).startswith("M"))
_LETTERS = f"[^\\W_{HAN}]+(?:[{MARKS}]+[^\\W_{HAN}]*)*"
_WORD = re.compile(f"[{HAN}]|{_LETTERS}")
_TOKEN = re.compile(f"[{HAN}]|{_LETTERS}(?:[{JOINTS}]{_LETTERS})*(?:['\u2019][sS]\\b)?")
_HAN_CHARACTER = re.compile(f"[{HAN}]")
_POSSESSIVE = re.compile("['\u2019][sS]$")
_CAMEL_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_DIGIT_PARTS = re.compile(r"\d+|\D+")
_BLANK = re.compile(r"\s")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_PLAIN = str.maketrans(
    {"\u2010": "-", "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "æ": "ae", "œ": "oe", "ı": "i", "ŧ": "t"}
)


@dataclass(frozen=True, slots=True)
class Analysed:
    """The tokens of one field of one document.

    ``stems`` are runs of blank-separated tokens, one for each value and then one for each word that has
    parts; a phrase never reaches from one run into the next. ``words`` are the unstemmed words and whole
    compounds of each value, blank-separated and in no order.
    """

    stems: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Where in the text (characters, end exclusive) a word or compound stands, and its stems; for
    highlighting.
    """

    start: int
    end: int
    stems: tuple[str, ...]


class Word(NamedTuple):  # many are made, and a tuple is made in a fifth of the time
    """One word and where it stands (characters, end exclusive): as written but for width, folded, and its stem."""

    start: int
    end: int
    written: str
    folded: str
    stem: str


@dataclass(frozen=True, slots=True)
class _Value:
    """What one value becomes: its run, the runs of the parts in it, and its words."""

    row: str
    parts: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class _Token:
    """What one word or compound becomes."""

    stems: tuple[str, ...]
    row: str
    words: str
    parts: str


def analyse(values: Iterable[str]) -> Analysed:
    """Analyse all values of one text field."""
    analysed = [_short_value(value) if len(value) <= SHORT else _long_value(value) for value in values]
    parts = {run: None for value in analysed for run in value.parts}
    runs = [value.row for value in analysed if value.row]
    return Analysed((*runs, *parts), tuple([value.words for value in analysed if value.row]))


def units(text: str) -> tuple[tuple[str, ...], ...]:
    """What a Text condition asks for: stems that must occur, each alone or, from a compound or a run of Han,
    as a phrase.
    """
    return tuple(dict.fromkeys(unit.stems for unit in placed_units(text)))


def placed_units(text: str) -> Iterator[Span]:
    """The ``units`` of ``text`` with their places, each as often as it is there."""
    run = Span(0, 0, ())
    for match in _TOKEN.finditer(text):
        stems = _token(match[0]).stems
        if run.stems and not (_is_han(match[0]) and match.start() == run.end):
            yield run
            run = Span(0, 0, ())
        if _is_han(match[0]):
            run = Span(run.start if run.stems else match.start(), match.end(), run.stems + stems)
        elif stems:
            yield Span(match.start(), match.end(), stems)
    if run.stems:
        yield run


def phrase(text: str) -> tuple[str, ...]:
    """The stems that a Phrase condition asks for, in their order."""
    return tuple(stem for token in _TOKEN.findall(text) for stem in _token(token).stems)


def spans(text: str) -> Iterator[Span]:
    """Every word and compound of ``text`` with its place."""
    for match in _TOKEN.finditer(text):
        yield Span(match.start(), match.end(), _token(match[0]).stems)


def placed_words(text: str) -> Iterator[Word]:
    """Every word of ``text`` with its place, those in compounds too; what folding makes several words of
    stands in one place.
    """
    for token in _TOKEN.finditer(text):
        offset = token.start()
        for word in _words_of(token[0]):
            yield Word(offset + word[0], offset + word[1], word[2], word[3], word[4])


def fold(text: str) -> str:
    """``text`` without the differences that never matter in a search: width and other compatibility forms,
    case, accents.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return folded if folded.isascii() else _bare(folded).translate(_PLAIN)


def fold_key(value: str) -> str:
    """A keyword value as Like and Compare see it: ignoring case, and cut to ``MAX_KEY``."""
    return value[:MAX_KEY].casefold()


def _is_han(token: str) -> bool:
    return _HAN_CHARACTER.fullmatch(token) is not None


def _analyse_value(value: str) -> _Value:
    raw = _TOKEN.findall(value)
    row = " ".join([_token(word).row for word in raw])
    distinct = list(map(_token, dict.fromkeys(raw)))
    parts = tuple(token.parts for token in distinct if token.parts)
    return _Value(row, parts, " ".join([token.words for token in distinct]))


_short_value = lru_cache(maxsize=CACHED_SHORT)(_analyse_value)  # keywords, names: the same in many records
_long_value = lru_cache(maxsize=CACHED_LONG)(_analyse_value)  # the same text is in several fields of a record


@lru_cache(maxsize=CACHED_WORDS)
def _token(raw: str) -> _Token:
    """Analyse one word or compound as it stands in a text."""
    if len(raw) <= MAX_WORD and raw.isascii() and (raw.isdigit() or (raw.isalpha() and raw[1:].islower())):
        word = raw.lower()  # what nearly all words are, the short way
        stem = _stem(word)
        return _Token((stem,), stem, word, "")
    raw = _POSSESSIVE.sub("", raw)
    folded = fold(raw)
    words = [word[:MAX_WORD] for word in _WORD.findall(folded)]
    stems = tuple(map(_stem, words))
    whole = [folded] if len(words) > 1 and len(folded) <= MAX_WORD and not _BLANK.search(folded) else []
    return _Token(stems, " ".join(stems), " ".join(dict.fromkeys(words + whole)), " ".join(_parts(raw)))


@lru_cache(maxsize=CACHED_WORDS)
def _words_of(token: str) -> tuple[Word, ...]:
    """The words of a token, placed in it."""
    return tuple(
        Word(
            word.start(),
            word.end(),
            unicodedata.normalize("NFKC", word[0]),
            folded[:MAX_WORD],
            _stem(folded[:MAX_WORD]),
        )
        for word in _WORD.finditer(_POSSESSIVE.sub("", token))
        for folded in _WORD.findall(fold(word[0]))
    )


def _parts(raw: str) -> Iterator[str]:
    """The stems inside words of mixed letters and digits, or of mixed case: ``erd MH 1 chla 8 day``."""
    for word in _WORD.findall(_bare(unicodedata.normalize("NFKC", raw))):
        pieces = (_CAMEL_PARTS if word.isascii() else _DIGIT_PARTS).findall(word[:MAX_WORD])
        if len(pieces) > 1:
            yield from (_stem(fold(piece)) for piece in pieces if len(piece) > 1 or piece.isdigit())


def _bare(text: str) -> str:
    """Without accents, but with its case."""
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


_stemmer = Stemmer.Stemmer("english", 0)
_stemming = threading.Lock()  # a stemmer must not be used by two threads at once


def _stem(word: str) -> str:
    if not word.isascii():
        return word
    with _stemming:
        stem: str = _stemmer.stemWord(word)
    return stem
