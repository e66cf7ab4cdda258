"""What an application is judged by, and what judging it finds. No names and no numbers of anybody."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from eu_enrollment.campaigns.rules.law import Legal


class Channel(StrEnum):
    """How an application came: through a portal, by registered mail, through an МФЦ, in person."""

    PORTAL = "portal"
    POST = "post"
    MFC = "mfc"
    IN_PERSON = "in_person"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of the family: its last day, ``None`` where it has no end."""

    valid_until: date | None = None

    def valid_on(self, day: date) -> bool:
        """Whether the document may be relied on."""
        return self.valid_until is None or day <= self.valid_until


@dataclass(frozen=True, slots=True)
class StatedBenefit:
    """A category that the family states, and its document."""

    code: str
    paper: Paper = Paper()


@dataclass(frozen=True, slots=True)
class Wish:
    """What is known of a wanted organization in regard to the child. ``territory`` is ``None`` until it is looked up.

    ``boarding``: the organization has a boarding house; ``distance`` in metres from the child's home.
    """

    territory: bool | None = None
    sibling: bool = False
    boarding: bool = False
    distance: int | None = None


@dataclass(frozen=True, slots=True)
class GroupNeed:
    """Preschool groups that the family takes, most wanted first, and the conclusion that some of them need."""

    orientations: tuple[str, ...] = ("general",)
    stay_modes: tuple[str, ...] = ("full_day",)
    disorder: str | None = None
    conclusion: Paper = Paper()


@dataclass(frozen=True, slots=True)
class Facts:
    """An application on a ``day`` of the region. ``holds``: the child has a place in another organization already.

    ``citizen`` is of Russia; ``language_test`` is the day on which the test of Russian was passed; ``group`` is of preschools.
    """

    day: date
    academic_year: int
    born: date
    desired_from: date
    wishes: tuple[Wish, ...]
    citizen: bool = True
    channel: Channel = Channel.PORTAL
    grade: int | None = None
    holds: bool = False
    benefits: tuple[StatedBenefit, ...] = ()
    stay: Paper | None = None
    language_test: date | None = None
    certificate: bool = False
    group: GroupNeed | None = None


class Consequence(StrEnum):
    """What a rule that is not met leads to: no acceptance, a look by an operator, a request for documents."""

    REFUSE = "refuse"
    OPERATOR = "operator"
    DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is not met; ``wish`` is the index of the choice it is about, ``None`` for the whole application."""

    code: str
    title: str
    consequence: Consequence
    legal: Legal
    documents: tuple[str, ...] = ()
    wish: int | None = None
