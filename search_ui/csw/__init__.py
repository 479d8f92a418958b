"""The CSW front: OGC Catalogue Services for the Web 2.0.2 and 3.0.0 at ``/csw``.

Every request takes the same way: ``kvp`` or ``posted`` decode it into one of the request types of
``protocol``, whose constraint ``fes`` or ``cql`` has turned into a condition; ``operations`` asks the
catalogue and ``answers`` and ``records`` write.
"""

from search_ui.csw.endpoint import blueprint

__all__ = ["blueprint"]
