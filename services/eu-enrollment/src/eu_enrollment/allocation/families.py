"""What brothers and sisters want together, from what each of them wants."""

from collections.abc import Sequence
from itertools import islice, product

from eu_enrollment.allocation.problem import HELD, Applicant, Family

_MOST = 2_000
"""Options of a family: all of four children with five wishes each; of more children the most wanted."""


def family_of(members: Sequence[Applicant], *, apart_allowed: bool) -> Family:
    """A family that would rather have its children together than apart.

    First places in one organization, by the sum of their ranks; then, where the family allows it, apart: fewest left without a
    place, fewest organizations, least sum. Who holds a place is never without one: the family's last option keeps it.
    """
    members = sorted(members, key=lambda one: one.tie)
    ranks = [_ranks(one) for one in members]
    every = {option for option in islice(product(*ranks), 10 * _MOST) if any(option)}
    kept = tuple(next((rank for rank, one in enumerate(m.choices, 1) if one.priority == HELD), 0) for m in members)

    def organizations(option: tuple[int, ...]) -> set[object]:
        return {one.choices[rank - 1].organization_id for one, rank in zip(members, option, strict=True) if rank}

    def order(option: tuple[int, ...]) -> tuple[int, int, int, int, tuple[int, ...]]:
        apart = len(organizations(option))
        without = option.count(0)
        return (without + apart > 1, without, apart, sum(option), option)

    options = sorted((one for one in every if apart_allowed or not order(one)[0]), key=order)[:_MOST]
    if any(kept) and kept not in options:
        options.append(kept)
    return Family(tuple(one.id for one in members), tuple(options))


def _ranks(applicant: Applicant) -> list[int]:
    """Ranks of wishes that can come true; 0 for no place, if it may be left without one."""
    found = [rank for rank, choice in enumerate(applicant.choices, 1) if choice.pools]
    held = any(choice.priority == HELD for choice in applicant.choices)
    return found if held else [*found, 0]
