"""HTTP of organizations."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.cards.fields import shown
from sgo_core.cards.schemas import AsOf, ChangeOut
from sgo_core.cards.showing import change_out, instant_of
from sgo_core.catalogue.definition import Audience, CardKind
from sgo_core.history.service import Change
from sgo_core.http import after_id
from sgo_core.organizations import policies, service
from sgo_core.organizations.model import Organization
from sgo_core.organizations.schemas import (
    Kind,
    MunicipalitiesOut,
    MunicipalityOut,
    Oktmo,
    OrganizationIn,
    OrganizationLine,
    OrganizationOut,
    OrganizationPatch,
)
from sgo_core.reorganizations import service as reorganizations
from sgo_core.staff import service as staff

router = APIRouter(tags=["organizations"])
_LINES = ("founder_id", "parent_id", "active")


async def _out(
    uow: UnitOfWork, organization: Organization, audience: Audience, past: date | None = None
) -> OrganizationOut:
    plain = await service.card_values(uow, organization)
    day = past or uow.clock.today()
    plain |= await staff.heads_of(uow, organization.id, day)
    links = await reorganizations.succession_of(uow, organization.id, day)
    values, _ = shown(CardKind.ORGANIZATION, plain, audience, closed=())
    return OrganizationOut(
        id=organization.id,
        founder_id=organization.founder_id,
        parent_id=organization.parent_id,
        active=organization.active,
        values=values,
        version=None if past else organization.version,
        predecessors=links.predecessors,
        successors=links.successors,
    )


@router.get("/municipalities")
async def list_municipalities(
    _principal: Annotated[Principal, allow(policies.READ_MUNICIPALITIES)], uow: Uow
) -> MunicipalitiesOut:
    """Муниципальные образования региона."""
    found = await service.list_municipalities(uow)
    return MunicipalitiesOut(items=[MunicipalityOut(oktmo=one.oktmo, name=one.name) for one in found])


@router.post("/organizations", status_code=201, response_model=OrganizationOut)
async def register_organization(
    body: OrganizationIn,
    once: CreateOnce,
    principal: Annotated[Principal, allow(policies.REGISTER)],
    uow: Uow,
) -> JSONResponse:
    """Зарегистрировать организацию."""

    async def register() -> tuple[int, dict[str, Any]]:
        organization = await service.register_organization(uow, principal, body)
        return 201, (await _out(uow, organization, audience_of(principal))).model_dump(mode="json")

    return await once(register)


@router.get("/organizations")
async def list_organizations(
    principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    municipality: Annotated[Oktmo | None, Query()] = None,
    kind: Kind | None = None,
    search: Annotated[
        str | None, Query(min_length=3, max_length=200, description="Слова наименования, можно с ошибками")
    ] = None,
) -> Page[OrganizationLine]:
    """Организации, видимые с рабочего места."""
    found = await service.list_organizations(uow, principal, limit, after_id(after), municipality, kind, search)
    lines = [OrganizationLine.model_validate(one, from_attributes=True) for one in found]
    return paginate(lines, limit, lambda one: one.id)


@router.get("/organizations/{organization_id}")
async def get_organization(
    organization_id: UUID,
    principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    response: Response,
    as_of: AsOf = None,
) -> OrganizationOut:
    """Карточка организации, текущая или на прошлую дату."""
    organization = await service.require_visible(uow, principal, organization_id)
    instant = instant_of(uow, as_of)
    if instant is None:
        response.headers["ETag"] = etag(organization.version)
    else:
        organization = await service.organization_as_of(uow, organization_id, instant)
    return await _out(
        uow, organization, audience_of(principal), None if instant is None else uow.clock.date_of(instant)
    )


def _change(uow: UnitOfWork, change: Change, audience: Audience) -> ChangeOut | None:
    """A change of the card; founder, head and closing stand beside the fields of the catalogue."""
    out = change_out(uow, CardKind.ORGANIZATION, replace(change, created=True), audience, closed=())
    assert out is not None
    lines = {name: pair for name, pair in change.changes.items() if name in _LINES}
    if not (lines or out.changes or change.created):
        return None
    return out.model_copy(update={"created": change.created, "changes": {**out.changes, **lines}})


@router.get("/organizations/{organization_id}/history")
async def list_organization_changes(
    organization_id: UUID,
    principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
) -> Page[ChangeOut]:
    """История изменений карточки организации."""
    await service.require_visible(uow, principal, organization_id)
    page = paginate(await service.history_of(uow, organization_id, limit, after), limit, lambda one: one.key)
    audience = audience_of(principal)
    changes = (_change(uow, one, audience) for one in page.items)
    return Page(items=[one for one in changes if one is not None], next=page.next)


@router.patch("/organizations/{organization_id}")
async def edit_organization(
    organization_id: UUID,
    body: OrganizationPatch,
    version: IfMatch,
    principal: Annotated[Principal, allow(policies.EDIT)],
    uow: Uow,
    response: Response,
) -> OrganizationOut:
    """Изменить карточку организации; прежние значения сохраняются в истории."""
    organization = await service.edit_organization(uow, principal, organization_id, version, body)
    response.headers["ETag"] = etag(organization.version)
    return await _out(uow, organization, audience_of(principal))
