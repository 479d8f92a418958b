"""Texts in several languages as ISO 19139 §7.4 writes them."""

from __future__ import annotations

import re
from typing import Any

from crosswalks.languages import language_code
from crosswalks.readers.xml import text_of
from mappings.record import LocalisedText, Translation

_GMD = "{http://www.isotc211.org/2005/gmd}"
_INDENT = re.compile(r"[ \t\r]*\n[ \t]{6,}(?=\S)")
_FREE_TEXT = _GMD + "PT_FreeText"


def localised_text(node: Any) -> LocalisedText | None:
    """The text of a property and its translations. Where only those have text, the first is the text."""
    free = (
        next((child for child in node if child.tag == _FREE_TEXT), None)
        if len(node) > 1 or _only_free(node)
        else None
    )
    if free is None:
        text = text_of(node)
        return LocalisedText(unwrap(text)) if text else None
    own = next((unwrap(found) for child in node if child is not free and (found := text_of(child))), None)
    translations = list(_translations(free))
    if own is None:
        return LocalisedText(translations[0].text, tuple(translations[1:])) if translations else None
    if any(translation.text == own for translation in translations):
        main = _language_of_document(node)
        translations = [t for t in translations if t.text != own or t.language != main]
    return LocalisedText(own, tuple(dict.fromkeys(translations)))


def unwrap(text: str) -> str:
    """Text without what pretty printing of XML does to its wrapped lines: a break and deep indentation become
    a space."""
    return _INDENT.sub(" ", text) if "\n      " in text else text


def one_line_text(node: Any) -> LocalisedText | None:
    """The same, with every line break and the white space around it as one space."""
    found = localised_text(node)
    if found is None or not any("\n" in text for text in found.all()):
        return found
    translations = (Translation(t.language, _one_line(t.text)) for t in found.translations)
    return LocalisedText(_one_line(found.text), tuple(translations))


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text)


def _only_free(node: Any) -> bool:
    return len(node) == 1 and node[0].tag == _FREE_TEXT


def _translations(free: Any) -> list[Translation]:
    found = []
    for text_node in free.iter(_GMD + "LocalisedCharacterString"):
        text = text_of(text_node)
        language = _language(text_node, (text_node.get("locale") or "").lstrip("#"))
        if text and language:
            found.append(Translation(language, unwrap(text)))
    return found


def _language(node: Any, locale: str) -> str | None:
    """The language of a locale: as the document declares it, else as its identifier suggests (``EN``,
    ``locale-zho``)."""
    root = node.getroottree().getroot()
    for declared in root.iter(_GMD + "PT_Locale"):
        if declared.get("id") == locale:
            code = next(declared.iter(_GMD + "languageCode"), None)
            text = None if code is None else text_of(code)
            return _code(text or locale)
    return _code(locale.rpartition("-")[2] if locale.startswith("locale-") else locale)


def _language_of_document(node: Any) -> str | None:
    language = node.getroottree().getroot().find(f".//{_GMD}language")
    text = None if language is None else text_of(language)
    return _code(text) if text else None


def _code(text: str) -> str | None:
    try:
        return language_code(text)
    except ValueError:
        return None
