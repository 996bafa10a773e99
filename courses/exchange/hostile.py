"""Whether bytes are a workbook at all, and one that can be opened without harm."""

import io
import zipfile

from django.utils.translation import gettext as _

from .parcels import Unreadable

MAX_UNPACKED = 120 * 1024 * 1024
MAX_PARTS = 2_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def require_workbook(content: bytes) -> None:
    """Raises: Unreadable for another kind of file, one with a password, one that unpacks hugely or defines entities."""
    if content.startswith(_OLE):
        raise Unreadable(
            _("This is an old Excel file (.xls) or one with a password: save it as .xlsx without password.")
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            fault = _fault(archive)
    except Exception as error:
        if content.startswith(b"PK"):
            raise Unreadable(damaged()) from error
        fault = _no_workbook()
    if fault:
        raise Unreadable(fault)


def damaged() -> str:
    """What to say of a file that breaks off somewhere."""
    return _("The file is damaged or not complete: open it in Excel and save it again as .xlsx.")


def _fault(archive: zipfile.ZipFile) -> str:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    size = sum(part.file_size for part in parts)
    if "[Content_Types].xml" not in names or "xl/workbook.bin" in names:
        return _no_workbook()
    if size > MAX_UNPACKED or len(parts) > MAX_PARTS or len(names) < len(parts):
        message = _("Unpacked, this workbook is far too large (%(size)d MB in %(parts)d parts): split it.")
        return message % {"size": size // 2**20, "parts": len(parts)}
    if any(_defines_entities(archive, part) for part in parts):
        return _("This workbook holds instructions that no Excel file needs: save it anew in Excel.")
    return ""


def _defines_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """A document type in an XML part: only that can define entities."""
    if not part.filename.endswith((".xml", ".rels", ".vml")):
        return False
    with archive.open(part) as file:
        start = file.read(100_000)
    return b"<!DOCTYPE" in start.replace(b"\x00", b"").upper()


def _no_workbook() -> str:
    return _("This is neither Excel (.xlsx) nor JSON: start from the template.")
