"""The closed list of transforms: what a rule may do to a value between the path and the field.

A transform is made once, when a definition is loaded, from its declared parameters, and then called with each value. It gives a
value, a list of values, ``None`` (there is nothing: no finding), or raises ``ValueError`` with a sentence: the value is then left
out with a finding. ``takes`` and ``gives`` are checked when the definition is loaded. docs/crosswalks.md describes each.
"""

from __future__ import annotations

import html
import inspect
import math
import re
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from crosswalks.durations import from_unit, parse_duration
from crosswalks.geometry import flipped_wkt, normal_wkt, wkt_of_gml
from crosswalks.identifiers import identifiers_in, known_identifier
from crosswalks.languages import language_code, script_language
from crosswalks.localised import localised_text
from mappings.record import Identifier
from mappings.times import from_seconds, parse_instant

Kind = Literal["node", "text", "number", "integer", "boolean", "Identifier", "LocalisedText"]
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Transform:
    """One entry of the list. ``make`` takes the declared parameters by keyword."""

    name: str
    takes: Kind
    gives: Kind
    make: Callable[..., Convert]
    parameters: Mapping[str, Any]

    @property
    def summary(self) -> str:
        return (inspect.getdoc(self.make) or "").partition("\n")[0]

    def built(self, arguments: Mapping[str, Any]) -> Convert:
        """The converter for these arguments. Raises ``ValueError`` that says which parameters there are."""
        unknown = arguments.keys() - self.parameters.keys()
        known = ", ".join(self.parameters) or "none"
        if unknown:
            raise ValueError(
                f"transform {self.name} has no parameter {sorted(unknown)[0]!r} (it has: {known})"
            )
        try:
            checked = {
                name: msgspec.convert(value, self.parameters[name]) for name, value in arguments.items()
            }
            return self.make(**checked)
        except (msgspec.ValidationError, TypeError, re.error) as error:
            raise ValueError(f"transform {self.name}: {error} (its parameters: {known})") from error


TRANSFORMS: dict[str, Transform] = {}


def transform(
    name: str, takes: Kind = "text", gives: Kind = "text"
) -> Callable[[Callable[..., Convert]], Callable[..., Convert]]:
    """Enter a factory of converters into the list under ``name``."""

    def enter(make: Callable[..., Convert]) -> Callable[..., Convert]:
        hints = typing.get_type_hints(make)
        hints.pop("return", None)
        TRANSFORMS[name] = Transform(name, takes, gives, make, hints)
        return make

    return enter


@transform("trim")
def _trim() -> Convert:
    """White space at both ends goes. Every text that a path gives is trimmed already; use it after another transform."""
    return lambda text: text.strip() or None


@transform("collapse")
def _collapse() -> Convert:
    """Every run of white space becomes one space: for titles and names broken over lines."""
    return lambda text: " ".join(text.split()) or None


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
    """A list of keywords: split on new lines or semicolons if there are any, else on commas; ``>`` hierarchies stay whole."""
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
    """The value that ``table`` gives for the text, in any case; a text that it lacks is kept, dropped or reported."""
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
    """The ISO 639-2/T code of a language given by code (``en``, ``en-GB``, ``fre``, ``chi``), name or LanguageCode."""
    return language_code


@transform("script language")
def _script_language() -> Convert:
    """``zho`` where the text is written in Chinese characters, else nothing: for sources that do not name their language."""
    return script_language


@transform("instant")
def _instant() -> Convert:
    """A canonical instant from ISO 8601 and its near misses; ``now`` and other words for an open end give nothing."""
    return _to_instant


_OPEN_WORDS = frozenset(
    {
        "now",
        "present",
        "unknown",
        "ongoing",
        "missing",
        "inapplicable",
        "n/a",
        "na",
        "nan",
        "none",
        "null",
        "tbd",
        "-",
        "..",
        "至今",
        "无",
    }
)
_SLASHED = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?).*)?")
_LOOSE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?"
)
_ZONED_DATE = re.compile(r"(\d{4}-?\d\d-?\d\d)(?:Z|[+-]\d\d:?\d\d)")
_NO_MONTH = re.compile(r"(-?\d{4})-00(?:-00)?Z?")
_NO_DAY = re.compile(r"(-?\d{4}-\d\d)-00Z?")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_NAMED = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3})[a-z]*[- ](\d{4})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?))?")
_CHINESE = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?")
_MONTHS = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}


def _to_instant(text: str) -> str | None:
    if text.strip().lower() in _OPEN_WORDS:
        return None
    try:
        return parse_instant(text)
    except ValueError:
        if other := _near_miss(text.strip()):
            return parse_instant(other)
        raise


