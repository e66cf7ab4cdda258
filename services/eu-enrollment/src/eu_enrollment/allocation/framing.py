"""The problem of a campaign, made of what stands in its tables."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from eu_enrollment.allocation.families import family_of
from eu_enrollment.allocation.problem import HELD, Applicant, Choice, Family, Instance, Pool
from eu_enrollment.allocation.reserves import Keeping, precedence_of
from eu_enrollment.campaigns.rules import RuleSet
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
    rules: RuleSet,
    keeping: Keeping,
    seed: str,
) -> Instance:
    """The problem: groups that admit the same children form a pool; full or not, so that outcomes can be explained.

    ``owed`` is how many hold a place that the registry does not know of yet, by group. Places of applicants who hold one (``held``)
    and take part count among the free ones.

    A group that has less places by now than are held there keeps its holders in a pool of their own, which admits nobody else: a place
    that one of them leaves is not there any more. If more are left than that, the next allocation gives them. Who holds a place in a group
    that is not open wants only what is better: a referral there stands as it does.
    """
    pools = pools_of(places)
    pool_of = {offer.group_id: index for found in pools.values() for index, pool in enumerate(found) for offer in pool}
    room = {offer.group_id: offer.room(owed.get(offer.group_id, 0)) for offer in places}
    shrunk: dict[UUID, list[UUID]] = defaultdict(list)
    for offer in places:
        if room[offer.group_id] < 0:
            pool_of[offer.group_id] = len(pools[offer.organization_id]) + len(shrunk[offer.organization_id])
            shrunk[offer.organization_id].append(offer.group_id)
    holding: dict[UUID, list[Applicant]] = defaultdict(list)

    applicants = tuple(
        Applicant(
            id=row.id,
            tie=lot(seed, row.document_key) if rules.drawn else row.queue_seq,
            choices=_choices(row, pools, held.get(row.id), pool_of),
            holds=held[row.id].group_id if row.id in held and held[row.id].group_id in pool_of else None,
        )
        for row in rows
    )
    for applicant in applicants:
        if applicant.holds is not None:
            holding[applicant.holds].append(applicant)

    def pool(offered: Sequence[Offer]) -> Pool:
        ids = [offer.group_id for offer in offered if room[offer.group_id] >= 0]
        return keeping.pool([(id_, room[id_] + len(holding[id_])) for id_ in ids], holding)

    return Instance(
        applicants,
        {
            organization: (*map(pool, found), *(Pool(((id_, len(holding[id_])),)) for id_ in shrunk[organization]))
            for organization, found in pools.items()
        },
        precedence_of(rules.reserves),
        _families(rows, applicants),
    )


_Pools = Mapping[UUID, Sequence[Sequence[Offer]]]


def pools_of(places: Sequence[Offer]) -> _Pools:
    """Groups that admit the same children, by organization: the pools of the problem, in their order."""
    found: dict[UUID, dict[object, list[Offer]]] = defaultdict(lambda: defaultdict(list))
    for offer in sorted(places, key=lambda offer: (offer.organization_id, offer.group_id)):
        found[offer.organization_id][offer.age_from, offer.age_to, offer.grade, offer.kind].append(offer)
    return {organization: list(pools.values()) for organization, pools in found.items()}


def _choices(row: Record, pools: _Pools, held: Place | None, pool_of: Mapping[UUID, int]) -> tuple[Choice, ...]:
    """Wishes in order. The place held, if its group is open, is wanted after those for which its holder would leave it, nothing after."""
    choices = []
    kinds_held: Sequence[str] = ()
    for organization, priority, kinds in zip(row.organizations, row.priorities, row.reserves, strict=True):
        if held is not None and organization == held.organization_id:
            kinds_held = kinds
            break
        there = enumerate(pools.get(organization, ()))
        fitting = [(i, pool[0].kind) for i, pool in there if pool[0].admits(row.age, row.grade, row.kinds)]
        if row.kinds is not None:
            fitting.sort(key=lambda one: row.kinds.index(one[1]))
        choices.append(Choice(organization, priority, tuple(i for i, _ in fitting), tuple(kinds)))
    if held is not None and held.group_id in pool_of:
        choices.append(Choice(held.organization_id, HELD, (pool_of[held.group_id],), tuple(kinds_held)))
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
