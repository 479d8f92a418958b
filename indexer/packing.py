"""How bytes are kept: zlib at its fastest level."""

from __future__ import annotations

import zlib

import msgspec

Attachments = tuple[tuple[str, bytes], ...]

_LEVEL = 1


def pack(content: bytes) -> bytes:
    """``content``, compressed."""
    return zlib.compress(content, _LEVEL)


def unpack(packed: bytes) -> bytes:
    """The inverse of ``pack``."""
    return zlib.decompress(packed)


def pack_attachments(attachments: Attachments) -> bytes | None:
    """All attachments in one; None where there are none."""
    return pack(msgspec.msgpack.encode(attachments)) if attachments else None


def unpack_attachments(packed: bytes | None) -> Attachments:
    """The inverse of ``pack_attachments``."""
    return msgspec.msgpack.decode(unpack(packed), type=Attachments) if packed is not None else ()
