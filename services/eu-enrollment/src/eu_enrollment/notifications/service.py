"""Use cases of notifications: they are read off the history, so that no step is told twice or forgotten."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.statuses import Reason, state_machine
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.kinds import Line
from eu_enrollment.campaigns.rules import Life
from eu_enrollment.database import Record
from eu_enrollment.notifications import repository
from eu_enrollment.notifications.model import Means
from eu_enrollment.notifications.schemas import NotificationOut, ToldOut
from eu_enrollment.notifications.texts import texts
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork


async def notifications(uow: UnitOfWork, principal: Principal, application_id: UUID) -> list[NotificationOut]:
    """What the family is to know of its application, step by step, and who has told it."""
    application = await applications.visible_application(uow, principal, application_id)
    rows = await applications.history(uow, application_id)
    campaign = await campaigns.campaign_by_id(uow, application.campaign_id)
    steps = {step.reason: step for step in state_machine(Line(application.line)).steps}
    names = await repository.names(
        uow.session, {row.organization_id for row in rows if row.organization_id is not None}
    )
    told: dict[int, list[ToldOut]] = defaultdict(list)
    for one in await repository.told(uow.session, application_id):
        told[one.version].append(ToldOut(means=one.means, told_at=one.told_at, told_by=one.told_by))
    found = []
    for row in rows:
        words = _words(row, application.number, names.get(row.organization_id), campaign.rules.life)
        text = texts().told(Reason(row.reason), words)
        if text is not None:
            found.append(
                NotificationOut(
                    version=row.version,
                    at=row.at,
                    reason=row.reason,
                    title=steps[Reason(row.reason)].title,
                    text=text,
                    status=ApplicationStatus(row.to_status),
                    organization_id=row.organization_id,
                    due_on=_due_on(row),
                    told=told[row.version],
                )
            )
    return found


async def tell(uow: UnitOfWork, principal: Principal, application_id: UUID, version: int, means: Means) -> None:
    """Note that the family has been told of a step; again is no change. Raises ``NotFoundError``."""
    if not any(one.version == version for one in await notifications(uow, principal, application_id)):
        raise NotFoundError
    await repository.tell(uow.session, application_id, version, means, uow.now, principal.account_id)


def _words(row: Record, number: str, organization: str | None, life: Life) -> dict[str, str | None]:
    due_on = _due_on(row)
    return {
        "number": number,
        "organization": organization,
        "due": None if due_on is None else f"{due_on:%d.%m.%Y}",
        "note": life.told(row.ground, row.note) if row.account_id is not None else None,
    }


def _due_on(row: Record) -> date | None:
    """By when somebody is to act: the family, where a step beside those of others is about it."""
    if row.reason == Reason.RIGHTS_ENDING:
        return date.fromisoformat(row.note)
    due_on: date | None = row.documents_due if row.reason == Reason.PROOF_REQUESTED else row.due_on
    return due_on
