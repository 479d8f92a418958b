"""The one way XML is parsed: no DTD, no entities, no network, bounded; and what the text of an element is."""

from __future__ import annotations

import pytest

from crosswalks.readers.xml import parse, text_of
from mappings.errors import UnreadableRecord

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY a{n} "{"&a" + str(n - 1) + ";" if n > 1 else "&a;"}{"&a;" * 9}">' for n in range(1, 9)
    )
    + "]><x>&a8;</x>"
)


@pytest.mark.parametrize(
    "content",
    [
        BOMB.encode(),
        BOMB.encode("utf-16"),
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        b"<!-- <a> -->\n<?pi?>\n<!DOCTYPE x><x/>",
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1/">]><x>&e;</x>',
        b"\xef\xbb\xbf <!DOCTYPE html><html/>",
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16-be"),
        '<?xml version="1.0" encoding="UTF-32"?><!DOCTYPE x><x/>'.encode("utf-32"),
    ],
)
def test_document_type_declarations_are_refused(content: bytes) -> None:
    with pytest.raises(UnreadableRecord):
        parse(content)


def test_a_refusal_says_why_and_where() -> None:
    with pytest.raises(UnreadableRecord, match="document type declaration, which is refused") as caught:
        parse(b"<?xml version='1.0'?>\n\n<!DOCTYPE x><x/>")
    assert caught.value.place == "line 3"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not well-formed"),
        (b"   ", "not well-formed"),
        (b"<a><b></a>", "not well-formed XML"),
        (b"<a>&nbsp;</a>", "not well-formed XML"),
        (b"<a>\x00</a>", "not well-formed XML"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "not well-formed XML"),
        (b"\xff\xfe<", "UTF-16"),
        (b"<a>" * 300 + b"</a>" * 300, "not well-formed XML: Excessive depth"),
        (b"<a>" + b"x" * 100 + b"</a>", "at most 50 are read"),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableRecord, match=said):
        parse(content, max_bytes=50 if "50" in said else 10_000)


def test_errors_name_the_line() -> None:
    with pytest.raises(UnreadableRecord) as caught:
        parse(b"<a>\n<b>\n</a>")
    assert caught.value.place == "line 3"


@pytest.mark.parametrize(
    "content",
    [
        "<a>盐度</a>".encode(),
        "\ufeff  <a>盐度</a>".encode(),
        '<?xml version="1.0" encoding="UTF-16"?><a>盐度</a>'.encode("utf-16"),
        '<?xml version="1.0" encoding="GB18030"?><a>盐度</a>'.encode("gb18030"),
    ],
)
def test_encodings(content: bytes) -> None:
    assert parse(content).text == "盐度"


def test_comments_do_not_cut_texts() -> None:
    assert parse(b"<a>1<!-- or 2 -->0<?pi?>0</a>").text == "100"


GMD = 'xmlns:gmd="http://www.isotc211.org/2005/gmd"'


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<a>  x </a>", "x"),
        ("<a><b> x </b></a>", "x"),
        ("<a><b/><c>x</c></a>", "x"),
        ("<a/>", None),
        ("<a>  <b>  </b> </a>", None),
        ("<a>x <b>y</b> z</a>", "x y z"),
        ("<a>Ocean &amp;gt; Pacific</a>", "Ocean > Pacific"),
        (f'<a {GMD}><gmd:CI_RoleCode codeListValue="author">Auteur</gmd:CI_RoleCode></a>', "author"),
        (f'<a {GMD}><gmd:CI_RoleCode codeListValue=""> author </gmd:CI_RoleCode></a>', "author"),
        (f'<a {GMD}><gmd:CI_RoleCode codeListValue="http://x#CI_RoleCode_author"/></a>', "author"),
        ('<a><SDN_EDMOCode codeListValue="634">MARIS</SDN_EDMOCode></a>', "MARIS"),
        ('<a><SDN_EDMOCode codeListValue="634"/></a>', "634"),
    ],
)
def test_the_text_of_an_element(xml: str, text: str | None) -> None:
    assert text_of(parse(xml.encode())) == text
