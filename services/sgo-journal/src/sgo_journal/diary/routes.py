"""Routes of the diary."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from servicekit.http import Uow, allow
from servicekit.security import Principal
from sgo_journal.dates import Day
from sgo_journal.diary import policies, service
from sgo_journal.diary.schemas import Diary, DiaryAttendance, DiaryDay, DiaryLesson, DiaryMark
from sgo_journal.lessons.service import Lesson

router = APIRouter(tags=["diary"])

_DAYS = 7


@router.get("/students/{student_id}/diary")
async def read_diary(
    student_id: UUID, week: Day, principal: Annotated[Principal, allow(policies.READ)], uow: Uow
) -> Diary:
    """Дневник ученика за неделю, которая начинается с понедельника ``week``."""
    found = await service.read_week(uow, principal, student_id, week)
    days: dict[dt.date, list[DiaryLesson]] = {week + dt.timedelta(days=day): [] for day in range(_DAYS)}
    for lesson in found.lessons:
        days[lesson.date].append(_shown(lesson, found))
    return Diary(
        student_id=student_id, week=week, days=[DiaryDay(date=day, lessons=lessons) for day, lessons in days.items()]
    )


def _shown(lesson: Lesson, week: service.Week) -> DiaryLesson:
    cells = week.cells.get(lesson.id)
    return DiaryLesson(
        lesson_id=lesson.id,
        number=lesson.number,
        subject=week.subjects.get(lesson.id, ""),
        state=lesson.state,
        topic=lesson.topic,
        homework=lesson.homework,
        marks=[DiaryMark.model_validate(mark, from_attributes=True) for mark in cells.marks] if cells else [],
        attendance=DiaryAttendance.model_validate(cells.attendance, from_attributes=True)
        if cells and cells.attendance
        else None,
    )
