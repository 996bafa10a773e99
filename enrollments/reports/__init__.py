"""A report is one named query with its filters, its figures and its columns (see `report.py`).

Pages, figures, CSV, XLSX and API all ask that one query, so that every figure opens to exactly its rows and a file
holds the same rows.
"""
