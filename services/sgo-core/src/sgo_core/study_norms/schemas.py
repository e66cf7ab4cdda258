"""HTTP shapes of the norms of the curriculum."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from servicekit.http import Body, Text
from sgo_core.catalogue.values import Day

NormKind = Literal["maximum_load", "obligatory_subjects"]
Grade = Annotated[int, Field(ge=1, le=12)]


class MaximumIn(Body):
    """Most hours a week of a grade."""

    grade: Grade
    week_days: Literal[5, 6]
    hours: Annotated[Decimal, Field(gt=0, le=60, multiple_of=Decimal("0.5"), max_digits=4, decimal_places=1)]


class ObligatoryIn(Body):
    """Subjects that the curriculum of a grade must have."""

    grade: Grade
    subject_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)]


class EditionIn(Body):
    """A new edition of a norm, in force from a day; the earlier ones stay as they are."""

    kind: NormKind
    valid_from: Day
    source: Annotated[Text, Field(title="Документ, которым введена норма")]
    maximum_load: Annotated[list[MaximumIn], Field(max_length=24)] = Field(default_factory=list)
    obligatory_subjects: Annotated[list[ObligatoryIn], Field(max_length=12)] = Field(default_factory=list)


class MaximumOut(Body):
    """Most hours a week of a grade."""

    grade: int
    week_days: int
    hours: str


class ObligatoryOut(Body):
    """Subjects that the curriculum of a grade must have."""

    grade: int
    subject_ids: list[UUID]


class EditionOut(Body):
    """An edition: [valid_from, valid_to), ended by the next one of its kind."""

    id: UUID
    kind: NormKind
    valid_from: date
    valid_to: date | None
    source: str
    recorded_at: datetime
    maximum_load: list[MaximumOut]
    obligatory_subjects: list[ObligatoryOut]


class EditionsOut(Body):
    """Editions of the norms, those in force later first."""

    items: list[EditionOut]
