"""Routes of the timetables as templates."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit import runs
from servicekit.http import CreateOnce, CurrentRuntime, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.runs import Run
from servicekit.security import Principal
from sgo_journal.timetable import policies, publishing, service
from sgo_journal.timetable.judging import Conflict
from sgo_journal.timetable.schemas import (
    ConflictOut,
    Conflicts,
    DayRemarks,
    LineOut,
    LinesIn,
    PointsOut,
    PublishIn,
    RemarkOut,
    SharingIn,
    SharingOut,
    SideOut,
    SubjectPointsIn,
    SubjectPointsOut,
    TimetableIn,
    TimetableOut,
    TimetablePatch,
    UnavailabilityIn,
    UnavailabilityOut,
    WeekRemarks,
)

router = APIRouter(tags=["timetable"])

Planner = Annotated[Principal, allow(policies.PLAN)]
Reader = Annotated[Principal, allow(policies.READ)]
ReasonReader = Annotated[Principal, allow(policies.READ_REASONS)]
AcademicYear = Annotated[int | None, Query(ge=2000, le=2100, description="Год начала учебного года")]


def _shown(timetable: service.Timetable, response: Response | None = None) -> TimetableOut:
    if response is not None:
        response.headers["ETag"] = etag(timetable.version)
    return TimetableOut.model_validate(timetable, from_attributes=True)


@router.post("/organizations/{organization_id}/timetables", status_code=201, response_model=TimetableOut)
async def create_timetable(
    organization_id: UUID, body: TimetableIn, principal: Planner, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Создать черновик расписания, пустой или из копии."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _shown(await service.create(uow, principal, organization_id, body)).model_dump(mode="json")

    return await once(create)


@router.get("/organizations/{organization_id}/timetables")
async def list_timetables(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    academic_year: AcademicYear = None,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[TimetableOut]:
    """Расписания организации: черновики, действующие и заменённые."""
    found = await service.list_timetables(uow, principal, organization_id, academic_year, after, limit)
    return paginate([_shown(one) for one in found], limit, lambda one: one.id)


@router.get("/timetables/{timetable_id}")
async def read_timetable(timetable_id: UUID, principal: Reader, uow: Uow, response: Response) -> TimetableOut:
    """Расписание: название, срок действия, состояние."""
    return _shown(await service.visible(uow, principal, timetable_id), response)


@router.patch("/timetables/{timetable_id}")
async def change_timetable(
    timetable_id: UUID, body: TimetablePatch, version: IfMatch, principal: Planner, uow: Uow, response: Response
) -> TimetableOut:
    """Изменить название или срок черновика."""
    return _shown(await service.change(uow, principal, timetable_id, version, body), response)


@router.get("/timetables/{timetable_id}/lines")
async def list_timetable_lines(
    timetable_id: UUID, principal: Reader, uow: Uow, after: UUID | None = None, limit: Limit = 100
) -> Page[LineOut]:
    """Строки недельного расписания."""
    found = await service.list_lines(uow, principal, timetable_id, after, limit)
    return paginate([LineOut.model_validate(one, from_attributes=True) for one in found], limit, lambda one: one.id)


@router.post("/timetables/{timetable_id}/lines")
async def edit_timetable_lines(
    timetable_id: UUID, body: LinesIn, version: IfMatch, principal: Planner, uow: Uow, response: Response
) -> TimetableOut:
    """Добавить, изменить и убрать строки черновика: все или ни одной."""
    return _shown(await service.edit_lines(uow, principal, timetable_id, version, body), response)


def _conflict(one: Conflict) -> ConflictOut:
    clash = one.clash
    return ConflictOut(
        code=clash.reason.value,
        title=clash.reason.words,
        blocking=clash.reason.blocking,
        sides=[SideOut.model_validate(side, from_attributes=True) for side in one.sides],
        date=clash.day,
        number=clash.number,
        days=clash.days,
        resource_id=clash.subject_id,
    )


@router.get("/timetables/{timetable_id}/conflicts")
async def list_timetable_conflicts(timetable_id: UUID, principal: Reader, uow: Uow) -> Conflicts:
    """Накладки расписания: почему его нельзя опубликовать."""
    found = await service.conflicts(uow, principal, timetable_id)
    return Conflicts(total=found.total, blocking=found.blocking, items=[_conflict(one) for one in found.conflicts])


@router.get("/timetables/{timetable_id}/remarks")
async def list_timetable_remarks(timetable_id: UUID, principal: Reader, uow: Uow) -> list[WeekRemarks]:
    """Трудность дней недели по классам и замечания санитарных правил; публикации не мешают."""
    return [
        WeekRemarks(
            learners_id=learners_id,
            parity=parity,
            days=[
                DayRemarks(
                    weekday=day.weekday,
                    lessons=day.lessons,
                    points=day.points,
                    remarks=[RemarkOut(code=one.value, title=one.words) for one in day.remarks],
                )
                for day in week
            ],
        )
        for learners_id, parity, week in await service.remarks(uow, principal, timetable_id)
    ]


@router.post("/timetables/{timetable_id}/publication", status_code=202, response_model=Run)
async def publish_timetable(
    timetable_id: UUID,
    body: PublishIn,
    version: IfMatch,
    once: CreateOnce,
    principal: Planner,
    uow: Uow,
    runtime: CurrentRuntime,
) -> JSONResponse:
    """Опубликовать черновик с указанного дня: уроки создаются и переносятся, состоявшиеся не меняются."""

    async def queue() -> Run:
        return await publishing.queue(uow, principal, timetable_id, version, body.valid_from)

    return await runs.answer_queued(once, runtime, "/api/journal/v1/runs", queue)


@router.post("/organizations/{organization_id}/unavailability", status_code=201, response_model=UnavailabilityOut)
async def declare_unavailability(
    organization_id: UUID, body: UnavailabilityIn, principal: Planner, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Объявить, когда учитель или кабинет недоступен."""

    async def create() -> tuple[int, dict[str, Any]]:
        declared = await service.declare_unavailable(uow, principal, organization_id, body)
        return 201, UnavailabilityOut.model_validate(declared, from_attributes=True).model_dump(mode="json")

    return await once(create, kept=lambda shown: {**shown, "reason": ""})


