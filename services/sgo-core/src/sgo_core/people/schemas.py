"""HTTP shapes of people's cards."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from servicekit.http import ABSENT, Body, Text
from sgo_core.cards.schemas import Closed, Masked, Values
from sgo_core.cards.values import CardValues
from sgo_core.catalogue.definition import CardKind
from sgo_core.consents.schemas import ConsentOut, Grounds


class GuardianOut(Body):
    """A guardian of the student: the card's fields, and what the guardian may."""

    id: UUID
    values: Values
    masked: Masked
    closed: Closed
    kinship: str
    may_decide: bool
    may_collect: bool
    may_see: bool
    valid_from: date
    valid_to: date | None
    version: int


class DuplicateOut(Body):
    """Another card that may be the same child."""

    student_id: UUID
    reason: Literal["same_name_and_birth_date", "same_document"]


class StudentOut(Body):
    """A student's card; ``version`` is null as of a past instant."""

    id: UUID
    values: Values
    masked: Masked
    closed: Closed
    archived_on: date | None
    guardians: list[GuardianOut]
    consents: list[ConsentOut]
    possible_duplicates: list[DuplicateOut]
    version: int | None


class StudentValues(CardValues):
    """Поля карточки обучающегося: что не указано, остаётся; null очищает поле."""

    kind = CardKind.STUDENT
    needed = frozenset({"last_name", "first_name", "birth_date", "sex", "citizenship"})


class StudentPatch(Body):
    """Fields to change, and why."""

    reason: Text
    values: StudentValues
    grounds: Grounds = Field(default_factory=dict)


class GuardianshipPatch(Body):
    """What changes in a guardianship, and why: what the guardian may, and until when (exclusive; null: no end)."""

    reason: Text
    may_decide: bool = ABSENT
    may_collect: bool = ABSENT
    may_see: bool = ABSENT
    valid_to: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))] | None = None
