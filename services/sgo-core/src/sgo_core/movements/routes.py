"""HTTP of movements, students' lists and the contingent."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import Row

from servicekit import audit
from servicekit.http import After, Limit, Page, Uow, allow, paginate
from servicekit.security import Principal
from sgo_core.cards.audience import audience_of
from sgo_core.cards.fields import plain_value, shown
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind
from sgo_core.http import after_id
from sgo_core.movements import policies, service
from sgo_core.movements.schemas import (
    ContingentOut,
    Day,
    GroupCountOut,
    MovementOut,
    OrderIn,
    OrganizationCountOut,
    StudentLineOut,
)

_FIELDS = CATALOGUE.cards[CardKind.STUDENT].fields
_LISTED = ("last_name", "first_name", "middle_name", "birth_date")

router = APIRouter(tags=["movements"])
OnDay = Annotated[Day | None, Query(description="Дата, на которую составляются сведения; по умолчанию сегодня")]


def _line(row: Row[*tuple[Any, ...]]) -> MovementOut:
    movement = row.Movement
    return MovementOut(
        id=movement.id,
        student_id=movement.student_id,
        organization_id=movement.organization_id,
        kind=movement.kind,
        effective_date=movement.effective_date,
        order=OrderIn.model_construct(number=row.number, date=row.date),
        opened_group_id=row.opened_group_id,
        closed_group_id=row.closed_group_id,
        reason=movement.reason,
        destination=movement.destination,
        leave_until=row.leave_until,
        transfer_id=movement.transfer_id,
        application_id=movement.application_id,
        recorded_at=movement.recorded_at,
    )


@router.get("/organizations/{organization_id}/students")
async def list_students(
    organization_id: UUID,
    principal: Annotated[Principal, allow(policies.READ_STUDENTS)],
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    date: OnDay = None,
    group_id: UUID | None = None,
    main: Annotated[bool | None, Query(description="Только основное место обучения или только дополнительное")] = None,
) -> Page[StudentLineOut]:
    """Обучающиеся организации на дату."""
    found = await service.list_students(uow, principal, organization_id, date, group_id, main, limit, after_id(after))
    page = paginate([_student(row, audience_of(principal)) for row in found], limit, lambda line: line.membership_id)
    await audit.record(uow, principal, "students.list.read", [line.id for line in page.items])
    return page


def _student(row: Any, audience: Audience) -> StudentLineOut:
    plain = {name: plain_value(_FIELDS[name], getattr(row, name)) for name in _LISTED}
    values, masked = shown(CardKind.STUDENT, plain, audience, closed=())
    return StudentLineOut(
        id=row.id,
        values=values,
        masked=masked,
        group_id=row.group_id,
        group_name=row.group_name,
        main=row.main,
        programme_id=row.programme_id,
        membership_id=row.membership_id,
        since=row.since,
        on_leave_until=row.on_leave_until,
    )


@router.get("/organizations/{organization_id}/movements")
async def list_movements(
    organization_id: UUID,
    principal: Annotated[Principal, allow(policies.READ_MOVEMENTS)],
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
) -> Page[MovementOut]:
    """Книга движения организации в порядке внесения записей."""
    found = await service.movements_of_organization(uow, principal, organization_id, limit, after_id(after))
    return paginate([_line(row) for row in found], limit, lambda line: line.id)


@router.get("/students/{student_id}/movements")
async def list_student_movements(
    student_id: UUID, principal: Annotated[Principal, allow(policies.READ_MOVEMENTS)], uow: Uow
) -> Page[MovementOut]:
    """Движение обучающегося."""
    found = await service.movements_of_student(uow, principal, student_id)
    await audit.record(uow, principal, "student.movements.read", [student_id])
    return Page(items=[_line(row) for row in found])


@router.get("/organizations/{organization_id}/contingent")
async def get_contingent(
    organization_id: UUID,
    principal: Annotated[Principal, allow(policies.COUNT)],
    uow: Uow,
    date: OnDay = None,
) -> ContingentOut:
    """Численность организации на дату, по классам (группам)."""
    day = date or uow.clock.today()
    total, groups = await service.contingent(uow, principal, organization_id, day)
    children, additional = await service.additional_contingent(uow, principal, organization_id, day)
    return ContingentOut(
        organization_id=organization_id,
        date=day,
        total=total,
        groups=[GroupCountOut(group_id=group_id, count=count) for group_id, count in groups.items()],
        additional_total=children,
        additional_groups=[GroupCountOut(group_id=group_id, count=count) for group_id, count in additional.items()],
    )


@router.get("/contingent")
async def list_contingents(
    principal: Annotated[Principal, allow(policies.COUNT)],
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    date: OnDay = None,
) -> Page[OrganizationCountOut]:
    """Численность организаций на дату."""
    day = date or uow.clock.today()
    found = await service.contingents(uow, principal, day, limit, after_id(after))
    items = [OrganizationCountOut(organization_id=one, date=day, total=total) for one, total in found]
    return paginate(items, limit, lambda item: item.organization_id)
