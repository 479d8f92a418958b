"""Record ids in URLs: an id keeps its own characters, percent-encoded, slashes and all."""

from __future__ import annotations

from urllib.parse import quote

from werkzeug.routing import BaseConverter


class RecordIdConverter(BaseConverter):
    """``<record_id:id>``: any text, even with slashes at its ends or line breaks in it.

    Slashes are written ``%2F``, so that no browser or proxy takes ``a/../b`` or ``http://x`` for a path to
    tidy up; written plainly they are understood too.
    """

    regex = r"(?s:.+)"
    part_isolating = False

    def to_url(self, value: str) -> str:
        """See ``BaseConverter``."""
        return quote(value, safe=":,;@!$'()*+~")
