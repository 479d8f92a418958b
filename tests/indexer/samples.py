"""Small records for tests of the store and the catalogue."""

from __future__ import annotations

from indexer.stored import Ingest
from mappings.record import Extent, LocalisedText, Provenance, RawRecord, Record

CROSSWALK = "iso19139@1"
NOWHERE = Extent()


def sample(
    native_id: str,
    title: str = "海水温度 Sea temperature",
    *,
    source: str = "yellow-sea",
    file_identifier: str | None = None,
    crosswalk: str = CROSSWALK,
    attachments: tuple[tuple[str, bytes], ...] = (),
    extent: Extent = NOWHERE,
) -> Ingest:
    """A harvested record; its bytes change with its title."""
    location = f"https://data.example.org/{native_id}"
    raw = RawRecord(
        native_id, "iso19139", f"<raw>{title}</raw>".encode(), location, "2026-01-02", attachments
    )
    provenance = Provenance(source, native_id, "iso19139", location, "2026-01-03", crosswalk)
    record = Record(
        file_identifier or native_id,
        LocalisedText(title),
        language="zho",
        extent=extent,
        provenance=provenance,
    )
    return Ingest.of(source, raw, record, f"<gmi>{title}</gmi>".encode())