def _near_miss(text: str) -> str | None:
    """ISO 8601 for dates that people write otherwise: 2003/4/5, 5-APR-2003, 2003年4月5日, 2003-4-5 6:30."""
    if match := _LOOSE.fullmatch(text):
        date = f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"
        return (
            f"{date}T{int(match[4]):02d}:{match[5]}:{match[6] or '00'}{match[7] or 'Z'}" if match[4] else date
        )
    if match := _SLASHED.fullmatch(text):
        return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}" + _clock(match[4])
    if (match := _NAMED.fullmatch(text)) and match[2].lower() in _MONTHS:
        return f"{match[3]}-{_MONTHS[match[2].lower()]:02d}-{int(match[1]):02d}" + _clock(match[4])
    if (match := _MONTH_FIRST.fullmatch(text)) and match[1].lower() in _MONTHS:
        return f"{match[3]}-{_MONTHS[match[1].lower()]:02d}-{int(match[2]):02d}"
    if match := _ZONED_DATE.fullmatch(text) or _NO_MONTH.fullmatch(text) or _NO_DAY.fullmatch(text):
        return None if match[1] == "0000" else match[1]
    if match := _CHINESE.fullmatch(text):
        return "-".join(part if len(part) == 4 else f"{int(part):02d}" for part in match.groups() if part)
    if (match := _AMERICAN.fullmatch(text)) and int(match[2]) > 12:
        return f"{match[3]}-{int(match[1]):02d}-{int(match[2]):02d}"
    if match := re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s*[A-Za-z]{2,4}", text):
        return None if match is None else match[1] + "Z"
    return None


def _clock(time: str | None) -> str:
    return f"T{time.zfill(8 if time.count(':') == 2 else 5)}Z" if time else ""


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
def _number(*, allow_unit: bool = False) -> Convert:
    """A number; not-a-number and infinity give nothing. ``allow_unit`` takes the number that the text begins with."""
    return number_with_unit if allow_unit else number


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
    """An absolute URL (http, https, ftp, sftp, s3, gs). Other texts are reported, or left out silently when ``quiet``."""

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


@transform("identifier", gives="Identifier")
def _identifier(*, authority: str | None = None) -> Convert:
    """An identifier: DOI and CSTR recognised, any other text a code of ``authority``."""
    return lambda text: known_identifier(text) or Identifier(text, authority)


@transform("identifiers in text", gives="Identifier")
def _identifiers_in_text() -> Convert:
    """Every DOI and CSTR mentioned in a running text or URL."""
    return identifiers_in


@transform("wkt")
def _wkt(*, latitude_first: bool = False) -> Convert:
    """A WKT geometry in longitude latitude order, checked; with ``latitude_first`` the source has it the other way round (ACDD)."""
    return flipped_wkt if latitude_first else normal_wkt


_EPSG = re.compile(
    r"(?:EPSG(?:/0)?|epsg\.io)[^\d]{0,4}(?:[\d.]*[:/])?(?:::)?(\d{4,6})\b|(?:^|\D)(\d{4,5})$", re.IGNORECASE
)
_CRS_NAMES = {"wgs84": "EPSG:4326", "wgs1984": "EPSG:4326", "gcswgs1984": "EPSG:4326", "crs84": "EPSG:4326", "cgcs2000": "EPSG:4490", "etrs89": "EPSG:4258", "gda94": "EPSG:4283"}  # fmt: skip


@transform("crs")
def _crs() -> Convert:
    """``EPSG:4326`` from the ways a coordinate reference system is named (URN, URL, code, WGS 84); other texts stay."""

    def convert(text: str) -> str:
        if match := _EPSG.search(text.strip()):
            return f"EPSG:{match[1] or match[2]}"
        return _CRS_NAMES.get(re.sub(r"[\s_()/-]+", "", text).lower(), text)

    return convert


_CF_URI = re.compile(
    r"https?://(?:mmisw\.org/ont/cf/parameter|vocab\.nerc\.ac\.uk/standard_name|vocab\.nerc\.ac\.uk/collection/P07/current)/(\w+)/?$"
)
_STANDARD_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_LAST_PARENTHESIS = re.compile(r"(.*?)\s*\(([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\)\s*", re.DOTALL)


