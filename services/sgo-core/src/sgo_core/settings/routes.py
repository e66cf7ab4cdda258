"""HTTP of settings."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.cards.schemas import ChangeOut
from sgo_core.cards.showing import whole_change
from sgo_core.http import after_id
from sgo_core.organizations.scopes import Whose
from sgo_core.settings import policies, service
from sgo_core.settings.definition import SETTINGS
from sgo_core.settings.model import SettingValue
from sgo_core.settings.schemas import SettingOut, SettingsOut, ValueIn, ValueOut, ValuePatch

router = APIRouter(tags=["settings"])
Reader = Annotated[Principal, allow(policies.READ)]
Editor = Annotated[Principal, allow(policies.EDIT)]
OnDay = Annotated[date | None, Query(alias="date", description="На какой день; по умолчанию сегодня")]


def _out(value: SettingValue) -> ValueOut:
    return ValueOut.model_validate(value, from_attributes=True)


@router.get("/settings")
async def get_settings(principal: Reader, uow: Uow, organization_id: Whose = None, day: OnDay = None) -> SettingsOut:
    """Настройки организации или региона на день: значение и откуда оно взято."""
    found = await service.effective(uow, principal, organization_id, day or uow.clock.today())
    return SettingsOut(
        items=[
            SettingOut(
                **SETTINGS[name].model_dump(exclude={"read_by"}),
                value=one.value,
                origin=one.origin,
                valid_from=one.valid_from,
            )
            for name, one in found.items()
        ]
    )


@router.get("/settings/values")
async def list_setting_values(
    principal: Reader,
    uow: Uow,
    organization_id: Whose = None,
    name: Annotated[str | None, Query(max_length=100)] = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[ValueOut]:
    """Значения настроек, заданные организацией или регионом, за все время."""
    found = await service.list_values(uow, principal, organization_id, name, limit, after_id(after))
    return paginate([_out(one) for one in found], limit, lambda one: one.id)


@router.post("/settings/values", status_code=201, response_model=ValueOut)
async def set_setting_value(body: ValueIn, once: CreateOnce, principal: Editor, uow: Uow) -> JSONResponse:
    """Задать настройку региона или своей организации с указанного дня."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _out(await service.set_value(uow, principal, body)).model_dump(mode="json")

    return await once(create)


@router.get("/settings/values/{value_id}")
async def get_setting_value(value_id: UUID, principal: Reader, uow: Uow, response: Response) -> ValueOut:
    """Одно значение настройки."""
    found = await service.get_value(uow, principal, value_id)
    response.headers["ETag"] = etag(found.version)
    return _out(found)


@router.patch("/settings/values/{value_id}")
async def edit_setting_value(
    value_id: UUID, body: ValuePatch, version: IfMatch, principal: Editor, uow: Uow, response: Response
) -> ValueOut:
    """Исправить значение настройки или признать его недействующим."""
    found = await service.edit_value(uow, principal, value_id, version, body)
    response.headers["ETag"] = etag(found.version)
    return _out(found)


@router.get("/settings/values/{value_id}/history")
async def list_setting_value_changes(
    value_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ChangeOut]:
    """История изменений значения настройки."""
    page = paginate(await service.history_of(uow, principal, value_id, limit, after), limit, lambda one: one.key)
    return Page(items=[whole_change(one) for one in page.items], next=page.next)
