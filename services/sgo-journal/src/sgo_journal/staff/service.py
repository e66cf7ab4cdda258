"""Use cases of the staff, for routes and for the journal's other slices."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select

from orgdirectory import require_visible
from servicekit import audit
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.staff import repository


async def names_of(uow: UnitOfWork, worker_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Surname, name and patronymic of workers, also of former ones, by id; those not told of yet are absent."""
    return await repository.names(uow.session, worker_ids)


async def list_teachers(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, after: UUID | None, limit: int
) -> Sequence[tuple[UUID, str]]:
    """Workers with a teaching post in an organization the caller sees: id and full name, one more than ``limit``; audited."""
    await require_visible(uow, principal, organization_id)
    found = await repository.teachers(uow.session, organization_id, after, limit)
    await audit.record(uow, principal, "teachers.list", [worker_id for worker_id, _ in found[:limit]])
    return found


async def teachers_of(uow: UnitOfWork, organization_id: UUID) -> Mapping[UUID, str]:
    """Full names of all who hold a teaching post in an organization, by id; who shows them has the reading audited."""
    return await repository.of_organization(uow.session, organization_id)


async def posted_among(uow: UnitOfWork, organization_id: UUID, worker_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the workers who hold a teaching post in an organization."""
    return await repository.posted_among(uow.session, organization_id, worker_ids)


async def leads(uow: UnitOfWork, worker_id: UUID | None, group_ids: Collection[UUID], day: date) -> frozenset[UUID]:
    """Those of the groups that the person leads on the date: as class teacher, educator or leader. Nobody leads none."""
    if worker_id is None or not group_ids:
        return frozenset()
    return await repository.led(uow.session, worker_id, group_ids, day)


def class_learners(worker_id: UUID | None, day: date) -> Select[UUID]:
    """Ids of the classes whose class teacher the worker is on the date, and of their subgroups; for ``IN``."""
    return repository.class_learners(worker_id, day)
