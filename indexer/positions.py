"""Positions as geometry is computed with: degrees to twelve decimals, a ten-thousandth of a millimetre.

Where corners lie as near to each other as only floats near zero can, at 1e-16 degrees and less, GEOS 3.14 fails with a
``TopologyException`` or finds nothing where there is something. So what is read is rounded before it is computed with.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

DECIMALS = 12


def rounded(geometry: BaseGeometry) -> BaseGeometry:
    """The geometry in two dimensions, its positions rounded."""
    return shapely.transform(geometry, _round)


def _round(positions: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.round(positions, DECIMALS) + 0.0  # which makes -0.0 the same number as 0.0
