"""Language codes: ISO 639-2/T from what sources write."""

from __future__ import annotations

import re

_TWO = {
    "aa": "aar", "af": "afr", "ar": "ara", "be": "bel", "bg": "bul", "bn": "ben", "ca": "cat", "cs": "ces", "cy": "cym", "da": "dan", "de": "deu",
    "el": "ell", "en": "eng", "es": "spa", "et": "est", "eu": "eus", "fa": "fas", "fi": "fin", "fr": "fra", "ga": "gle", "gl": "glg", "he": "heb",
    "hi": "hin", "hr": "hrv", "hu": "hun", "id": "ind", "is": "isl", "it": "ita", "ja": "jpn", "ka": "kat", "ko": "kor", "lt": "lit", "lv": "lav",
    "mk": "mkd", "ms": "msa", "mt": "mlt", "nb": "nob", "nl": "nld", "nn": "nno", "no": "nor", "pl": "pol", "pt": "por", "rm": "roh", "ro": "ron",
    "ru": "rus", "sk": "slk", "sl": "slv", "sq": "sqi", "sr": "srp", "sv": "swe", "th": "tha", "tr": "tur", "uk": "ukr", "vi": "vie", "zh": "zho",
}  # fmt: skip
_BIBLIOGRAPHIC = {
    "alb": "sqi", "baq": "eus", "chi": "zho", "cze": "ces", "dut": "nld", "fre": "fra", "geo": "kat", "ger": "deu", "gre": "ell", "ice": "isl",
    "mac": "mkd", "may": "msa", "per": "fas", "rum": "ron", "slo": "slk", "wel": "cym", "cmn": "zho",
}  # fmt: skip
_NAMES = {
    "english": "eng", "chinese": "zho", "french": "fra", "german": "deu", "deutsch": "deu", "spanish": "spa", "italian": "ita", "italiano": "ita",
    "dutch": "nld", "portuguese": "por", "japanese": "jpn", "korean": "kor", "russian": "rus", "norwegian": "nor", "danish": "dan", "swedish": "swe",
    "finnish": "fin", "greek": "ell", "polish": "pol", "français": "fra", "español": "spa", "中文": "zho", "汉语": "zho", "英文": "eng", "英语": "eng",
    "simplified chinese": "zho", "anglais": "eng", "inglese": "eng",
}  # fmt: skip
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
