"""How many of a pool's places are for which kind of children, by the campaign's rules and by who sits there."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from eu_enrollment.allocation.problem import Applicant, Pool, Precedence
from eu_enrollment.campaigns.rules import Reserve


def precedence_of(reserves: Sequence[Reserve]) -> Precedence:
    """Which places are given out first: the reserves of a rule set have one precedence."""
    return Precedence(reserves[0].precedence.value) if reserves else Precedence.RESERVED_FIRST


def reserved(
    reserves: Sequence[Reserve],
    offered: int,
    free: int,
    seated: Mapping[str, int],
    holders: Sequence[Collection[str]],
) -> tuple[tuple[str, int], ...]:
    """Reserved places of a pool by kind, every kind named, in the order of the rules.

    A reserve is counted of all places ``offered``; children of its kind who are ``seated`` there fill it. ``holders``: kinds of each
    child that holds a place there and takes part, in their order; ``free`` are the places nobody holds. Where reserved places go
    first a holder competes for those of its kind, so that its place stays reserved when it leaves; where open places do, it sits on
    one of these. Never more is reserved than would leave every holder its place.
    """
    competing = list(holders)
    found = []
    for reserve in reserves:
        own = [kinds for kinds in competing if reserve.kind in kinds]
        wanted = reserve.places(offered) - seated.get(reserve.kind, 0)
        if reserve.precedence.value == Precedence.OPEN_FIRST:
            wanted, own = wanted - len(own), []
        count = max(0, min(wanted, free + len(own)))
        found.append((reserve.kind, count))
        free -= max(0, count - len(own))
        for kinds in own[:count]:
            competing.remove(kinds)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Keeping:
    """What the reserved places of a campaign are counted from: its rules, how many places it offers in each group, who sits there for good.

    ``seated`` are children by group and kind; those who hold a place and take part are counted apart.
    """

    reserves: Sequence[Reserve] = ()
    offered: Mapping[UUID, int] = field(default_factory=dict)
    seated: Mapping[UUID, Counter[str]] = field(default_factory=dict)

    def pool(
        self,
        groups: Sequence[tuple[UUID, int]],
        holding: Mapping[UUID, Sequence[Applicant]],
        came: Mapping[UUID, Counter[str]] | None = None,
    ) -> Pool:
        """Groups as a pool: (group, places that are free or held by who takes part); ``holding`` these by group.

        ``came``: who sits there since.
        """
        if not self.reserves:
            return Pool(tuple(groups))
        seated: Counter[str] = Counter()
        for group, _ in groups:
            for known in (self.seated, came or {}):
                seated.update(known.get(group, Counter()))
        holders = sorted((one for group, _ in groups for one in holding.get(group, ())), key=lambda one: one.tie)
        offered = sum(self.offered[group] for group, _ in groups)
        free = sum(places for _, places in groups) - len(holders)
        kinds = [one.choices[-1].reserves for one in holders]
        return Pool(tuple(groups), reserved(self.reserves, offered, free, seated, kinds))
