"""HTTP shapes of forms of study."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.cards.schemas import Masked, Values
from sgo_core.catalogue.values import Day

Kind = Literal[
    "full_time",
    "part_time",
    "extramural",
    "at_home",
    "family",
    "self_education",
    "external",
    "individual_plan",
    "network",
    "temporary_stay",
]
PlaceKind = Literal["hospital", "sanatorium", "organization", "other"]
Place = Annotated[Line, StringConstraints(max_length=300), Field(title="Где или с кем")]
Basis = Annotated[Line, StringConstraints(max_length=300), Field(title="Основание (медицинское заключение, договор)")]


class StudyFormIn(Body):
    """How a student studies from a day, by an order. A new form ends the one before; what goes beside a form has its own dates."""

    kind: Annotated[Kind, Field(title="Форма обучения")]
    place_kind: Annotated[PlaceKind | None, Field(title="Вид места временного пребывания")] = None
    place: Place | None = None
    basis: Basis | None = None
    order_number: Annotated[Line, StringConstraints(max_length=50), Field(title="№ приказа")]
    order_date: Annotated[Day, Field(title="Дата приказа")]
    valid_from: Annotated[Day, Field(title="С какой даты")]
    valid_to: Annotated[Day | None, Field(title="По какую дату (не включая)")] = None


class StudyFormPatch(Body):
    """What changes, and why: until when (exclusive; null: no end), where, on what basis."""

    reason: Text
    valid_to: Day | None = ABSENT
    place: Place = ABSENT
    basis: Basis | None = ABSENT


class StudyFormOut(Body):
    """A form of study. Where and on what basis only the office, the class teacher and the family see."""

    id: UUID
    student_id: UUID
    organization_id: UUID
    kind: Kind
    title: str
    place_kind: PlaceKind | None
    place: str | None
    basis: str | None
    order_number: str
    order_date: date
    valid_from: date
    valid_to: date | None
    version: int


class StudyFormsOut(Body):
    """Forms of study of a student, of all times, in order of their beginning."""

    items: list[StudyFormOut]


class StudyFormLine(StudyFormOut):
    """A form of study in an organization, with the student's name as the reader may see it."""

    values: Values
    masked: Masked
