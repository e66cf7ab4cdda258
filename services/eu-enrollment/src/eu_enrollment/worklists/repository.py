"""SQL of working lists, for reading."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.applications.statuses import live, state_machine
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.referrals.schemas import LIVE
from eu_enrollment.worklists.queues import QUEUES, Queue
from eu_enrollment.worklists.tables import application, choice, referral, verification

_HOLDS = and_(referral.c.application_id == application.c.id, referral.c.status.in_(LIVE))
_COLUMNS = (
    *(
        application.c[name]
        for name in (
            *("id", "number", "status", "line", "attention", "benefit", "age", "of_age", "desired_from", "accepted_at"),
            *("accepted_seq", "queue_seq", "status_changed_at", "client", "organization_id", "version"),
            *("channel", "orientation", "stay_modes"),
        )
    ),
    referral.c.id.label("referral_id"),
    referral.c.status.label("referral_status"),
    referral.c.group_id,
    referral.c.due_on,
)


def _selected(campaign_id: UUID, narrowed: Sequence[ColumnElement[bool]], *, held: bool) -> Select[*tuple[Any, ...]]:
    """Applications of a campaign with the place held for each; with ``held`` those alone that have one."""
    joined = application.join(referral, _HOLDS, isouter=not held)
    statement = select(*_COLUMNS).select_from(joined).where(application.c.campaign_id == campaign_id, *narrowed)
    return statement.where(referral.c.campaign_id == campaign_id) if held else statement


async def register(
    session: AsyncSession, campaign_id: UUID, narrowed: Sequence[ColumnElement[bool]], after: UUID | None, limit: int
) -> Sequence[Row[Any]]:
    """Applications of a campaign in order of ids, that is of acceptance, one more than asked for."""
    statement = _selected(campaign_id, narrowed, held=False)
    if after is not None:
        statement = statement.where(application.c.id > after)
    return (await session.execute(statement.order_by(application.c.id).limit(limit + 1))).all()


async def waiting(
    session: AsyncSession,
    queue: Queue,
    campaign: Campaign,
    today: date,
    narrowed: Sequence[ColumnElement[bool]],
    after: tuple[Any, UUID] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """What waits in a queue in its order, one more than asked for."""
    statement = _selected(campaign.id, [queue.holds(campaign, today), *narrowed], held=queue.of_referrals)
    key = (queue.order.column, referral.c.id if queue.of_referrals else application.c.id)
    if after is not None:
        statement = statement.where(tuple_(*key) > after)
    return (await session.execute(statement.order_by(*key).limit(limit + 1))).all()


async def counts(
    session: AsyncSession, campaign: Campaign, today: date, organization_id: UUID | None
) -> dict[str, int]:
    """How many wait in each queue; with ``organization_id`` of the places it holds alone."""
    found: dict[str, int] = {}
    for table, queues in (
        (application, [queue for queue in QUEUES.values() if not queue.of_referrals]),
        (referral, [queue for queue in QUEUES.values() if queue.of_referrals]),
    ):
        whose = true() if organization_id is None else table.c.organization_id == organization_id
        holding = [queue.holds(campaign, today) for queue in queues]
        counted = (func.count().filter(one).label(queue.name) for queue, one in zip(queues, holding, strict=True))
        statement = select(*counted).select_from(table).where(table.c.campaign_id == campaign.id, whose, or_(*holding))
        found |= (await session.execute(statement)).one()._asdict()
    return found


async def demand(
    session: AsyncSession, campaign: Campaign, organization_id: UUID
) -> Sequence[tuple[str | None, int, int]]:
    """Live applications that want an organization: (benefit, how many, of them as the first choice)."""
    rows = await session.execute(
        select(
            application.c.benefit,
            func.count().label("wanted"),
            func.count().filter(choice.c.rank == 1).label("first"),
        )
        .select_from(choice.join(application, application.c.id == choice.c.application_id))
        .where(
            choice.c.campaign_id == campaign.id,
            choice.c.organization_id == organization_id,
            application.c.status.in_(live(campaign.kind.line)),
        )
        .group_by(application.c.benefit)
    )
    return [(row.benefit, row.wanted, row.first) for row in rows]


async def of_child(
    session: AsyncSession, campaign: Campaign, seen: ColumnElement[bool], own: ColumnElement[bool], most: int
) -> Sequence[Row[Any]]:
    """Applications of a campaign by a keyed hash of the child, live or not; at most so many.

    Live ones are found by the index that keeps them unique, the others among their statuses.
    """
    machine = state_machine(campaign.kind.line)
    past: BindParameter[list[str]] = bindparam(
        "past", sorted(set(machine.statuses) - live(campaign.kind.line)), literal_execute=True
    )
    found = _selected(campaign.id, [own, seen, application.c.status.not_in(past)], held=False)
    ended = _selected(campaign.id, [own, seen, application.c.status.in_(past)], held=False)
    return (await session.execute(found.union_all(ended).limit(most))).all()


def wants(campaign_id: UUID, organization_id: UUID | None) -> ColumnElement[bool]:
    """The family wants the organization, or a place is held there."""
    wanted = select(choice.c.application_id).where(
        choice.c.campaign_id == campaign_id, choice.c.organization_id == organization_id
    )
    return or_(application.c.id.in_(wanted), application.c.organization_id == organization_id)


def has_undecided(kind: str | None) -> ColumnElement[bool]:
    """Something of the kind is still to be verified."""
    return exists().where(
        verification.c.application_id == application.c.id,
        verification.c.kind == kind,
        verification.c.state.in_(("open", "awaiting")),
    )
