"""Routes of the staff."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from servicekit.http import Limit, Page, Uow, allow, paginate
from servicekit.security import Principal
from sgo_journal.staff import policies, service
from sgo_journal.staff.schemas import TeacherOut

router = APIRouter(tags=["staff"])


@router.get("/organizations/{organization_id}/teachers")
async def list_teachers(
    organization_id: UUID,
    principal: Annotated[Principal, allow(policies.READ_TEACHERS)],
    uow: Uow,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[TeacherOut]:
    """Педагоги организации."""
    found = await service.list_teachers(uow, principal, organization_id, after, limit)
    shown = [TeacherOut(teacher_id=teacher_id, name=name) for teacher_id, name in found]
    return paginate(shown, limit, lambda one: one.teacher_id)
