"""What a file is by its content: the name and the type that a client states say nothing."""

from io import BytesIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile

_TAIL = 1024
_OPENXML = "application/vnd.openxmlformats-officedocument."
_OFFICE = {
    "word/document.xml": f"{_OPENXML}wordprocessingml.document",
    "xl/workbook.xml": f"{_OPENXML}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OPENXML}presentationml.presentation",
}
_OPEN_DOCUMENT = {
    f"application/vnd.oasis.opendocument.{kind}": suffix
    for kind, suffix in (("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp"))
}
_LONGEST_TYPE = 60
"""The type of an OpenDocument file stands in an entry of its own, short and not packed (OpenDocument 1.3, part 2, 3.3)."""
_PART, _MOST_PARTS = b"PK\x01\x02", 10_000
"""What an entry of a directory of a ZIP begins with, and how many of them a document has at most: reading each costs memory and time."""
_MACROS = ("basic/", "scripts/")
"""Folders of an OpenDocument file."""
_BROKEN = (BadZipFile, RuntimeError, ValueError, EOFError, OSError)
"""What the library raises over bytes in memory that are no archive it can read: encrypted, cut off, of a kind it does not know."""


def media_type(content: bytes) -> str | None:
    """Type of a whole PDF, JPEG or PNG; None for anything else, or for one that was cut off."""
    end = content[-_TAIL:]
    if content.startswith(b"%PDF-") and b"%%EOF" in end:
        return "application/pdf"
    if content.startswith(b"\xff\xd8\xff") and end.rstrip(b"\0").endswith(b"\xff\xd9"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND\xaeB`\x82" in end:
        return "image/png"
    return None


def document_type(content: bytes) -> str | None:
    """The same, and of a document, workbook or presentation (OOXML, OpenDocument); none with macros."""
    return media_type(content) or _office_type(content)


def _office_type(content: bytes) -> str | None:
    if not content.startswith(b"PK\x03\x04") or content.count(_PART) > _MOST_PARTS:
        return None
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = {one.filename: one for one in archive.infolist()}
            if any(name.lower().endswith("vbaproject.bin") or name.lower().startswith(_MACROS) for name in names):
                return None
            stated = names.get("mimetype")
            if stated is not None and stated.compress_type == ZIP_STORED and stated.file_size <= _LONGEST_TYPE:
                found = archive.read(stated).decode("ascii", "replace")
                return found if found in _OPEN_DOCUMENT else None
    except _BROKEN:
        return None
    return next((kind for name, kind in _OFFICE.items() if name in names), None)


SUFFIXES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
DOCUMENT_SUFFIXES = {
    **SUFFIXES,
    **dict(zip(_OFFICE.values(), ("docx", "xlsx", "pptx"), strict=True)),
    **_OPEN_DOCUMENT,
}
