"""Who made, published and contributed, from ACDD's parallel attributes (``creator_name``, ``creator_email``,
``creator_type`` ...)."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import zip_longest

from crosswalks.words import pattern

Get = Callable[[str], str | None]
Party = dict[str, str]

_ORGANISATION = pattern("organisation_words", r"\b({})|[/>]")
_ORGANISATION_ZH = pattern("organisation_words_zh")
_PREFIX_ROLES = {"creator": "originator", "publisher": "publisher", "contributor": "contributor"}


def parties(get: Get, prefix: str) -> list[Party]:
    """The parties of one ACDD prefix: ``individual``, ``organisation``, ``position``, ``email``, ``phone``,
    ``url``, ``role`` as known.

    Contributors are a list (ACDD 1.3: names and roles separated by commas); creators and publishers are
    one party unless their e-mail addresses show that they are as many as their names.
    """
    names = _split_names(get, prefix)
    columns = [
        _column(get(f"{prefix}_{part}"), len(names))
        for part in ("email", "url", "role", "type", "institution", "phone")
    ]
    found = []
    for index, name in enumerate(names):
        email, url, role, kind, institution, phone = (column[index] for column in columns)
        party = _named(name, kind, institution or (get("institution") if prefix == "creator" else None))
        party["role"] = role or _PREFIX_ROLES[prefix]
        party |= {key: value for key, value in (("email", email), ("url", url), ("phone", phone)) if value}
        found.append(party)
    return found


def institution_party(get: Get) -> list[Party]:
    """The ``institution``, where it is not the organisation of a creator or publisher already."""
    name = get("institution")
    named = [
        party.get("organisation") for prefix in ("creator", "publisher") for party in parties(get, prefix)
    ]
    return [{"organisation": name, "role": "resourceProvider"}] if name and name not in named else []


def _split_names(get: Get, prefix: str) -> list[str]:
    text = get(f"{prefix}_name") or ""
    if not text:
        institution = get(f"{prefix}_institution") or (
            get(f"{prefix}_email") and get(f"{prefix}_institution")
        )
        return [institution] if institution else []
    for separator in (";", ","):
        names = [name.strip() for name in text.split(separator) if name.strip()]
        if len(names) < 2:
            continue
        if prefix == "contributor" or separator == ";":
            return names
        emails = [email for email in re.split(r"[;,]\s*", get(f"{prefix}_email") or "") if email]
        if len(emails) == len(names):
            return names
    return [text]


def _column(text: str | None, count: int) -> list[str | None]:
    """One value for each of ``count`` parties; a single value of a shared kind (a role, a type) is
    everyone's."""
    if not text:
        return [None] * count
    if count == 1:
        return [text]
    parts = [part.strip() or None for part in re.split(r"[;,]", text)]
    if len(parts) == 1:
        return [parts[0]] * count
    return [part for _, part in zip_longest(range(count), parts[:count])]


def _named(name: str, kind: str | None, institution: str | None) -> Party:
    kind = (kind or "").strip().lower()
    if kind in {"institution", "group", "organization", "organisation"} or (
        not kind and (name == institution or _ORGANISATION.search(name) or _ORGANISATION_ZH.search(name))
    ):
        return {"organisation": name}
    party = {"position" if kind == "position" else "individual": name}
    return party | ({"organisation": institution} if institution else {})
