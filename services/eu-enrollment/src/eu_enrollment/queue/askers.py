"""With whom an application competes at each organization it wants: by today's offers, for places that are free today."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from eu_enrollment.allocation import service as allocation
from eu_enrollment.allocation.framing import pools_of
from eu_enrollment.applications import service as applications
from eu_enrollment.campaigns.rules import TieRule
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.lottery import service as lottery
from eu_enrollment.lottery.lots import lot, mixed
from eu_enrollment.offers import service as offers
from eu_enrollment.offers.service import Offer
from eu_enrollment.queue import repository
from eu_enrollment.queue.repository import Asker, Question, Slot, Slots
from eu_enrollment.referrals import service as referrals
from servicekit.uow import UnitOfWork

_ANY_AGE = range(100)


@dataclass(frozen=True, slots=True)
class Wish:
    """A choice: its rank, who asks there, free places that the child could take (``None``: no group takes it), all offers ``there``.

    ``kept``: how many of these places are reserved for which kind of children; ``reserves``: kinds that the child is of.
    """

    rank: int
    asker: Asker
    seats: int | None
    there: Sequence[Offer]
    kept: Mapping[str, int]
    reserves: Sequence[str]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an application competes for, until when the places last, since when equals have an order (``None``: not yet)."""

    question: Question
    of: Sequence[Wish]
    until: date
    drawn_at: datetime | None

    @property
    def drawn(self) -> bool:
        """Whether the order of equals is known."""
        return self.drawn_at is not None


async def wishes(uow: UnitOfWork, campaign: Campaign, row: Record) -> Wishes:
    """The wishes of an application, most wanted first."""
    chosen = await applications.choices(uow, row.id)
    places = await offers.places_of(uow, campaign.id, [choice.organization_id for choice in chosen])
    owed = await referrals.owed_by_group(uow, [offer.group_id for offer in places])
    until = await offers.until(uow, campaign.id)
    by = campaign.rules.last_by
    draw = await lottery.commitment_of(uow, campaign.id) if by is TieRule.LOTTERY else None
    drawn_at = campaign.opens_at if draw is None else draw.drawn_at
    keeping = await allocation.keeping(uow, campaign, places, answered=False)
    found = []
    for choice in chosen:
        there = [offer for offer in places if offer.organization_id == choice.organization_id]
        fitting = _fitting(there, row.age, row.grade, row.kinds)
        drawn, slots = drawn_at is not None, slots_of(there, row.age, row.grade, row.kinds)
        asker = Asker(choice.organization_id, choice.priority, row.queue_seq, drawn, slots, row.grade, until)
        room = {offer.group_id: offer.room(owed.get(offer.group_id, 0)) for offer in fitting}
        kept: Counter[str] = Counter()
        for pool in pools_of(fitting).get(choice.organization_id, ()):
            open_ = [(offer.group_id, room[offer.group_id]) for offer in pool if room[offer.group_id] >= 0]
            kept.update(dict(keeping.pool(open_, {}).reserved))
        seats = sum(max(0, left) for left in room.values()) if fitting else None
        found.append(Wish(choice.rank, asker, seats, there, kept, choice.reserves))
    question = Question(campaign.id, row.id, by)
    if draw is not None and draw.drawn_at is not None:
        seed = mixed(draw.seed, draw.outcome)
        own = lot(seed, row.document_key)
        equals = await repository.equals(uow.session, question, [wish.asker for wish in found])
        question = replace(question, lower=[e.application_id for e in equals if lot(seed, e.document_key) < own])
    return Wishes(question, found, until, drawn_at)


def slots_of(there: Sequence[Offer], age: int, grade: int | None, kinds: Sequence[str] | None) -> Slots:
    """For what a child of an age competes at an organization when it can take places of these kinds.

    By the groups offered there that take it; where none does, with those of its age who can take such places.
    """
    fitting = _fitting(there, age, grade, kinds)
    if not fitting:
        return tuple(Slot(age, age, kind) for kind in ([None] if kinds is None else kinds))
    found = (
        Slot(
            _ANY_AGE[0] if offer.age_from is None else offer.age_from,
            _ANY_AGE[-1] if offer.age_to is None else offer.age_to,
            offer.kind,
        )
        for offer in fitting
    )
    return tuple(dict.fromkeys(found))


def _fitting(there: Sequence[Offer], age: int, grade: int | None, kinds: Sequence[str] | None) -> list[Offer]:
    return [offer for offer in there if offer.admits(age, grade, kinds)]
