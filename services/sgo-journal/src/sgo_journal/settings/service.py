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

DEFAULTS = SettingsOut(edit_days=7, class_teacher_writes=False, version=0)
"""A week to correct what was noted, as families are used to; a class teacher reads all journals of the class, writes in none."""


async def read(uow: UnitOfWork, principal: Principal, organization_id: UUID) -> SettingsOut:
    """Settings in force in an organization the caller sees."""
    await require_visible(uow, principal, organization_id)
    found = await uow.session.get(JournalSettings, organization_id)
    return SettingsOut.model_validate(found, from_attributes=True) if found else DEFAULTS


async def change(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, version: int, body: SettingsIn
) -> SettingsOut:
    """Replace the settings; version 0 is that of the defaults."""
    await require_visible(uow, principal, organization_id)
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
