"""What texts about access and licences mean."""

from __future__ import annotations

import re

from crosswalks.words import pattern, table

_OPEN_TEXT = pattern("access_open")
_RESTRICTED_TEXT = pattern("access_restricted")
_CLOSED_TEXT = pattern("access_closed")
_ACCESS_CODES = table("access_codes")


def access_level(text: str) -> str | None:
    """The access level that a code or a sentence means; the stricter one where a sentence says both."""
    code = _ACCESS_CODES.get(text.strip().lower())
    if code is not None:
        return code
    if _CLOSED_TEXT.search(text):
        return "closed"
    opened = _OPEN_TEXT.search(text)
    restricted = _RESTRICTED_TEXT.search(text)
    if restricted and not (opened and re.search(r"no|not|un|无", opened[0])):
        return "restricted"
    return "open" if opened else None


_LICENCE_URL = pattern("licence_urls", r"https?://[^\s\"'<>,;)]*(?:{})[^\s\"'<>,;)，。；、）]*")
_LICENCE_NAME = pattern("licence_names")


def licence(text: str) -> str | None:
    """URL or short name of a licence named in ``text``."""
    if match := _LICENCE_URL.search(text):
        return match[0].rstrip(".,")
    return match[0] if (match := _LICENCE_NAME.search(text)) else None
