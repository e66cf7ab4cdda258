"""HTTP of shifts and lesson times."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.bells import policies, service
from sgo_core.bells.model import BellSchedule
from sgo_core.bells.model import Shift as ShiftRow
from sgo_core.bells.remarks import REMARKS, remarks
from sgo_core.bells.schemas import (
    BellsIn,
    BellsOfDay,
    BellsOut,
    BellsPatch,
    LessonTimeIn,
    ShiftIn,
    ShiftOut,
    ShiftPatch,
    ShiftsOut,
)
from sgo_core.calendar.schemas import AnyGrade
from sgo_core.cards.schemas import ChangeOut
from sgo_core.cards.showing import whole_change
from sgo_core.catalogue.values import Day
from sgo_core.groups.schemas import Shift
from sgo_core.http import after_id

router = APIRouter(tags=["bells"])
Reader = Annotated[Principal, allow(policies.READ)]
Editor = Annotated[Principal, allow(policies.EDIT)]
Former = Annotated[bool, Query(description="Вместе с недействующими")]


def _shift_out(shift: ShiftRow) -> ShiftOut:
    return ShiftOut.model_validate(shift, from_attributes=True)


def _out(one: BellSchedule) -> BellsOut:
    names = BellsOut.model_fields.keys() - {"remarks"}
    against = remarks(one.lessons, one.shift, one.grade_from, one.grade_to)
    return BellsOut.model_validate(
        {name: getattr(one, name) for name in names} | {"remarks": {code: REMARKS[code] for code in against}}
    )


@router.get("/organizations/{organization_id}/shifts")
async def list_shifts(organization_id: UUID, principal: Reader, uow: Uow) -> ShiftsOut:
    """Смены организации."""
    return ShiftsOut(items=[_shift_out(one) for one in await service.list_shifts(uow, principal, organization_id)])


@router.post("/organizations/{organization_id}/shifts", status_code=201, response_model=ShiftOut)
async def open_shift(
    organization_id: UUID, body: ShiftIn, once: CreateOnce, principal: Editor, uow: Uow
) -> JSONResponse:
    """Открыть смену."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _shift_out(await service.open_shift(uow, principal, organization_id, body)).model_dump(mode="json")

    return await once(create)


@router.patch("/shifts/{shift_id}")
async def edit_shift(
    shift_id: UUID, body: ShiftPatch, version: IfMatch, principal: Editor, uow: Uow, response: Response
) -> ShiftOut:
    """Изменить время смены или закрыть её."""
    found = await service.edit_shift(uow, principal, shift_id, version, body)
    response.headers["ETag"] = etag(found.version)
    return _shift_out(found)


@router.get("/organizations/{organization_id}/bells")
async def get_bells_of_day(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    day: Annotated[Day, Query(alias="date")],
    grade: Annotated[AnyGrade, Query()],
    shift: Annotated[Shift | None, Query(description="По умолчанию обычная смена организации")] = None,
) -> BellsOfDay:
    """Звонки дня: когда начинаются и заканчиваются уроки класса, с учётом календаря и вида дня."""
    what, number, found = await service.bells_on(uow, principal, organization_id, grade, shift, day)
    return BellsOfDay(
        day=day,
        study=what.study,
        why=what.why,
        shift=number,
        day_kind=what.day_kind,
        weekday=what.weekday,
        schedule_id=None if found is None else found.id,
        lessons=[] if found is None else [LessonTimeIn.model_validate(one) for one in found.lessons],
    )


@router.get("/organizations/{organization_id}/bell-schedules")
async def list_bell_schedules(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    former: Former = False,
    limit: Limit = 100,
    after: After = None,
) -> Page[BellsOut]:
    """Расписания звонков организации."""
    found = await service.list_bells(uow, principal, organization_id, former=former, limit=limit, after=after_id(after))
    return paginate([_out(one) for one in found], limit, lambda one: one.id)


@router.post("/organizations/{organization_id}/bell-schedules", status_code=201, response_model=BellsOut)
async def enter_bell_schedule(
    organization_id: UUID, body: BellsIn, once: CreateOnce, principal: Editor, uow: Uow
) -> JSONResponse:
    """Внести расписание звонков; в ответе замечания по санитарным правилам."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _out(await service.enter_bells(uow, principal, organization_id, body)).model_dump(mode="json")

    return await once(create)


@router.get("/bell-schedules/{schedule_id}")
async def get_bell_schedule(schedule_id: UUID, principal: Reader, uow: Uow, response: Response) -> BellsOut:
    """Расписание звонков."""
    found = await service.get_bells(uow, principal, schedule_id)
    response.headers["ETag"] = etag(found.version)
    return _out(found)


@router.patch("/bell-schedules/{schedule_id}")
async def edit_bell_schedule(
    schedule_id: UUID, body: BellsPatch, version: IfMatch, principal: Editor, uow: Uow, response: Response
) -> BellsOut:
    """Изменить расписание звонков или вывести его из употребления."""
    found = await service.edit_bells(uow, principal, schedule_id, version, body)
    response.headers["ETag"] = etag(found.version)
    return _out(found)


@router.get("/bell-schedules/{schedule_id}/history")
async def list_bell_schedule_changes(
    schedule_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ChangeOut]:
    """История изменений расписания звонков."""
    page = paginate(await service.history_of(uow, principal, schedule_id, limit, after), limit, lambda one: one.key)
    return Page(items=[whole_change(one) for one in page.items], next=page.next)
