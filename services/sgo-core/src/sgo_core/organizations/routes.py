"""HTTP of organizations."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.http import after_id
from sgo_core.organizations import policies, service
from sgo_core.organizations.model import Organization
from sgo_core.organizations.schemas import (
    Kind,
    MunicipalitiesOut,
    MunicipalityOut,
    Oktmo,
    OrganizationIn,
    OrganizationOut,
    OrganizationPatch,
)

router = APIRouter(tags=["organizations"])


def _out(organization: Organization) -> OrganizationOut:
    return OrganizationOut.model_validate(organization, from_attributes=True)


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
        return 201, _out(organization).model_dump(mode="json")

    return await once(register)


@router.get("/organizations")
async def list_organizations(
    principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    municipality: Annotated[Oktmo | None, Query()] = None,
    kind: Kind | None = None,
) -> Page[OrganizationOut]:
    """Организации, видимые с рабочего места."""
    found = await service.list_organizations(uow, principal, limit, after_id(after), municipality, kind)
    return paginate([_out(one) for one in found], limit, lambda one: one.id)


@router.get("/organizations/{organization_id}")
async def get_organization(
    organization_id: UUID, principal: Annotated[Principal, allow(policies.READ)], uow: Uow, response: Response
) -> OrganizationOut:
    """Карточка организации."""
    organization = await service.require_visible(uow, principal, organization_id)
    response.headers["ETag"] = etag(organization.version)
    return _out(organization)


@router.patch("/organizations/{organization_id}")
async def edit_organization(
    organization_id: UUID,
    body: OrganizationPatch,
    version: IfMatch,
    principal: Annotated[Principal, allow(policies.EDIT)],
    uow: Uow,
    response: Response,
) -> OrganizationOut:
    """Изменить карточку организации."""
    organization = await service.edit_organization(uow, principal, organization_id, version, body)
    response.headers["ETag"] = etag(organization.version)
    return _out(organization)
