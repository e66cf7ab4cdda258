"""What organizations are like on a day: what tells which of them are similar."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.facts.model import learner, organization, placement
from reporting.facts.sources import as_of


async def profiles(session: AsyncSession, day: date) -> Sequence[Any]:
    """Organizations active on a day: id, kind, locality, children on main placements, of them those with special needs."""
    children = (
        select(
            placement.c.organization_id,
            func.count().label("learners"),
            func.count(learner.c.special_needs).label("special_needs"),
        )
        .outerjoin(learner, and_(learner.c.statistical_id == placement.c.statistical_id, as_of(learner, day)))
        .where(placement.c.main, as_of(placement, day))
        .group_by(placement.c.organization_id)
        .subquery("children")
    )
    statement = (
        select(
            organization.c.id,
            organization.c.kind,
            organization.c.locality,
            func.coalesce(children.c.learners, 0).label("learners"),
            func.coalesce(children.c.special_needs, 0).label("special_needs"),
        )
        .outerjoin(children, children.c.organization_id == organization.c.id)
        .where(as_of(organization, day))
        .order_by(organization.c.id)
    )
    return (await session.execute(statement)).all()
