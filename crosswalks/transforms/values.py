"""Transforms of plain values: texts, numbers, dates, languages, URLs."""

from __future__ import annotations

import math
import re
from typing import Literal

from crosswalks.dates import to_instant
from crosswalks.durations import from_unit, parse_duration
from crosswalks.languages import language_code, script_language
from crosswalks.localised import unwrap
from crosswalks.transforms.registry import Convert, transform
from mappings.times import from_seconds


@transform("trim")
def _trim() -> Convert:
    """White space at both ends goes. Every text that a path gives is trimmed already; use it after another
    transform."""
    return lambda text: text.strip() or None


@transform("collapse")
def _collapse() -> Convert:
    """Every run of white space becomes one space: for titles and names broken over lines."""
    return lambda text: " ".join(text.split()) or None


@transform("unwrap")
def _unwrap() -> Convert:
    """Lines that pretty printing of XML wrapped and indented (by six spaces or more) become one again."""
    return unwrap


@transform("email")
def _email() -> Convert:
    """The text if it has an ``@``, without ``mailto:``; anything else (a web form's URL) is left out
    silently."""
    return lambda text: text.removeprefix("mailto:").strip() if "@" in text else None


@transform("short")
def _short(*, most: int) -> Convert:
    """The text if it has at most ``most`` characters, else nothing: for fields that take a term where sources
    write essays."""
    return lambda text: text if len(text) <= most else None


@transform("lower")
def _lower() -> Convert:
    """Lower case."""
    return lambda text: text.lower()


@transform("split")
def _split(*, separators: str = ",") -> Convert:
    """A list of the parts between any of the characters ``separators``."""
    pattern = re.compile("[" + re.escape(separators) + "]")
    return lambda text: [part.strip() for part in pattern.split(text) if part.strip()]


@transform("keywords")
def _keywords() -> Convert:
    """A list of keywords: split on new lines or semicolons if there are any, else on commas; ``>``
    hierarchies stay whole."""
    return _split_keywords


def _split_keywords(text: str) -> list[str]:
    if re.search(r"[\n;；]", text):
        parts = re.split(r"[\n;；]", text)
    elif "," in text or "，" in text or "、" in text:
        parts = re.split(r",(?!\d)|[，、]", text)
    else:
        parts = [text]
    return [part for part in (" ".join(part.split()).strip(" ,") for part in parts) if part]


@transform("lookup")
def _lookup(*, table: dict[str, str], otherwise: Literal["keep", "drop", "report"] = "keep") -> Convert:
    """The value that ``table`` gives for the text, in any case; a text that it lacks is kept, dropped or
    reported."""
    found = {str(key).lower(): value for key, value in table.items()}

    def convert(text: str) -> str | None:
        value = found.get(text.strip().lower())
        if value is not None or otherwise == "drop":
            return value
        if otherwise == "report":
            raise ValueError(f"{text!r} is not one of {', '.join(table)}")
        return text

    return convert


@transform("language")
def _language() -> Convert:
    """The ISO 639-2/T code of a language given by code (``en``, ``en-GB``, ``fre``, ``chi``), name or
    LanguageCode."""
    return language_code


@transform("script language")
def _script_language() -> Convert:
    """``zho`` where the text is written in Chinese characters, else nothing: for sources that do not name
    their language."""
    return script_language


@transform("instant")
def _instant() -> Convert:
    """A canonical instant from ISO 8601 and its near misses; ``now`` and other words for an open end give
    nothing."""
    return to_instant


@transform("epoch", takes="number")
def _epoch() -> Convert:
    """The instant of a number of seconds since 1970-01-01T00:00:00Z."""

    def convert(seconds: float) -> str | None:
        if not math.isfinite(seconds):
            return None
        if abs(seconds) > 1e13:
            raise ValueError(f"{seconds} seconds since 1970 is no time that data have")
        return from_seconds(math.floor(seconds))

    return convert


