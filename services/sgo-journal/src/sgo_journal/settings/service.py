"""Use cases of the settings of journals."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from orgdirectory import require_visible
from servicekit.errors import VersionMismatchError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.settings.model import JournalSettings
from sgo_journal.settings.schemas import SettingsIn, SettingsOut
from sgo_journal.totals.errors import ThresholdsInvalidError

DEFAULTS = SettingsOut(version=0, **SettingsIn(edit_days=7, class_teacher_writes=False).model_dump())
"""A week to correct what was noted, as families are used to; a class teacher reads all journals of the class, writes in none."""


async def read(uow: UnitOfWork, principal: Principal, organization_id: UUID) -> SettingsOut:
    """Settings in force in an organization the caller sees."""
    await require_visible(uow, principal, organization_id)
    return await of(uow, organization_id)


async def of(uow: UnitOfWork, organization_id: UUID) -> SettingsOut:
    """Settings in force in an organization, for the other slices."""
    found = await uow.session.get(JournalSettings, organization_id)
    return SettingsOut.model_validate(found, from_attributes=True) if found else DEFAULTS


async def change(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, version: int, body: SettingsIn
) -> SettingsOut:
    """Replace the settings; version 0 is that of the defaults. Raises ``ThresholdsInvalidError``, ``VersionMismatchError``."""
    await require_visible(uow, principal, organization_id)
    if not body.five_from > body.four_from > body.three_from:
        raise ThresholdsInvalidError
    made = {"version": version + 1, **body.model_dump()}
    if version == 0:
        written = insert(JournalSettings).values(organization_id=organization_id, **made).on_conflict_do_nothing()
        changed = await uow.session.scalar(written.returning(JournalSettings.version))
    else:
        mine = (JournalSettings.organization_id == organization_id) & (JournalSettings.version == version)
        changed = await uow.session.scalar(
            update(JournalSettings).where(mine).values(made).returning(JournalSettings.version)
        )
    if changed is None:
        raise VersionMismatchError
    return SettingsOut(**made)
