"""Keeps facts from events and answers counts of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.base import Event
from reporting.facts import newest, repository
from reporting.facts.applications import APPLICATIONS
from reporting.facts.cards import CARD_QUALITY
from reporting.facts.learners import LEARNERS, STUDY_FORMS
from reporting.facts.lessons import DAYCARE_MONTHS, LESSONS, PERIOD_RESULTS
from reporting.facts.newest import Newest
from reporting.facts.organizations import GROUPS, ORGANIZATIONS
from reporting.facts.placements import PLACEMENTS
from reporting.facts.projection import DayOf, Projection, project
from reporting.facts.repository import LessonTotals
from reporting.facts.staff import POSTS, WORKERS
from reporting.facts.teaching import LOADS
from reporting.facts.visits import VISITS
from reporting.ingest.told import Told
from servicekit.security import Principal

E = TypeVar("E", bound=Event)

_ALL: tuple[Projection[Any], ...] = (
    PLACEMENTS,
    LEARNERS,
    STUDY_FORMS,
    WORKERS,
    POSTS,
    LOADS,
    ORGANIZATIONS,
    GROUPS,
    APPLICATIONS,
    LESSONS,
    PERIOD_RESULTS,
    DAYCARE_MONTHS,
)
PROJECTIONS: Mapping[type[Event], Sequence[Projection[Any]]] = MappingProxyType(
    {event: [one for one in _ALL if one.event is event] for event in {one.event for one in _ALL}}
)
"""What is kept of each event type as versions."""

NEWEST: Mapping[type[Event], Newest[Any]] = MappingProxyType({one.event: one for one in (CARD_QUALITY, VISITS)})
"""What is kept of each event type as it was counted of a day."""


def counts(event: type[Event]) -> bool:
    """Whether anything is made of events of a type."""
    return event in NEWEST or event in PROJECTIONS


def years(event: type[Event], told: Iterable[Told[Any]]) -> set[int]:
    """Academic years whose partitions the facts of events may be in."""
    return {year for one in told for kept in PROJECTIONS.get(event, ()) for year in kept.years(one.event)}


async def keep(
    session: AsyncSession, event: type[E], told: Sequence[Told[E]], day_of: DayOf, schema: str = "facts"
) -> None:
    """Let the facts know of events of one type, whose partitions are there; a type nothing is made of is passed over.

    ``day_of`` is the business day of an instant, ``schema`` where the facts are kept.
    """
    if event in NEWEST:
        await newest.keep(session, NEWEST[event], told, schema)
    for projection in PROJECTIONS.get(event, ()):
        await project(session, projection, told, day_of, schema)


async def contingent(session: AsyncSession, organizations: Sequence[UUID], day: date) -> dict[UUID, int]:
    """Learners on main placements on a day, by organization; one that has none is left out."""
    return await repository.contingent(session, organizations, day)


async def group_names(session: AsyncSession, groups: Collection[UUID], day: date) -> dict[UUID, str]:
    """Names of classes and groups on a day."""
    return await repository.group_names(session, groups, day) if groups else {}


async def told_of(session: AsyncSession, subjects: Collection[tuple[str, UUID]]) -> list[UUID]:
    """Ids of the events that facts of subjects are made of; a subject is given with the table of its facts."""
    return await repository.told_of(session, subjects)


async def study_forms(session: AsyncSession, organization_id: UUID, learners: Collection[UUID]) -> list[UUID]:
    """Subjects of the forms of study that learners have, or had, in an organization."""
    return await repository.study_forms(session, organization_id, learners)


async def application_counts(session: AsyncSession, principal: Principal, campaign_id: UUID) -> dict[str, int]:
    """Applications of a campaign by status, as far as the principal sees."""
    return await repository.application_counts(session, principal, campaign_id)


async def lesson_totals(session: AsyncSession, organization_id: UUID, since: date, until: date) -> LessonTotals:
    """Totals over an organization's lessons, both days included."""
    return await repository.lesson_totals(session, organization_id, since, until)
