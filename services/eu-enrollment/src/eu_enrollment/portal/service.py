"""Use cases of the portal's exchange."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications import changes
from eu_enrollment.applications.changes import Place
from eu_enrollment.applications.policies import visible
from eu_enrollment.applications.statuses import StatusCard, state_machine
from eu_enrollment.campaigns.kinds import Line
from eu_enrollment.database import Record
from eu_enrollment.portal.errors import FeedRestartedError
from eu_enrollment.portal.schemas import ChangeOut, ChangesOut, StatusesIn, StatusOut
from servicekit.security import Principal


async def statuses(session: AsyncSession, principal: Principal, asked: StatusesIn) -> list[StatusOut]:
    """How the named applications stand; those the caller does not see are left out."""
    sent = await changes.sent_under(session, principal.account_id, asked.keys)
    keys: dict[UUID, list[str]] = defaultdict(list)
    for key, id_ in sorted(sent.items()):
        keys[id_].append(key)
    rows = await changes.standing(session, visible(principal), [*asked.ids, *keys], asked.numbers)
    return [
        StatusOut(
            application_id=row.id,
            number=row.number,
            status_seq=row.version,
            at=row.status_changed_at,
            status=ApplicationStatus(row.status),
            status_title=_card(row.line, row.status).title,
            portal_code=_card(row.line, row.status).portal_code,
            organization_id=row.organization_id,
            keys=keys.get(row.id, []),
        )
        for row in rows
    ]


async def feed(session: AsyncSession, client: str, cursor: str | None, limit: int) -> ChangesOut:
    """Steps of the client's applications after a cursor; raises ``FeedRestartedError``."""
    epoch = await changes.epoch(session)
    of, *numbers = [int(part) for part in cursor.split(".")] if cursor else [epoch]
    if of != epoch:
        raise FeedRestartedError
    found = await changes.after(session, client, Place(*numbers), limit)
    return ChangesOut(
        items=[told(row) for row in found.rows],
        cursor=f"{epoch}.{found.place.tx}.{found.place.id}",
        more=found.more,
    )


def told(row: Record) -> ChangeOut:
    """What is told of one step."""
    card = _card(row.line, row.to_status)
    (step,) = [step for step in state_machine(Line(row.line)).steps if step.reason == row.reason]
    return ChangeOut(
        application_id=row.application_id,
        number=row.number,
        status_seq=row.version,
        at=row.at,
        status=ApplicationStatus(row.to_status),
        status_title=card.title,
        portal_code=step.portal_code or card.portal_code,
        reason=row.reason,
        reason_title=step.title,
    )


def _card(line: str, status: str) -> StatusCard:
    return state_machine(Line(line)).statuses[ApplicationStatus(status)]
