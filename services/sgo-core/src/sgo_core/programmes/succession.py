"""Programmes that one organization takes over from another."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.history.recorded import Author, Recorded, signature
from sgo_core.programmes.events import programme_changed
from sgo_core.programmes.model import Programme

_OWN = frozenset({"id", "organization_id", "active", *Recorded.__annotations__})


async def take_over(uow: UnitOfWork, programme_id: UUID, organization_id: UUID, author: Author) -> UUID:
    """The programme of another organization with this title, started there like this one unless there is one."""
    source = await uow.session.get(Programme, programme_id)
    assert source is not None
    like: dict[str, Any] = {
        column.key: getattr(source, column.key) for column in Programme.__table__.columns if column.key not in _OWN
    }
    row = {**like, "id": new_id(), "organization_id": organization_id, **signature(author, uow.now)}
    statement = insert(Programme).values(row).on_conflict_do_nothing().returning(Programme)
    started = (await uow.session.scalars(statement)).one_or_none()
    if started is not None:
        uow.publish(programme_changed(started), version=started.version)
        return started.id
    query = select(Programme.id).where(
        Programme.organization_id == organization_id,
        func.lower(Programme.title) == source.title.lower(),
        Programme.active,
    )
    return (await uow.session.scalars(query)).one()
