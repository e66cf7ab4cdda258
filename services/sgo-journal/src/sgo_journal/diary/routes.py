"""Routes of the diary."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from servicekit.http import Uow, allow
from servicekit.security import Principal
from sgo_journal.dates import Day
from sgo_journal.diary import policies, service
from sgo_journal.diary.schemas import (
    AttendedCode,
    Diary,
    DiaryAttended,
    DiaryNews,
    DiaryNewsOut,
    VisitIn,
    VisitOut,
)

router = APIRouter(tags=["diary"])

Reader = Annotated[Principal, allow(policies.READ)]
Follower = Annotated[Principal, allow(policies.FOLLOW)]


@router.get("/students/{student_id}/diary")
async def read_diary(student_id: UUID, week: Day, principal: Reader, uow: Uow) -> Diary:
    """Дневник ученика за неделю, которая начинается с понедельника ``week``."""
    days, beside = await service.read_week(uow, principal, student_id, week)
    return Diary.model_validate_json(f'{{"student_id":"{student_id}","week":"{week}","days":{days},{beside[1:]}')


@router.get("/students/{student_id}/diary/news")
async def read_diary_news(student_id: UUID, principal: Follower, uow: Uow) -> DiaryNewsOut:
    """Что нового в дневнике с прошлого посещения."""
    found = await service.read_news(uow, principal, student_id)
    items = [DiaryNews.model_validate(row, from_attributes=True) for row in found[: service.NEWS]]
    return DiaryNewsOut(items=items, more=len(found) > service.NEWS)


@router.post("/students/{student_id}/diary/visit")
async def visit_diary(student_id: UUID, body: VisitIn, principal: Follower, uow: Uow) -> VisitOut:
    """Отметить новое в дневнике просмотренным."""
    return VisitOut(visited_at=await service.visit(uow, principal, student_id, body.seen_to))


@router.put("/students/{student_id}/diary/acknowledgement", status_code=204)
async def acknowledge_diary(
    student_id: UUID, week: Day, principal: Annotated[Principal, allow(policies.ACKNOWLEDGE)], uow: Uow
) -> None:
    """Отметить, что дневник за неделю просмотрен."""
    await service.acknowledge(uow, principal, student_id, week)


@router.get("/students/{student_id}/diary/attendance")
async def read_diary_attendance(
    student_id: UUID,
    since: Annotated[Day, Query(alias="from")],
    until: Annotated[Day, Query(alias="to", description="Последний день, включительно")],
    principal: Reader,
    uow: Uow,
) -> DiaryAttended:
    """Посещаемость ученика за период."""
    rows = await service.attended(uow, principal, student_id, since, until)
    items = [
        AttendedCode(
            code=row.code, sign=row.sign, title=row.title, absent=bool(row.absent), lessons=row.lessons, days=row.days
        )
        for row in rows
    ]
    return DiaryAttended(
        lessons=sum(row.lessons for row in items), missed=sum(row.lessons for row in items if row.absent), items=items
    )
