"""Records that could not be read, kept with their bytes until they can."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One failed record: whence, why, where in its bytes, and when it failed ``first`` and ``last``.

    ``size`` is that of the content in bytes. ``run`` is the run that met the last failure.
    """

    id: int
    source: str
    native_id: str
    format: str | None
    location: str | None
    reason: str
    place: str | None
    run: int | None
    size: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class QuarantinedItem:
    """A failed record with the bytes that came."""

    about: Quarantined
    content: bytes
    attachments: tuple[tuple[str, bytes], ...] = ()