@transform("standard name")
def _standard_name(*, loose: bool = False) -> Convert:
    """The CF standard name in a vocabulary URI, or in the parentheses of ``Long name (standard_name)``; when ``loose``, also
    a text that looks like one. Modifiers (``status_flag``) and other texts go."""

    def convert(text: str) -> str | None:
        if match := _CF_URI.fullmatch(text):
            return match[1]
        if match := _LAST_PARENTHESIS.fullmatch(text):
            return match[2]
        first = text.split()[0] if text.split() else ""
        return first if loose and _STANDARD_NAME.fullmatch(first) else None

    return convert


@transform("long name")
def _long_name() -> Convert:
    """``Long name (standard_name)`` without the standard name in parentheses (ncISO writes it there)."""

    def convert(text: str) -> str | None:
        match = _LAST_PARENTHESIS.fullmatch(text)
        return (match[1] or None) if match else text

    return convert


@transform("unit")
def _unit() -> Convert:
    """A UDUNITS text from a unit or from a URI such as ``https://unitsofmeasure.org/ucum.html#mg&#x2e;m&#x2d;3``."""

    def convert(text: str) -> str | None:
        fragment = text.rpartition("#")[2] if "://" in text else text
        found = html.unescape(fragment).strip()
        return None if not found or found.lower() in {"unknown", "missing", "inapplicable", "none"} else found

    return convert


_OPEN_TEXT = re.compile(
    r"\bno (?:known )?(?:access |use |legal |usage )*(?:and use )?(?:constraints?|restrictions?|limitations?)|noLimitations|\bnone\b|unrestricted|"
    r"open (?:access|data|licen[cs]e|government licen[cs]e)|public domain|freely (?:available|distributed|redistributed)|free (?:of charge|to use)|"
    r"used and redistributed for free|free and unrestricted|creativecommons\.org|\bCC0\b|\bCC[- ]BY|opendatacommons|完全开放|公开|无限制|完全共享|开放共享|知识共享",
    re.IGNORECASE,
)
_RESTRICTED_TEXT = re.compile(
    r"\brestricted\b|\bembargo|(?:up)?on request|by request|(?:prior|written) (?:permission|consent|approval)|requires? (?:approval|registration|permission)|"
    r"need(?:s)? permission|registered users|login required|not (?:publicly|openly) available|moratorium|协议共享|申请|审批|授权|限制(?!.{0,2}无)|受限|有条件共享",
    re.IGNORECASE,
)
_CLOSED_TEXT = re.compile(
    r"\bconfidential\b|\bclosed\b|not (?:for )?(?:distribut|shar)|no access|access (?:is )?denied|top ?secret|\bsecret\b|不公开|不共享|暂不共享|保密|涉密|机密",
    re.IGNORECASE,
)


@transform("access")
def _access() -> Convert:
    """``open``, ``restricted`` or ``closed`` where a classification code or a text about access says so plainly, else nothing."""
    return access_level


_ACCESS_CODES = {
    "open": "open", "public": "open", "unclassified": "open", "unrestricted": "open", "公开": "open", "nolimitations": "open",
    "restricted": "restricted", "limited": "restricted", "limiteddistribution": "restricted", "embargoed": "restricted",
    "sensitivebutunclassified": "restricted", "forofficialuseonly": "restricted", "protected": "restricted", "限制": "restricted",
    "closed": "closed", "private": "closed", "confidential": "closed", "secret": "closed", "topsecret": "closed", "in-confidence": "closed", "保密": "closed",
}  # fmt: skip


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


@transform("licence")
def _licence() -> Convert:
    """The licence that a text names: its URL (Creative Commons, Open Data Commons, ...), else its usual short name, else nothing."""
    return licence


_LICENCE_URL = re.compile(
    r"https?://[^\s\"'<>,;)]*(?:creativecommons\.org|opendatacommons\.org|/licen[cs]es?/|open-government-licence|spdx\.org|etalab)[^\s\"'<>,;)）]*",
    re.IGNORECASE,
)
_LICENCE_NAME = re.compile(
    r"\bCC[- ]?(?:0|BY(?:-(?:NC|SA|ND))*)(?:[- ]\d\.\d)?\b|\bODbL\b|\bPDDL\b|\bMIT\b|\bOGL[- ]?v?\d?",
    re.IGNORECASE,
)


def licence(text: str) -> str | None:
    """URL or short name of a licence named in ``text``."""
    if match := _LICENCE_URL.search(text):
        return match[0].rstrip(".,")
    return match[0] if (match := _LICENCE_NAME.search(text)) else None


