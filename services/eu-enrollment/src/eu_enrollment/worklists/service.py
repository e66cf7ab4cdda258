"""Use cases of working lists."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, or_

from asu_contracts.access import UnitKind
from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications.statuses import state_machine
from eu_enrollment.campaigns.rules import BenefitClass, RuleSet
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.outcomes.reasons import explained
from eu_enrollment.runtime import EnrollmentRuntime
from eu_enrollment.worklists import repository
from eu_enrollment.worklists.errors import PageKeyError
from eu_enrollment.worklists.queues import QUEUES, Order, Queue
from eu_enrollment.worklists.schemas import (
    DemandLine,
    DemandOut,
    Filters,
    NextStep,
    QueueCount,
    QueuesOut,
    SearchIn,
    WorkItem,
)
from eu_enrollment.worklists.tables import application
from orgdirectory import require_visible
from servicekit import audit
from servicekit.clock import Clock
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_NONE = "none"
_SIBLINGS = 20
"""Applications of one child that a search shows: more there are not."""


async def queues(uow: UnitOfWork, principal: Principal, campaign: Campaign) -> QueuesOut:
    """How many wait in each queue of those the caller sees."""
    own = principal.unit.organization_id if principal.unit.kind is UnitKind.ORGANIZATION else None
    found = await repository.counts(uow.session, campaign, uow.clock.date_of(uow.now), own)
    counted = [QueueCount(name=one.name, title=one.title, count=found[one.name]) for one in QUEUES.values()]
    return QueuesOut(at=uow.now, queues=counted)


async def waiting(
    uow: UnitOfWork,
    principal: Principal,
    campaign: Campaign,
    queue: Queue,
    filters: Filters,
    after: str | None,
    limit: int,
) -> tuple[list[WorkItem], list[str]]:
    """One page of a queue and one more: items and their page keys."""
    today = uow.clock.date_of(uow.now)
    narrowed = narrowing(uow.clock, principal, campaign, filters)
    key = None if after is None else _page_key(queue.order, after)
    rows = await repository.waiting(uow.session, queue, campaign, today, narrowed, key, limit)
    return items(uow, campaign, rows, queue), [_key_of(queue.order, row) for row in rows]


async def register(
    uow: UnitOfWork, principal: Principal, campaign: Campaign, filters: Filters, after: UUID | None, limit: int
) -> list[WorkItem]:
    """One page of the register of applications and one more."""
    narrowed = narrowing(uow.clock, principal, campaign, filters)
    return items(uow, campaign, await repository.register(uow.session, campaign.id, narrowed, after, limit))


async def by_ids(uow: UnitOfWork, principal: Principal, campaign: Campaign, ids: Sequence[UUID]) -> list[WorkItem]:
    """Those of the applications that stand in the campaign and are seen."""
    narrowed = [visible(principal), application.c.id.in_(ids)]
    return items(uow, campaign, await repository.register(uow.session, campaign.id, narrowed, None, len(ids)))


def queue_named(name: str) -> Queue:
    """A queue by its name; raises ``NotFoundError``."""
    if name not in QUEUES:
        raise NotFoundError
    return QUEUES[name]


async def search(
    uow: UnitOfWork, runtime: EnrollmentRuntime, principal: Principal, campaign: Campaign, sent: SearchIn
) -> list[WorkItem]:
    """Applications of the child with this number or document; the search goes to the audit trail."""
    column, key = sent.key(runtime.hasher)
    own = application.c[column] == key
    rows = await repository.of_child(uow.session, campaign, visible(principal), own, _SIBLINGS)
    await audit.record(uow, principal, "application.search", [row.id for row in rows])
    return items(uow, campaign, rows)


async def demand(uow: UnitOfWork, principal: Principal, campaign: Campaign, organization_id: UUID) -> DemandOut:
    """How many want an organization by class of right: counts alone, for those who may not see who they are."""
    await require_visible(uow, principal, organization_id)
    lines = {one: DemandLine(benefit_class=one, wanted=0, first=0) for one in BenefitClass}
    for benefit, wanted, first in await repository.demand(uow.session, campaign, organization_id):
        line = lines[campaign.rules.class_of(benefit)]
        line.wanted, line.first = line.wanted + wanted, line.first + first
    return DemandOut(
        organization_id=organization_id,
        wanted=sum(line.wanted for line in lines.values()),
        first=sum(line.first for line in lines.values()),
        lines=list(lines.values()),
    )


def visible(principal: Principal) -> ColumnElement[bool]:
    """An organization sees those whom it holds a place for; a municipality its own campaigns; the region all."""
    return principal.visible(application.c.organization_id, application.c.municipality, None)


def narrowing(clock: Clock, principal: Principal, campaign: Campaign, filters: Filters) -> list[ColumnElement[bool]]:
    """The filters as conditions, and what the caller sees."""
    column = application.c
    given: list[tuple[object, Callable[[], ColumnElement[bool]]]] = [
        (filters.status or None, lambda: column.status.in_(filters.status)),
        (filters.benefit_class, lambda: _of_class(campaign.rules, filters.benefit_class)),
        (filters.organization_id, lambda: repository.wants(campaign.id, filters.organization_id)),
        (filters.age, lambda: column.age == filters.age),
        (filters.of_age, lambda: column.of_age == filters.of_age),
        (filters.desired_until, lambda: column.desired_from <= filters.desired_until),
        (filters.accepted_from, lambda: column.accepted_at >= _midnight(clock, filters.accepted_from)),
        (filters.accepted_until, lambda: column.accepted_at < _midnight(clock, filters.accepted_until, days=1)),
        (filters.client, lambda: column.client == filters.client),
        (filters.channel, lambda: column.channel == filters.channel),
        (filters.orientation, lambda: column.orientation == filters.orientation),
        (filters.stay_mode, lambda: column.stay_modes.contains([filters.stay_mode])),
        (filters.check, lambda: repository.has_undecided(filters.check)),
        (filters.attention, lambda: _noted(filters.attention)),
        (filters.number, lambda: column.number.startswith(filters.number, autoescape=True)),
    ]
    return [visible(principal), *(condition() for value, condition in given if value is not None)]


def _noted(attention: str | None) -> ColumnElement[bool]:
    return application.c.attention.is_(None) if attention == _NONE else application.c.attention == attention


def _of_class(rules: RuleSet, wanted: BenefitClass | None) -> ColumnElement[bool]:
    codes = [benefit.code for benefit in rules.benefits if benefit.kind is wanted]
    stated = application.c.benefit.in_(codes)
    return or_(stated, application.c.benefit.is_(None)) if wanted is BenefitClass.GENERAL else stated


def _midnight(clock: Clock, day: date | None, days: int = 0) -> datetime:
    assert day is not None
    return datetime.combine(day + timedelta(days=days), time(), clock.zone)


def items(uow: UnitOfWork, campaign: Campaign, rows: Sequence[Row[Any]], queue: Queue | None = None) -> list[WorkItem]:
    """Rows as a caller sees them."""
    today, cards = uow.clock.date_of(uow.now), state_machine(campaign.kind.line).statuses
    found = []
    for row in rows:
        due_on = _due(uow.clock, campaign, row, queue)
        refusal = explained(row.attention)
        found.append(
            WorkItem(
                **{name: getattr(row, name) for name in _PLAIN},
                status_title=cards[ApplicationStatus(row.status)].title,
                rejection=None
                if refusal is None
                else NextStep(code=row.attention, title=refusal.title, actions=list(refusal.actions)),
                benefit_class=campaign.rules.class_of(row.benefit),
                due_on=due_on,
                overdue=due_on is not None and due_on < today,
            )
        )
    return found


_PLAIN = WorkItem.model_fields.keys() - {"status_title", "rejection", "benefit_class", "due_on", "overdue"}


def _due(clock: Clock, campaign: Campaign, row: Row[Any], queue: Queue | None) -> date | None:
    if queue is None or queue.term is None:
        due: date | None = row.due_on
        return due
    since = row.accepted_at if queue.order is Order.REGISTER else row.status_changed_at
    return queue.term(campaign).last_day(clock.date_of(since))


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _key_of(order: Order, row: Row[Any]) -> str:
    match order:
        case Order.REGISTER:
            return f"{row.queue_seq}_{row.id}"
        case Order.CHANGED:
            return f"{(row.status_changed_at - _EPOCH) // _MICROSECOND}_{row.id}"
        case Order.DUE:
            return f"{row.due_on.toordinal()}_{row.referral_id}"


def _page_key(order: Order, after: str) -> tuple[Any, UUID]:
    value, _, id_ = after.partition("_")
    try:
        number, last = int(value), UUID(id_)
        match order:
            case Order.REGISTER:
                return number, last
            case Order.CHANGED:
                return _EPOCH + number * _MICROSECOND, last
            case Order.DUE:
                return date.fromordinal(number), last
    except (ValueError, OverflowError):
        raise PageKeyError from None
