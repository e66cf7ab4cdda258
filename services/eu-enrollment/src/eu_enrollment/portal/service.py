"""Use cases of the portal's exchange."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
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
from eu_enrollment.portal.schemas import ChangeOut, ChangesOut, StatusesIn, StatusesOut, StatusOut, UnknownOut
from servicekit.security import Principal


async def statuses(session: AsyncSession, principal: Principal, asked: StatusesIn) -> StatusesOut:
    """How the named applications stand; what names none that the caller sees is told to be unknown, whosever it is."""
    sent = await changes.sent_under(session, principal.account_id, asked.keys)
    keys: dict[UUID, list[str]] = defaultdict(list)
    for key, id_ in sorted(sent.items()):
        keys[id_].append(key)
    own = (principal.account_id, asked.external_ids)
    rows = await changes.standing(session, visible(principal), [*asked.ids, *keys], asked.numbers, own)
    return StatusesOut(
        items=[_standing(row, keys.get(row.id, [])) for row in rows], unknown=_unknown(principal, asked, rows, sent)
    )


def _standing(row: Record, keys: list[str]) -> StatusOut:
    card = _card(row.line, row.status)
    return StatusOut(
        application_id=row.id,
        external_id=row.external_id,
        number=row.number,
        status_seq=row.version,
        at=row.status_changed_at,
        status=ApplicationStatus(row.status),
        status_title=card.title,
        portal_code=card.portal_code,
        organization_id=row.organization_id,
        answer_by=_answer_by(card, row.due_on),
        keys=keys,
    )


def _unknown(principal: Principal, asked: StatusesIn, rows: Sequence[Record], sent: Mapping[str, UUID]) -> UnknownOut:
    ids = {row.id for row in rows}
    numbers = {row.number for row in rows}
    own = {row.external_id for row in rows if row.client == principal.account_id}
    return UnknownOut(
        ids=[id_ for id_ in asked.ids if id_ not in ids],
        numbers=[number for number in asked.numbers if number not in numbers],
        external_ids=[id_ for id_ in asked.external_ids if id_ not in own],
        keys=[key for key in asked.keys if sent.get(key) not in ids],
    )


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
        external_id=row.external_id,
        number=row.number,
        status_seq=row.version,
        at=row.at,
        status=ApplicationStatus(row.to_status),
        status_title=card.title,
        portal_code=step.portal_code or card.portal_code,
        reason=row.reason,
        reason_title=step.title,
        answer_by=_answer_by(card, row.due_on),
    )


def _answer_by(card: StatusCard, due_on: date | None) -> date | None:
    """The last day as the family's: that of an operator or an organization is not told."""
    return due_on if card.family else None


def _card(line: str, status: str) -> StatusCard:
    return state_machine(Line(line)).statuses[ApplicationStatus(status)]
