"""What other threads still count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True, eq=False)
class Counting(Mapping[K, V]):
    """What is counted under each key, one or several of them by one thread: it is waited for when it is looked at, and
    whoever does something else first loses no time.
    """

    parts: Mapping[K, Future[Mapping[K, V]]]

    def __getitem__(self, key: K) -> V:
        return self.parts[key].result()[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)
