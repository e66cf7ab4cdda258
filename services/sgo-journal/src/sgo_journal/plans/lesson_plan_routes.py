"""Routes of the plans of single lessons."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from servicekit.http import IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_journal.plans import lesson_plans, policies
from sgo_journal.plans.schemas import LessonPlanIn, LessonPlanOut, PlanOfLesson
from sgo_journal.plans.workbooks import MAX_HOURS

router = APIRouter(tags=["plans"])

Reader = Annotated[Principal, allow(policies.READ)]
Writer = Annotated[Principal, allow(policies.WRITE)]
Hour = Annotated[int, Path(ge=1, le=MAX_HOURS, description="Который час темы")]
_ONE = "/plans/{plan_id}/topics/{topic_id}/lesson-plans/{number}"


def _shown(found: lesson_plans.LessonPlan, response: Response) -> LessonPlanOut:
    response.headers["ETag"] = etag(found.version)
    return LessonPlanOut.model_validate(found, from_attributes=True)


@router.get("/plans/{plan_id}/lesson-plans")
async def list_lesson_plans(
    plan_id: UUID, principal: Reader, uow: Uow, after: UUID | None = None, limit: Limit = 100
) -> Page[LessonPlanOut]:
    """Поурочные планы тематического плана."""
    found = await lesson_plans.list_plans(uow, principal, plan_id, after, limit)
    shown = [LessonPlanOut.model_validate(one, from_attributes=True) for one in found]
    return paginate(shown, limit, lambda one: one.id)


@router.get(_ONE)
async def read_lesson_plan(
    plan_id: UUID, topic_id: UUID, number: Hour, principal: Reader, uow: Uow, response: Response
) -> LessonPlanOut:
    """План урока: которого часа темы."""
    return _shown(await lesson_plans.read(uow, principal, plan_id, topic_id, number), response)


@router.put(_ONE)
async def put_lesson_plan(
    plan_id: UUID,
    topic_id: UUID,
    number: Hour,
    body: LessonPlanIn,
    version: IfMatch,
    principal: Writer,
    uow: Uow,
    response: Response,
) -> LessonPlanOut:
    """Составить или изменить план урока; утверждённый тематический план остаётся утверждённым."""
    return _shown(await lesson_plans.put(uow, principal, plan_id, topic_id, number, version, body), response)


@router.delete(_ONE, status_code=204)
async def remove_lesson_plan(
    plan_id: UUID, topic_id: UUID, number: Hour, version: IfMatch, principal: Writer, uow: Uow
) -> None:
    """Убрать план урока."""
    await lesson_plans.remove(uow, principal, plan_id, topic_id, number, version)


@router.get("/lessons/{lesson_id}/lesson-plan")
async def read_plan_of_lesson(lesson_id: UUID, principal: Reader, uow: Uow) -> PlanOfLesson:
    """Тема урока по плану журнала и план этого урока."""
    found = await lesson_plans.of_lesson(uow, principal, lesson_id)
    shown = None if found.plan is None else LessonPlanOut.model_validate(found.plan, from_attributes=True)
    topic, hour = found.topic, found.hour
    if topic is None or hour is None:
        return PlanOfLesson(topic_id=None, topic=None, hour=None, hours=None, plan=None)
    return PlanOfLesson(topic_id=topic.id, topic=topic.title, hour=hour.number, hours=topic.hours, plan=shown)
