"""THREDDS client catalogs (InvCatalog 1.0, and 0.6 of old servers): datasets with what they inherit, and references.

Of each dataset a document of its own is made: the element without the datasets below it, with the ``metadata`` elements
that its ancestors pass down (nearest first), absolute addresses, and the services that serve it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree
from requests.utils import requote_uri

from crosswalks.readers.xml import parse
from mappings.errors import UnreadableRecord

NAMESPACES = (
    "http://www.unidata.ucar.edu/namespaces/thredds/InvCatalog/v1.0",
    "http://www.unidata.ucar.edu/thredds",
)
OPENDAP = "OPENDAP"
_HREF = "{http://www.w3.org/1999/xlink}href"
_TITLE = "{http://www.w3.org/1999/xlink}title"
_OPENDAP_TYPES = frozenset({"opendap", "dods"})
_NO_DATA = frozenset({"resolver", "catalog", "querycapability"})
"""Services that lead to further catalogs, not to data (InvCatalog 1.0, service types)."""
_NESTED = frozenset({"dataset", "catalogRef", "service", "access"})


@dataclass(frozen=True, slots=True)
class Service:
    """A service that serves data: never a compound one."""

    type: str
    base: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Access:
    """One address of a dataset, absolute, and the type of service that answers there."""

    type: str
    url: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset with data of its own, or one that asks to be harvested (``harvest="true"``)."""

    id: str | None
    url_path: str | None
    name: str
    modified: str | None
    accesses: tuple[Access, ...]
    document: bytes

    @property
    def opendap(self) -> str | None:
        """The OPeNDAP address, without any suffix."""
        return next((access.url for access in self.accesses if access.type == OPENDAP), None)


@dataclass(frozen=True, slots=True)
class Reference:
    """A catalogRef to another catalog."""

    url: str
    title: str


def read_catalog(content: bytes, url: str) -> Iterator[Dataset | Reference]:
    """What a catalog found at ``url`` lists, in its order. Raises ``UnreadableRecord`` for anything but a catalog."""
    root = parse(content)
    name = etree.QName(root)
    if name.localname != "catalog" or name.namespace not in NAMESPACES:
        raise UnreadableRecord(f"its document element is {name.localname}, not a THREDDS catalog")
    base = urljoin(url, root.get("base", ""))
    walk = _Walk(str(name.namespace), base, _services(root))
    yield from walk.below(root, walk.inherited(root, ()))


def _services(root: Any) -> Mapping[str, tuple[Service, ...]]:
    """Service name to the services it stands for; a compound one stands for all within. "" is the first of all."""
    found: dict[str, tuple[Service, ...]] = {}

    def enter(element: Any) -> tuple[Service, ...]:
        within = [child for child in element if etree.QName(child).localname == "service"]
        if within:
            services = tuple(service for child in within for service in enter(child))
        else:
            services = (Service(_type(element), element.get("base", ""), element.get("suffix", "")),)
        found.setdefault(element.get("name", ""), services)
        return services

    for child in root:
        if etree.QName(child).localname == "service":
            found.setdefault("", enter(child))
    return found


def _type(element: Any) -> str:
    """The service type; OPeNDAP is written in five ways."""
    written = str(element.get("serviceType", "")).strip()
    return OPENDAP if written.lower() in _OPENDAP_TYPES else written


