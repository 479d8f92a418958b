"""The closed list of transforms: what a rule may do to a value between the path and the field.

A transform is made once, when a definition is loaded, from its declared parameters, and then called with
each value. It gives a value, a list of values, ``None`` (there is nothing: no finding), or raises
``ValueError`` with a sentence: the value is then left out with a finding. ``takes`` and ``gives`` are
checked when the definition is loaded. docs/crosswalks.md describes each.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

Kind = Literal["node", "text", "number", "integer", "boolean", "Identifier", "LocalisedText"]
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Transform:
    """One entry of the list. ``make`` takes the declared parameters by keyword."""

    name: str
    takes: Kind
    gives: Kind
    make: Callable[..., Convert]
    parameters: Mapping[str, Any]

    @property
    def summary(self) -> str:
        return (inspect.getdoc(self.make) or "").replace("\n", " ")

    def built(self, arguments: Mapping[str, Any]) -> Convert:
        """The converter for these arguments. Raises ``ValueError`` that says which parameters there are."""
        unknown = arguments.keys() - self.parameters.keys()
        known = ", ".join(self.parameters) or "none"
        if unknown:
            raise ValueError(
                f"transform {self.name} has no parameter {sorted(unknown)[0]!r} (it has: {known})"
            )
        try:
            checked = {
                name: msgspec.convert(value, self.parameters[name]) for name, value in arguments.items()
            }
            return self.make(**checked)
        except (msgspec.ValidationError, TypeError, re.error) as error:
            raise ValueError(f"transform {self.name}: {error} (its parameters: {known})") from error


TRANSFORMS: dict[str, Transform] = {}


def transform(
    name: str, takes: Kind = "text", gives: Kind = "text"
) -> Callable[[Callable[..., Convert]], Callable[..., Convert]]:
    """Enter a factory of converters into the list under ``name``."""

    def enter(make: Callable[..., Convert]) -> Callable[..., Convert]:
        hints = typing.get_type_hints(make)
        hints.pop("return", None)
        TRANSFORMS[name] = Transform(name, takes, gives, make, hints)
        return make

    return enter
