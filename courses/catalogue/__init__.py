"""The public catalogue: what is in it, and how it is searched, narrowed, counted and paged, for pages and API alike."""

from .entries import catalogue_entries, open_offerings

__all__ = ["catalogue_entries", "open_offerings"]
