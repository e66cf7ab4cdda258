"""Own subjects that one organization takes over from another."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.history.recorded import Author, Recorded, signature
from sgo_core.subjects import repository
from sgo_core.subjects.events import subject_changed
from sgo_core.subjects.model import Subject

_OWN = frozenset({"id", "organization_id", "code", *Recorded.__annotations__})


async def take_over(
    uow: UnitOfWork, subject_ids: Collection[UUID], organization_id: UUID, author: Author
) -> Mapping[UUID, UUID]:
    """What the subjects are in an organization: the region's the same, of others' own ones that of this title, begun unless there."""
    found = await repository.by_ids(uow.session, subject_ids)
    return {
        one.id: one.id
        if one.organization_id in {None, organization_id}
        else await _own(uow, one, organization_id, author)
        for one in found
    }


async def _own(uow: UnitOfWork, source: Subject, organization_id: UUID, author: Author) -> UUID:
    there = select(Subject.id).where(
        Subject.organization_id == organization_id,
        func.lower(Subject.title) == source.title.lower(),
        Subject.valid_to.is_not_distinct_from(source.valid_to),
    )
    known: UUID | None = await uow.session.scalar(there.limit(1))
    if known is not None:
        return known
    like: dict[str, Any] = {
        column.key: getattr(source, column.key) for column in Subject.__table__.columns if column.key not in _OWN
    }
    subject_id = new_id()
    row = {
        **like,
        "id": subject_id,
        "organization_id": organization_id,
        "code": f"own-{subject_id.hex[-12:]}",
        **signature(author, uow.now),
    }
    begun = (await uow.session.scalars(insert(Subject).values(row).returning(Subject))).one()
    uow.publish(subject_changed(begun), version=begun.version)
    return begun.id
