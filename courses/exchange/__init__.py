"""Modules and offerings as one documented format, in and out: by PUT on the provider's own code, and in files.

`documents` says what a module and an offering look like, `shapes` reads what somebody sends into exactly that,
`applying` makes it so through the ordinary services. Files (`json_file`, `workbook`) only carry such documents.
"""
