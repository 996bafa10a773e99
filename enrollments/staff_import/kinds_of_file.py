"""What an uploaded file is, by its first bytes: a sheet we read, or something else that gets one clear sentence."""

import io
import zipfile

from django.utils.translation import gettext as _

from lms.core.errors import FieldError, Invalid

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 120 * 1024 * 1024
MAX_PARTS = 2_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Unreadable(Invalid):
    """The file as a whole cannot be read as a staff list. The sentence says what it is and how to mend it."""

    code = "unreadable"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, errors=[FieldError("file", self.code, sentence)])


def is_workbook(content: bytes) -> bool:
    """True for XLSX, False for text.

    Raises Unreadable for everything else: empty, too big, old Excel, password, OpenDocument, PDF, picture, archive.
    """
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Unreadable(_("The file is empty: save the staff list again as .xlsx or .csv."))
    if len(content) > MAX_BYTES:
        raise Unreadable(_("The file is larger than 10 MB: keep only the columns with staff, or split it in parts."))
    if content.startswith(_OLE):
        raise Unreadable(_why_no_ole(content))
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        _require_workbook(content)
        return True
    if sentence := _other_kind(content):
        raise Unreadable(sentence)
    return False


def _why_no_ole(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _("This workbook is locked with a password: save it without password as .xlsx or .csv.")
    if "WordDocument".encode("utf-16-le") in content:
        return _("This is a Word document: put the list in Excel and save it as .xlsx or .csv.")
    return _("This is an old Excel file (.xls): open it in Excel and save it as .xlsx or .csv.")


def _other_kind(content: bytes) -> str:
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    pictures = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
    pages = (b"<!doctype html", b"<html", b"<table", b"<?xml")
    in_excel = _("%(what)s: open it in Excel and save it as .xlsx or .csv.")
    from_excel = _("%(what)s: save the list from Excel as .xlsx or .csv.")
    for applies, sentence, what in (
        (b"%PDF-" in content[:1024], from_excel, _("This is a PDF")),
        (content.startswith(pictures) and b"\x00" in content, from_excel, _("This is a picture")),
        (content.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")), _archive(), ""),
        (b"urn:schemas-microsoft-com:office:spreadsheet" in start, in_excel, _("This is an old Excel XML file")),
        (start.startswith(pages) or b"<html" in start, in_excel, _("This is a web page or an XML file")),
        (start.startswith(b"{\\rtf"), in_excel, _("This is a text document")),
        (start.startswith((b"{", b"[")) and b'":' in start.replace(b" ", b""), from_excel, _("This is a JSON file")),
        (content.startswith((b"\x7fELF", b"MZ\x90", b"SQLite format 3")), from_excel, _("This is not a staff list")),
    ):
        if applies:
            return sentence % {"what": what}
    return ""


def _archive() -> str:
    return _("This is a compressed archive: unpack it first and send the .xlsx or .csv inside.")


def _require_workbook(content: bytes) -> None:
    damaged = _("The file is damaged or not complete: open it in Excel and save it again as .xlsx or .csv.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            mimetype = archive.read("mimetype")[:200] if _has_small_mimetype(parts) else b""
    except Exception as error:
        raise Unreadable(damaged) from error
    names = {part.filename for part in parts}
    if b"opendocument" in mimetype:
        raise Unreadable(_("This is an OpenDocument file (.ods): save it as .xlsx or .csv."))
    if "xl/workbook.bin" in names:
        raise Unreadable(_("This is a binary Excel file (.xlsb): save it as .xlsx or .csv."))
    if any(name.startswith("word/") for name in names):
        raise Unreadable(_("This is a Word document: put the list in Excel and save it as .xlsx or .csv."))
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        raise Unreadable(_("This is a Numbers file: export it to Excel (.xlsx) or CSV."))
    if "[Content_Types].xml" not in names:
        raise Unreadable(_archive())
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(_("This workbook is locked with a password: save it without password as .xlsx or .csv."))
    if sum(part.file_size for part in parts) > MAX_UNPACKED or len(parts) > MAX_PARTS or len(names) < len(parts):
        raise Unreadable(
            _("Unpacked, this workbook is far too large: copy only the staff list to a new workbook and save that.")
        )


def _has_small_mimetype(parts: list[zipfile.ZipInfo]) -> bool:
    return any(part.filename == "mimetype" and part.file_size < 1000 for part in parts)
