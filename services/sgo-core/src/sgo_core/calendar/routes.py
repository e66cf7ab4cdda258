"""HTTP of calendars."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.calendar import policies, service
from sgo_core.calendar.model import CalendarSet, SpecialDay
from sgo_core.calendar.schemas import (
    AnyGrade,
    CalendarOut,
    DatesOut,
    DayOut,
    DaysOut,
    SetIn,
    SetOut,
    SetPatch,
    SpecialDayIn,
    SpecialDayOut,
    SpecialDayPatch,
    SpecialOut,
    WeekOut,
)
from sgo_core.cards.schemas import ChangeOut
from sgo_core.cards.showing import whole_change
from sgo_core.catalogue.values import Day
from sgo_core.groups.schemas import Year
from sgo_core.http import after_id
from sgo_core.organizations.scopes import Whose

router = APIRouter(tags=["calendar"])
Reader = Annotated[Principal, allow(policies.READ)]
Editor = Annotated[Principal, allow(policies.EDIT)]
OfYear = Annotated[Year | None, Query(description="Учебный год; по умолчанию все")]
Since = Annotated[date | None, Query(description="Не раньше этого дня")]


def _set_out(one: CalendarSet) -> SetOut:
    return SetOut.model_validate(one, from_attributes=True)


def _day_out(one: SpecialDay) -> SpecialDayOut:
    return SpecialDayOut.model_validate(one, from_attributes=True)


@router.get("/calendar")
async def get_calendar(
    principal: Reader,
    uow: Uow,
    academic_year: Annotated[Year, Query()],
    grade: Annotated[AnyGrade, Query()],
    organization_id: Whose = None,
) -> CalendarOut:
    """Учебный календарь класса или групп детского сада: периоды, каникулы, неделя, особые дни, своё или от региона."""
    found = await service.read_plan(uow, principal, organization_id, academic_year, grade)
    plan = found.plan
    return CalendarOut(
        academic_year=found.academic_year,
        first_day=found.first_day,
        last_day=found.last_day,
        grade=grade,
        period_kind=plan.period_kind,
        periods=[DatesOut.model_validate(one, from_attributes=True) for one in plan.periods],
        vacations=[DatesOut.model_validate(one, from_attributes=True) for one in plan.vacations],
        weeks=[WeekOut(first_day=first_day, days=days) for first_day, days in plan.weeks],
        special_days=[SpecialOut.model_validate(one, from_attributes=True) for one in plan.special],
    )


@router.get("/calendar/days")
async def list_calendar_days(
    principal: Reader,
    uow: Uow,
    first: Annotated[Day, Query()],
    last: Annotated[Day, Query()],
    grade: Annotated[AnyGrade, Query()],
    organization_id: Whose = None,
) -> DaysOut:
    """Дни с первого по последний, не больше года: учебный ли день, почему, какого периода, по расписанию какого дня недели."""
    found = await service.read_days(uow, principal, organization_id, grade, first, last)
    return DaysOut(items=[DayOut.model_validate(one, from_attributes=True) for one in found])


@router.get("/calendar/sets")
async def list_calendar_sets(
    principal: Reader,
    uow: Uow,
    organization_id: Whose = None,
    academic_year: OfYear = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[SetOut]:
    """Наборы периодов и каникул, заданные организацией или регионом."""
    found = await service.list_sets(uow, principal, organization_id, academic_year, limit, after_id(after))
    return paginate([_set_out(one) for one in found], limit, lambda one: one.id)


@router.post("/calendar/sets", status_code=201, response_model=SetOut)
async def add_calendar_set(body: SetIn, once: CreateOnce, principal: Editor, uow: Uow) -> JSONResponse:
    """Задать периоды или каникулы учебного года для региона или своей организации."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _set_out(await service.add_set(uow, principal, body)).model_dump(mode="json")

    return await once(create)


@router.get("/calendar/sets/{set_id}")
async def get_calendar_set(set_id: UUID, principal: Reader, uow: Uow, response: Response) -> SetOut:
    """Набор периодов или каникул."""
    found = await service.get_set(uow, principal, set_id)
    response.headers["ETag"] = etag(found.version)
    return _set_out(found)


@router.patch("/calendar/sets/{set_id}")
async def edit_calendar_set(
    set_id: UUID, body: SetPatch, version: IfMatch, principal: Editor, uow: Uow, response: Response
) -> SetOut:
    """Изменить даты или классы набора, вывести его из употребления."""
    found = await service.edit_set(uow, principal, set_id, version, body)
    response.headers["ETag"] = etag(found.version)
    return _set_out(found)


@router.get("/calendar/sets/{set_id}/history")
async def list_calendar_set_changes(
    set_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ChangeOut]:
    """История изменений набора периодов или каникул."""
    return await _changes(uow, await service.get_set(uow, principal, set_id), limit, after)


@router.get("/calendar/special-days")
async def list_special_days(
    principal: Reader,
    uow: Uow,
    organization_id: Whose = None,
    first: Since = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[SpecialDayOut]:
    """Особые дни, заданные организацией или регионом: перенесённые, дополнительно учебные и нерабочие."""
    found = await service.list_special_days(uow, principal, organization_id, first, limit, after_id(after))
    return paginate([_day_out(one) for one in found], limit, lambda one: one.id)


@router.post("/calendar/special-days", status_code=201, response_model=SpecialDayOut)
async def add_special_day(body: SpecialDayIn, once: CreateOnce, principal: Editor, uow: Uow) -> JSONResponse:
    """Сделать день учебным или неучебным для региона или своей организации."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _day_out(await service.add_special_day(uow, principal, body)).model_dump(mode="json")

    return await once(create)


@router.get("/calendar/special-days/{day_id}")
async def get_special_day(day_id: UUID, principal: Reader, uow: Uow, response: Response) -> SpecialDayOut:
    """Особый день."""
    found = await service.get_special_day(uow, principal, day_id)
    response.headers["ETag"] = etag(found.version)
    return _day_out(found)


@router.patch("/calendar/special-days/{day_id}")
async def edit_special_day(
    day_id: UUID, body: SpecialDayPatch, version: IfMatch, principal: Editor, uow: Uow, response: Response
) -> SpecialDayOut:
    """Изменить особый день или отменить его."""
    found = await service.edit_special_day(uow, principal, day_id, version, body)
    response.headers["ETag"] = etag(found.version)
    return _day_out(found)


@router.get("/calendar/special-days/{day_id}/history")
async def list_special_day_changes(
    day_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ChangeOut]:
    """История изменений особого дня."""
    return await _changes(uow, await service.get_special_day(uow, principal, day_id), limit, after)


async def _changes(uow: UnitOfWork, found: CalendarSet | SpecialDay, limit: int, after: str | None) -> Page[ChangeOut]:
    page = paginate(await service.history_of(uow, found, limit, after), limit, lambda one: one.key)
    return Page(items=[whole_change(one) for one in page.items], next=page.next)
