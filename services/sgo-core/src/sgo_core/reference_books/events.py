"""Entries of reference books as contract events."""

from asu_contracts.core import ReferenceEntryChanged
from sgo_core.reference_books.model import ReferenceEntry


def entry_changed(entry: ReferenceEntry) -> ReferenceEntryChanged:
    """The current state of an entry."""
    return ReferenceEntryChanged(
        entry_id=entry.id,
        book=entry.book,
        organization_id=entry.organization_id,
        code=entry.code,
        title=entry.title,
        abbreviation=entry.abbreviation,
        position=entry.position,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        active=entry.active,
    )
