"""Groups that one organization takes over from another, and the end of those of a closed organization."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.groups import repository
from sgo_core.groups.errors import GroupExistsError
from sgo_core.groups.events import group_changed
from sgo_core.groups.model import StudyGroup
from sgo_core.history.recorded import Author, Recorded, signature
from sgo_core.programmes import succession as programmes

Group = StudyGroup
"""A group, as other slices name it."""
_OWN = frozenset(
    {"id", "organization_id", "programme_id", "room_id", "name", "capacity", "occupied", "active"}
    | Recorded.__annotations__.keys()
)


async def by_ids(uow: UnitOfWork, group_ids: Collection[UUID]) -> Mapping[UUID, StudyGroup]:
    """Groups by id, those that exist."""
    query = select(StudyGroup).where(StudyGroup.id.in_(group_ids)).execution_options(populate_existing=True)
    return {one.id: one for one in await uow.session.scalars(query)}


async def names_in(uow: UnitOfWork, organization_ids: Collection[UUID]) -> set[tuple[UUID, int, str]]:
    """Names taken in organizations: organization, academic year, the name in lower case."""
    query = select(StudyGroup.organization_id, StudyGroup.academic_year, func.lower(StudyGroup.name))
    found = await uow.session.execute(query.where(StudyGroup.organization_id.in_(organization_ids)))
    return {(organization, year, name) for organization, year, name in found}


async def take_over(
    uow: UnitOfWork, source: StudyGroup, organization_id: UUID, name: str, capacity: int, author: Author
) -> UUID:
    """Open in another organization a group like ``source``; raises ``GroupExistsError``."""
    like: dict[str, Any] = {
        column.key: getattr(source, column.key) for column in StudyGroup.__table__.columns if column.key not in _OWN
    }
    programme_id = source.programme_id
    if programme_id is not None:
        programme_id = await programmes.take_over(uow, programme_id, organization_id, author)
    row = {
        **like,
        "id": new_id(),
        "organization_id": organization_id,
        "name": name,
        "capacity": capacity,
        "programme_id": programme_id,
        **signature(author, uow.now),
    }
    opened = await repository.insert_new(uow.session, [row])
    if not opened:
        raise GroupExistsError
    uow.publish(group_changed(opened[0]), version=opened[0].version)
    return opened[0].id


async def close_all(uow: UnitOfWork, organization_id: UUID, author: Author) -> bool:
    """Close every group of an organization under its lock, so that nobody enters any more; False while one is occupied."""
    query = select(StudyGroup.id).where(StudyGroup.organization_id == organization_id, StudyGroup.active)
    locked = await repository.lock(uow.session, (await uow.session.scalars(query)).all())
    if any(group.occupied for group in locked):
        return False
    for group in locked:
        change(group, {"active": False}, author, uow.now)
        uow.publish(group_changed(group), version=group.version)
    return True
