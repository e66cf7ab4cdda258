"""The order of applicants to one organization: a list of comparators, the earlier decides, and a rule for equals.

All of it is one number, the strength of the right: numbers compare as the lists of the comparators' values do.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from pydantic import model_validator

from eu_enrollment.campaigns.rules.benefits import CLASS_ORDER, BenefitClass
from eu_enrollment.campaigns.rules.law import Legal, Strict


class ComparatorKind(StrEnum):
    """What two applicants to one organization may be compared by; who has it goes first.

    Class of benefit; a brother or sister there; residence on the territory assigned to it; a place elsewhere already
    (``transfer``), or none yet (``newcomer``); a place wanted by the day on which ages are measured; a shorter way.
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

    def values(self) -> dict[ComparatorKind, int]:
        """Value of every comparator, 0 is the strongest."""
        return {
            ComparatorKind.BENEFIT: CLASS_ORDER[self.benefit],
            ComparatorKind.SIBLING: int(not self.sibling),
            ComparatorKind.TERRITORY: int(not self.territory),
            ComparatorKind.TRANSFER: int(not self.holder),
            ComparatorKind.NEWCOMER: int(self.holder),
            ComparatorKind.DESIRED: int(not self.desired),
            ComparatorKind.DISTANCE: FARTHEST if self.distance is None else min(self.distance, FARTHEST),
        }


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

    @property
    def compared(self) -> tuple[ComparatorKind, ...]:
        """What decides, in order; a tie by distance is one more comparator, after which the register decides."""
        kinds = tuple(comparator.by for comparator in self.comparators)
        return (*kinds, ComparatorKind.DISTANCE) if self.tie.by is TieRule.DISTANCE else kinds

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
        return self._number(rights.values())

    def rights(self, priority: int) -> dict[ComparatorKind, int]:
        """Back from :meth:`priority` to the value of each comparator, in the order of comparison."""
        values: dict[ComparatorKind, int] = {}
        for by in reversed(self.compared):
            priority, values[by] = divmod(priority, COMPARATOR_VALUES[by])
        return dict(reversed(values.items()))

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
