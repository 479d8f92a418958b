"""What the record page shows beyond the record's own attributes: groupings and texts in further languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from indexer.catalogue import StoredRecord
from mappings.record import ISO_LANGUAGES, Instrument, LocalisedText, Platform, Record, ResponsibleParty
from search_ui.html.results import NEEDS_REQUEST
from search_ui.languages import HTML_CODES, current_language

_HTML_LANGUAGES = {iso: HTML_CODES[code] for code, iso in ISO_LANGUAGES.items()}
RESOLVERS = {"doi": "https://doi.org/", "cstr": "https://cstr.cn/"}


@dataclass(frozen=True, slots=True)
class OtherLanguage:
    """Title and abstract in a language other than the one shown. ``code`` is ISO 639-2/T, ``tag`` BCP 47."""

    code: str
    tag: str | None
    title: str | None
    abstract: str | None


@dataclass(frozen=True, slots=True)
class RecordView:
    """The groupings of one record's page."""

    needs_request: bool
    data_contacts: tuple[ResponsibleParty, ...]
    metadata_contacts: tuple[ResponsibleParty, ...]
    loose_instruments: tuple[Instrument, ...]
    platforms: tuple[Platform, ...]
    other_languages: tuple[OtherLanguage, ...]


def view_of(stored: StoredRecord) -> RecordView:
    """The groupings of ``stored`` for the reader's language."""
    record = stored.record
    return RecordView(
        needs_request=record.access_level in NEEDS_REQUEST,
        data_contacts=tuple(party for party in record.contacts if party.scope != "metadata"),
        metadata_contacts=tuple(party for party in record.contacts if party.scope == "metadata"),
        loose_instruments=record.instruments,
        platforms=record.platforms,
        other_languages=tuple(_other_languages(record)),
    )


def resolver_url(code: str, authority: str | None) -> str | None:
    """Where a persistent identifier leads; None for one of another kind."""
    base = RESOLVERS.get((authority or "").lower())
    return (
        None
        if base is None
        else base + quote(code.removeprefix("CSTR:").removeprefix("doi:"), safe="/:;().,")
    )


def _other_languages(record: Record) -> Iterator[OtherLanguage]:
    shown = _shown_language(record)
    codes = [record.language or "", *(translation.language for translation in record.title.translations)]
    if record.abstract is not None:
        codes += [translation.language for translation in record.abstract.translations]
    for code in dict.fromkeys(codes):
        if code != shown:
            title, abstract = _in(record.title, code, record), _in(record.abstract, code, record)
            if title or abstract:
                yield OtherLanguage(code, _HTML_LANGUAGES.get(code), title, abstract)


def _shown_language(record: Record) -> str:
    """ISO 639-2/T code of the title as it is shown, or nothing where that is not known."""
    wanted = ISO_LANGUAGES[current_language()]
    has_wanted = any(translation.language == wanted for translation in record.title.translations)
    return wanted if has_wanted else (record.language or "")


def _in(text: LocalisedText | None, code: str, record: Record) -> str | None:
    if text is None:
        return None
    if code == (record.language or ""):
        return text.text
    return next((translation.text for translation in text.translations if translation.language == code), None)
