"""Documents asked for all that is open of an application, at once."""

from uuid import UUID

from eu_enrollment.applications import service as applications
from eu_enrollment.applications.errors import StepNotAllowedError
from eu_enrollment.verifications import repository, service
from eu_enrollment.verifications.kinds import CheckKind
from eu_enrollment.verifications.model import State
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_NOT_BY_DOCUMENTS = frozenset({CheckKind.DUPLICATE, CheckKind.REGISTRY})
"""What no document of the family can bear out."""


async def request_documents(uow: UnitOfWork, principal: Principal, application_id: UUID, note: str) -> None:
    """The family is to bring documents for whatever is open; raises ``StepNotAllowedError`` where there is nothing."""
    await applications.visible_application(uow, principal, application_id)
    known = await repository.of_application(uow.session, application_id)
    opened = [row.id for row in known if row.state == State.OPEN and row.kind not in _NOT_BY_DOCUMENTS]
    if not opened:
        raise StepNotAllowedError
    for verification_id in opened:
        await service.request_documents(uow, principal, verification_id, note)
