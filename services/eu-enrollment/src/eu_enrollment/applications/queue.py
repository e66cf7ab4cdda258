"""Place in the queue, explained: for each wanted organization how many stand ahead and by what right.

Those compete who wait, wanted the organization and are of ages that its fitting groups take. No personal data of others.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.allocation.problem import lot
from eu_enrollment.applications import repository
from eu_enrollment.applications.model import application, application_choice
from eu_enrollment.applications.schemas import OrganizationPosition, PositionOut
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.rules import CLASS_ORDER, BenefitClass, ComparatorKind, RuleSet, TieRule
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.offers import service as offers
from eu_enrollment.offers.service import Offer
from servicekit.uow import UnitOfWork

WAITING = (ApplicationStatus.REGISTERED, ApplicationStatus.QUEUED)
_CLASS_TITLES = {
    BenefitClass.EXTRAORDINARY: "внеочередное право",
    BenefitClass.PRIORITY: "первоочередное право",
    BenefitClass.PREFERENTIAL: "преимущественное право",
    BenefitClass.GENERAL: "общая очередь",
}
_CLASSES = {order: kind for kind, order in CLASS_ORDER.items()}


@dataclass(frozen=True, slots=True)
class _Rank:
    """Who competes with one right: how many, and how many of them stand before the asker by the tie rule."""

    priority: int
    count: int
    before: int


async def position(uow: UnitOfWork, campaign: Campaign, row: Record) -> PositionOut:
    """Where an application stands in the queue of each organization it wants."""
    found: list[OrganizationPosition] = []
    if row.status in WAITING:
        places = await offers.places_of(uow, campaign.id)
        seed = await campaigns.drawn_seed(uow, campaign.id)
        for choice in await repository.choices(uow.session, row.id):
            mine = [o for o in places if o.organization_id == choice.organization_id and o.admits(row.age)]
            found.append(await _at(uow, campaign, row, choice, mine, seed))
    return PositionOut(application_id=row.id, status=ApplicationStatus(row.status), at=uow.now, organizations=found)


async def _at(
    uow: UnitOfWork,
    campaign: Campaign,
    row: Record,
    choice: Record,
    fitting: Sequence[Offer],
    seed: str | None,
) -> OrganizationPosition:
    drawn = campaign.rules.tie.by is TieRule.TIME or seed is not None
    ranks = await _ranks(uow, row, choice, _ages(row.age, fitting))
    equal = next((rank for rank in ranks if rank.priority == choice.priority), _Rank(choice.priority, 1, 0))
    if campaign.rules.tie.by is TieRule.LOTTERY and seed is not None:
        equal = await _by_lot(uow, row, choice, _ages(row.age, fitting), seed, equal)
    stronger = [rank for rank in ranks if rank.priority < choice.priority]
    by_class = _by_class(campaign.rules, stronger)
    if drawn and equal.before:
        own = _class(campaign.rules, choice.priority)
        by_class[own] = by_class.get(own, 0) + equal.before
    ahead = sum(by_class.values())
    return OrganizationPosition(
        organization_id=choice.organization_id,
        rank=choice.rank,
        total=sum(rank.count for rank in ranks),
        ahead=ahead,
        ahead_by_class=dict(by_class),
        equal=0 if drawn else equal.count - 1,
        position=ahead + 1 if drawn else None,
        explanation=_explain(by_class, ahead, places=bool(fitting), undrawn=0 if drawn else equal.count - 1),
    )


def _ages(age: int, fitting: Sequence[Offer]) -> tuple[int, int]:
    """Ages that compete for the groups that fit; the child's own age when none does."""
    if not fitting:
        return age, age
    unbound = range(100)
    return (
        min(unbound[0] if offer.age_from is None else offer.age_from for offer in fitting),
        max(unbound[-1] if offer.age_to is None else offer.age_to for offer in fitting),
    )


def _competing(choice: Record, ages: tuple[int, int]) -> tuple[ColumnElement[bool], ...]:
    return (
        application_choice.c.campaign_id == choice.campaign_id,
        application_choice.c.organization_id == choice.organization_id,
        application.c.status.in_(WAITING),
        application.c.of_age,
        application.c.age.between(*ages),
    )


async def _ranks(uow: UnitOfWork, row: Record, choice: Record, ages: tuple[int, int]) -> list[_Rank]:
    rows = await uow.session.execute(
        select(
            application_choice.c.priority,
            func.count(),
            func.count().filter(application.c.accepted_seq < row.accepted_seq),
        )
        .join(application, application.c.id == application_choice.c.application_id)
        .where(*_competing(choice, ages))
        .group_by(application_choice.c.priority)
    )
    return [_Rank(*rank) for rank in rows]


async def _by_lot(
    uow: UnitOfWork,
    row: Record,
    choice: Record,
    ages: tuple[int, int],
    seed: str,
    equal: _Rank,
) -> _Rank:
    keys = await uow.session.scalars(
        select(application.c.document_key)
        .join(application_choice, application.c.id == application_choice.c.application_id)
        .where(*_competing(choice, ages), application_choice.c.priority == choice.priority)
    )
    own = lot(seed, row.document_key)
    return _Rank(equal.priority, equal.count, sum(lot(seed, key) < own for key in keys))


def _class(rules: RuleSet, priority: int) -> str:
    return _CLASSES[rules.rights(priority).get(ComparatorKind.BENEFIT, CLASS_ORDER[BenefitClass.GENERAL])]


def _by_class(rules: RuleSet, ranks: Sequence[_Rank]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for rank in ranks:
        counted[_class(rules, rank.priority)] += rank.count
    return counted


def _explain(by_class: Counter[str], ahead: int, *, places: bool, undrawn: int) -> str:
    parts = [f"{_CLASS_TITLES[BenefitClass(kind)]} — {count}" for kind, count in sorted(by_class.items())]
    text = f"Впереди заявлений: {ahead}" + (f" ({', '.join(parts)})" if parts else "")
    if undrawn:
        text += f"; с равным правом — {undrawn}, их порядок определит жребий"
    if not places:
        text += "; мест для возраста ребёнка в этой организации сейчас нет"
    return text
