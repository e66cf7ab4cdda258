"""HTTP of achievements."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.achievements import policies, service
from sgo_core.achievements.model import Achievement
from sgo_core.achievements.schemas import (
    AchievementIn,
    AchievementOut,
    AchievementPatch,
    CountOut,
    CountsOut,
    DecisionIn,
)
from sgo_core.cards.audience import audience_of
from sgo_core.cards.texts import without_texts
from sgo_core.http import after_id

router = APIRouter(tags=["achievements"])
Reader = Annotated[Principal, allow(policies.READ)]


def _out(achievement: Achievement) -> AchievementOut:
    return AchievementOut.model_validate(achievement, from_attributes=True)


def _shown(principal: Principal, achievement: Achievement, *, whole: bool) -> AchievementOut:
    shown = without_texts(_out(achievement), audience_of(principal), Achievement.__tablename__)
    return shown if whole else shown.model_copy(update={"remark": None})


@router.post("/students/{student_id}/achievements", status_code=201, response_model=AchievementOut)
async def enter_student_achievement(
    student_id: UUID,
    body: AchievementIn,
    once: CreateOnce,
    principal: Annotated[Principal, allow(policies.ENTER)],
    uow: Uow,
) -> JSONResponse:
    """Внести достижение обучающегося; внесённое семьёй подтверждает организация."""

    async def enter() -> tuple[int, dict[str, Any]]:
        made = await service.enter(uow, principal, "student", student_id, body)
        return 201, _out(made).model_dump(mode="json")

    return await once(enter)


@router.post("/workers/{worker_id}/achievements", status_code=201, response_model=AchievementOut)
async def enter_worker_achievement(
    worker_id: UUID,
    body: AchievementIn,
    once: CreateOnce,
    principal: Annotated[Principal, allow(policies.ENTER_OF_WORKER)],
    uow: Uow,
) -> JSONResponse:
    """Внести достижение работника; внесённое им самим подтверждает организация."""

    async def enter() -> tuple[int, dict[str, Any]]:
        made = await service.enter(uow, principal, "worker", worker_id, body)
        return 201, _out(made).model_dump(mode="json")

    return await once(enter)


@router.get("/students/{student_id}/achievements")
async def list_student_achievements(
    student_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[AchievementOut]:
    """Достижения обучающегося; органам управления только подтверждённые."""
    found, whole = await service.list_achievements(uow, principal, "student", student_id, limit, after_id(after))
    await audit.record(uow, principal, "student.achievements.read", [student_id])
    return paginate([_shown(principal, one, whole=whole) for one in found], limit, lambda one: one.id)


@router.get("/workers/{worker_id}/achievements")
async def list_worker_achievements(
    worker_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[AchievementOut]:
    """Достижения работника; органам управления и коллегам только подтверждённые."""
    found, whole = await service.list_achievements(uow, principal, "worker", worker_id, limit, after_id(after))
    await audit.record(uow, principal, "worker.achievements.read", [worker_id])
    return paginate([_shown(principal, one, whole=whole) for one in found], limit, lambda one: one.id)


@router.patch("/achievements/{achievement_id}")
async def edit_achievement(
    achievement_id: UUID,
    body: AchievementPatch,
    version: IfMatch,
    principal: Annotated[Principal, allow(policies.ENTER)],
    uow: Uow,
    response: Response,
) -> AchievementOut:
    """Изменить или отозвать достижение."""
    achievement = await service.edit(uow, principal, achievement_id, version, body)
    response.headers["ETag"] = etag(achievement.version)
    return _out(achievement)


@router.post("/achievements/{achievement_id}/decision")
async def decide_achievement(
    achievement_id: UUID,
    body: DecisionIn,
    version: IfMatch,
    principal: Annotated[Principal, allow(policies.DECIDE)],
    uow: Uow,
    response: Response,
) -> AchievementOut:
    """Подтвердить достижение или отказать с причиной."""
    achievement = await service.decide(uow, principal, achievement_id, version, body)
    response.headers["ETag"] = etag(achievement.version)
    return _out(achievement)


@router.get("/organizations/{organization_id}/achievements")
async def count_achievements(
    organization_id: UUID,
    principal: Annotated[Principal, allow(policies.COUNT)],
    uow: Uow,
    first: date | None = None,
    last: date | None = None,
) -> CountsOut:
    """Сколько достижений у обучающихся и работников организации, по видам, уровням и результатам."""
    end = last or uow.clock.today()
    begin = first or end.replace(month=1, day=1)
    found = await service.counts(uow, principal, organization_id, begin, end)
    return CountsOut(first=begin, last=end, items=[CountOut(**one._mapping) for one in found])  # noqa: SLF001 - public in SQLAlchemy
