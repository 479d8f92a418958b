"""The table of data requests."""

from __future__ import annotations

import time
from typing import Any

import msgspec
from sqlalchemy import func, insert, select, update

from indexer.requests import DataRequest, RequestStatus, StoredRequest
from indexer.store.database import AnyRow, Database
from indexer.store.tables import requests
from mappings.record import BoundingBox
from mappings.times import from_seconds


class RequestStore:
    """Keeps the data requests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, request: DataRequest, token_digest: str, most_pending: int) -> int | None:
        """Keep a request and give its number; None where its address has ``most_pending`` undecided ones."""
        undecided = select(func.count(requests.c.id)).where(
            requests.c.email == request.email, requests.c.status == "pending"
        )
        row = _row(request) | {"token_digest": token_digest, "status": "pending", "submitted": _now()}
        with self._database.write() as connection:
            if connection.execute(undecided).scalar_one() >= most_pending:
                return None
            statement = insert(requests).values(row).returning(requests.c.id)
            return int(connection.execute(statement).scalar_one())

    def by_token(self, token_digest: str) -> StoredRequest | None:
        """The request whose token has this digest."""
        with self._database.read() as connection:
            question = select(requests).where(requests.c.token_digest == token_digest)
            row = connection.execute(question).one_or_none()
        return None if row is None else _request(row)

    def get(self, number: int) -> StoredRequest | None:
        """One request."""
        with self._database.read() as connection:
            row = connection.execute(select(requests).where(requests.c.id == number)).one_or_none()
        return None if row is None else _request(row)

    def listing(self, status: RequestStatus | None) -> tuple[StoredRequest, ...]:
        """All requests (of a status), oldest first."""
        question = select(requests).order_by(requests.c.id)
        if status is not None:
            question = question.where(requests.c.status == status)
        with self._database.read() as connection:
            return tuple(_request(row) for row in connection.execute(question))

    def decide(self, number: int, status: RequestStatus, reason: str, by: str) -> bool:
        """Decide a pending request; False where there is none, or it was decided before."""
        statement = (
            update(requests)
            .where(requests.c.id == number, requests.c.status == "pending")
            .values(status=status, reason=reason, decided_by=by, decided=_now())
        )
        with self._database.write() as connection:
            return connection.execute(statement).rowcount > 0


def _now() -> str:
    return from_seconds(int(time.time()))


def _row(request: DataRequest) -> dict[str, Any]:
    box = request.box
    corners = None if box is None else [box.west, box.south, box.east, box.north]
    return {
        "record_id": request.record_id,
        "name": request.name,
        "institution": request.institution,
        "email": request.email,
        "purpose": request.purpose,
        "box": None if corners is None else msgspec.json.encode(corners).decode(),
        "start": request.start,
        "end": request.end,
        "variables": msgspec.json.encode(request.variables).decode(),
        "language": request.language,
    }


def _request(row: AnyRow) -> StoredRequest:
    corners = (
        None if row.box is None else msgspec.json.decode(row.box, type=tuple[float, float, float, float])
    )
    request = DataRequest(
        record_id=row.record_id,
        name=row.name,
        institution=row.institution,
        email=row.email,
        purpose=row.purpose,
        box=None if corners is None else BoundingBox(*corners),
        start=row.start,
        end=row.end,
        variables=msgspec.json.decode(row.variables, type=tuple[str, ...]),
        language=row.language,
    )
    return StoredRequest(row.id, request, row.status, row.submitted, row.reason, row.decided_by, row.decided)
