"""A report as bytes that never change: what is signed from outside, and what an export is held to (ADR 0055).

JSON of the immutable record alone: what was counted, by which text of the definition, from the log up to which position, what was
written by hand, how the controls came out. Nothing of it depends on when and by whom it is read, or on how files are laid out today.
"""

from hashlib import sha256
from typing import Any

from servicekit.signing.canonical import canonical as as_bytes

FORMAT, VERSION = "asu-report", 1
_TOLD = (
    *("id", "form", "edition", "definition_digest", "definition", "organization_id", "municipality", "unit_name"),
    *("as_of", "known_at", "log_position", "cells", "controls", "corrects", "corrections", "parts", "previous_id"),
    "built_at",
)
"""Columns of the record. A column added later is told where it is not empty, so that bytes signed before stay what they were."""


def canonical(row: Any) -> bytes:
    """The bytes."""
    return as_bytes({"format": FORMAT, "version": VERSION} | {name: getattr(row, name) for name in _TOLD})


def digest(row: Any) -> str:
    """SHA-256 of the bytes, hex."""
    return sha256(canonical(row)).hexdigest()
