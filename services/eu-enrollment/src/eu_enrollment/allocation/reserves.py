"""How many of a pool's places are for which kind of children, by the campaign's rules and by who sits there."""

from collections.abc import Collection, Mapping, Sequence

from eu_enrollment.allocation.problem import Precedence
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
