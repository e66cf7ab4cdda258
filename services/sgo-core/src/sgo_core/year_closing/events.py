"""The state of an academic year of an organization as a contract event."""

from collections.abc import AsyncIterator, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.core import AcademicYearClosed, YearState
from servicekit.messaging.republish import Aggregate
from servicekit.uow import UnitOfWork
from sgo_core.chunks import chunked
from sgo_core.year_closing.model import YearClosing


def closing_told(closing: YearClosing) -> AcademicYearClosed:
    """What others need to know of it."""
    return AcademicYearClosed(
        closing_id=closing.id,
        organization_id=closing.organization_id,
        academic_year=closing.academic_year,
        state=YearState(closing.state),
        closed_at=closing.closed_at,
    )


def publish_closing(uow: UnitOfWork, closing: YearClosing) -> None:
    """Tell its state, once a transaction, after its last change."""
    uow.publish(closing_told(closing), version=closing.version)


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every closing, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(YearClosing), YearClosing.id):
        yield [Aggregate(closing_told(one), one.updated_at, one.version) for one in chunk]
