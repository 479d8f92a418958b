"""tantivy's errors in Halocline's terms. Its panics are no ``Exception`` and would end a thread unseen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mappings.errors import ConfigurationError, IndexUnavailable

REBUILD = "run `python app.py index rebuild` to fill a fresh one from the database"


@contextmanager
def writing(location: str) -> Iterator[None]:
    """A failed write may succeed later: raises ``IndexUnavailable``."""
    with _translated(IndexUnavailable, f"the index at {location} could not be written"):
        yield


@contextmanager
def reading(location: str) -> Iterator[None]:
    """A failed read means a damaged index: raises ``ConfigurationError`` that says to rebuild it."""
    with _translated(ConfigurationError, f"the index at {location} cannot be read; {REBUILD}"):
        yield


@contextmanager
def _translated(kind: type[IndexUnavailable | ConfigurationError], sentence: str) -> Iterator[None]:
    try:
        yield
    except (ValueError, OSError) as error:
        raise kind(f"{sentence} ({error})") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # pyo3 gives no name to import it by
            raise
        raise kind(f"{sentence} ({error})") from error
