"""HTTP of the address book."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from servicekit import audit
from servicekit.http import After, Limit, Line, Page, Uow, allow, paginate
from servicekit.security import Principal
from sgo_core.addresses import policies, service
from sgo_core.addresses.model import AddressObject
from sgo_core.addresses.schemas import AddressOut, ObjectOut, ObjectsOut, UnmatchedOut

router = APIRouter(tags=["addresses"])
Reader = Annotated[Principal, allow(policies.LOOK_UP)]


def _out(found: Sequence[AddressObject]) -> ObjectsOut:
    return ObjectsOut(items=[ObjectOut.model_validate(one, from_attributes=True) for one in found])


@router.get("/addresses")
async def look_up_addresses(
    _principal: Reader,
    uow: Uow,
    text: Annotated[str, Query(min_length=2, max_length=200, description="Что набрано, можно с ошибками")],
    parent_id: Annotated[UUID | None, Query(description="Искать внутри объекта: улицы города, дома улицы")] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> ObjectsOut:
    """Подсказка адреса по мере набора, самые подходящие первыми."""
    return _out(await service.look_up(uow, text, parent_id, limit))


@router.get("/addresses/{object_id}")
async def get_address(
    object_id: UUID, _principal: Reader, uow: Uow, flat: Annotated[Line | None, Query(max_length=20)] = None
) -> AddressOut:
    """Адрес для карточки по объекту справочника: с частями, индексом, ОКТМО и идентификатором ГАР."""
    return AddressOut(address=await service.address_of(uow, object_id, flat))


@router.get("/organizations/{organization_id}/unmatched-addresses")
async def list_unmatched_addresses(
    organization_id: UUID,
    principal: Annotated[Principal, allow(policies.UNMATCHED)],
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
) -> Page[UnmatchedOut]:
    """Адреса обучающихся, набранные вручную и не найденные в справочнике, с вариантами."""
    found = await service.list_unmatched(uow, principal, organization_id, limit, after)
    page = paginate(found, limit, lambda one: one.key)
    await audit.record(uow, principal, "addresses.unmatched", {one.student_id for one in page.items})
    return page
