"""``/quarantine``: records that could not be read, why, and their bytes to take home; nothing of them is rendered."""

from __future__ import annotations

import math

from flask import Blueprint, Response, render_template, request

from mappings.errors import InvalidQuery, NotFound
from search_ui.services import Services

PAGE_SIZE = 50


def add_routes(front: Blueprint, services: Services) -> None:
    """Add the list, the view of one, and its bytes."""
    stewardship = services.stewardship

    @front.get("/quarantine")
    def quarantine() -> str:
        source = request.args.get("source") or None
        page = _page_number(request.args.get("page") or "1")
        total = stewardship.quarantined_count(source)
        return render_template(
            "quarantine.html",
            items=stewardship.quarantined(source, PAGE_SIZE, (page - 1) * PAGE_SIZE),
            total=total,
            source=source,
            page=page,
            last=max(1, math.ceil(total / PAGE_SIZE)),
        )

    @front.get("/quarantine/<int:number>")
    def quarantine_item(number: int) -> str:
        return render_template("quarantine_item.html", item=stewardship.quarantined_item(number))

    @front.get("/quarantine/<int:number>/content")
    def quarantine_content(number: int) -> Response:
        return _bytes(stewardship.quarantined_item(number).content, f"quarantine-{number}.txt")

    @front.get("/quarantine/<int:number>/attachments/<int:position>")
    def quarantine_attachment(number: int, position: int) -> Response:
        attachments = stewardship.quarantined_item(number).attachments
        if position >= len(attachments):
            raise NotFound(f"quarantined item {number} has no attachment {position}")
        return _bytes(attachments[position][1], f"quarantine-{number}-{position}.txt")


def _bytes(content: bytes, name: str) -> Response:
    response = Response(content, mimetype="text/plain")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _page_number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= 10**6:
        raise InvalidQuery("page", f"{text!r} is not a whole number from 1")
    return int(text[:9])