@router.get("/organizations/{organization_id}/unavailability")
async def list_unavailability(
    organization_id: UUID,
    principal: ReasonReader,
    uow: Uow,
    academic_year: AcademicYear = None,
    resource_id: Annotated[UUID | None, Query(description="Учитель или кабинет")] = None,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[UnavailabilityOut]:
    """Когда учителя и кабинеты организации недоступны."""
    asked = {"academic_year": academic_year, "resource_id": resource_id}
    filters = {name: value for name, value in asked.items() if value is not None}
    found = await service.list_unavailable(uow, principal, organization_id, filters, after, limit)
    shown = [UnavailabilityOut.model_validate(one, from_attributes=True) for one in found]
    return paginate(shown, limit, lambda one: one.id)


@router.delete("/unavailability/{unavailability_id}", status_code=204)
async def withdraw_unavailability(unavailability_id: UUID, principal: Planner, uow: Uow) -> None:
    """Снять объявленную недоступность."""
    await service.withdraw_unavailable(uow, principal, unavailability_id)


@router.get("/organizations/{organization_id}/shared-rooms")
async def list_shared_rooms(organization_id: UUID, principal: Reader, uow: Uow) -> list[SharingOut]:
    """Кабинеты, в которых одновременно идёт несколько уроков."""
    found = await service.shared_rooms(uow, principal, organization_id)
    return [SharingOut(room_id=room_id, lessons=lessons) for room_id, lessons in sorted(found.items())]


@router.put("/organizations/{organization_id}/shared-rooms/{room_id}")
async def share_room(organization_id: UUID, room_id: UUID, body: SharingIn, principal: Planner, uow: Uow) -> SharingOut:
    """Задать, сколько уроков одновременно вмещает кабинет (спортивный зал)."""
    await service.share_room(uow, principal, organization_id, room_id, body.lessons)
    return SharingOut(room_id=room_id, lessons=body.lessons)


async def _points(principal: Principal, uow: Uow, organization_id: UUID, response: Response) -> SubjectPointsOut:
    found, version = await service.points_of(uow, principal, organization_id)
    response.headers["ETag"] = etag(version)
    shown = [
        PointsOut(grade=grade, subject=subject, points=points, own=own)
        for (grade, subject), (points, own) in sorted(found.items())
    ]
    return SubjectPointsOut(points=shown, version=version)


@router.get("/organizations/{organization_id}/subject-points")
async def read_subject_points(
    organization_id: UUID, principal: Reader, uow: Uow, response: Response
) -> SubjectPointsOut:
    """Трудность предметов по классам: по санитарным правилам или заданная организацией."""
    return await _points(principal, uow, organization_id, response)


@router.put("/organizations/{organization_id}/subject-points")
async def set_subject_points(
    organization_id: UUID, body: SubjectPointsIn, version: IfMatch, principal: Planner, uow: Uow, response: Response
) -> SubjectPointsOut:
    """Задать трудность предметов иначе, чем в санитарных правилах."""
    await service.set_points(uow, principal, organization_id, version, body.points)
    return await _points(principal, uow, organization_id, response)
