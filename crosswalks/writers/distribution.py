"""MD_Distribution: formats, distributors and links (ISO 19115:2003 §B.2.10)."""

from __future__ import annotations

from typing import Any

from crosswalks.writers.citation import online_resource, responsible_party
from crosswalks.writers.elements import GMD, add, required_text
from mappings.record import Record


def distribution_info(parent: Any, record: Record) -> None:
    """The gmd:distributionInfo of a record with formats, distributors or links."""
    distributors = [party for party in record.contacts if party.scope == "distribution"]
    if not (record.formats or distributors or record.links):
        return
    element = add(add(parent, GMD + "distributionInfo"), GMD + "MD_Distribution")
    for format_ in record.formats:
        described = add(add(element, GMD + "distributionFormat"), GMD + "MD_Format")
        required_text(described, GMD + "name", format_.name)
        required_text(described, GMD + "version", format_.version)
    for party in distributors:
        distributor = add(add(element, GMD + "distributor"), GMD + "MD_Distributor")
        responsible_party(distributor, GMD + "distributorContact", party)
    if record.links:
        options = add(add(element, GMD + "transferOptions"), GMD + "MD_DigitalTransferOptions")
        for link in record.links:
            online_resource(options, GMD + "onLine", link)
