"""Use cases of applications after acceptance. Every status change goes through :func:`move`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from eu_enrollment.applications import errors, repository
from eu_enrollment.applications.events import status_changed
from eu_enrollment.applications.policies import actor_of, visible
from eu_enrollment.applications.receipts import Receipt
from eu_enrollment.applications.registration import PAYLOAD_CONTEXT
from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.applications.statuses import Actor, Reason, state_machine
from eu_enrollment.campaigns.kinds import Line
from eu_enrollment.database import Record
from servicekit.crypto import FieldCipher
from servicekit.errors import ForbiddenError, NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Change:
    """What a step changes of the contents: names of fields, and the new order in the queue, where the old one is lost."""

    fields: Sequence[str]
    queue_seq: int | None = None


async def move(
    uow: UnitOfWork,
    reason: Reason,
    places: Sequence[tuple[UUID, UUID | None]],
    *,
    principal: Principal | None = None,
    note: str | None = None,
    attention: str | None = None,
    ground: str | None = None,
    due_on: date | None = None,
    change: Change | None = None,
    traceparent: str | None = None,
) -> list[UUID]:
    """Take one step with applications: (application, organization where it now holds a place).

    Writes history and publishes the new state of each. Those that do not stand where the step begins are left alone: the
    caller compares what came back. ``principal`` is ``None`` when the service itself acts; ``due_on`` is the last day of whoever is to
    act next; a step that changes no status leaves it as it was unless it names another.
    """
    if not places:
        return []
    actor = Actor.SYSTEM if principal is None else actor_of(principal)
    ways = _ways(reason, actor)
    if not ways:
        raise ForbiddenError
    rows = await repository.move(
        uow.session,
        places,
        repository.Move(
            ways=ways,
            at=uow.now,
            actor=actor,
            account_id=None if principal is None else principal.account_id,
            reason=reason,
            note=note,
            attention=attention,
            ground=ground,
            due_on=due_on,
            fields=None if change is None else change.fields,
            queue_seq=None if change is None else change.queue_seq,
        ),
    )
    for row in rows:
        uow.publish(
            status_changed(
                row.id,
                row.campaign_id,
                row.municipality,
                row.status,
                row.status_changed_at,
                row.organization_id,
                row.line,
                row.grade,
                row.age,
            ),
            version=row.version,
            traceparent=traceparent,
        )
    return [row.id for row in rows]


@cache
def _ways(reason: Reason, actor: Actor) -> list[tuple[str, str, str]]:
    """Where a step leads when an actor takes it: (line, from, to)."""
    return [
        (line, origin, step.target(origin))
        for line in Line
        for step in state_machine(line).steps
        if step.reason is reason and actor in step.by
        for origin in sorted(step.origins)
    ]


async def step(
    uow: UnitOfWork,
    reason: Reason,
    application_id: UUID,
    principal: Principal,
    *,
    organization_id: UUID | None = None,
    note: str | None = None,
    attention: str | None = None,
    ground: str | None = None,
    due_on: date | None = None,
) -> None:
    """Take one step with one application; raises ``StepNotAllowedError`` when it does not stand where the step begins."""
    moved = await move(
        uow,
        reason,
        [(application_id, organization_id)],
        principal=principal,
        note=note,
        attention=attention,
        ground=ground,
        due_on=due_on,
    )
    if not moved:
        raise errors.StepNotAllowedError


async def visible_application(uow: UnitOfWork, principal: Principal, application_id: UUID) -> Record:
    """An application the principal sees; raises ``NotFoundError``."""
    found = await repository.get(uow.session, application_id, visible(principal))
    if found is None:
        raise NotFoundError
    return found


async def by_number(uow: UnitOfWork, number: str) -> Record | None:
    """An application by its number, whoever asks."""
    return await repository.by_number(uow.session, number)


async def registered_at(uow: UnitOfWork, places: Sequence[int]) -> dict[int, datetime]:
    """When each place of the register was given: it is a number of an application, or was given by a change that lost the date."""
    return await repository.registered_at(uow.session, places)


async def choices(uow: UnitOfWork, application_id: UUID) -> Sequence[Record]:
    """Choices of an application in order."""
    return await repository.choices(uow.session, application_id)


async def entered(uow: UnitOfWork, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of the ids that are applications in the register."""
    return await repository.entered(uow.session, ids)


def read_payload(cipher: FieldCipher, payload: str) -> ApplicationIn:
    """What was stated in an application."""
    data: dict[str, Any] = json.loads(cipher.decrypt(payload, PAYLOAD_CONTEXT))
    return ApplicationIn.model_validate(data)


def seal_payload(cipher: FieldCipher, stated: ApplicationIn) -> str:
    """What is stated in an application, encrypted."""
    return cipher.encrypt(stated.model_dump_json(), PAYLOAD_CONTEXT)


async def participants(uow: UnitOfWork, municipality: str, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of the organizations that children of a municipality may choose."""
    return await repository.participants(uow.session, municipality, ids)


async def history(uow: UnitOfWork, application_id: UUID) -> Sequence[Record]:
    """Every step of an application in order."""
    return await repository.history(uow.session, application_id)


async def stated(uow: UnitOfWork, cipher: FieldCipher, ids: Sequence[UUID]) -> dict[UUID, ApplicationIn]:
    """What was stated in each application."""
    return {id_: read_payload(cipher, text) for id_, text in (await repository.payloads(uow.session, ids)).items()}


async def unfinished(uow: UnitOfWork, campaign_ids: Sequence[UUID]) -> bool:
    """Whether somebody still waits for a place, or for the order about it, by one of the campaigns."""
    return await repository.unfinished(uow.session, campaign_ids)


async def lock(uow: UnitOfWork, ids: Sequence[UUID]) -> None:
    """Whoever changes applications together with what hangs on them locks the applications first."""
    await repository.lock(uow.session, ids)


async def needing_attention(uow: UnitOfWork, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of the applications that an operator must look at."""
    return await repository.needing_attention(uow.session, ids)


async def taking_part(uow: UnitOfWork, campaign_id: UUID, until: date, *, referred: bool) -> Sequence[Record]:
    """Applications that wait for a place before ``until``, locked; ``referred``: those too whose families have yet to answer."""
    return await repository.taking_part(uow.session, campaign_id, until, referred=referred)


async def settled_until(uow: UnitOfWork) -> int:
    """The largest number of the register below which none can appear any more; acceptance stands still for a moment.

    Raises ``DBAPIError`` when a batch is not committed within half a second.
    """
    return await repository.settled_until(uow.session)


async def given_receipts(uow: UnitOfWork, after: int, until: int, limit: int | None = None) -> list[dict[str, Any]]:
    """Receipts with numbers over ``after`` up to ``until`` in their order, as they were given."""
    rows = await repository.numbered(uow.session, after, until, limit)
    return [
        Receipt(row.id, row.number, row.accepted_at, row.accepted_seq, row.payload_hash).fields()
        | {"signature": row.signature}
        for row in rows
    ]
