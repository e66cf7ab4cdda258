"""The order of applicants to one organization: a list of comparators, the earlier decides, and a rule for equals.

All of it is one number, the strength of the right: numbers compare as the lists of the comparators' values do.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Self

from pydantic import model_validator

from eu_enrollment.campaigns.rules.benefits import CLASS_ORDER, BenefitClass
from eu_enrollment.campaigns.rules.law import Legal, Strict


class ComparatorKind(StrEnum):
    """What two applicants to one organization may be compared by; who has it goes first.

    Class of benefit; a brother or sister there; residence on the territory assigned to it; a place elsewhere already
    (``transfer``), or none yet (``newcomer``); a place wanted by the day on which ages are measured; a shorter way to it from home.
    """

    BENEFIT = "benefit"
    SIBLING = "sibling"
    TERRITORY = "territory"
    TRANSFER = "transfer"
    NEWCOMER = "newcomer"
    DESIRED = "desired"
    DISTANCE = "distance"


FARTHEST = 100_000
"""Metres: whoever lives farther, or nobody knows how far, goes last by distance."""
COMPARATOR_VALUES: Mapping[ComparatorKind, int] = {
    kind: {ComparatorKind.BENEFIT: len(BenefitClass), ComparatorKind.DISTANCE: FARTHEST + 1}.get(kind, 2)
    for kind in ComparatorKind
}
"""How many values a comparator has; 0 is the strongest."""


class TieRule(StrEnum):
    """How applicants with equal rights are ordered: by the register, by a lot drawn once per child, by distance.

    Those at one distance are ordered by the register.
    """

    TIME = "time"
    LOTTERY = "lottery"
    DISTANCE = "distance"


@dataclass(frozen=True, slots=True)
class Rights:
    """What an applicant is compared by at one organization; ``distance`` in metres."""

    benefit: BenefitClass = BenefitClass.GENERAL
    sibling: bool = False
    territory: bool = False
    holder: bool = False
    desired: bool = False
    distance: int | None = None

    def value(self, by: ComparatorKind) -> int:
        """Value of a comparator, 0 is the strongest."""
        return _VALUES[by](self)


_VALUES: Mapping[ComparatorKind, Callable[[Rights], int]] = {
    ComparatorKind.BENEFIT: lambda rights: CLASS_ORDER[rights.benefit],
    ComparatorKind.SIBLING: lambda rights: int(not rights.sibling),
    ComparatorKind.TERRITORY: lambda rights: int(not rights.territory),
    ComparatorKind.TRANSFER: lambda rights: int(not rights.holder),
    ComparatorKind.NEWCOMER: lambda rights: int(rights.holder),
    ComparatorKind.DESIRED: lambda rights: int(not rights.desired),
    ComparatorKind.DISTANCE: lambda rights: FARTHEST if rights.distance is None else min(rights.distance, FARTHEST),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """What an applicant stands by at a wish: strength of the right, smaller is stronger; kinds of reserved places it may take."""

    priority: int
    reserves: tuple[str, ...] = ()


class Comparator(Strict):
    """One step of comparing two applicants to an organization; the earlier step decides."""

    by: ComparatorKind
    legal: Legal


class Tie(Strict):
    """How equals are ordered."""

    by: TieRule
    legal: Legal


class Ordered(Strict):
    """The part of a rule set that orders applicants."""

    comparators: tuple[Comparator, ...]
    tie: Tie

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(set(self.compared)) != len(self.compared):
            raise ValueError("a comparator stands twice")
        return self

    @cached_property
    def steps(self) -> tuple[Comparator, ...]:
        """Steps of comparison in order; a tie by distance is one more comparator, after which the register decides."""
        if self.tie.by is not TieRule.DISTANCE:
            return self.comparators
        return (*self.comparators, Comparator(by=ComparatorKind.DISTANCE, legal=self.tie.legal))

    @cached_property
    def compared(self) -> tuple[ComparatorKind, ...]:
        """What decides, in order."""
        return tuple(step.by for step in self.steps)

    @property
    def last_by(self) -> TieRule:
        """What orders those whom no comparator tells apart: the register or a lot."""
        return TieRule.LOTTERY if self.drawn else TieRule.TIME

    @property
    def drawn(self) -> bool:
        """Whether a lot orders equals; else the register does."""
        return self.tie.by is TieRule.LOTTERY

    def priority(self, rights: Rights) -> int:
        """Strength of an applicant's right at one organization before the tie rule; smaller is stronger."""
        return self._number({by: rights.value(by) for by in self.compared})

    def rights(self, priority: int) -> dict[ComparatorKind, int]:
        """Back from :meth:`priority` to the value of each comparator, in the order of comparison."""
        values: dict[ComparatorKind, int] = {}
        for by in reversed(self.compared):
            priority, values[by] = divmod(priority, COMPARATOR_VALUES[by])
        return dict(reversed(values.items()))

    def impersonal(self, priority: int) -> int:
        """A strength of right as others may be told of it: without the distance, which tells where a child lives."""
        return self.without(priority, {ComparatorKind.DISTANCE})

    def without(self, priority: int, lost: Collection[ComparatorKind]) -> int:
        """A strength of right of which some grounds have turned out not to hold."""
        return self._number(
            {by: COMPARATOR_VALUES[by] - 1 if by in lost else value for by, value in self.rights(priority).items()}
        )

    def _number(self, values: Mapping[ComparatorKind, int]) -> int:
        result = 0
        for by in self.compared:
            result = result * COMPARATOR_VALUES[by] + values[by]
        return result


def repeated(values: Sequence[str]) -> bool:
    """Whether a value stands twice."""
    return len(values) != len(set(values))
