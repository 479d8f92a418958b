"""What the web application is given: the catalogue, its stewardship, and how it presents itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from indexer.catalogue import Catalogue
from indexer.stewardship import Stewardship


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the fronts work with.

    ``base_url`` is the address under which the world reaches the application (``https://data.example.org``):
    where it begins with https, cookies are sent over TLS only. ``secret_key`` signs the session cookie, which
    carries nothing but the CSRF token of the data-request form, and the cursors of walks. ``priors``: whether
    hits about as relevant go by what is open and fresh, where a URL does not say.
    """

    catalogue: Catalogue
    stewardship: Stewardship
    base_url: str
    secret_key: str = field(repr=False)
    site_name: str = "Halocline"
    priors: bool = True
