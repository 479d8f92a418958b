"""DAS and DDS of a holding: the attribute and structure answers of DAP 2.0 (ESE-RFC-004.1.2 §6.2, §6.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from harvester.demo.holdings import Attributes, Holding, Value, global_attributes, variable_attributes

_SIZES: Mapping[str, int] = {"time": 365, "depth": 24, "latitude": 181, "longitude": 241, "row": 48211}


def das(holding: Holding) -> bytes:
    """The attributes of the dataset and of each variable."""
    blocks = [*_block("NC_GLOBAL", global_attributes(holding))]
    for name in (*holding.coordinates, *holding.variables):
        blocks += _block(name, variable_attributes(holding, name))
    return "\n".join(["Attributes {", *blocks, "}", ""]).encode()


def dds(holding: Holding) -> bytes:
    """The structure of the dataset: arrays over ``row`` for tables, grids with their maps else."""
    lines = ["Dataset {"]
    for name in holding.coordinates:
        dimension = name if holding.is_grid else "row"
        lines.append(f"    Float64 {name}[{dimension} = {_SIZES[dimension]}];")
    for name in holding.variables:
        lines += (
            _grid(name, holding.dimensions)
            if holding.is_grid
            else [f"    {_array(name, holding.dimensions)}"]
        )
    return "\n".join([*lines, f"}} {holding.id};", ""]).encode()


def _block(name: str, attributes: Attributes) -> Iterable[str]:
    yield f"    {name} {{"
    for key, value in attributes.items():
        yield f"        {_attribute(key, value)}"
    yield "    }"


def _attribute(name: str, value: Value) -> str:
    if isinstance(value, str):
        text = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'String {name} "{text}";'
    return f"{'Int32' if isinstance(value, int) else 'Float64'} {name} {value};"


def _array(name: str, dimensions: Iterable[str]) -> str:
    return (
        f"Float32 {name}" + "".join(f"[{dimension} = {_SIZES[dimension]}]" for dimension in dimensions) + ";"
    )


def _grid(name: str, dimensions: tuple[str, ...]) -> Iterable[str]:
    yield "    Grid {"
    yield "      ARRAY:"
    yield f"        {_array(name, dimensions)}"
    yield "      MAPS:"
    for dimension in dimensions:
        yield f"        Float64 {dimension}[{dimension} = {_SIZES[dimension]}];"
    yield f"    }} {name};"
