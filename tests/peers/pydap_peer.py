"""Runs in pydap's own environment: ``pydap_peer.py FOLDER PORT`` makes NetCDF files there and serves them."""

from __future__ import annotations

import sys
from pathlib import Path

import netCDF4  # type: ignore[import-not-found]  # only in the peer's environment
import numpy
import waitress
from pydap.wsgi.app import DapServer  # type: ignore[import-not-found]

# Attributes that every file has; a file's own come from the tests' description below.
COMMON = {"Conventions": "CF-1.8, ACDD-1.3", "institution": "Canglan Ocean Data Centre"}
GRID = {
    "title": "Sea surface temperature of the Yellow Sea, peer grid",
    "summary": "A small grid made for a test.",
    "geospatial_lat_min": 32.0,
    "geospatial_lat_max": 39.0,
    "geospatial_lon_min": 119.0,
    "geospatial_lon_max": 126.0,
    "time_coverage_start": "2020-01-01T00:00:00Z",
    "time_coverage_end": "2020-01-03T00:00:00Z",
    "license": "https://creativecommons.org/licenses/by/4.0/",
}
MOORING = {
    "title": "Deep mooring in the Philippine Sea, peer station",
    "summary": "Temperature at one point and four depths.",
    "featureType": "timeSeriesProfile",
    "geospatial_lat_min": 12.5,
    "geospatial_lat_max": 12.5,
    "geospatial_lon_min": 132.0,
    "geospatial_lon_max": 132.0,
    "geospatial_vertical_min": 100.0,
    "geospatial_vertical_max": 3000.0,
    "geospatial_vertical_positive": "down",
    "time_coverage_start": "2016-11-05T00:00:00Z",
}
CHINESE = {**MOORING, "title": "菲律宾海深海潜标（中文属性）", "summary": "属性为中文的测站文件。"}


def main(folder: Path, port: int) -> None:
    (folder / "moorings").mkdir(parents=True, exist_ok=True)
    _grid(folder / "yellow_sea_sst.nc", GRID)
    _station(folder / "moorings" / "m2.nc", MOORING)
    _station(folder / "moorings" / "m2_zh.nc", CHINESE)
    waitress.serve(DapServer(str(folder)), host="127.0.0.1", port=port, threads=2)


def _grid(path: Path, attributes: dict[str, object]) -> None:
    with netCDF4.Dataset(path, "w") as dataset:
        dataset.setncatts({**COMMON, **attributes})
        for name, size, units in (
            ("time", 3, "days since 2020-01-01"),
            ("lat", 8, "degrees_north"),
            ("lon", 8, "degrees_east"),
        ):
            dataset.createDimension(name, size)
            axis = dataset.createVariable(name, "f8", (name,))
            axis.setncatts(
                {"units": units, "standard_name": {"lat": "latitude", "lon": "longitude"}.get(name, name)}
            )
            axis[:] = numpy.arange(size)
        sst = dataset.createVariable("sst", "f4", ("time", "lat", "lon"))
        sst.setncatts({"standard_name": "sea_surface_temperature", "units": "degree_C", "long_name": "SST"})
        sst[:] = 15.0


def _station(path: Path, attributes: dict[str, object]) -> None:
    with netCDF4.Dataset(path, "w") as dataset:
        dataset.setncatts({**COMMON, **attributes})
        dataset.createDimension("time", 5)
        dataset.createDimension("depth", 4)
        time = dataset.createVariable("time", "f8", ("time",))
        time.setncatts({"standard_name": "time", "units": "hours since 2016-11-05T00:00:00Z"})
        depth = dataset.createVariable("depth", "f4", ("depth",))
        depth.setncatts({"standard_name": "depth", "units": "m", "positive": "down"})
        temperature = dataset.createVariable("TEMP", "f4", ("time", "depth"))
        temperature.setncatts({"standard_name": "sea_water_temperature", "units": "degree_C"})
        time[:], depth[:], temperature[:] = numpy.arange(5), [100, 500, 1500, 3000], 8.0


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