@transform("duration")
def _duration(*, unit: str = "") -> Convert:
    """An ISO 8601 duration from ``P1D``, ``1 day``, ``daily``; a bare number counts in ``unit``."""

    def convert(text: str) -> str:
        if unit and re.fullmatch(r"\d+(\.\d+)?", text.strip()):
            return from_unit(float(text), unit)
        return parse_duration(text)

    return convert


_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?")


@transform("number", gives="number")
def _number(*, allow_unit: bool = False, positive: bool = False) -> Convert:
    """A number; not-a-number and infinity give nothing. ``allow_unit`` takes the number that the text begins
    with; with ``positive``, zero and less give nothing."""
    read = number_with_unit if allow_unit else number

    def convert(text: str) -> float | None:
        value = read(text)
        return None if value is None or (positive and value <= 0) else value

    return convert


def number(text: str) -> float | None:
    """The finite number ``text`` is; None for NaN and infinities. Raises ``ValueError`` otherwise."""
    try:
        value = float(text)
    except ValueError:
        cleaned = text.strip().replace("−", "-").rstrip("°fFdD").strip()
        if re.fullmatch(r"[+-]?\d{1,3},\d{1,12}", cleaned):
            cleaned = cleaned.replace(",", ".")
        if not _NUMBER.fullmatch(cleaned):
            raise ValueError(f"{text!r} is not a number") from None
        value = float(re.sub("[dD]", "e", cleaned))
    return value if math.isfinite(value) else None


def number_with_unit(text: str) -> float | None:
    """The number that ``text`` begins with: ``0.25 degrees``, ``4 km``."""
    match = _NUMBER.match(text.strip())
    if match is None:
        raise ValueError(f"{text!r} does not begin with a number")
    return number(match[0])


@transform("scale", takes="number", gives="number")
def _scale(*, by: float) -> Convert:
    """A number times ``by``."""
    return lambda value: value * by


@transform("integer", gives="integer")
def _integer() -> Convert:
    """A whole number."""
    return integer


def integer(text: str) -> int | None:
    """The whole number ``text`` is (``10000``, ``10000.0``). Raises ``ValueError`` otherwise."""
    value = number(text)
    if value is not None and value != int(value):
        raise ValueError(f"{text!r} is not a whole number")
    return None if value is None else int(value)


@transform("boolean", gives="boolean")
def _boolean() -> Convert:
    """``true``, ``1``, ``yes`` or ``false``, ``0``, ``no``."""
    return boolean


def boolean(text: str) -> bool:
    """The truth value ``text`` is. Raises ``ValueError`` otherwise."""
    lowered = text.strip().lower()
    if lowered in {"true", "1", "yes", "y", "是"}:
        return True
    if lowered in {"false", "0", "no", "n", "否"}:
        return False
    raise ValueError(f"{text!r} is neither true nor false")


_URL = re.compile(r"(?:https?|ftps?|sftp|s3|gs)://[^\s/?#]+\S*", re.IGNORECASE)
_WWW = re.compile(r"www\.[\w.-]+\.\w+\S*", re.IGNORECASE)


@transform("url")
def _url(*, quiet: bool = False) -> Convert:
    """An absolute URL (http, https, ftp, sftp, s3, gs). Other texts are reported, or left out silently when
    ``quiet``."""

    def convert(text: str) -> str | None:
        joined = re.sub(r"\s*\n\s*", "", text.strip()).replace(" ", "%20")
        if _URL.fullmatch(joined):
            return joined
        if _WWW.fullmatch(joined):
            return "http://" + joined
        if quiet:
            return None
        raise ValueError(f"{text[:120]!r} is not an absolute URL")

    return convert


@transform("urls in text")
def _urls_in_text() -> Convert:
    """Every http(s) URL mentioned in a running text."""
    pattern = re.compile(r"https?://[^\s\"'<>,;()（）\[\]，。；]+")
    return lambda text: [found.rstrip(".") for found in pattern.findall(text)]
