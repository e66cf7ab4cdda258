"""Plans of single lessons: kept with the topic of a thematic plan and its hour, seen on the lesson that the hour falls on."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.lessons import service as lessons
from sgo_journal.people import author
from sgo_journal.plans import following, repository, service
from sgo_journal.plans.binding import Hour
from sgo_journal.plans.errors import LessonHourError
from sgo_journal.plans.model import LessonPlan, Plan, PlanTopic
from sgo_journal.plans.schemas import LessonPlanIn

__all__ = ["LessonPlan"]


@dataclass(frozen=True)
class OfLesson:
    """What a lesson is about and the plan of it; none of a lesson that no topic falls on."""

    topic: PlanTopic | None
    hour: Hour | None
    plan: LessonPlan | None


async def list_plans(
    uow: UnitOfWork, principal: Principal, plan_id: UUID, after: UUID | None, limit: int
) -> Sequence[LessonPlan]:
    """Plans of lessons of a thematic plan, one more than ``limit``."""
    plan = await service.visible(uow, principal, plan_id)
    return await repository.lesson_plans(uow.session, plan, after, limit)


async def read(uow: UnitOfWork, principal: Principal, plan_id: UUID, topic_id: UUID, number: int) -> LessonPlan:
    """The plan of a topic's hour, or ``NotFoundError``."""
    plan = await service.visible(uow, principal, plan_id)
    return await _one(uow, plan, topic_id, number)


async def _one(uow: UnitOfWork, plan: Plan, topic_id: UUID, number: int) -> LessonPlan:
    found = await repository.lesson_plan(uow.session, plan, topic_id, number)
    if found is None:
        raise NotFoundError
    return found


async def put(
    uow: UnitOfWork,
    principal: Principal,
    plan_id: UUID,
    topic_id: UUID,
    number: int,
    version: int,
    body: LessonPlanIn,
) -> LessonPlan:
    """Write the plan of a topic's hour, version 0 if there is none; raises ``LessonHourError``, ``VersionMismatchError``.

    The thematic plan stays approved: how a lesson is given is its teacher's affair.
    """
    plan = await service.changeable(uow, principal, plan_id)
    await repository.hold(uow.session, plan)
    topic = next((one for _, one in await service.contents_of(uow, plan) if one.id == topic_id), None)
    if topic is None:
        raise NotFoundError
    if number > topic.hours:
        raise LessonHourError
    values = {**body.model_dump(mode="json"), "changed_by": author(principal), "changed_at": uow.now}
    row = {"id": new_id(), "topic_id": topic_id, "number": number, **values}
    if not await repository.put_lesson_plan(uow.session, plan, version, row):
        raise VersionMismatchError
    return await _one(uow, plan, topic_id, number)


async def remove(
    uow: UnitOfWork, principal: Principal, plan_id: UUID, topic_id: UUID, number: int, version: int
) -> None:
    """Take the plan of a topic's hour away; raises ``VersionMismatchError``."""
    plan = await service.changeable(uow, principal, plan_id)
    found = await _one(uow, plan, topic_id, number)
    await repository.raise_removed(uow.session, plan, version)
    if not await repository.remove_lesson_plan(uow.session, found, version):
        raise VersionMismatchError


async def of_lesson(uow: UnitOfWork, principal: Principal, lesson_id: UUID) -> OfLesson:
    """What a lesson the caller sees is about by the plan its journal follows, and how it is to be given."""
    lesson = await lessons.visible(uow, principal, lesson_id)
    followed = await following.read(uow, principal, lesson.journal_id)
    hour = followed.bound().hours.get(lesson.id)
    if hour is None or followed.plan is None:
        return OfLesson(None, None, None)
    topic = next(one for _, one in followed.contents if one.id == hour.topic_id)
    return OfLesson(topic, hour, await repository.lesson_plan(uow.session, followed.plan, topic.id, hour.number))
