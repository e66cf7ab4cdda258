"""Routes of the alerts on unusual changes of marks."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from servicekit.http import IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_journal.alerts import policies, service
from sgo_journal.alerts.judging import KIND_TITLES, Kind
from sgo_journal.alerts.schemas import AcknowledgeIn, AlertOut, AlertSettingsIn, AlertSettingsOut

router = APIRouter(tags=["alerts"])

Reader = Annotated[Principal, allow(policies.READ)]
Decider = Annotated[Principal, allow(policies.DECIDE)]


def _shown(one: service.Alert) -> AlertOut:
    shown = {name: getattr(one, name) for name in AlertOut.model_fields if name != "title"}
    return AlertOut(**shown, title=KIND_TITLES[Kind(one.kind)])


@router.get("/organizations/{organization_id}/alerts")
async def list_alerts(
    organization_id: UUID,
    academic_year: Annotated[int, Query(ge=2000, le=2100, description="Год начала учебного года")],
    principal: Reader,
    uow: Uow,
    kind: Kind | None = None,
    journal_id: UUID | None = None,
    acknowledged: Annotated[bool | None, Query(description="Проверенные или нет; пусто: все")] = None,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[AlertOut]:
    """Необычные изменения отметок, новые сначала; учителю — в своих журналах."""
    asked = {"academic_year": academic_year, "kind": kind, "journal_id": journal_id}
    filters = {name: value for name, value in asked.items() if value is not None}
    found = await service.list_alerts(
        uow, principal, organization_id, filters, acknowledged=acknowledged, after=after, limit=limit
    )
    return paginate([_shown(one) for one in found], limit, lambda one: one.id)


@router.post("/alerts/{alert_id}/acknowledgement")
async def acknowledge_alert(alert_id: UUID, body: AcknowledgeIn, principal: Decider, uow: Uow) -> AlertOut:
    """Отметить, что изменение проверено, и что выяснено."""
    return _shown(await service.acknowledge(uow, principal, alert_id, body.comment))


@router.get("/organizations/{organization_id}/alert-settings")
async def read_alert_settings(
    organization_id: UUID, principal: Reader, uow: Uow, response: Response
) -> AlertSettingsOut:
    """О каких изменениях отметок сообщать."""
    found = await service.read_settings(uow, principal, organization_id)
    response.headers["ETag"] = etag(found.version)
    return found


@router.put("/organizations/{organization_id}/alert-settings")
async def change_alert_settings(
    organization_id: UUID, body: AlertSettingsIn, version: IfMatch, principal: Decider, uow: Uow, response: Response
) -> AlertSettingsOut:
    """Изменить, о каких изменениях отметок сообщать."""
    changed = await service.change_settings(uow, principal, organization_id, version, body)
    response.headers["ETag"] = etag(changed.version)
    return changed
