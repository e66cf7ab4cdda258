"""What a file is by its content: the name and the type that a client states say nothing."""

_TAIL = 1024


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


SUFFIXES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
