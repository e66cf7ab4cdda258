"""HTTP of academic years, classes and groups."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.cards.audience import audience_of
from sgo_core.cards.schemas import AsOf, ChangeOut
from sgo_core.cards.showing import instant_of, record_change_out
from sgo_core.groups import policies, service
from sgo_core.groups.model import StudyGroup
from sgo_core.groups.schemas import (
    AcademicYearOut,
    AcademicYearsOut,
    GroupKind,
    GroupOut,
    GroupPatch,
    GroupsIn,
    GroupsOut,
    Year,
)
from sgo_core.http import after_id

router = APIRouter(tags=["groups"])
Reader = Annotated[Principal, allow(policies.READ)]
Manager = Annotated[Principal, allow(policies.MANAGE)]


def _out(group: StudyGroup) -> GroupOut:
    return GroupOut.model_validate(group, from_attributes=True)


@router.get("/academic-years")
async def list_academic_years(_principal: Reader, uow: Uow) -> AcademicYearsOut:
    """Учебные годы региона."""
    found = await service.list_years(uow)
    return AcademicYearsOut(items=[AcademicYearOut.model_validate(one, from_attributes=True) for one in found])


@router.post("/organizations/{organization_id}/groups", status_code=201, response_model=GroupsOut)
async def open_groups(
    organization_id: UUID,
    body: GroupsIn,
    once: CreateOnce,
    principal: Manager,
    uow: Uow,
) -> JSONResponse:
    """Открыть классы или группы на учебный год."""

    async def open_all() -> tuple[int, dict[str, Any]]:
        opened = await service.open_groups(uow, principal, organization_id, body)
        return 201, GroupsOut(items=[_out(one) for one in opened]).model_dump(mode="json")

    return await once(open_all)


@router.get("/organizations/{organization_id}/groups")
async def list_groups(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 200,
    after: After = None,
    academic_year: Year | None = None,
    kind: GroupKind | None = None,
) -> Page[GroupOut]:
    """Классы и группы организации."""
    found = await service.list_groups(uow, principal, organization_id, academic_year, kind, limit, after_id(after))
    return paginate([_out(one) for one in found], limit, lambda one: one.id)


@router.get("/groups/{group_id}")
async def get_group(group_id: UUID, principal: Reader, uow: Uow, response: Response, as_of: AsOf = None) -> GroupOut:
    """Класс или группа, сейчас или на прошлую дату."""
    group = await service.get_group(uow, principal, group_id)
    instant = instant_of(uow, as_of)
    if instant is not None:
        past = _out(await service.group_as_of(uow, group_id, instant))
        return past.model_copy(update={"occupied": None, "version": None})
    response.headers["ETag"] = etag(group.version)
    return _out(group)


@router.get("/groups/{group_id}/history")
async def list_group_changes(
    group_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ChangeOut]:
    """История изменений класса (группы)."""
    await service.get_group(uow, principal, group_id)
    page = paginate(await service.history_of(uow, group_id, limit, after), limit, lambda one: one.key)
    return Page(items=[record_change_out(one, audience_of(principal)) for one in page.items], next=page.next)


@router.patch("/groups/{group_id}")
async def edit_group(
    group_id: UUID, body: GroupPatch, version: IfMatch, principal: Manager, uow: Uow, response: Response
) -> GroupOut:
    """Изменить класс (группу), закрыть или открыть снова."""
    group = await service.edit_group(uow, principal, group_id, version, body)
    response.headers["ETag"] = etag(group.version)
    return _out(group)
