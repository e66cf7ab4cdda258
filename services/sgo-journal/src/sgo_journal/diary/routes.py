"""Routes of the diary."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from servicekit.errors import InvalidValueError
from servicekit.http import After, Limit, Page, Uow, allow, paginate
from servicekit.security import Principal
from sgo_journal.dates import Day
from sgo_journal.diary import policies, service
from sgo_journal.diary.schemas import (
    AttendedCode,
    Diary,
    DiaryAttended,
    DiaryNews,
    DiaryOf,
    VisitIn,
    VisitOut,
)

router = APIRouter(tags=["diary"])

Reader = Annotated[Principal, allow(policies.READ)]
Follower = Annotated[Principal, allow(policies.FOLLOW)]

_EPOCH, _MICROSECOND = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.timedelta(microseconds=1)


@router.get("/students/{student_id}/diary")
async def read_diary(student_id: UUID, week: Day, principal: Reader, uow: Uow) -> Diary:
    """Дневник ученика за неделю, которая начинается с понедельника ``week``."""
    days, beside = await service.read_week(uow, principal, student_id, week)
    return Diary.model_validate_json(f'{{"student_id":"{student_id}","week":"{week}","days":{days},{beside[1:]}')


@router.get("/diaries")
async def list_diaries(principal: Follower, uow: Uow, after: UUID | None = None, limit: Limit = 100) -> Page[DiaryOf]:
    """Дневники, доступные сегодня: свой или своих детей, и сколько в каждом нового."""
    found = await service.list_diaries(uow, principal, after, limit)
    shown = [DiaryOf(student_id=student_id, name=name, news=news) for student_id, name, news in found]
    return paginate(shown, limit, lambda one: one.student_id)


@router.get("/students/{student_id}/diary/news")
async def read_diary_news(
    student_id: UUID, principal: Follower, uow: Uow, after: After = None, limit: Limit = 100
) -> Page[DiaryNews]:
    """Что нового в дневнике с прошлого посещения, новое сверху."""
    found = await service.read_news(uow, principal, student_id, _place(after), limit)
    shown = [DiaryNews.model_validate(row, from_attributes=True) for row in found]
    return paginate(shown, limit, lambda one: f"{(one.at - _EPOCH) // _MICROSECOND}.{one.id.hex}")


def _place(after: str | None) -> tuple[dt.datetime, UUID] | None:
    if after is None:
        return None
    at, _, key = after.partition(".")
    try:
        return _EPOCH + int(at) * _MICROSECOND, UUID(hex=key)
    except (ValueError, OverflowError):
        raise InvalidValueError from None


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
