"""Counts over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from reporting.facts import policies, service
from reporting.facts.errors import PeriodError
from reporting.facts.schemas import ApplicationsSummary, LessonsSummary, OrganizationContingent
from reporting.units import service as units
from servicekit.errors import NotFoundError
from servicekit.http import CurrentRuntime, Limit, Page, Uow, allow, paginate
from servicekit.security import Principal

router = APIRouter(tags=["facts"])


@router.get("/contingent")
async def get_contingent(
    principal: Annotated[Principal, allow(policies.CONTINGENT_READ)],
    uow: Uow,
    runtime: CurrentRuntime,
    day: Annotated[
        date | None, Query(alias="date", description="Дата, на которую считается контингент; сегодня")
    ] = None,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Page[OrganizationContingent]:
    """Контингент на дату по организациям, доступным пользователю."""
    day = day or runtime.clock.today()
    found = await units.organizations(uow, principal, after=after, limit=limit + 1)
    counts = await service.contingent(uow.session, [one.id for one in found], day)
    rows = [
        OrganizationContingent(
            organization_id=one.id,
            short_name=one.short_name,
            municipality=one.municipality,
            date=day,
            total=counts.get(one.id, 0),
        )
        for one in found
    ]
    return paginate(rows, limit, lambda row: row.organization_id)


@router.get("/applications/summary")
async def get_applications_summary(
    principal: Annotated[Principal, allow(policies.APPLICATIONS_READ)], uow: Uow, campaign_id: UUID
) -> ApplicationsSummary:
    """Число заявлений кампании по состояниям, по событиям."""
    counts = await service.application_counts(uow.session, principal, campaign_id)
    if not counts:
        raise NotFoundError
    return ApplicationsSummary(campaign_id=campaign_id, counts=counts, total=sum(counts.values()))


@router.get("/lessons/summary")
async def get_lessons_summary(
    principal: Annotated[Principal, allow(policies.LESSONS_READ)],
    uow: Uow,
    organization_id: UUID,
    since: Annotated[date, Query(alias="from")],
    until: Annotated[date, Query(alias="to")],
) -> LessonsSummary:
    """Уроки, отметки и пропуски организации за период (обе даты включительно)."""
    await units.organization_unit(uow, principal, organization_id)
    if until < since:
        raise PeriodError
    totals = await service.lesson_totals(uow.session, organization_id, since, until)
    return LessonsSummary(
        organization_id=organization_id, lessons=totals.lessons, marks=totals.marks, absences=totals.absences
    )
