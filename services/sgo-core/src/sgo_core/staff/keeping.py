"""Posts of a worker who is there already: one more, another rate, dismissal."""

from uuid import UUID

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.history.recorded import Author
from sgo_core.staff import repository, service
from sgo_core.staff.employing import add_employment, change_employment
from sgo_core.staff.model import Employment
from sgo_core.staff.schemas import EmploymentIn, EmploymentPatch
from sgo_core.staff.telling import tell


async def add_post(uow: UnitOfWork, principal: Principal, worker_id: UUID, sent: EmploymentIn) -> Employment:
    """Give a worker of the caller's employer one more post there."""
    await service.require_worker(uow, principal, worker_id, keeps=True)
    worker = await repository.get(uow.session, worker_id, lock=True)
    assert worker is not None
    organization_id = principal.unit.organization_id
    body_id = None
    if organization_id is None:
        body_id = await service.employing_body(uow, principal, worker_id)
    author = Author(principal.account_id, f"Должность по приказу № {sent.order_number}")
    employment = await add_employment(uow, worker, organization_id, body_id, sent, author, {})
    await tell(uow, worker)
    return employment


async def change_post(
    uow: UnitOfWork, principal: Principal, employment_id: UUID, version: int, body: EmploymentPatch
) -> Employment:
    """Change an employment of the caller's employer."""
    employment = await repository.get_employment(uow.session, employment_id)
    if employment is None:
        raise NotFoundError
    await service.require_worker(uow, principal, employment.worker_id)
    await service.require_employer(uow, principal, employment.organization_id, employment.body_id)
    if employment.version != version:
        raise VersionMismatchError
    worker = await repository.get(uow.session, employment.worker_id, lock=True)
    assert worker is not None
    values = body.model_dump(exclude_unset=True, exclude={"reason"})
    await change_employment(uow, worker, employment, values, Author(principal.account_id, body.reason))
    await tell(uow, worker)
    return employment
