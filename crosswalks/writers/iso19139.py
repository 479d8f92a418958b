"""The stored ISO 19115-2 document as plain ISO 19139, for those who ask for gmd:MD_Metadata."""

from __future__ import annotations

from typing import Any

from lxml import etree

from crosswalks.readers.xml import parse
from crosswalks.writers.elements import GMD, GMI_NS, NAMESPACES

_GMD_NAMESPACES = {prefix: name for prefix, name in NAMESPACES.items() if prefix != "gmi"}


def project(document: bytes) -> Any:
    """The gmd:MD_Metadata element of a document that ``iso19115_2.write`` wrote.

    Acquisition information, which ISO 19139 does not know, is left out; it is the only part of our documents, beside
    the root, that is in the gmi namespace.
    """
    stored = parse(document)
    root = etree.Element(GMD + "MD_Metadata", nsmap=_GMD_NAMESPACES)
    root.extend([child for child in stored if not child.tag.startswith(f"{{{GMI_NS}}}")])
    return root
