"""Documents as PDF: our own typefaces, nothing fetched from anywhere, readable by screen readers and archives.

`engine` is the only importer of WeasyPrint (1.7 seconds), so whoever renders imports it when needed.
"""
