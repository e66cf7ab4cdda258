"""A rule set: everything by which campaigns of one kind are run."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, Field, model_validator

from eu_enrollment.campaigns.kinds import CampaignKind
from eu_enrollment.campaigns.rules.benefits import CLASS_ORDER, Benefit, BenefitClass
from eu_enrollment.campaigns.rules.facts import Consequence, Facts, Finding, Wish
from eu_enrollment.campaigns.rules.intake import Intake
from eu_enrollment.campaigns.rules.law import Code, Legal, MonthDay, Strict, Terms, day_of
from eu_enrollment.campaigns.rules.life import Life
from eu_enrollment.campaigns.rules.order import Claim, ComparatorKind, Ordered, Rights, repeated
from eu_enrollment.campaigns.rules.places import Conclusion, kinds_of
from eu_enrollment.campaigns.rules.predicates import AgeCondition, Condition, judge


class AgeDay(Strict):
    """The day of the year in which the academic year begins on which ages are measured."""

    day: MonthDay
    legal: Legal


class Choices(Strict):
    """How many organizations an application may name."""

    max: int = Field(ge=1, le=20)
    legal: Legal


class Among(StrEnum):
    """Among which campaigns a child has one live application: this one; those of its line and year in the municipality, in the region."""

    CAMPAIGN = "campaign"
    MUNICIPALITY = "municipality"
    REGION = "region"


class OneLive(Strict):
    """A child has one live application at a time."""

    among: Among
    legal: Legal


class Limits(Strict):
    """Limits of an application and of applications."""

    choices: Choices
    live: OneLive


class Precedence(StrEnum):
    """Which places of a group are given out first: the reserved ones, or the open ones."""

    RESERVED_FIRST = "reserved_first"
    OPEN_FIRST = "open_first"


class Reserve(Strict):
    """Places kept for a kind of children in each pool of an organization, groups that admit the same children.

    So many of the offered places, or such a share (percent, rounded down).

    The children: those with one of the ``benefits``, or, where ``by`` is named, with that ground there.
    """

    kind: Code
    title: str
    count: int | None = Field(default=None, ge=1, le=1000)
    share: int | None = Field(default=None, ge=1, le=100)
    benefits: tuple[str, ...] = ()
    by: ComparatorKind | None = None
    precedence: Precedence = Precedence.RESERVED_FIRST
    legal: Legal

    @model_validator(mode="after")
    def _definite(self) -> Self:
        if (self.count is None) == (self.share is None):
            raise ValueError(f"{self.kind}: either a count or a share")
        if bool(self.benefits) == (self.by is not None):
            raise ValueError(f"{self.kind}: either benefits or a ground")
        if self.by not in {None, ComparatorKind.SIBLING, ComparatorKind.TERRITORY}:
            raise ValueError(f"{self.kind}: places are kept for siblings or a territory")
        return self

    def places(self, offered: int) -> int:
        """How many of the offered places of a pool are kept."""
        kept = offered * self.share // 100 if self.share is not None else self.count or 0
        return min(kept, offered)


class RuleSet(Ordered):
    """Rules of one kind of campaign, in force for days in [valid_from, valid_to).

    ``follows`` names the older edition, whose validity ends where this one's begins.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    kind: CampaignKind
    title: str
    valid_from: date
    valid_to: date | None
    follows: str | None = None
    legal: Legal
    ages: AgeDay
    intake: Intake | None = None
    conditions: tuple[Condition, ...] = ()
    limits: Limits
    terms: Terms
    benefits: tuple[Benefit, ...]
    reserves: tuple[Reserve, ...] = ()
    conclusions: tuple[Conclusion, ...] = ()
    life: Life

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        repeats: dict[str, Sequence[str]] = {
            "benefit": [benefit.code for benefit in self.benefits],
            "condition": [condition.code for condition in self.conditions],
            "reserve": [reserve.kind for reserve in self.reserves],
            "conclusion": [orientation for one in self.conclusions for orientation in one.orientations],
        }
        for name, values in repeats.items():
            if repeated(values):
                raise ValueError(f"{self.id}: a {name} stands twice")
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError(f"{self.id}: validity ends before it begins")
        if len({reserve.precedence for reserve in self.reserves}) > 1:
            raise ValueError(f"{self.id}: reserved places have one precedence")
        if any(self.benefit(code) is None for reserve in self.reserves for code in reserve.benefits):
            raise ValueError(f"{self.id}: places are kept for a benefit that is not there")
        return self

    def in_force(self, day: date) -> bool:
        """Whether the rules may be applied on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def measured(self, academic_year: int) -> date:
        """The day on which ages are measured."""
        return day_of(academic_year, self.ages.day)

    def benefit(self, code: str) -> Benefit | None:
        """The category by its code."""
        return next((benefit for benefit in self.benefits if benefit.code == code), None)

    def reserve(self, kind: str) -> Reserve:
        """Reserved places by their kind; ``KeyError`` for one the rules do not know."""
        return {reserve.kind: reserve for reserve in self.reserves}[kind]

    def class_of(self, benefit_code: str | None) -> BenefitClass:
        """Class of a stated category; ``KeyError`` for a code the rules do not know."""
        if benefit_code is None:
            return BenefitClass.GENERAL
        found = self.benefit(benefit_code)
        if found is None:
            raise KeyError(benefit_code)
        return found.kind

    def strongest(self, codes: Iterable[str]) -> str | None:
        """The category of the strongest class among those stated, the first of equals; ``KeyError`` for an unknown code."""
        return min(codes, key=lambda code: CLASS_ORDER[self.class_of(code)], default=None)

    def by_benefit(self, code: str) -> bool:
        """Whether a stated category decides anything between applicants."""
        return ComparatorKind.BENEFIT in self.compared or any(code in reserve.benefits for reserve in self.reserves)

    @property
    def by_sibling(self) -> bool:
        """Whether a brother or sister decides anything between applicants."""
        return ComparatorKind.SIBLING in self.compared or any(
            reserve.by is ComparatorKind.SIBLING for reserve in self.reserves
        )

    @property
    def by_territory(self) -> bool:
        """Whether anything is decided by the assigned territory."""
        return (
            ComparatorKind.TERRITORY in self.compared
            or any(condition.by_territory for condition in self.conditions)
            or any(benefit.by_residence for benefit in self.benefits)
            or any(reserve.by is ComparatorKind.TERRITORY for reserve in self.reserves)
        )

    @property
    def by_distance(self) -> bool:
        """Whether the way from home decides anything between applicants."""
        return ComparatorKind.DISTANCE in self.compared

    def counted(self, facts: Facts, wish: Wish) -> list[Benefit]:
        """Stated categories that count at a wish on the day."""
        if not facts.benefits:
            return []
        known = ((self.benefit(stated.code), stated) for stated in facts.benefits)
        return [benefit for benefit, stated in known if benefit is not None and benefit.counts(stated, wish, facts.day)]

    def rights_at(self, facts: Facts, wish: Wish) -> Rights:
        """What an applicant is compared by at one of its wishes; of several benefits the strongest counts."""
        classes = [benefit.kind for benefit in self.counted(facts, wish)]
        return Rights(
            benefit=min(classes, key=CLASS_ORDER.__getitem__, default=BenefitClass.GENERAL),
            sibling=wish.sibling,
            territory=wish.territory is True,
            holder=facts.holds,
            desired=facts.desired_from <= self.measured(facts.academic_year),
            distance=wish.distance,
        )

    def claim_at(self, facts: Facts, wish: Wish) -> Claim:
        """What an applicant stands by at one of its wishes."""
        return Claim(self.priority(self.rights_at(facts, wish)), tuple(self.reserves_at(facts, wish)))

    def reserves_at(self, facts: Facts, wish: Wish) -> list[str]:
        """Kinds of reserved places that the child may take at a wish."""
        codes = {benefit.code for benefit in self.counted(facts, wish)}
        holds = {ComparatorKind.SIBLING: wish.sibling, ComparatorKind.TERRITORY: wish.territory is True}
        return [
            reserve.kind
            for reserve in self.reserves
            if (holds[reserve.by] if reserve.by is not None else not codes.isdisjoint(reserve.benefits))
        ]

    def conclusion(self, orientation: str) -> Conclusion | None:
        """The conclusion without which no child is taken into groups of an orientation; ``None`` where none is needed."""
        return next((one for one in self.conclusions if orientation in one.orientations), None)

    def kinds(self, facts: Facts) -> tuple[str, ...] | None:
        """Kinds of places that the child can take, most wanted first; ``None`` at a school, whose places have none."""
        if facts.group is None:
            return None
        concluded = facts.group.conclusion.valid_on(facts.day)
        open_ = (one for one in facts.group.orientations if concluded or self.conclusion(one) is None)
        return tuple(dict.fromkeys(kinds_of(open_, facts.group)))

    def judge(self, facts: Facts) -> list[Finding]:
        """Every condition of taking part that is not met."""
        return self._unmet(self.conditions, facts)

    def refused(self, facts: Facts) -> list[Finding]:
        """Conditions that are not met and without which no application is accepted."""
        return self._unmet((one for one in self.conditions if one.consequence is Consequence.REFUSE), facts)

    def _unmet(self, conditions: Iterable[Condition], facts: Facts) -> list[Finding]:
        def benefits() -> list[bool]:
            return [bool(self.counted(facts, wish)) for wish in facts.wishes]

        return list(judge(conditions, facts, self.measured(facts.academic_year), benefits))

    def of_age(self, born: date, academic_year: int) -> bool:
        """Whether a child is within the bounds of age."""
        measured = self.measured(academic_year)
        bounds = (condition for condition in self.conditions if isinstance(condition, AgeCondition))
        return not any(condition.outside(born, measured) for condition in bounds)

    def judged_until(self, facts: Facts) -> date | None:
        """The last day on which judging the same facts finds the same; ``None`` where no change is in sight."""
        known = ((self.benefit(stated.code), stated) for stated in facts.benefits)
        last_days = [benefit.holds_until(stated, facts.day) for benefit, stated in known if benefit is not None]
        if facts.stay is not None and facts.stay.valid_on(facts.day):
            last_days.append(facts.stay.valid_until)
        if facts.group is not None and facts.group.conclusion.valid_on(facts.day):
            last_days.append(facts.group.conclusion.valid_until)
        return min((last for last in last_days if last is not None), default=None)

    def unconfirmed(self) -> list[tuple[str, str]]:
        """Every point to confirm: (where it stands in the rules, what to confirm)."""
        return _unconfirmed(self, "")


def _unconfirmed(part: BaseModel, path: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, Legal) and value.confirm is not None:
            found.append((f"{path}{name}", value.confirm))
        for index, item in enumerate(value if isinstance(value, tuple) else (value,)):
            if isinstance(item, BaseModel) and not isinstance(item, Legal):
                where = f"{path}{name}[{index}]." if isinstance(value, tuple) else f"{path}{name}."
                found.extend(_unconfirmed(item, where))
    return found
