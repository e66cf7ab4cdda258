"""Use cases of achievements: stating, changing, confirming, counting."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from asu_contracts.access import Role
from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.achievements import repository
from sgo_core.achievements.errors import (
    AchievementStateError,
    FutureAchievementError,
    NotYourStudentError,
    RemarkRequiredError,
)
from sgo_core.achievements.model import Achievement
from sgo_core.achievements.policies import DECIDE
from sgo_core.achievements.schemas import AchievementIn, AchievementPatch, DecisionIn, OwnerKind
from sgo_core.cards.audience import audience_of
from sgo_core.cards.changing import change
from sgo_core.cards.owning import owner
from sgo_core.catalogue.definition import Audience
from sgo_core.class_teachers.pupils import leads_or_teaches
from sgo_core.history.recorded import Author, signature
from sgo_core.movements.service import require_student
from sgo_core.organizations import service as organizations
from sgo_core.staff import service as staff

_OLDEST_YEARS = 70


async def _require_owner(uow: UnitOfWork, principal: Principal, kind: OwnerKind, owner_id: UUID) -> bool:
    """Raise ``NotFoundError`` unless the caller sees the student or the worker; whether also what nobody has confirmed.

    That a claim was refused, and why, is for its author and for those who decide, not for a body or for colleagues.
    """
    if kind == "student":
        await require_student(uow, principal, owner_id)
        return audience_of(principal) is not Audience.BODY
    return await staff.require_worker(uow, principal, owner_id) in {Audience.OFFICE, Audience.SUBJECT}


async def _require_writer(uow: UnitOfWork, principal: Principal, kind: OwnerKind, owner_id: UUID) -> bool:
    """Raise an error unless the caller may write of the owner; whether its word needs no confirmation.

    Of a student staff writes: the office, and the teachers who lead or teach it.
    """
    await _require_owner(uow, principal, kind, owner_id)
    if kind == "worker":
        if principal.person_id == owner_id:
            return False
        await staff.require_worker(uow, principal, owner_id, keeps=True)
    elif principal.role is Role.TEACHER and not await leads_or_teaches(uow, principal, owner_id):
        raise NotYourStudentError
    return principal.role in DECIDE.roles


async def enter(
    uow: UnitOfWork, principal: Principal, kind: OwnerKind, owner_id: UUID, body: AchievementIn
) -> Achievement:
    """Enter an achievement: confirmed at once by staff, stated by a family or the worker."""
    sure = await _require_writer(uow, principal, kind, owner_id)
    _check_date(uow, body.held_on)
    achievement = Achievement(
        id=new_id(),
        **owner(kind, owner_id),
        **body.model_dump(),
        state="confirmed" if sure else "stated",
        decided_by=principal.account_id if sure else None,
        version=1,
        **signature(Author(principal.account_id, "Внесение достижения"), uow.now),
    )
    uow.session.add(achievement)
    return achievement


def _check_date(uow: UnitOfWork, day: date) -> None:
    today = uow.clock.today()
    if not today.year - _OLDEST_YEARS <= day.year or day > today:
        raise FutureAchievementError


async def list_achievements(
    uow: UnitOfWork, principal: Principal, kind: OwnerKind, owner_id: UUID, limit: int, after: UUID | None
) -> tuple[Sequence[Achievement], bool]:
    """One page of an owner's achievements, and one more; whether the caller sees more than what was confirmed."""
    whole = await _require_owner(uow, principal, kind, owner_id)
    return await repository.page(uow.session, kind, owner_id, limit, after, confirmed_only=not whole), whole


async def _locked(
    uow: UnitOfWork, principal: Principal, achievement_id: UUID, version: int
) -> tuple[Achievement, bool]:
    achievement = await repository.get(uow.session, achievement_id)
    if achievement is None:
        raise NotFoundError
    kind: OwnerKind = "student" if achievement.owner_kind == "student" else "worker"
    sure = await _require_writer(uow, principal, kind, achievement.owner_id)
    if achievement.version != version:
        raise VersionMismatchError
    if achievement.state == "withdrawn":
        raise AchievementStateError
    return achievement, sure


async def edit(
    uow: UnitOfWork, principal: Principal, achievement_id: UUID, version: int, body: AchievementPatch
) -> Achievement:
    """Change an achievement or take it back; what others than staff change has to be confirmed again."""
    achievement, sure = await _locked(uow, principal, achievement_id, version)
    values: dict[str, Any] = body.model_dump(exclude_unset=True, exclude={"reason", "withdrawn"})
    if "held_on" in values:
        _check_date(uow, values["held_on"])
    if "withdrawn" in body.model_fields_set and body.withdrawn:
        values |= {"state": "withdrawn", "decided_by": None}
    elif values and not sure:
        values |= {"state": "stated", "decided_by": None, "remark": None}
    change(achievement, values, Author(principal.account_id, body.reason), uow.now)
    return achievement


async def decide(
    uow: UnitOfWork, principal: Principal, achievement_id: UUID, version: int, body: DecisionIn
) -> Achievement:
    """Confirm or refuse what a family or another worker has stated."""
    achievement, sure = await _locked(uow, principal, achievement_id, version)
    if not sure:
        raise NotFoundError
    if achievement.state != "stated":
        raise AchievementStateError
    if body.decision == "refused" and body.remark is None:
        raise RemarkRequiredError
    values = {"state": body.decision, "decided_by": principal.account_id, "remark": body.remark}
    change(achievement, values, Author(principal.account_id, "Решение по достижению"), uow.now)
    return achievement


async def counts(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, first: date, last: date
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Confirmed achievements of an organization's people over a span of days."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.counts(uow.session, organization_id, first, last)
