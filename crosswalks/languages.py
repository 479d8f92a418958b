"""Language codes: ISO 639-2/T from what sources write."""

from __future__ import annotations

import re

from crosswalks.words import table

_TWO = table("languages_two")
_BIBLIOGRAPHIC = table("languages_bibliographic")
_NAMES = table("languages_named")
_HAN = re.compile(r"[㐀-䶿一-鿿]")
_KANA_OR_HANGUL = re.compile(r"[぀-ヿ가-힯]")


def language_code(text: str) -> str | None:
    """The ISO 639-2/T code for a code of ISO 639-1, -2/B, -2/T, a tag of BCP 47, or a language's name.

    Raises ``ValueError`` for anything else.
    """
    cleaned = text.strip().lower()
    if cleaned in _NAMES:
        return _NAMES[cleaned]
    primary = re.split(r"[-_;,: ]", cleaned)[0]
    if primary in _TWO:
        return _TWO[primary]
    if len(primary) == 3 and primary.isascii() and primary.isalpha():
        return None if primary in {"und", "zxx", "mis"} else _BIBLIOGRAPHIC.get(primary, primary)
    if primary in _NAMES:
        return _NAMES[primary]
    raise ValueError(f"{text[:60]!r} is not a language code")


def script_language(text: str) -> str | None:
    """``zho`` for a text with Chinese characters and no Japanese or Korean ones."""
    return "zho" if _HAN.search(text) and not _KANA_OR_HANGUL.search(text) else None
