"""Points in time: the states of the index that walks go through.

The cluster keeps each for some minutes after it was last asked for. Opening one costs it memory and files, so walks
that begin within seconds of each other share one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from elasticsearch import ApiError, Elasticsearch

from indexer.engines.moments import KEPT_SECONDS
from mappings.errors import IndexUnavailable

KEEP_ALIVE = f"{KEPT_SECONDS:.0f}s"
SHARED_SECONDS = 10.0
"""How old the point in time may be in which a walk begins. What this process writes ends its sharing at once."""
_GONE = {400, 404, 503}
"""Statuses for a point in time that is closed or on nodes that are away (or, never so far, that is not understood)."""


class MomentLost(Exception):
    """The cluster no longer has the point in time, or not all of it."""


@contextmanager
def losing_moments() -> Iterator[None]:
    """Raises ``MomentLost`` for a question in a point in time that the cluster cannot answer."""
    try:
        yield
    except ApiError as error:
        if error.status_code in _GONE:
            raise MomentLost from error
        raise
    except IndexUnavailable as error:
        raise MomentLost from error


class PointsInTime:
    """Opens points in time of what is behind an alias."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client = client
        self._alias = alias
        self._shared: tuple[float, str] | None = None
        self._lock = threading.Lock()

    def shared(self) -> str:
        """One that was opened a few seconds ago, or now."""
        with self._lock:
            if self._shared is not None and time.monotonic() - self._shared[0] < SHARED_SECONDS:
                return self._shared[1]
        return self.fresh()

    def fresh(self) -> str:
        """One that is opened now."""
        opened: str = self._client.open_point_in_time(index=self._alias, keep_alive=KEEP_ALIVE)["id"]
        with self._lock:
            self._shared = time.monotonic(), opened
        return opened

    def forget(self) -> None:
        """Let the next walk begin in the present."""
        with self._lock:
            self._shared = None
