"""What Elasticsearch is asked with for a box: a margin more for what may match, a margin less for what surely does."""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from indexer.engines.elasticsearch.atoms import NOTHING
from indexer.engines.elasticsearch.geo_shapes import MARGIN, possible, sure
from indexer.query import Spatial
from mappings.record import BoundingBox


def _asked(query: dict[str, Any]) -> Any:
    """The shape in a query of one field."""
    return (query["bool"]["should"][0] if "bool" in query else query)["geo_shape"]["geometry"]["shape"]


def _bounds(shape: Any) -> tuple[float, ...]:
    if isinstance(shape, str):
        return tuple(shapely.from_wkt(shape).bounds)
    (west, north), (east, south) = shape["coordinates"]
    return west, south, east, north


BOXES = [BoundingBox(10, -20, 30, 40), BoundingBox(-180, -20, 180, 90), BoundingBox(-179.9999995, 0, 5, 1)]


@pytest.mark.parametrize("box", BOXES)
def test_a_margin_more_and_a_margin_less(box: BoundingBox) -> None:
    where = Spatial("intersects", box)
    grown, drawn_in = (
        _bounds(_asked(possible(where, ["geometry"]))),
        _bounds(_asked(sure(where, ["geometry"]))),
    )
    globe = (-180.0, -90.0, 180.0, 90.0)
    for place, outward in enumerate((-1, -1, 1, 1)):
        bound = (box.west, box.south, box.east, box.north)[place]
        limit = globe[place]
        assert grown[place] == pytest.approx(
            min(bound + MARGIN, limit) if outward > 0 else max(bound - MARGIN, limit), abs=1e-12
        )
        if bound != limit:
            assert drawn_in[place] == pytest.approx(bound - outward * MARGIN, abs=1e-12)


@pytest.mark.parametrize("box", [BoundingBox(10, 20, 10, 30), BoundingBox(10, 20, 10 + 1e-6, 30)])
def test_nothing_surely_meets_what_is_narrower_than_its_margins(box: BoundingBox) -> None:
    assert sure(Spatial("intersects", box), ["geometry"]) == NOTHING
