"""From a frozen snapshot to a PDF: the same bytes each time, readable by people, screen readers and archives.

`engine` is the only importer of WeasyPrint (1.7 seconds), so whoever renders imports it when needed.
A template version (`v1`) never changes once documents were made with it: a new look is a new version.
"""
