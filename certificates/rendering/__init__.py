"""From a frozen snapshot to a PDF: the same bytes each time, readable by people, screen readers and archives.

Whoever renders imports `engine` when needed: it brings WeasyPrint along (1.7 seconds).
A template version (`v1`) never changes once documents were made with it: a new look is a new version.
"""
