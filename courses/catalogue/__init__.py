"""The public catalogue: what is in it, and how it is searched, narrowed, counted and paged, for pages and API alike."""

from .entries import catalogue_entries, open_offerings
from .facets import Choice, Facet, count_facets
from .listing import list_versions
from .narrowing import Narrowing, narrow
from .query import CatalogueQuery, read_query

__all__ = [
    "CatalogueQuery",
    "Choice",
    "Facet",
    "Narrowing",
    "catalogue_entries",
    "count_facets",
    "list_versions",
    "narrow",
    "open_offerings",
    "read_query",
]
