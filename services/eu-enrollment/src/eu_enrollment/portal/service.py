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
from eu_enrollment.applications.statuses import Reason, StateMachine, StatusCard, state_machine
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
    machine, status = state_machine(Line(row.line)), ApplicationStatus(row.status)
    card = machine.statuses[status]
    return StatusOut(
        application_id=row.id,
        external_id=row.external_id,
        number=row.number,
        status_seq=row.version,
        at=row.status_changed_at,
        status=status,
        status_title=card.title,
        portal_code=_code(machine, status, row.documents_due),
        organization_id=row.organization_id,
        answer_by=_answer_by(card, status, row),
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
    machine, status = state_machine(Line(row.line)), ApplicationStatus(row.to_status)
    card = machine.statuses[status]
    (step,) = [step for step in machine.steps if step.reason == row.reason]
    return ChangeOut(
        application_id=row.application_id,
        external_id=row.external_id,
        number=row.number,
        status_seq=row.version,
        at=row.at,
        status=status,
        status_title=card.title,
        portal_code=step.portal_code or _code(machine, status, row.documents_due),
        reason=row.reason,
        reason_title=step.title,
        answer_by=_answer_by(card, status, row),
    )


def _code(machine: StateMachine, status: ApplicationStatus, documents_due: date | None) -> str | None:
    """The status's code, but while documents are asked of who waits already, that of their being asked for."""
    asked = machine.step(Reason.PROOF_REQUESTED)
    if documents_due is not None and asked is not None and status in asked.origins:
        return asked.portal_code
    return machine.statuses[status].portal_code


def _answer_by(card: StatusCard, status: ApplicationStatus, row: Record) -> date | None:
    """The last day as the family's: that of an operator or an organization is not told, an offered place is answered first."""
    documents = None if card.final or status is ApplicationStatus.REFERRED else row.documents_due
    days = (row.due_on if card.family else None, documents)
    return min((day for day in days if day is not None), default=None)
