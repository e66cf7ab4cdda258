"""Use cases of settings, and what other slices ask: what a setting is for an organization on a day."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.history import service as history
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations.scopes import kept, own_scope, readable, require_open, require_readable
from sgo_core.settings import repository
from sgo_core.settings.definition import SETTINGS, Setting
from sgo_core.settings.effective import Effective, Timeline
from sgo_core.settings.errors import RegionalSettingError, SettingSetError, SettingValueError, UnknownSettingError
from sgo_core.settings.model import SettingValue
from sgo_core.settings.schemas import ValueIn, ValuePatch


async def timeline(session: AsyncSession, names: Collection[str], organization_ids: Collection[UUID] = ()) -> Timeline:
    """Values of some settings for some organizations, to be asked about any day."""
    return Timeline(await repository.standing(session, names, organization_ids))


async def value_of(uow: UnitOfWork, name: str, organization_id: UUID | None, day: date) -> Any:
    """What a setting is for an organization (None: for the region) on a day."""
    scopes = [] if organization_id is None else [organization_id]
    return (await timeline(uow.session, [name], scopes)).at(name, organization_id, day).value


async def effective(
    uow: UnitOfWork, principal: Principal, organization_id: UUID | None, day: date
) -> Mapping[str, Effective]:
    """All settings as they are for an organization, or for the region, on a day."""
    await require_readable(uow, principal, organization_id)
    found = await timeline(uow.session, SETTINGS, [] if organization_id is None else [organization_id])
    return {name: found.at(name, organization_id, day) for name in SETTINGS}


async def list_values(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID | None,
    name: str | None,
    limit: int,
    after: UUID | None,
) -> Sequence[SettingValue]:
    """One page of the values that the region or an organization set, of all days, and one more."""
    await require_readable(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, name, limit, after)


async def get_value(uow: UnitOfWork, principal: Principal, value_id: UUID) -> SettingValue:
    """A value of the region or of an organization the caller sees; raises ``NotFoundError``."""
    return await readable(uow, principal, await repository.get(uow.session, value_id))


async def set_value(uow: UnitOfWork, principal: Principal, body: ValueIn) -> SettingValue:
    """Set a setting of the caller's own level from a day on."""
    setting = SETTINGS.get(body.name)
    if setting is None:
        raise UnknownSettingError
    _require_may_set(principal, setting)
    _require_fits(setting, body.value)
    await require_open(uow, own_scope(principal), body.valid_from)
    created = SettingValue(
        id=new_id(),
        organization_id=own_scope(principal),
        active=True,
        version=1,
        **body.model_dump(exclude={"reason"}),
        **signature(Author(principal.account_id, body.reason), uow.now),
    )
    uow.session.add(created)
    await _flush(uow)
    return created


async def edit_value(
    uow: UnitOfWork, principal: Principal, value_id: UUID, version: int, body: ValuePatch
) -> SettingValue:
    """Correct a value of the caller's own level, or put it out of use."""
    found = await kept(uow, principal, await repository.get(uow.session, value_id, lock=True), version)
    _require_may_set(principal, SETTINGS[found.name])
    await require_open(uow, found.organization_id, found.valid_from)
    changes = body.model_dump(exclude_unset=True, exclude={"reason"})
    if "value" in changes:
        _require_fits(SETTINGS[found.name], changes["value"])
    change(found, changes, Author(principal.account_id, body.reason), uow.now)
    await _flush(uow)
    return found


async def history_of(
    uow: UnitOfWork, principal: Principal, value_id: UUID, limit: int, after: str | None
) -> Sequence[history.Change]:
    """One page of the history of a value, and one more."""
    await get_value(uow, principal, value_id)
    return await history.changes_of(uow, [SettingValue], value_id, limit, after)


def _require_may_set(principal: Principal, setting: Setting) -> None:
    level = setting.region if own_scope(principal) is None else setting.organization
    if principal.role not in level:
        raise RegionalSettingError


def _require_fits(setting: Setting, value: Any) -> None:
    """None, inherited again, always does."""
    if value is None:
        return
    try:
        setting.adapter.validate_python(value)
    except ValidationError:
        raise SettingValueError from None


async def _flush(uow: UnitOfWork) -> None:
    try:
        await uow.session.flush()
    except IntegrityError:  # of the constraints only the day's can be broken here
        raise SettingSetError from None
