"""HTTP shapes of consents."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from servicekit.http import Body, Line, Text
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.catalogue.values import Day
from sgo_core.consents.standing import NamedGround

Subject = Literal[CardKind.STUDENT, CardKind.GUARDIAN, CardKind.WORKER]
Purpose = Annotated[str, StringConstraints(pattern=f"^({'|'.join(CATALOGUE.purposes)})$")]
OtherGround = Annotated[str, StringConstraints(pattern=f"^({'|'.join(CATALOGUE.other_grounds)})$")]


class GroundIn(Body):
    """On what other ground than consent a field is kept, and by which document."""

    ground: Annotated[OtherGround, Field(title="Основание")]
    document: Annotated[Line, Field(title="Документ: название, номер, дата")]


Grounds = Annotated[
    dict[str, GroundIn],
    Field(
        title="Основания полей без согласия",
        description="По имени поля; коды в каталоге (`other_grounds`)",
        max_length=50,
    ),
]


def named_grounds(grounds: Mapping[str, GroundIn]) -> dict[str, NamedGround]:
    """Grounds of a body as the use cases take them."""
    return {name: NamedGround(one.ground, one.document) for name, one in grounds.items()}


class ConsentOut(Body):
    """A consent to the processing of personal data; ``fields`` of the card that need one, ``organization_id`` where ours."""

    id: UUID
    organization_id: UUID | None
    operator: str
    purposes: list[str]
    fields: list[str]
    given_by: UUID | None
    method: Literal["paper", "electronic", "application"]
    given_at: datetime
    valid_until: date | None
    withdrawn_at: datetime | None
    version: int


class GroundOut(Body):
    """A ground other than consent on which an organization keeps a field, [valid_from, valid_to)."""

    organization_id: UUID
    field: str
    ground: str
    document: str
    valid_from: date
    valid_to: date | None


class StandingOut(Body):
    """All that a subject's fields stand on."""

    consents: list[ConsentOut]
    grounds: list[GroundOut]


class ConsentIn(Body):
    """A consent: for paper the instant it was signed; ``fields`` left out are all that need one."""

    subject_kind: Subject
    subject_id: UUID
    organization_id: UUID
    purposes: Annotated[list[Purpose], Field(min_length=1, max_length=20)]
    fields: Annotated[list[Line] | None, Field(min_length=1, max_length=100)] = None
    given_by: Annotated[UUID | None, Field(description="Законный представитель, давший согласие за ребёнка")] = None
    given_at: Annotated[AwareDatetime | None, Field(description="Для бумажного согласия: когда подписано")] = None
    valid_until: Day | None = None


class WithdrawalIn(Body):
    """Why a consent is withdrawn, in a few words."""

    reason: Text


class WithdrawalOut(Body):
    """What became of a withdrawn consent: the fields closed to everybody, and when they are erased unless a ground appears."""

    consent: ConsentOut
    closed: list[str]
    erased_on: date | None


class HoldIn(Body):
    """A hold on erasing anything of a subject's."""

    subject_kind: Subject
    subject_id: UUID
    document: Annotated[Line, Field(title="Документ: название, номер, дата")]
    reason: Text


class HoldOut(Body):
    """A hold; in force until lifted."""

    id: UUID
    subject_kind: CardKind
    subject_id: UUID
    organization_id: UUID
    document: str
    placed_on: date
    lifted_on: date | None
    version: int


class LiftIn(Body):
    """Why a hold is lifted."""

    reason: Text


class ErasureOut(Body):
    """Fields that lost their last ground: due for erasure, or erased (``erased`` leaves out those that found a ground again)."""

    id: UUID
    subject_kind: CardKind
    subject_id: UUID
    fields: list[str]
    cause: Literal["withdrawal", "expiry", "request", "retention"]
    due_on: date
    held: bool
    done_at: datetime | None
    erased: list[str] | None
