"""Texts as XML takes them: the characters that XML 1.0 can hold, and URIs for xs:anyURI.

Sources call many things a URI or a code. What is one stays as it is, non-ASCII characters too; in what is none, the
characters that stand in the way are percent-encoded, so that the document is valid and nothing is lost (XML Schema
part 2, §3.2.17; RFC 3986, RFC 3987).
"""

from __future__ import annotations

import re
from urllib.parse import quote

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_PLAIN = r"[^\x00-\x20%\[\]#?/:@\ud800-\udfff\ufffe\uffff]|%[0-9A-Fa-f]{2}"
_CHARACTER = rf"(?:{_PLAIN}|[:@])"
_AUTHORITY = rf"(?:(?:{_PLAIN}|:)*@)?(?:\[[0-9A-Fa-f:.]+\]|(?:{_PLAIN})*)(?::\d{{1,9}})?"
_PATH = rf"(?:/{_CHARACTER}*)*"
_QUERY = rf"(?:\?(?:{_CHARACTER}|[/?])*)?(?:#(?:{_CHARACTER}|[/?])*)?"
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*:"
_URI = re.compile(
    rf"(?:{_SCHEME})?//{_AUTHORITY}{_PATH}{_QUERY}"
    rf"|{_SCHEME}(?!//){_CHARACTER}*{_PATH}{_QUERY}"
    rf"|(?!//)(?:{_PLAIN}|@)*{_PATH}{_QUERY}"
)
_PARTS = re.compile(rf"({_SCHEME})?(//[^/?#]*)?([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)
_WORDS = re.compile(rf"(?:{_PLAIN}| )*")
_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNFIT = re.compile(r"[\x00-\x20\[\]#?@:/]")


def clean(value: str) -> str:
    """``value`` without the characters that XML 1.0 cannot hold (§2.2)."""
    return _FORBIDDEN.sub("", value)


def uri(value: str) -> str:
    """``value`` if it is a URI reference, else the nearest one."""
    if _URI.fullmatch(value):
        return value
    scheme, authority, path, query, fragment = _parts(clean(value).strip())
    if authority:
        authority = "//" + _authority(authority[2:])
    elif not scheme:
        head, slash, tail = path.partition("/")
        path = head.replace(":", "%3A") + slash + tail
    path = _fit(path, "/:@")
    return scheme + authority + path + _tail(query) + _tail(fragment)


def code_value(value: str) -> str:
    """A code as the attribute ``codeListValue``, which is a URI by its schema and a word by its use.

    Spaces between words, which careless codes have and validators let pass, stay: they are read back.
    """
    return value if (value.isascii() and value.isalpha()) or _WORDS.fullmatch(value) else uri(value)


def _parts(text: str) -> tuple[str, ...]:
    match = _PARTS.fullmatch(text)
    assert match is not None, "every group is optional, and the third takes what the others leave"  # noqa: S101
    return match.groups("")


def _authority(text: str) -> str:
    """User, host and port. An empty port goes (RFC 3986 §6.2.3); what is no port becomes a part of the name."""
    text = text.removesuffix(":")
    return text if re.fullmatch(_AUTHORITY, text) else _fit(text, "")


def _tail(part: str) -> str:
    """A query or a fragment with the sign that begins it."""
    return part[:1] + _fit(part[1:], "/:@?")


def _fit(text: str, allowed: str) -> str:
    text = _NO_ESCAPE.sub("%25", text)
    return _UNFIT.sub(lambda match: match[0] if match[0] in allowed else quote(match[0], safe=""), text)
