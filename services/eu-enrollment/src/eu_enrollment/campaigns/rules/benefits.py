"""Categories of children with a stronger right, and when a stated one counts."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from eu_enrollment.campaigns.rules.facts import StatedBenefit, Wish
from eu_enrollment.campaigns.rules.law import Code, Legal, Strict


class BenefitClass(StrEnum):
    """Strength of a right to a place, strongest first: внеочередное, первоочередное, преимущественное, none."""

    EXTRAORDINARY = "extraordinary"
    PRIORITY = "priority"
    PREFERENTIAL = "preferential"
    GENERAL = "general"


CLASS_ORDER: Mapping[BenefitClass, int] = {kind: place for place, kind in enumerate(BenefitClass)}
"""Place of a class among the classes, 0 is the strongest."""


class Source(StrEnum):
    """Who bears a stated category out: the family's own paper, or a register of the state asked through СМЭВ."""

    PAPER = "paper"
    SFR = "sfr"
    MVD = "mvd"
    ZAGS = "zags"


class Benefit(Strict):
    """A category of children with a stronger right, and the documents that confirm it.

    In force for days in [valid_from, valid_to). ``by_residence``: only where the child lives on the assigned territory;
    ``boarding``: only in organizations with a boarding house.
    """

    code: Code
    kind: BenefitClass = Field(alias="class")
    title: str
    legal: Legal
    documents: tuple[str, ...] = Field(min_length=1)
    source: Source = Source.PAPER
    valid_from: date | None = None
    valid_to: date | None = None
    by_residence: bool = False
    boarding: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.kind is BenefitClass.GENERAL:
            raise ValueError(f"{self.code}: a benefit must be of a class above the general one")
        if self.valid_from is not None and self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError(f"{self.code}: validity ends before it begins")
        return self

    def in_force(self, day: date) -> bool:
        """Whether the category itself counts on the day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)

    def counts(self, stated: StatedBenefit, wish: Wish, day: date) -> bool:
        """Whether the stated category gives its right at a wish on a day.

        A territory not known yet does not stand in the way: an operator confirms the right with its documents.
        """
        if not (self.in_force(day) and stated.paper.valid_on(day)):
            return False
        return not (self.by_residence and wish.territory is False) and not (self.boarding and not wish.boarding)

    def holds_until(self, stated: StatedBenefit, day: date) -> date | None:
        """The last day from ``day`` on before the stated category begins or ceases to count; ``None`` where nothing is in sight."""
        last_days = (stated.paper.valid_until, _before(self.valid_from), _before(self.valid_to))
        return min((last for last in last_days if last is not None and last >= day), default=None)


def _before(day: date | None) -> date | None:
    return None if day is None else day - timedelta(days=1)
