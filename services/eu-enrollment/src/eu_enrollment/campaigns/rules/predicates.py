"""Conditions of taking part as data: a closed set of kinds, each true or not of an application's facts.

A condition says whom it concerns, whom it spares, and what follows when it is not met.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from eu_enrollment.campaigns.rules.facts import Channel, Consequence, Facts, Finding, Wish
from eu_enrollment.campaigns.rules.law import Age, Legal, Strict

Benefits = Callable[[], Sequence[bool]]
"""Tells of each wish whether a benefit counts there."""
WHOLE: tuple[None] = (None,)
MET: tuple[()] = ()


class Whom(StrEnum):
    """Whom a condition concerns."""

    ALL = "all"
    CITIZENS = "citizens"
    FOREIGN = "foreign"


class Spared(StrEnum):
    """Whom a condition spares: who transfers from another organization, who has a certificate of education."""

    HOLDER = "holder"
    CERTIFICATE = "certificate"


class Ground(StrEnum):
    """What gives a right to take part."""

    TERRITORY = "territory"
    BENEFIT = "benefit"
    SIBLING = "sibling"


class _Condition(Strict):
    """What all conditions have. ``documents`` is what the family is asked for when the condition is not met."""

    code: str = Field(pattern=r"^[a-z]+(\.[a-z]+)+$", max_length=40)
    title: str
    legal: Legal
    consequence: Consequence
    documents: tuple[str, ...] = ()
    whom: Whom = Whom.ALL
    spares: tuple[Spared, ...] = ()

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if (self.consequence is Consequence.DOCUMENTS) != bool(self.documents):
            raise ValueError(f"{self.code}: documents are named where they are asked for")
        return self

    @property
    def by_territory(self) -> bool:
        """Whether it takes the assigned territory to judge."""
        return False

    def concerns(self, facts: Facts) -> bool:
        """Whether the condition is one for this application."""
        if self.whom is not Whom.ALL and facts.citizen != (self.whom is Whom.CITIZENS):
            return False
        if not self.spares:
            return True
        spared = {Spared.HOLDER: facts.holds, Spared.CERTIFICATE: facts.certificate}
        return not any(spared[one] for one in self.spares)


class AgeCondition(_Condition):
    """An age on the day of measurement, both bounds inclusive."""

    kind: Literal["age"]
    min: Age | None = None
    max: Age | None = None

    def unmet(self, facts: Facts, measured: date, _benefits: Benefits) -> Sequence[int | None]:
        """Where the condition is not met."""
        return WHOLE if self.outside(facts.born, measured) else MET

    def outside(self, born: date, measured: date) -> bool:
        """Whether a child born on ``born`` is younger or older than the bounds on the day."""
        early = self.min is not None and measured < self.min.reached(born)
        return early or (self.max is not None and self.max.reached(born) < measured)


class StayCondition(_Condition):
    """A document of lawful stay in Russia, valid on the day."""

    kind: Literal["stay"]

    def unmet(self, facts: Facts, _measured: date, _benefits: Benefits) -> Sequence[int | None]:
        """Where the condition is not met."""
        return MET if facts.stay is not None and facts.stay.valid_on(facts.day) else WHOLE


class LanguageCondition(_Condition):
    """The test of Russian, passed."""

    kind: Literal["language"]

    def unmet(self, facts: Facts, _measured: date, _benefits: Benefits) -> Sequence[int | None]:
        """Where the condition is not met."""
        return MET if facts.language_test is not None and facts.language_test <= facts.day else WHOLE


class ChannelCondition(_Condition):
    """A channel by which an application may come."""

    kind: Literal["channel"]
    allowed: tuple[Channel, ...] = Field(min_length=1)

    def unmet(self, facts: Facts, _measured: date, _benefits: Benefits) -> Sequence[int | None]:
        """Where the condition is not met."""
        return MET if facts.channel in self.allowed else WHOLE


class GroundCondition(_Condition):
    """A ground for each wanted organization: one of these holds there."""

    kind: Literal["ground"]
    one_of: tuple[Ground, ...] = Field(min_length=1)

    @property
    def by_territory(self) -> bool:
        """Whether it takes the assigned territory to judge."""
        return Ground.TERRITORY in self.one_of

    def unmet(self, facts: Facts, _measured: date, benefits: Benefits) -> Sequence[int | None]:
        """Where the condition is not met."""
        return [
            index
            for index, (wish, benefit) in enumerate(zip(facts.wishes, benefits(), strict=True))
            if not any(_holds(ground, wish, benefit) for ground in self.one_of)
        ]


class HolderCondition(_Condition):
    """A place in another organization, which the child would leave."""

    kind: Literal["holder"]

    def unmet(self, facts: Facts, _measured: date, _benefits: Benefits) -> Sequence[int | None]:
        """Where the condition is not met."""
        return MET if facts.holds else WHOLE


class CertificateCondition(_Condition):
    """A certificate of basic education for these grades."""

    kind: Literal["certificate"]
    grades: tuple[int, ...] = Field(min_length=1)

    def unmet(self, facts: Facts, _measured: date, _benefits: Benefits) -> Sequence[int | None]:
        """Where the condition is not met."""
        return MET if facts.certificate or facts.grade not in self.grades else WHOLE


Condition = Annotated[
    AgeCondition
    | StayCondition
    | LanguageCondition
    | ChannelCondition
    | GroundCondition
    | HolderCondition
    | CertificateCondition,
    Field(discriminator="kind"),
]
"""A condition of any kind."""


def _holds(ground: Ground, wish: Wish, benefit: bool) -> bool:
    return {Ground.TERRITORY: wish.territory is True, Ground.BENEFIT: benefit, Ground.SIBLING: wish.sibling}[ground]


def judge(conditions: Iterable[Condition], facts: Facts, measured: date, benefits: Benefits) -> Iterator[Finding]:
    """Every condition that is not met."""
    for condition in conditions:
        if condition.concerns(facts):
            for wish in condition.unmet(facts, measured, benefits):
                yield Finding(
                    condition.code, condition.title, condition.consequence, condition.legal, condition.documents, wish
                )
