"""Past states of an index, kept for the walks that began in them."""

from __future__ import annotations

import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from indexer.query import Cursor
from mappings.errors import InvalidQuery

KEPT_SECONDS = 300.0
"""How long a state is kept that no walk asks for."""
MOST = 16
"""How many states are kept; the one that was asked for longest ago goes first."""

T = TypeVar("T")


def expired() -> InvalidQuery:
    """What is said of a walk that cannot go on."""
    return InvalidQuery(
        "cursor", "has expired, as this walk was left for too long; begin again with cursor=*"
    )


def check_engine(cursor: Cursor, engine: str) -> None:
    """Raises ``InvalidQuery`` for a walk that began in another engine, before the catalogue was moved."""
    if cursor.engine not in {"", engine}:
        raise expired()


@dataclass(slots=True)
class _Kept(Generic[T]):
    state: T
    asked: float


class Moments(Generic[T]):
    """The states that one process keeps, under names that no other process gives."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, _Kept[T]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, state: T) -> str:
        """The name of a state, from now on or from before."""
        with self._lock:
            name = next((name for name, kept in self._kept.items() if kept.state is state), uuid.uuid4().hex)
            self._kept[name] = _Kept(state, self._clock())
            self._kept.move_to_end(name)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
            return name

    def find(self, name: str) -> T | None:
        """The state of that name, which is kept on; None where it is lost."""
        self.let_go()
        with self._lock:
            kept = self._kept.get(name)
            if kept is None:
                return None
            kept.asked = self._clock()
            self._kept.move_to_end(name)
            return kept.state

    def let_go(self) -> None:
        """Forget what nobody has asked for in a while."""
        with self._lock:
            while self._kept:
                oldest = next(iter(self._kept))
                if self._clock() - self._kept[oldest].asked <= KEPT_SECONDS:
                    return
                del self._kept[oldest]
