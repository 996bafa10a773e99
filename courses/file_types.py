"""What a file is, told by its content and never by its name. What is not known is refused."""

import zipfile
from dataclasses import dataclass
from typing import IO

MEGABYTE = 1024 * 1024
VTT = "text/vtt"


@dataclass(frozen=True)
class FileType:
    """A kind of file that may be kept: its media type, the ending of its name, and the most it may weigh."""

    media: str
    ending: str
    most: int = 25 * MEGABYTE

    @property
    def plays(self) -> bool:
        """A browser plays it in the page; everything else is downloaded."""
        return self.media.startswith("video/") or self.media == VTT


PDF = FileType("application/pdf", "pdf")
PNG, JPEG = FileType("image/png", "png"), FileType("image/jpeg", "jpg")
MP4, WEBM = FileType("video/mp4", "mp4", 500 * MEGABYTE), FileType("video/webm", "webm", 500 * MEGABYTE)
SUBTITLES = FileType(VTT, "vtt", MEGABYTE)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OFFICE_PARTS = {
    "word/document.xml": FileType(f"{_OFFICE}wordprocessingml.document", "docx"),
    "xl/workbook.xml": FileType(f"{_OFFICE}spreadsheetml.sheet", "xlsx"),
    "ppt/presentation.xml": FileType(f"{_OFFICE}presentationml.presentation", "pptx"),
}
_OPEN = "application/vnd.oasis.opendocument."
_OPEN_TYPES = {
    f"{_OPEN}{name}".encode(): FileType(f"{_OPEN}{name}", ending)
    for name, ending in (("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp"))
}
FILE_TYPES = {
    kind.media: kind for kind in (PDF, PNG, JPEG, MP4, WEBM, SUBTITLES, *_OFFICE_PARTS.values(), *_OPEN_TYPES.values())
}
_BEGINNINGS = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"WEBVTT", SUBTITLES),
    (b"\xef\xbb\xbfWEBVTT", SUBTITLES),
)
_MP4_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"mp71")


def type_of(file: IO[bytes]) -> FileType | None:
    """What the content is, or None for what may not be kept. Leaves the file at its beginning."""
    file.seek(0)
    head = file.read(4096)
    found = _by_its_first_bytes(head)
    if found is None and head.startswith(b"PK\x03\x04"):
        found = _in_a_zip(file)
    file.seek(0)
    return found


def _by_its_first_bytes(head: bytes) -> FileType | None:
    if head[4:8] == b"ftyp":
        return MP4 if head[8:12] in _MP4_BRANDS else None
    if head.startswith(b"\x1aE\xdf\xa3"):
        return WEBM if b"webm" in head[:64] else None
    return next((kind for begin, kind in _BEGINNINGS if head.startswith(begin)), None)


def _in_a_zip(file: IO[bytes]) -> FileType | None:
    """An office document without macros, from the names in its list of contents; nothing is unpacked but `mimetype`."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
                return None
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                return _OPEN_TYPES.get(archive.read("mimetype"))
            return next((kind for part, kind in _OFFICE_PARTS.items() if part in names), None)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError):
        return None
