"""The problem of a campaign, made of what stands in its tables."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from eu_enrollment.allocation.families import family_of
from eu_enrollment.allocation.problem import HELD, Applicant, Choice, Family, Instance, Pool
from eu_enrollment.campaigns.rules import TieRule
from eu_enrollment.database import Record
from eu_enrollment.lottery.lots import lot
from eu_enrollment.offers.service import Offer


class Policy(StrEnum):
    """What a new allocation does with places that families have been offered and not answered yet.

    Rerun: they are allocated anew with the free ones; who holds one moves only to a more wanted place, which leaves its own to others.
    Fill: only free places are given, to the waiting list.
    """

    RERUN = "rerun"
    FILL = "fill"


@dataclass(frozen=True, slots=True)
class Place:
    """A place that an applicant holds: by a referral that waits for an answer, or as a child of a group."""

    organization_id: UUID
    group_id: UUID


def make_instance(
    rows: Sequence[Record],
    places: Sequence[Offer],
    owed: Mapping[UUID, int],
    held: Mapping[UUID, Place],
    tie: TieRule,
    seed: str,
) -> Instance:
    """The problem: groups that admit the same children form a pool; full or not, so that outcomes can be explained.

    ``owed`` is how many hold a place that the registry does not know of yet, by group. Places of applicants who hold one (``held``)
    and take part count among the free ones.
    """
    pools = _pools(places)
    pool_of = {offer.group_id: index for found in pools.values() for index, pool in enumerate(found) for offer in pool}
    taking_part = {row.id for row in rows}
    held = {id_: place for id_, place in held.items() if id_ in taking_part and place.group_id in pool_of}
    holding = Counter(place.group_id for place in held.values())

    def free(offer: Offer) -> int:
        return offer.free(owed.get(offer.group_id, 0)) + holding[offer.group_id]

    applicants = tuple(
        Applicant(
            id=row.id,
            tie=row.queue_seq if tie is TieRule.TIME else lot(seed, row.document_key),
            choices=_choices(row, pools, held.get(row.id), pool_of),
            holds=held[row.id].group_id if row.id in held else None,
        )
        for row in rows
    )
    return Instance(
        applicants,
        {
            organization: tuple(Pool(tuple((offer.group_id, free(offer)) for offer in pool)) for pool in found)
            for organization, found in pools.items()
        },
        families=_families(rows, applicants),
    )


_Pools = Mapping[UUID, Sequence[Sequence[Offer]]]


def _pools(places: Sequence[Offer]) -> _Pools:
    found: dict[UUID, dict[object, list[Offer]]] = defaultdict(lambda: defaultdict(list))
    for offer in sorted(places, key=lambda offer: (offer.organization_id, offer.group_id)):
        found[offer.organization_id][offer.age_from, offer.age_to, offer.grade].append(offer)
    return {organization: list(pools.values()) for organization, pools in found.items()}


def _choices(row: Record, pools: _Pools, held: Place | None, pool_of: Mapping[UUID, int]) -> tuple[Choice, ...]:
    """Wishes in order. The place held is wanted after those for which its holder would leave it, and nothing after it."""
    choices = []
    for organization, priority in zip(row.organizations, row.priorities, strict=True):
        if held is not None and organization == held.organization_id:
            break
        fitting = (i for i, pool in enumerate(pools.get(organization, ())) if pool[0].admits(row.age, row.grade))
        choices.append(Choice(organization, priority, tuple(fitting)))
    if held is not None:
        choices.append(Choice(held.organization_id, HELD, (pool_of[held.group_id],)))
    return tuple(choices)


def _families(rows: Sequence[Record], applicants: Sequence[Applicant]) -> tuple[Family, ...]:
    """Brothers and sisters who take part together; one who is alone by now asks alone."""
    members: dict[UUID, list[Applicant]] = defaultdict(list)
    apart: dict[UUID, bool] = defaultdict(lambda: True)
    for row, applicant in zip(rows, applicants, strict=True):
        if row.family_key is not None:
            members[row.family_key].append(applicant)
            apart[row.family_key] &= row.apart_allowed
    return tuple(family_of(found, apart_allowed=apart[key]) for key, found in sorted(members.items()) if len(found) > 1)
