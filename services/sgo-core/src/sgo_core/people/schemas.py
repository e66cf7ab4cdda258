"""HTTP shapes of people's cards."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from servicekit.http import ABSENT, Body, Text
from sgo_core.cards.schemas import Closed, Masked, Values
from sgo_core.cards.values import CardValues
from sgo_core.catalogue.definition import CardKind
from sgo_core.consents.schemas import ConsentOut, Grounds

Kinship = Literal["mother", "father", "guardian", "other"]


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


class NewStudentValues(CardValues):
    """Поля карточки нового обучающегося."""

    kind = CardKind.STUDENT
    needed = frozenset({"last_name", "first_name", "birth_date", "sex", "citizenship"})
    creates = True


class NewGuardianValues(CardValues):
    """Поля карточки нового законного представителя."""

    kind = CardKind.GUARDIAN
    needed = frozenset({"last_name", "first_name"})
    creates = True


class GuardianValues(CardValues):
    """Поля карточки законного представителя: что не указано, остаётся; null очищает поле."""

    kind = CardKind.GUARDIAN
    needed = frozenset({"last_name", "first_name"})


class GuardianIn(Body):
    """A guardian of a child, and the kinship."""

    values: NewGuardianValues
    kinship: Kinship


class CardIn(Body):
    """A student's card to open, with the guardians; ``consented_at``: when the family signed the consent to what needs one."""

    values: NewStudentValues
    guardians: Annotated[list[GuardianIn], Field(max_length=6)] = Field(default_factory=list)
    consented_at: AwareDatetime | None = None


class OpenedOut(Body):
    """Whose card it is, and whether it was opened now or known before: then nothing was changed on it."""

    student_id: UUID
    created: bool


class GuardianAdd(GuardianIn):
    """A guardian to add, and why; ``consented_at`` as in the child's card."""

    reason: Text
    consented_at: AwareDatetime | None = None


class GuardianPatch(Body):
    """Fields to change, and why."""

    reason: Text
    values: GuardianValues
    grounds: Grounds = Field(default_factory=dict)


class WardOut(Body):
    """A child of a guardian, and what the guardian may."""

    student_id: UUID
    last_name: str
    first_name: str
    kinship: str
    may_decide: bool
    may_collect: bool
    may_see: bool


class GuardianCardOut(Body):
    """A guardian's card; ``version`` is null as of a past instant. Of the children those the reader sees."""

    id: UUID
    values: Values
    masked: Masked
    closed: Closed
    children: list[WardOut]
    version: int | None


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
