"""Routes of the plans that journals follow."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from servicekit.http import IfMatch, Uow, allow, etag
from servicekit.security import Principal
from sgo_journal.dates import Day
from sgo_journal.journals import service as journals
from sgo_journal.plans import following, policies
from sgo_journal.plans.following import Followed
from sgo_journal.plans.schemas import (
    FulfilmentOut,
    FulfilmentsOut,
    JournalPlanIn,
    JournalPlanOut,
    LessonTopic,
    UnfitTopic,
)

router = APIRouter(tags=["plans"])

Reader = Annotated[Principal, allow(policies.READ)]
Writer = Annotated[Principal, allow(policies.WRITE)]
On = Annotated[Day | None, Query(description="На какую дату; по умолчанию сегодня")]


def _bound(found: Followed, response: Response) -> JournalPlanOut:
    response.headers["ETag"] = etag(found.version)
    bound = found.bound()
    topics = {topic.id: topic for _, topic in found.contents}
    lessons = []
    for one in found.lessons:
        hour = bound.hours.get(one.id)
        topic = topics[hour.topic_id] if hour else None
        lessons.append(
            LessonTopic(
                lesson_id=one.id,
                date=one.date,
                number=one.number,
                cancelled=one.cancelled,
                recorded=following.is_settled(one),
                topic_id=topic.id if topic else None,
                topic=one.topic or (topic.title if topic else None),
                hour=hour.number if hour else None,
                hours=topic.hours if topic else None,
            )
        )
    unfit = [UnfitTopic(topic_id=one, title=topics[one].title, hours=hours) for one, hours in bound.unfit.items()]
    return JournalPlanOut(
        journal_id=found.journal.id,
        plan_id=found.plan.id if found.plan else None,
        version=found.version,
        lessons=lessons,
        unfit=unfit,
        spare=list(bound.spare) if found.plan else [],
    )


def _stands(found: Followed, title: str, on: Day) -> FulfilmentOut:
    progress = found.progress(on)
    held = sum(not one.cancelled and one.recorded and one.date <= on for one in found.lessons)
    return FulfilmentOut(
        journal_id=found.journal.id,
        title=title,
        plan_id=found.plan.id if found.plan else None,
        approved=found.plan is not None and found.plan.state == "approved",
        lessons_held=held,
        planned=progress.planned,
        due=progress.due,
        given=progress.given,
        lag=progress.lag,
        percent=progress.percent,
        missing=progress.missing,
    )


@router.get("/journals/{journal_id}/plan")
async def read_journal_plan(journal_id: UUID, principal: Reader, uow: Uow, response: Response) -> JournalPlanOut:
    """План журнала, разложенный по его урокам: отменённые уроки сдвигают темы дальше."""
    return _bound(await following.read(uow, principal, journal_id), response)


@router.put("/journals/{journal_id}/plan")
async def follow_plan(
    journal_id: UUID, body: JournalPlanIn, version: IfMatch, principal: Writer, uow: Uow, response: Response
) -> JournalPlanOut:
    """Выбрать план журнала; записанные уроки остаются как есть."""
    return _bound(await following.follow(uow, principal, journal_id, version, body.plan_id), response)


@router.get("/journals/{journal_id}/fulfilment")
async def read_fulfilment(journal_id: UUID, principal: Reader, uow: Uow, on: On = None) -> FulfilmentOut:
    """Выполнение программы по журналу на дату."""
    found = await following.read(uow, principal, journal_id)
    _, title, _ = await journals.seen(uow, principal, journal_id)
    return _stands(found, title, on or uow.clock.today())


@router.get("/groups/{learners_id}/fulfilment")
async def read_class_fulfilment(learners_id: UUID, principal: Reader, uow: Uow, on: On = None) -> FulfilmentsOut:
    """Выполнение программы по всем журналам класса (группы), которые видны пользователю."""
    day = on or uow.clock.today()
    found = await following.of_class(uow, principal, learners_id)
    return FulfilmentsOut(on=day, items=[_stands(one, title, day) for one, title in found])
