"""Core's event of a student who came from another organization."""

from collections.abc import Sequence

from asu_contracts.core import TransferAccepted
from servicekit.messaging import Received
from servicekit.uow import UnitOfWork
from sgo_journal.transfers import service
from sgo_journal.transfers.service import Acceptance


async def on_transfer_accepted(uow: UnitOfWork, received: Sequence[Received[TransferAccepted]]) -> None:
    """Bring the marks of the running school year to the organization that accepted the student."""
    told = sorted((item.event for item in received), key=lambda event: (event.effective_date, event.acceptance_id))
    await service.accept(
        uow,
        [
            Acceptance(
                event.acceptance_id,
                event.transfer_id,
                event.student_id,
                event.from_organization_id,
                event.to_organization_id,
                event.effective_date,
            )
            for event in told
        ],
    )
