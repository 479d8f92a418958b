"""Small endpoints with sample ocean data, speaking real HTTP on loopback, to try Halocline out.

The data are plain files in this folder (``erddap.yaml``, ``thredds.yaml``, ``csw.yaml``, ``library.yaml``,
``records/*.xml``), written for this project. All institutions are invented; a few are broken on purpose.
"""

from harvester.demo.endpoints import Demo, start

__all__ = ["Demo", "start"]
