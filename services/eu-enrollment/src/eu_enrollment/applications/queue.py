"""Place in the queue, explained: for each wanted organization how many stand ahead and by what right.

Those compete who will take part in the next allocation, wanted the organization and are of ages that its fitting groups take.
No personal data of others.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications import repository
from eu_enrollment.applications.model import application, application_choice
from eu_enrollment.applications.schemas import OrganizationPosition, PositionOut
from eu_enrollment.campaigns.rules import CLASS_ORDER, BenefitClass, ComparatorKind, RuleSet, TieRule
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.lottery import service as lottery
from eu_enrollment.lottery.lots import lot
from eu_enrollment.offers import service as offers
from eu_enrollment.offers.service import Offer
from servicekit.uow import UnitOfWork

WAITING = (ApplicationStatus.REGISTERED, ApplicationStatus.QUEUED, ApplicationStatus.REDIRECTED)
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


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who asks, until when the places last, the seed of the lots drawn, and why the application stands aside, if it does."""

    row: Record
    until: date
    seed: str | None
    aside: str | None


async def position(uow: UnitOfWork, campaign: Campaign, row: Record) -> PositionOut:
    """Where an application stands in the queue of each organization it wants."""
    found: list[OrganizationPosition] = []
    if row.status in WAITING:
        places = await offers.places_of(uow, campaign.id)
        until = offers.year_ends(places)
        asker = _Asker(row, until, await lottery.drawn_seed(uow, campaign.id), await _aside(uow, row, until))
        for choice in await repository.choices(uow.session, row.id):
            mine = [o for o in places if o.organization_id == choice.organization_id and o.admits(row.age)]
            found.append(await _at(uow, campaign, asker, choice, mine))
    return PositionOut(application_id=row.id, status=ApplicationStatus(row.status), at=uow.now, organizations=found)


async def _aside(uow: UnitOfWork, row: Record, until: date) -> str | None:
    if await repository.competes(uow.session, row.id, until):
        return None
    if row.desired_from >= until:
        return "место нужно позже, чем заканчивается учебный год: в распределении этого года заявление не участвует"
    return "заявление ещё проверяет оператор: до этого оно не участвует в распределении"


async def _at(
    uow: UnitOfWork,
    campaign: Campaign,
    asker: _Asker,
    choice: Record,
    fitting: Sequence[Offer],
) -> OrganizationPosition:
    drawn = campaign.rules.tie.by is TieRule.TIME or asker.seed is not None
    among = _competing(choice, asker, fitting)
    ranks = await _ranks(uow, asker.row, among)
    equal = next((rank for rank in ranks if rank.priority == choice.priority), _Rank(choice.priority, 0, 0))
    if campaign.rules.tie.by is TieRule.LOTTERY and asker.seed is not None:
        equal = await _by_lot(uow, asker.row, choice, among, asker.seed, equal)
    stronger = [rank for rank in ranks if rank.priority < choice.priority]
    by_class = _by_class(campaign.rules, stronger)
    if drawn and equal.before:
        own = _class(campaign.rules, choice.priority)
        by_class[own] = by_class.get(own, 0) + equal.before
    ahead = sum(by_class.values())
    undrawn = 0 if drawn else equal.count - (asker.aside is None)
    return OrganizationPosition(
        organization_id=choice.organization_id,
        rank=choice.rank,
        total=sum(rank.count for rank in ranks),
        ahead=ahead,
        ahead_by_class=dict(by_class),
        equal=undrawn,
        position=ahead + 1 if drawn and asker.aside is None else None,
        explanation=_explain(by_class, ahead, places=bool(fitting), undrawn=undrawn, aside=asker.aside),
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


def _competing(choice: Record, asker: _Asker, fitting: Sequence[Offer]) -> tuple[ColumnElement[bool], ...]:
    return (
        application_choice.c.campaign_id == choice.campaign_id,
        application_choice.c.organization_id == choice.organization_id,
        repository.competing(asker.until),
        application.c.age.between(*_ages(asker.row.age, fitting)),
    )


async def _ranks(uow: UnitOfWork, row: Record, among: Sequence[ColumnElement[bool]]) -> list[_Rank]:
    rows = await uow.session.execute(
        select(
            application_choice.c.priority,
            func.count(),
            func.count().filter(application.c.queue_seq < row.queue_seq),
        )
        .join(application, application.c.id == application_choice.c.application_id)
        .where(*among)
        .group_by(application_choice.c.priority)
    )
    return [_Rank(*rank) for rank in rows]


async def _by_lot(
    uow: UnitOfWork,
    row: Record,
    choice: Record,
    among: Sequence[ColumnElement[bool]],
    seed: str,
    equal: _Rank,
) -> _Rank:
    keys = await uow.session.scalars(
        select(application.c.document_key)
        .join(application_choice, application.c.id == application_choice.c.application_id)
        .where(*among, application_choice.c.priority == choice.priority)
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


def _explain(by_class: Counter[str], ahead: int, *, places: bool, undrawn: int, aside: str | None) -> str:
    parts = [f"{_CLASS_TITLES[BenefitClass(kind)]} — {count}" for kind, count in sorted(by_class.items())]
    text = f"Впереди заявлений: {ahead}" + (f" ({', '.join(parts)})" if parts else "")
    if undrawn:
        text += f"; с равным правом — {undrawn}, их порядок определит жребий"
    if not places:
        text += "; мест для возраста ребёнка в этой организации сейчас нет"
    if aside is not None:
        text += f"; {aside}"
    return text
