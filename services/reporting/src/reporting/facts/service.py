"""Keeps facts from events and answers counts of them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.base import Event
from asu_contracts.core import MovementRecorded, StudentStatisticsChanged
from asu_contracts.enrollment import ApplicationStatusChanged
from asu_contracts.journal import LessonRecorded
from reporting.engine.counting import Source
from reporting.facts import placements, repository
from reporting.facts.repository import LessonTotals
from servicekit import partitions
from servicekit.messaging import Received
from servicekit.security import Principal

E = TypeVar("E", bound=Event)


async def apply_movements(session: AsyncSession, movements: Iterable[MovementRecorded]) -> None:
    """Merge the ends of placements that the movements opened or closed."""
    stays = placements.stays(movements)
    if stays:
        await partitions.ensure(session, (stay.placement.academic_year for stay in stays))
        await repository.upsert_placements(session, [placements.row(stay) for stay in stays])


async def apply_statistics(session: AsyncSession, received: Sequence[Received[StudentStatisticsChanged]]) -> None:
    """Keep what learners are counted by."""
    newest = _newest(received, lambda event: event.statistical_id)
    rows = [
        (item.event.statistical_id, item.event.birth_date, str(item.event.sex), item.event.citizenship, item.sequence)
        for item in newest
    ]
    await repository.upsert_learners(session, rows)


async def apply_applications(session: AsyncSession, received: Sequence[Received[ApplicationStatusChanged]]) -> None:
    """Keep statuses of applications."""
    rows = [
        (
            item.event.application_id,
            item.event.campaign_id,
            item.event.municipality,
            item.event.organization_id,
            item.event.status.value,
            item.event.changed_at,
            item.sequence,
        )
        for item in _newest(received, lambda event: event.application_id)
    ]
    await repository.upsert_applications(session, rows)


async def apply_lessons(session: AsyncSession, received: Sequence[Received[LessonRecorded]]) -> None:
    """Keep counts of lessons."""
    await partitions.ensure(session, (item.event.academic_year for item in received))
    rows = [
        (
            item.event.organization_id,
            item.event.academic_year,
            item.event.lesson_id,
            item.event.group_id,
            item.event.date,
            item.event.subject_name,
            item.event.learners,
            item.event.absent,
            item.event.marks,
            item.sequence,
        )
        for item in _newest(received, lambda event: event.lesson_id)
    ]
    await repository.upsert_lessons(session, rows)


async def contingent(session: AsyncSession, organizations: Sequence[UUID], day: date) -> dict[UUID, int]:
    """Learners on main placements on a day, by organization; one that has none is left out."""
    return await repository.contingent(session, organizations, day)


def source(
    organization_id: UUID | None, municipality: str, day: date, age_day: date, known_at: datetime | None
) -> Source:
    """Facts a form of an organization, or else of the whole municipality (ОКТМО), is counted over.

    Main placements in force on ``day``, believed as of ``known_at``; ages are full years on ``age_day``.
    """
    return repository.source(organization_id, municipality, day, age_day, known_at)


async def application_counts(session: AsyncSession, principal: Principal, campaign_id: UUID) -> dict[str, int]:
    """Applications of a campaign by status, as far as the principal sees."""
    return await repository.application_counts(session, principal, campaign_id)


async def lesson_totals(session: AsyncSession, organization_id: UUID, since: date, until: date) -> LessonTotals:
    """Totals over an organization's lessons, both days included."""
    return await repository.lesson_totals(session, organization_id, since, until)


def _newest(received: Sequence[Received[E]], key: Callable[[E], UUID]) -> list[Received[E]]:
    """The newest state of each subject, in key order: concurrent batches then lock rows in one order."""
    found: dict[UUID, Received[E]] = {}
    for item in sorted(received, key=lambda item: item.sequence):
        found[key(item.event)] = item
    return [found[subject] for subject in sorted(found)]
