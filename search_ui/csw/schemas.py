"""DescribeRecord: the XML schema of each record type, by reference to the published one (OGC 07-006r1
§10.6).
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from search_ui.csw import answers
from search_ui.csw.protocol import GMD, GMI, XML_SCHEMA, DescribeRecord

XS = "http://www.w3.org/2001/XMLSchema"
PUBLISHED = {
    "MD_Metadata": (GMD, "http://schemas.opengis.net/iso/19139/20070417/gmd/metadataEntity.xsd"),
    "MI_Metadata": (GMI, "https://www.ngdc.noaa.gov/metadata/published/xsd/schema.xsd"),
}


def answer(request: DescribeRecord) -> Any:
    """csw:DescribeRecordResponse with one component per record type asked for."""
    version = request.version
    own = (version.csw, version.schema.rpartition("/")[0] + "/record.xsd")
    components = dict.fromkeys(
        PUBLISHED.get(name, own) for name in request.type_names or ("Record", *PUBLISHED)
    )
    root = answers.element(version, "DescribeRecordResponse")
    for namespace, location in components:
        component = etree.SubElement(root, f"{{{version.csw}}}SchemaComponent")
        component.set("targetNamespace", namespace)
        component.set("schemaLanguage", XML_SCHEMA)
        schema = etree.SubElement(component, f"{{{XS}}}schema", nsmap={"xs": XS})
        schema.set("targetNamespace", namespace)
        schema.set("elementFormDefault", "qualified")
        etree.SubElement(schema, f"{{{XS}}}include", schemaLocation=location)
    return root
