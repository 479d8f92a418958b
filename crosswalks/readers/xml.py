"""XML, the only way it is parsed anywhere in Halocline: no DTD, no entities, no network, bounded in size and
depth."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from lxml import etree

from crosswalks.readers.base import Namespaces, Report, Select
from mappings.errors import UnreadableRecord
from mappings.record import RawRecord

MAX_BYTES = 32 * 1024 * 1024
HEAD = 4096
MOST_ESCAPES = 4
"""How often a text may have been escaped on its way through other catalogues; real ones were up to three times."""

_PROLOG = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_ALLOWED_CALLS = frozenset({"text", "node", "not", "local-name", "last", "starts-with"})
_CALL = re.compile(r"([\w-]+)\s*\(")
_ISO = "{http://www.isotc211.org/"
_ENTRY = re.compile(r"^[A-Z]{2}_\w+?Code_")
_ESCAPED = re.compile(r"&(?:gt|lt|amp|quot|apos|#\d{2,5});")
_PREFIX = re.compile(r"([A-Za-z][\w.-]*):(?=[\w*])(?!:)")


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, recover=False,
    )  # fmt: skip


_PARSER = _parser()


def parse(content: bytes, *, max_bytes: int = MAX_BYTES) -> Any:
    """The root element of ``content``, without comments and processing instructions.

    Raises ``UnreadableRecord`` with the line for anything that is not well-formed, has a document type
    declaration, or is larger than ``max_bytes`` or deeper than the 256 elements that libxml2 allows.
    """
    if len(content) > max_bytes:
        raise UnreadableRecord(f"the document has {len(content):,} bytes; at most {max_bytes:,} are read")
    content = _utf8(content)
    prolog = _PROLOG.match(content)
    if prolog is not None and content[prolog.end() : prolog.end() + 2] == b"<!":
        raise UnreadableRecord(
            "the document has a document type declaration, which is refused", _line(content, prolog.end())
        )
    try:
        root = etree.fromstring(content, _PARSER)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", None)
        raise UnreadableRecord(
            f"the document is not well-formed XML: {error}", f"line {line}" if line else None
        ) from error
    if root is None or not isinstance(root.tag, str):
        raise UnreadableRecord("the document has no element")
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise UnreadableRecord("the document has a document type declaration, which is refused")
    return root


def root_name(content: bytes) -> str | None:
    """The name of the document element (``{namespace}local``), read from the beginning of the document alone.

    None where it is not told within ``HEAD`` bytes, or the beginning is no XML; only ``parse`` says what is wrong.
    """
    reader = etree.XMLPullParser(("start",), resolve_entities=False, no_network=True, load_dtd=False)
    try:
        reader.feed(content[:HEAD])
        elements: Iterator[Any] = (element for _, element in reader.read_events())
        return next((element.tag for element in elements if isinstance(element.tag, str)), None)
    except etree.XMLSyntaxError:
        return None


def _utf8(content: bytes) -> bytes:
    """UTF-16 is turned into UTF-8, so that one look at the prolog is enough; a BOM and white space before it
    go."""
    for bom, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if content.startswith(bom):
            try:
                text = content[2:].decode(encoding)
            except UnicodeDecodeError as error:
                raise UnreadableRecord(f"the document begins as UTF-16 but is not: {error.reason}") from error
            return re.sub(r"^\s*<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL).encode()
    return content.removeprefix(codecs.BOM_UTF8).lstrip()


def _line(content: bytes, offset: int) -> str:
    return f"line {content.count(10, 0, offset) + 1}"


def text_of(node: Any) -> str | None:
    """The text of an element or attribute, trimmed.

    For an element of ISO 19139 that is a property, it is the text of what the property holds:
    ``gco:CharacterString``, ``gmx:Anchor``, a code of ISO's own lists (``codeListValue`` rather than its
    wording), and never a mere ``gco:nilReason``.
    """
    if isinstance(node, str):
        return _clean(node)
    code = node.get("codeListValue")
    if code and node.tag.startswith(_ISO) and not code.isspace():
        return _code(code.strip())
    text = node.text
    if text and not text.isspace():
        return _clean("".join(node.itertext()) if len(node) else text)
    for child in node:
        found = text_of(child) if isinstance(child.tag, str) else None
        if found is not None:
            return found
    return _clean(code) if code else None


def _code(value: str) -> str:
    """The code in ``codeListValue``, which some write as the URI of an entry (``...#CI_RoleCode_author``)."""
    if "#" not in value:
        return value
    return _ENTRY.sub("", value.rpartition("#")[2])


def _clean(text: str) -> str | None:
    """Trimmed, and with references resolved that were escaped twice or more."""
    text = text.strip()
    if "&" in text:
        for _ in range(MOST_ESCAPES):
            if not _ESCAPED.search(text):
                break
            text = html.unescape(text).strip()
    return text or None


class XmlReader:
    """Nodes are lxml elements and attribute texts; paths are XPath 1.0 location paths."""

    def open(self, _raw: RawRecord, content: bytes, _report: Report) -> Any:
        return parse(content)

    def select(self, path: str, namespaces: Namespaces) -> Select:
        """A compiled XPath. Only location paths: no expressions, variables or functions but the node tests."""
        if path == ".":
            return lambda node: [node]
        calls = {name for name in _CALL.findall(path) if name not in _ALLOWED_CALLS}
        if calls or "$" in path:
            what = ", ".join(sorted(calls)) or "a variable"
            raise ValueError(f"{path!r} uses {what}; only location paths are allowed")
        bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", path)
        used = sorted(set(_PREFIX.findall(bare)))
        unknown = [prefix for prefix in used if prefix not in namespaces]
        if unknown:
            raise ValueError(f"{path!r} uses the prefix {unknown[0]!r}, which is not among the namespaces")
        return self._compiled(path, used, namespaces)

    def _compiled(self, path: str, used: Sequence[str], namespaces: Namespaces) -> Select:
        finders: list[Select] = []
        for uris in product(*(namespaces[prefix] for prefix in used)):
            chosen = dict(zip(used, uris, strict=True))
            try:
                compiled: Any = etree.XPath(path, namespaces=chosen or None, smart_strings=False)
            except etree.XPathSyntaxError as error:
                raise ValueError(f"{path!r} is not an XPath: {error}") from error
            finders.append(compiled)
        if not isinstance(finders[0](etree.Element("x")), list):
            raise ValueError(f"{path!r} is an expression; only location paths are allowed")
        if len(finders) == 1:
            return finders[0]
        return lambda node: [found for finder in finders for found in finder(node)]

    text = staticmethod(text_of)

    def place(self, node: Any) -> str | None:
        line = getattr(node, "sourceline", None)
        return f"line {line}" if line else None

    def describe(self, root: Any) -> str:
        return f"the document element is {root.tag}"
