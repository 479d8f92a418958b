"""Recognising persistent identifiers: DOI (ISO 26324) and CSTR (GB/T 32843-2016, Chinese science and
technology resources)."""

from __future__ import annotations

import re

from mappings.record import Identifier

_DOI = re.compile(r"(?:doi\s*:\s*|(?:https?://)?(?:dx\.)?doi\.org/)?(10\.\d{4,9}/[^\s\"'<>]+)", re.IGNORECASE)
_DOI_IN_TEXT = re.compile(
    r"(?:doi\s*:\s*|(?:dx\.)?doi\.org/|(?<![\w./-]))(10\.\d{4,9}/[^\s\"'<>,;()（），；。]+)", re.IGNORECASE
)
_CSTR = re.compile(r"(?:https?://(?:www\.)?cstr\.cn/|cstr\s*:\s*)([\w.+-]+)", re.IGNORECASE)


def known_identifier(text: str) -> Identifier | None:
    """The DOI or CSTR that ``text`` is, without its prefix or resolver; None where it is neither."""
    text = text.strip()
    if match := _DOI.fullmatch(text):
        return Identifier(match[1].rstrip(".,;"), "doi")
    if match := _CSTR.fullmatch(text):
        return Identifier(match[1], "cstr")
    return None


def identifiers_in(text: str) -> list[Identifier]:
    """Every DOI and CSTR mentioned in a running text."""
    found = [Identifier(match[1].rstrip(".,;:"), "doi") for match in _DOI_IN_TEXT.finditer(text)]
    found += [Identifier(match[1].rstrip(".-"), "cstr") for match in _CSTR.finditer(text)]
    return found