@dataclass(frozen=True, slots=True)
class _Walk:
    """One catalog being read."""

    namespace: str
    base: str
    services: Mapping[str, tuple[Service, ...]]

    def below(self, parent: Any, inherited: tuple[Any, ...]) -> Iterator[Dataset | Reference]:
        for element in parent:
            kind = etree.QName(element).localname
            if kind == "catalogRef" and element.get(_HREF):
                address = requote_uri(urljoin(self.base, element.get(_HREF).strip()))
                yield Reference(address, element.get(_TITLE) or element.get("name") or address)
            elif kind == "dataset":
                accesses, served = self._accesses(element, inherited)
                has_data = any(access.type.lower() not in _NO_DATA for access in accesses)
                if has_data or (element.get("harvest") == "true" and not accesses):
                    yield self._dataset(element, inherited, accesses, served)
                yield from self.below(element, self.inherited(element, inherited))

    def inherited(self, element: Any, outer: tuple[Any, ...]) -> tuple[Any, ...]:
        """The metadata elements that ``element`` passes down, its own first (InvCatalog 1.0, "Inherited metadata")."""
        own = (child for child in self._children(element, "metadata") if child.get("inherited") == "true")
        return (*own, *outer)

    def _children(self, element: Any, name: str) -> list[Any]:
        return list(element.iterchildren(f"{{{self.namespace}}}{name}"))

    def _accesses(
        self, element: Any, inherited: tuple[Any, ...]
    ) -> tuple[tuple[Access, ...], tuple[tuple[Service, str], ...]]:
        """The addresses of a dataset, and each service beside the path that it is asked with."""
        served: list[tuple[Service, str]] = []
        for access in self._children(element, "access"):
            path = access.get("urlPath", "")
            served += ((service, path) for service in self._named(access.get("serviceName")))
        path = (element.get("urlPath") or "").strip()
        if path:
            served += ((service, path) for service in self._named(self._service_name(element, inherited)))
        addresses = (Access(service.type, self._address(service, path)) for service, path in served)
        return tuple(dict.fromkeys(addresses)), tuple(served)

    def _named(self, name: str | None) -> tuple[Service, ...]:
        """A catalog without the name, or a dataset without any, means the only service there is."""
        return self.services.get(name or "") or self.services.get("", ())

    def _service_name(self, element: Any, inherited: tuple[Any, ...]) -> str | None:
        if element.get("serviceName"):
            return str(element.get("serviceName")).strip()
        for holder in (element, *self._children(element, "metadata"), *inherited):
            for child in self._children(holder, "serviceName"):
                return (child.text or "").strip()
        return None

    def _address(self, service: Service, path: str) -> str:
        return requote_uri(urljoin(self.base, service.base + path + service.suffix))

    def _dataset(
        self,
        element: Any,
        inherited: tuple[Any, ...],
        accesses: tuple[Access, ...],
        served: tuple[tuple[Service, str], ...],
    ) -> Dataset:
        url_path = (element.get("urlPath") or "").strip() or None
        dates = [child for child in self._children(element, "date") if child.get("type") == "modified"]
        return Dataset(
            id=(element.get("ID") or "").strip() or None,
            url_path=url_path or next((path for _, path in served), None),
            name=(element.get("name") or "").strip(),
            modified=(dates[0].text or "").strip() or None if dates else None,
            accesses=accesses,
            document=self._document(element, inherited, served),
        )

    def _document(
        self, element: Any, inherited: tuple[Any, ...], served: tuple[tuple[Service, str], ...]
    ) -> bytes:
        """The dataset as a document: its services have absolute bases, to which ``urlPath`` is appended.

        Where ``access`` elements give other paths, each service's base is the whole address and there is no
        ``urlPath``.
        """
        made = etree.Element(element.tag, element.attrib, nsmap=element.nsmap)
        own = (child for child in element if etree.QName(child).localname not in _NESTED)
        made.extend(_detached(child) for child in (*own, *inherited))
        plain = all(path == made.get("urlPath") for _, path in served)
        if not plain and "urlPath" in made.attrib:
            del made.attrib["urlPath"]
        for service, path in served:
            base = urljoin(self.base, service.base) if plain else self._address(service, path)
            shown = {"serviceType": service.type, "base": base, "suffix": service.suffix if plain else ""}
            etree.SubElement(made, f"{{{self.namespace}}}service", {k: v for k, v in shown.items() if v})
        for linked in made.iter():
            href = linked.get(_HREF)
            if href:
                linked.set(_HREF, urljoin(self.base, href.strip()))
        content: bytes = etree.tostring(made, encoding="UTF-8", xml_declaration=True)
        return content


def _detached(element: Any) -> Any:
    """A copy that is not part of the catalog. lxml moves elements that have a parent."""
    made = deepcopy(element)
    made.tail = None
    return made


def same_host(one: str, other: str) -> bool:
    """Whether two addresses are on the same host, whatever scheme and port."""
    return urlsplit(one).hostname == urlsplit(other).hostname
