"""Use cases of the alerts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from orgdirectory import require_visible
from servicekit import audit
from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.alerts import policies, repository
from sgo_journal.alerts.errors import AcknowledgedError, OwnChangeError
from sgo_journal.alerts.judging import Rules
from sgo_journal.alerts.model import Alert
from sgo_journal.alerts.schemas import AlertSettingsIn, AlertSettingsOut
from sgo_journal.people import author
from sgo_journal.settings.service import DEFAULTS as JOURNAL_DEFAULTS

__all__ = ["Alert"]

DEFAULTS = AlertSettingsOut(version=0, **AlertSettingsIn().model_dump())


async def list_alerts(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    filters: Mapping[str, Any],
    *,
    acknowledged: bool | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Alert]:
    """Alerts that the caller sees, the newest first, one more than ``limit``; ``filters`` by column; audited."""
    await require_visible(uow, principal, organization_id)
    seen = policies.visible_to(principal, uow.clock.today())
    found = await repository.page(uow.session, seen, filters, acknowledged, after, limit)
    if found:
        await audit.record(uow, principal, "alerts.read", sorted({one.student_id for one in found[:limit]}))
    return found


async def acknowledge(uow: UnitOfWork, principal: Principal, alert_id: UUID, comment: str) -> Alert:
    """Say what was found out about a change; raises ``AcknowledgedError``, ``OwnChangeError``. Whose mark it is is audited."""
    alert = await repository.one(uow.session, policies.visible_to(principal, uow.clock.today()), alert_id)
    if alert is None:
        raise NotFoundError
    if alert.acknowledged_at is not None:
        raise AcknowledgedError
    if alert.changed_by == author(principal):
        raise OwnChangeError
    alert.acknowledged_at, alert.acknowledged_by, alert.comment = uow.now, author(principal), comment
    await uow.session.flush()
    await audit.record(uow, principal, "alerts.acknowledge", [alert.student_id])
    return alert


async def read_settings(uow: UnitOfWork, principal: Principal, organization_id: UUID) -> AlertSettingsOut:
    """Thresholds in force in an organization the caller sees."""
    await require_visible(uow, principal, organization_id)
    found = await repository.settings(uow.session, organization_id)
    return DEFAULTS if found is None else AlertSettingsOut.model_validate(found, from_attributes=True)


async def change_settings(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, version: int, body: AlertSettingsIn
) -> AlertSettingsOut:
    """Replace the thresholds; version 0 is that of the usual ones. Changes that come after are judged by them."""
    await require_visible(uow, principal, organization_id)
    if not await repository.change_settings(uow.session, organization_id, version, body.model_dump()):
        raise VersionMismatchError
    return AlertSettingsOut(version=version + 1, **body.model_dump())


async def rules_of(uow: UnitOfWork, organizations: Collection[UUID]) -> Mapping[UUID, Rules]:
    """What each organization wants to be told of. A change is late, unless said otherwise, when its teacher may write no more."""
    found = {}
    for row in await repository.settings_of(uow.session, organizations):
        chosen = DEFAULTS if row["usual"] else AlertSettingsOut(**row, version=1)
        rules = Rules(**chosen.model_dump(exclude={"version"}))
        if rules.late_days is None:
            rules = replace(rules, late_days=row["edit_days"] if row["set_up"] else JOURNAL_DEFAULTS.edit_days)
        found[row["organization_id"]] = rules
    return found
