"""Routes of dated lessons as they are planned, and the views of the timetable."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from orgdirectory import require_visible
from servicekit import audit
from servicekit.http import CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.http.reports import Format
from servicekit.security import Principal
from sgo_journal.class_events.schemas import ClassEventOut
from sgo_journal.dates import Day
from sgo_journal.lessons.service import Lesson
from sgo_journal.printing import footer
from sgo_journal.printouts.files import FILES, FileFormat, as_file
from sgo_journal.timetable import policies, prints, single, viewing
from sgo_journal.timetable.schemas import (
    DayOut,
    LessonAddIn,
    LessonChangeOut,
    LessonSlotPatch,
    PlannedLesson,
    ReasonIn,
    ShownLesson,
    TimetableView,
)
from sgo_journal.timetable.viewing import Span, View, Wanted

router = APIRouter(tags=["timetable"])

Planner = Annotated[Principal, allow(policies.PLAN)]
Reader = Annotated[Principal, allow(policies.READ)]
ReasonReader = Annotated[Principal, allow(policies.READ_REASONS)]


def _planned(lesson: Lesson, response: Response | None = None) -> PlannedLesson:
    if response is not None:
        response.headers["ETag"] = etag(lesson.version)
    return PlannedLesson.model_validate(lesson, from_attributes=True)


def _shown(lesson: Lesson, view: View) -> ShownLesson:
    return ShownLesson(
        **_planned(lesson).model_dump(),
        subject=view.subjects.get(lesson.journal_id),
        learners=view.learners.get(lesson.learners_id),
        room=None if lesson.room_id is None else view.rooms.get(lesson.room_id),
    )


@router.get("/organizations/{organization_id}/timetable")
async def view_timetable(
    organization_id: UUID,
    date: Day,
    principal: Reader,
    uow: Uow,
    span: Annotated[
        Span, Query(description="За день, неделю, месяц или учебный год, в который входит дата")
    ] = Span.WEEK,
    learners_id: Annotated[UUID | None, Query(description="Класс, группа или учебная группа")] = None,
    teacher_id: UUID | None = None,
    room_id: UUID | None = None,
) -> TimetableView:
    """Расписание класса, учителя, кабинета или всей организации на день, неделю, месяц или год."""
    wanted = Wanted(learners_id, teacher_id, room_id)
    found = await viewing.view(uow, principal, organization_id, wanted, span, date)
    if found.teachers:
        await audit.record(uow, principal, "timetable.view", sorted(found.teachers))
    return TimetableView(
        first_day=found.days[0].date,
        last_day=found.days[-1].date,
        detailed=found.detailed,
        days=[
            DayOut(
                date=day.date,
                study=day.study,
                planned=day.planned,
                cancelled=day.cancelled,
                lessons=[_shown(lesson, found) for lesson in day.lessons],
                events=[ClassEventOut.model_validate(event, from_attributes=True) for event in day.events],
            )
            for day in found.days
        ],
        teachers=dict(found.teachers),
    )


@router.get("/organizations/{organization_id}/timetable/file", response_class=Response, responses=FILES)
async def download_timetable(
    organization_id: UUID,
    date: Day,
    principal: Reader,
    uow: Uow,
    learners_id: Annotated[UUID | None, Query(description="Класс, группа или учебная группа")] = None,
    teacher_id: UUID | None = None,
    room_id: UUID | None = None,
    form: Annotated[FileFormat, Query(alias="format")] = Format.PDF,
) -> Response:
    """Расписание недели класса, учителя, кабинета или всей школы для печати (PDF или XLSX)."""
    wanted = Wanted(learners_id, teacher_id, room_id)
    found = await viewing.view(uow, principal, organization_id, wanted, Span.WEEK, date)
    organization = await require_visible(uow, principal, organization_id)
    sheet = prints.sheet(found, wanted, await viewing.whose(uow, organization_id, wanted))
    await audit.record(uow, principal, "timetable.print", sorted(found.teachers))
    return await as_file(
        sheet, organization.short_name, f"{sheet.title} {sheet.subtitle}", form, footer(uow, principal)
    )


@router.post("/organizations/{organization_id}/timetable/lessons", status_code=201, response_model=PlannedLesson)
async def add_planned_lesson(
    organization_id: UUID, body: LessonAddIn, principal: Planner, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Добавить урок сверх расписания."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _planned(await single.add(uow, principal, organization_id, body)).model_dump(mode="json")

    return await once(create)


@router.patch("/lessons/{lesson_id}/slot")
async def move_lesson(
    lesson_id: UUID, body: LessonSlotPatch, version: IfMatch, principal: Planner, uow: Uow, response: Response
) -> PlannedLesson:
    """Перенести урок, сменить учителя или кабинет."""
    return _planned(await single.move(uow, principal, lesson_id, version, body), response)


@router.post("/lessons/{lesson_id}/cancellation")
async def cancel_lesson(
    lesson_id: UUID, body: ReasonIn, version: IfMatch, principal: Planner, uow: Uow, response: Response
) -> PlannedLesson:
    """Отменить урок."""
    return _planned(await single.cancel(uow, principal, lesson_id, version, body.reason), response)


@router.post("/lessons/{lesson_id}/restoration")
async def restore_lesson(
    lesson_id: UUID, body: ReasonIn, version: IfMatch, principal: Planner, uow: Uow, response: Response
) -> PlannedLesson:
    """Восстановить отменённый урок."""
    return _planned(await single.restore(uow, principal, lesson_id, version, body.reason), response)


@router.get("/lessons/{lesson_id}/planning")
async def list_lesson_planning(
    lesson_id: UUID, principal: ReasonReader, uow: Uow, after: UUID | None = None, limit: Limit = 100
) -> Page[LessonChangeOut]:
    """Кто, когда и почему перенёс, отменил или восстановил урок."""
    found = await single.history(uow, principal, lesson_id, after, limit)
    shown = [LessonChangeOut.model_validate(one, from_attributes=True) for one in found]
    return paginate(shown, limit, lambda one: one.id)
