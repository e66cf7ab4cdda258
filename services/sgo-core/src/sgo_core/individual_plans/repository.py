"""SQL of individual plans."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import column, or_, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.individual_plans.model import IndividualPlan

# Stays of students belong to another slice; the question where a student is placed joins its tables for reading.
_placement = table(
    "placement", *map(column, ("organization_id", "membership_id", "group_id", "valid_from", "valid_to"))
)
_membership = table("membership", column("id"), column("student_id"))


async def get(session: AsyncSession, plan_id: UUID, *, lock: bool = False) -> IndividualPlan | None:
    """A plan, locked if asked."""
    return await session.get(IndividualPlan, plan_id, with_for_update=lock or None, populate_existing=True)


async def of_student(session: AsyncSession, student_id: UUID) -> Sequence[IndividualPlan]:
    """All plans of a student, in order of drafting."""
    query = select(IndividualPlan).where(IndividualPlan.student_id == student_id).order_by(IndividualPlan.id)
    return (await session.scalars(query)).all()


async def in_force_from(
    session: AsyncSession, organization_id: UUID, student_id: UUID, day: date
) -> Sequence[IndividualPlan]:
    """Approved plans of a student in force on a day or later, locked."""
    query = select(IndividualPlan).where(
        IndividualPlan.organization_id == organization_id,
        IndividualPlan.student_id == student_id,
        IndividualPlan.state == "approved",
        IndividualPlan.valid_to > day,
    )
    query = query.order_by(IndividualPlan.id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def page(
    session: AsyncSession, organization_id: UUID, day: date | None, limit: int, after: UUID | None
) -> Sequence[IndividualPlan]:
    """One page of an organization's plans, and one more: of a day those in force, without one all."""
    query = select(IndividualPlan).where(IndividualPlan.organization_id == organization_id)
    if day is not None:
        query = query.where(
            IndividualPlan.state == "approved", IndividualPlan.valid_from <= day, IndividualPlan.valid_to > day
        )
    if after is not None:
        query = query.where(IndividualPlan.id > after)
    return (await session.scalars(query.order_by(IndividualPlan.id).limit(limit + 1))).all()


async def class_of(session: AsyncSession, organization_id: UUID, student_id: UUID, day: date) -> UUID | None:
    """The class a student is placed in on a day."""
    query = (
        select(_placement.c.group_id)
        .join(_membership, _membership.c.id == _placement.c.membership_id)
        .where(
            _membership.c.student_id == student_id,
            _placement.c.organization_id == organization_id,
            _placement.c.valid_from <= day,
            or_(_placement.c.valid_to.is_(None), _placement.c.valid_to > day),
        )
    )
    found: UUID | None = await session.scalar(query.limit(1))
    return found
