"""Histories of the journal that are sealed (ADR 0044)."""

from servicekit.sealing.history import SealedHistory
from sgo_journal.marks.model import RecordChange

RECORD_CHANGES = SealedHistory.of(
    RecordChange.__table__, erasable=("old_value", "old_comment", "new_value", "new_comment", "reason")
)
"""Changes of marks and of attendance."""
