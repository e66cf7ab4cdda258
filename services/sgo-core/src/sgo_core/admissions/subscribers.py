"""What the queue of admissions does."""

from collections.abc import Sequence

from asu_contracts.enrollment import AdmissionApproved, AdmissionOrderAnnulled
from servicekit.messaging.handlers import Received
from servicekit.uow import UnitOfWork
from sgo_core.admissions import service


async def on_admission_approved(uow: UnitOfWork, received: Sequence[Received[AdmissionApproved]]) -> None:
    """Carry out approved admissions."""
    await service.admit(uow, received)


async def on_admission_order_annulled(uow: UnitOfWork, received: Sequence[Received[AdmissionOrderAnnulled]]) -> None:
    """Refuse what annulled orders admit, as far as it is not carried out."""
    await service.revoke(uow, received)
