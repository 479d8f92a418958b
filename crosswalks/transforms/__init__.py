"""The closed list of transforms that definitions may name."""

from __future__ import annotations

from crosswalks.transforms import metadata, values
from crosswalks.transforms.registry import TRANSFORMS, Convert, Transform

__all__ = ["TRANSFORMS", "Convert", "Transform", "metadata", "values"]
