"""Routes of the rosters."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from servicekit.errors import NotFoundError
from servicekit.http import Limit, Page, Uow, allow, paginate
from servicekit.security import Principal
from sgo_journal.dates import Day
from sgo_journal.rosters import policies, service
from sgo_journal.rosters.schemas import Child, Contingent, GroupOut, Roster, RosterStudent, TeachingGroupOut

router = APIRouter(tags=["rosters"])

Staff = Annotated[Principal, allow(policies.READ_ROSTERS)]
AcademicYear = Annotated[int | None, Query(ge=2000, le=2100)]


@router.get("/organizations/{organization_id}/groups")
async def list_groups(
    organization_id: UUID,
    principal: Staff,
    uow: Uow,
    academic_year: AcademicYear = None,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[GroupOut]:
    """Классы и группы организации."""
    groups = await service.list_groups(uow, principal, organization_id, academic_year, after, limit)
    shown = [
        GroupOut(
            group_id=group.id,
            academic_year=group.academic_year,
            kind=group.kind,
            name=group.name,
            grade=group.grade,
            starts_on=group.starts_on,
            ends_on=group.ends_on,
        )
        for group in groups
    ]
    return paginate(shown, limit, lambda group: group.group_id)


@router.get("/organizations/{organization_id}/teaching-groups")
async def list_teaching_groups(
    organization_id: UUID,
    principal: Staff,
    uow: Uow,
    academic_year: AcademicYear = None,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[TeachingGroupOut]:
    """Подгруппы классов и группы из разных классов."""
    found = await service.list_teaching_groups(uow, principal, organization_id, academic_year, after, limit)
    shown = [
        TeachingGroupOut(
            teaching_group_id=group.id,
            academic_year=group.academic_year,
            kind=group.kind,
            name=group.name,
            division_id=group.division_id,
            group_id=group.group_id,
            grade_from=group.grade_from,
            grade_to=group.grade_to,
            subject_ids=group.subject_ids,
            starts_on=group.starts_on,
            ends_on=group.ends_on,
            active=group.active,
        )
        for group in found
    ]
    return paginate(shown, limit, lambda group: group.teaching_group_id)


@router.get("/groups/{group_id}/roster")
async def read_roster(group_id: UUID, principal: Staff, uow: Uow, date: Day | None = None) -> Roster:
    """Список класса (группы, учебной группы) на дату, по умолчанию на сегодня."""
    day = date or uow.clock.today()
    lines = await service.read_roster(uow, principal, group_id, day)
    students = [
        RosterStudent(student_id=line.student_id, name=line.name, from_=line.valid_from, at_home=line.at_home)
        for line in lines
    ]
    return Roster(group_id=group_id, date=day, students=students)


@router.get("/children")
async def list_children(
    principal: Annotated[Principal, allow(policies.READ_CHILDREN)],
    uow: Uow,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[Child]:
    """Дети, чей дневник доступен родителю."""
    if principal.person_id is None:
        raise NotFoundError
    children = await service.list_children(uow, principal.person_id, after, limit)
    shown = [Child(student_id=student_id, name=name) for student_id, name in children]
    return paginate(shown, limit, lambda child: child.student_id)


@router.get("/contingent")
async def count_contingent(
    principal: Annotated[Principal, allow(policies.READ_CONTINGENT)],
    uow: Uow,
    date: Day | None = None,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[Contingent]:
    """Численность обучающихся по организациям на дату, по умолчанию на сегодня."""
    day = date or uow.clock.today()
    counted = await service.count_contingent(uow, principal, day, after, limit)
    shown = [Contingent(organization_id=organization_id, date=day, total=total) for organization_id, total in counted]
    return paginate(shown, limit, lambda row: row.organization_id)