_ERDDAP = re.compile(
    r"(?P<base>https?://.+?)/(?P<kind>tabledap|griddap)/(?P<id>[^/?#]+?)(?:\.\w+)?(?:[?#].*)?$"
)
_ERDDAP_SERVICES = {
    "page": "{base}/{kind}/{id}.html",
    "opendap": "{base}/{kind}/{id}",
    "graph": "{base}/{kind}/{id}.graph",
    "info": "{base}/info/{id}/index.html",
    "wms": "{base}/wms/{id}/request?service=WMS&version=1.3.0&request=GetCapabilities",
    "protocol": "ERDDAP:{kind}",
    "csv": "{base}/tabledap/{id}.csv",
    "picture": "{base}/{kind}/{id}.largePng",
}


@transform("erddap service")
def _erddap_service(*, service: str) -> Convert:
    """From the URL of an ERDDAP dataset, that of its ``page``, ``opendap``, ``graph``, ``info``, ``wms`` or ``csv`` (tabledap only)
    service, or its ``protocol`` (``ERDDAP:tabledap``)."""
    if service not in _ERDDAP_SERVICES:
        raise TypeError(f"service {service!r} is not one of {', '.join(_ERDDAP_SERVICES)}")
    pattern = _ERDDAP_SERVICES[service]

    def convert(text: str) -> str | None:
        match = _ERDDAP.match(text)
        if match is None or (service == "csv" and match["kind"] != "tabledap"):
            return None
        return pattern.format(**match.groupdict())

    return convert


@transform("without suffix")
def _without_suffix(*, suffixes: list[str]) -> Convert:
    """The text without the first of ``suffixes`` that it ends with."""

    def convert(text: str) -> str | None:
        suffix = next((suffix for suffix in suffixes if text.endswith(suffix)), "")
        return text[: len(text) - len(suffix)] or None

    return convert


@transform("localised", takes="node", gives="LocalisedText")
def _localised() -> Convert:
    """An ISO 19139 text with its translations (``gmd:PT_FreeText``, languages from the document's ``gmd:locale``)."""
    return localised_text


@transform("gml", takes="node")
def _gml() -> Convert:
    """WKT of the GML geometry (3.1 or 3.2) inside an element, in longitude latitude order."""
    return wkt_of_gml


@transform("class name", takes="node")
def _class_name() -> Convert:
    """The name of an element without namespace and without the prefix of its ISO package (``DQ_``, ``QE_``)."""

    def convert(node: Any) -> str:
        local: str = node.tag.rpartition("}")[2]
        return local.partition("_")[2] or local

    return convert


_LENGTHS = {"m": 1.0, "meter": 1.0, "metre": 1.0, "meters": 1.0, "metres": 1.0, "km": 1000.0, "kilometer": 1000.0, "kilometre": 1000.0, "kilometers": 1000.0,
            "kilometres": 1000.0, "cm": 0.01, "mm": 0.001, "ft": 0.3048, "feet": 0.3048, "nm": 1852.0, "nmi": 1852.0, "mi": 1609.344}  # fmt: skip
_ANGLES = {"deg": 1.0, "degree": 1.0, "degrees": 1.0, "decimaldegrees": 1.0, "dd": 1.0, "°": 1.0, "9102": 1.0, "9122": 1.0, "min": 1 / 60, "arcmin": 1 / 60,
           "minute": 1 / 60, "minutes": 1 / 60, "arcminute": 1 / 60, "arcminutes": 1 / 60, "sec": 1 / 3600, "arcsec": 1 / 3600, "second": 1 / 3600,
           "seconds": 1 / 3600, "arcsecond": 1 / 3600, "arcseconds": 1 / 3600}  # fmt: skip


@transform("distance", takes="node", gives="number")
def _distance(*, unit: Literal["metres", "degrees"]) -> Convert:
    """The number in ``gco:Distance``, ``gco:Angle`` or ``gco:Measure`` in ``metres`` or ``degrees``, by its ``uom``; nothing where that is of the other kind."""
    factors = _LENGTHS if unit == "metres" else _ANGLES

    def convert(node: Any) -> float | None:
        measure = node if node.get("uom") else next((child for child in node if child.get("uom")), node)
        named = (measure.get("uom") or "").rstrip("/").rpartition("#")[2]
        named = re.split(r"[:/]|%20| ", named)[-1] if ":" in named or "/" in named else named
        name = re.sub(r"[\s_.()-]", "", named.lower()).removesuffix("east").removesuffix("north")
        name = "m" if name in {"9001", ""} and unit == "metres" and named else name
        if name not in factors or not measure.text or not measure.text.strip():
            return None
        value = number(measure.text.strip())
        return None if value is None else value if factors[name] == 1.0 else round(value * factors[name], 9)

    return convert
