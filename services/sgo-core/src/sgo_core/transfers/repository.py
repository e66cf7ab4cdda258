"""SQL of transfers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Row, Select, Uuid, any_, column, exists, literal, or_, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.transfers.model import ON_THE_WAY, OPEN, Transfer

# Names belong to other slices; a list joins their tables for reading.
_student = table("student", *(column(name) for name in ("id", "last_name", "first_name", "middle_name", "birth_date")))
_organization = table("organization", column("id", Uuid), column("short_name"), column("municipality"))
_order = table("movement_order", column("id", Uuid), column("number"), column("date"))
_membership = table(
    "membership", *(column(name) for name in ("student_id", "organization_id", "main", "valid_from", "valid_to"))
)


@dataclass(frozen=True)
class Filter:
    """Which transfers a list shows: ``organizations`` is a subquery of ids, one of which is a side of each."""

    organizations: Any
    direction: str | None = None
    state: str | None = None
    overdue_on: date | None = None
    unaccepted: bool = False


async def lock_open(session: AsyncSession, student_ids: Collection[UUID]) -> Sequence[Transfer]:
    """Open transfers of students, locked in id order."""
    query = (
        select(Transfer)
        .where(Transfer.student_id == any_(literal(list(student_ids), ARRAY(Uuid))), Transfer.state.in_(OPEN))
        .order_by(Transfer.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).all()


async def lock_of_orders(session: AsyncSession, order_ids: Collection[UUID]) -> Sequence[Transfer]:
    """Transfers that orders released, accepted or closed, locked."""
    query = (
        select(Transfer)
        .where(
            or_(
                Transfer.release_order_id.in_(order_ids),
                Transfer.acceptance_order_id.in_(order_ids),
                Transfer.return_order_id.in_(order_ids),
            )
        )
        .order_by(Transfer.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).all()


async def get(session: AsyncSession, transfer_id: UUID, *, lock: bool = False) -> Transfer | None:
    """A transfer, locked if asked."""
    return await session.get(Transfer, transfer_id, with_for_update=lock or None, populate_existing=True)


def released_by(student_id: ColumnElement[UUID], organizations: Any) -> ColumnElement[bool]:
    """That one of the organizations released the student whom nobody has accepted yet."""
    return exists().where(
        Transfer.student_id == student_id,
        Transfer.state.in_(ON_THE_WAY),
        Transfer.from_organization_id.in_(organizations),
    )


async def on_the_way(session: AsyncSession, student_ids: Collection[UUID], to: Any = None) -> set[UUID]:
    """Those of the students whom an organization released and nobody has accepted yet; ``to`` some organizations, if given."""
    query = select(Transfer.student_id).where(Transfer.student_id.in_(student_ids), Transfer.state.in_(ON_THE_WAY))
    if to is not None:
        query = query.where(Transfer.to_organization_id.in_(to))
    return set(await session.scalars(query))


async def main_organization(session: AsyncSession, student_id: UUID, day: date) -> UUID | None:
    """The organization of the student's main stay on a day."""
    query = select(_membership.c.organization_id).where(
        _membership.c.student_id == student_id,
        _membership.c.main,
        _membership.c.valid_from <= day,
        or_(_membership.c.valid_to.is_(None), _membership.c.valid_to > day),
    )
    found: UUID | None = await session.scalar(query)
    return found


def _shown() -> Select[*tuple[Any, ...]]:
    sender, receiver = _organization.alias("sender"), _organization.alias("receiver")
    release, acceptance = _order.alias("release"), _order.alias("acceptance")
    return (
        select(
            Transfer,
            *(_student.c[name] for name in ("last_name", "first_name", "middle_name", "birth_date")),
            sender.c.short_name.label("from_name"),
            receiver.c.short_name.label("to_name"),
            release.c.number.label("release_number"),
            release.c.date.label("release_date"),
            acceptance.c.number.label("acceptance_number"),
            acceptance.c.date.label("acceptance_date"),
        )
        .join(_student, _student.c.id == Transfer.student_id)
        .join(sender, sender.c.id == Transfer.from_organization_id)
        .join(receiver, receiver.c.id == Transfer.to_organization_id)
        .outerjoin(release, release.c.id == Transfer.release_order_id)
        .outerjoin(acceptance, acceptance.c.id == Transfer.acceptance_order_id)
    )


async def shown(session: AsyncSession, transfer_id: UUID) -> Row[*tuple[Any, ...]]:
    """A transfer with names of the student and the sides, and its orders."""
    await session.flush()
    return (await session.execute(_shown().where(Transfer.id == transfer_id))).one()


async def page(
    session: AsyncSession, wanted: Filter, limit: int, after: UUID | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """One page of transfers with names, and one more."""
    sides = {
        "out": Transfer.from_organization_id.in_(wanted.organizations),
        "in": Transfer.to_organization_id.in_(wanted.organizations),
    }
    query = _shown().where(or_(*sides.values()) if wanted.direction is None else sides[wanted.direction])
    if wanted.state is not None:
        query = query.where(Transfer.state == wanted.state)
    if wanted.unaccepted:
        query = query.where(Transfer.state.in_(ON_THE_WAY))
    if wanted.overdue_on is not None:
        query = query.where(Transfer.due_on < wanted.overdue_on)
    if after is not None:
        query = query.where(Transfer.id > after)
    return (await session.execute(query.order_by(Transfer.id).limit(limit + 1))).all()


async def by_ids(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Transfer]:
    """Transfers by id."""
    return {one.id: one for one in await session.scalars(select(Transfer).where(Transfer.id.in_(ids)))}
