"""Everything Halocline keeps, in SQL: SQLite by default, PostgreSQL by URL. SQLAlchemy stays in here."""

from __future__ import annotations

from indexer.store.database import Database
from indexer.store.history import History
from indexer.store.leases import LeaseStore
from indexer.store.migrations import migrate
from indexer.store.outbox import Outbox
from indexer.store.quarantine import QuarantineStore
from indexer.store.reading import Reader
from indexer.store.requests import RequestStore
from indexer.store.runs import RunStore
from indexer.store.sources import SourceStore
from indexer.store.writing import Writer
from mappings.errors import ConfigurationError, FatalError


class Store:
    """One attribute per thing that is kept. Any thread may use it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.reader = Reader(database)
        self.writer = Writer(database)
        self.outbox = Outbox(database)
        self.history = History(database)
        self.sources = SourceStore(database)
        self.runs = RunStore(database)
        self.leases = LeaseStore(database)
        self.quarantine = QuarantineStore(database)
        self.requests = RequestStore(database)

    @property
    def location(self) -> str:
        """Where it is, without a password."""
        return self.database.location

    def size(self) -> int | None:
        """Bytes it takes."""
        return self.database.size()

    def close(self) -> None:
        """Close all connections."""
        self.database.close()


def open_store(url: str) -> Store:
    """The store at ``url``, its tables made or brought up to date.

    ``url`` is ``sqlite:////folder/halocline.db`` or ``postgresql://user:password@host/name``. Raises
    ``ConfigurationError`` where it leads nowhere, and ``RetryableError`` where others keep it busy.
    """
    database = Database(url)
    try:
        migrate(database)
    except ConfigurationError:
        database.close()
        raise
    except FatalError as error:
        database.close()
        raise ConfigurationError(str(error)) from error
    return Store(database)
