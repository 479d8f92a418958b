"""Regular expressions for tantivy, which match a whole term. Only ASCII punctuation may be escaped."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.patterns import Literally, Pattern

_SPECIAL = frozenset("\\.+*?()|[]{}^$#&-~")
_LAST = 0x10FFFF


def of_pattern(pattern: Pattern) -> str:
    """A Like pattern."""
    pieces = (_escaped(piece.text) if isinstance(piece, Literally) else _WILD[piece] for piece in pattern)
    return "(?s)" + "".join(pieces)


def of_order(operator: str, value: str) -> str | None:
    """All texts that are ``<``, ``<=``, ``>`` or ``>=`` than ``value``, by code points; None where there are
    none.

    A smaller text ends before ``value`` does, or has at some place a smaller character after the same
    beginning.
    """
    smaller = operator.startswith("<")
    tail = {"<": [], "<=": [""], ">": [".+"], ">=": [".*"]}[operator]
    choices = [*_choices(value, smaller), *(_escaped(value) + end for end in tail)]
    return f"(?s)(?:{'|'.join(choices)})" if choices else None


def _choices(value: str, smaller: bool) -> Iterator[str]:
    for place, character in enumerate(value):
        code = ord(character)
        before = _escaped(value[:place])
        if smaller:
            yield before  # ends here
        if smaller and code > 0:
            yield f"{before}[\\x{{0}}-\\x{{{_down(code):x}}}].*"
        elif not smaller and code < _LAST:
            yield f"{before}[\\x{{{_up(code):x}}}-\\x{{{_LAST:x}}}].*"


def _down(code: int) -> int:
    return 0xD7FF if code == 0xE000 else code - 1


def _up(code: int) -> int:
    return 0xE000 if code == 0xD7FF else code + 1


def _escaped(text: str) -> str:
    return "".join(f"\\{character}" if character in _SPECIAL else character for character in text)


_WILD = {"*": ".*", "?": "."}
