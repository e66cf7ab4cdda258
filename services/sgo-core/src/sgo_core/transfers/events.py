"""Transfers as contract events."""

from datetime import date
from uuid import UUID

from asu_contracts.core import TransferAccepted
from sgo_core.transfers.model import Transfer


def transfer_accepted(
    transfer: Transfer, acceptance_id: UUID, to_organization_id: UUID, effective_date: date
) -> TransferAccepted:
    """A student has come from another organization by the movement ``acceptance_id``."""
    return TransferAccepted(
        acceptance_id=acceptance_id,
        transfer_id=transfer.id,
        student_id=transfer.student_id,
        from_organization_id=transfer.from_organization_id,
        to_organization_id=to_organization_id,
        effective_date=effective_date,
    )
