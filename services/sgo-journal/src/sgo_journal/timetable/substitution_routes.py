"""Routes of the substitutions. A substitute is named by ``PATCH /lessons/{id}/slot``."""

import datetime as dt
from collections import Counter
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from servicekit.http import Uow, allow
from servicekit.security import Principal
from sgo_journal.dates import Day
from sgo_journal.timetable import policies, substituting
from sgo_journal.timetable.errors import TooManyDaysError
from sgo_journal.timetable.schemas import (
    HoursOut,
    MeritOut,
    PlannedLesson,
    SubstituteOut,
    SubstitutionOut,
    Substitutions,
)

router = APIRouter(tags=["timetable"])

Planner = Annotated[Principal, allow(policies.PLAN)]
Since = Annotated[Day, Query(alias="from")]
Until = Annotated[Day, Query(alias="to", description="Последний день, включительно; не больше двух месяцев")]

_DAY = dt.timedelta(days=1)
_LONGEST = dt.timedelta(days=62)


def _until(since: dt.date, until: dt.date) -> dt.date:
    """The day after the last one; raises ``TooManyDaysError``."""
    if not since <= until < since + _LONGEST:
        raise TooManyDaysError
    return until + _DAY


@router.get("/organizations/{organization_id}/substitutions/needed")
async def list_lessons_without_teacher(
    organization_id: UUID,
    academic_year: Annotated[int, Query(ge=2000, le=2100, description="Год начала учебного года")],
    since: Since,
    until: Until,
    principal: Planner,
    uow: Uow,
) -> list[PlannedLesson]:
    """Уроки, учитель которых в это время недоступен: им нужна замена."""
    found = await substituting.needed(uow, principal, organization_id, academic_year, since, _until(since, until))
    return [PlannedLesson.model_validate(lesson, from_attributes=True) for lesson in found]


@router.get("/lessons/{lesson_id}/substitutes")
async def list_substitutes(lesson_id: UUID, principal: Planner, uow: Uow) -> list[SubstituteOut]:
    """Кто может провести урок вместо учителя, начиная с самых подходящих, с объяснением."""
    found, names = await substituting.substitutes(uow, principal, lesson_id)
    return [
        SubstituteOut(
            teacher_id=one.teacher_id,
            name=names[one.teacher_id],
            points=one.points,
            merits=[MeritOut(code=merit.value, title=merit.words, points=points) for merit, points in one.merits],
        )
        for one in found
    ]


@router.get("/organizations/{organization_id}/substitutions")
async def list_substitutions(
    organization_id: UUID, since: Since, until: Until, principal: Planner, uow: Uow
) -> Substitutions:
    """Журнал замен за период и число уроков, которые каждый учитель провёл вместо других."""
    found = await substituting.given(uow, principal, organization_id, since, _until(since, until))
    hours = Counter(one.lesson.teacher_id for one in found if one.lesson.teacher_id is not None)
    return Substitutions(
        items=[
            SubstitutionOut(
                lesson=PlannedLesson.model_validate(one.lesson, from_attributes=True), instead_of=one.instead_of
            )
            for one in found
        ],
        hours=[HoursOut(teacher_id=teacher, lessons=count) for teacher, count in sorted(hours.items())],
    )
