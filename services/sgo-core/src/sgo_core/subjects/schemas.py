"""HTTP shapes of subjects and of the terms of the curriculum."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.catalogue.values import Day

TermKind = Literal["area", "component"]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Title = Annotated[Line, StringConstraints(max_length=200)]
ShortTitle = Annotated[Line, StringConstraints(max_length=30)]
Grade = Annotated[int, Field(ge=1, le=12)]


class TermIn(Body):
    """A subject area or a component to enter; ``counts_in_load`` for a component."""

    kind: TermKind
    code: Code
    title: Title
    counts_in_load: bool | None = None
    source: Annotated[Text, Field(title="Основание: чем введено")]
    valid_from: Day
    valid_to: Day | None = None


class TermPatch(Body):
    """What changes, and why; ``valid_to`` takes the entry out of use from that day, null puts it back."""

    reason: Text
    title: Title = ABSENT
    source: Text = ABSENT
    valid_to: Day | None = ABSENT


class TermOut(Body):
    """An entry in use over [valid_from, valid_to)."""

    id: UUID
    kind: TermKind
    code: str
    title: str
    counts_in_load: bool | None
    source: str
    valid_from: date
    valid_to: date | None
    version: int


class TermsOut(Body):
    """Entries of the reference books of the curriculum."""

    items: list[TermOut]


class SubjectIn(Body):
    """A subject of the region."""

    code: Code
    title: Title
    short_title: ShortTitle
    area: Code
    grade_from: Grade = 1
    grade_to: Grade = 11
    source: Annotated[Text, Field(title="Основание: чем введён")]
    valid_from: Day


class OwnSubjectIn(Body):
    """An organization's own subject; ``counts_as`` names the one of the region's list it stands for."""

    code: Code | None = None
    title: Title
    short_title: ShortTitle
    area: Code
    grade_from: Grade = 1
    grade_to: Grade = 11
    counts_as: UUID | None = None
    valid_from: Day


class SubjectPatch(Body):
    """What changes, and why; ``valid_to`` takes the subject out of use from that day, null puts it back."""

    reason: Text
    title: Title = ABSENT
    short_title: ShortTitle = ABSENT
    area: Code = ABSENT
    grade_from: Grade = ABSENT
    grade_to: Grade = ABSENT
    valid_to: Day | None = ABSENT


class SubjectOut(Body):
    """A subject; ``organization_id`` of an own one, null for one of the region."""

    id: UUID
    organization_id: UUID | None
    code: str
    title: str
    short_title: str
    area: str
    grade_from: int
    grade_to: int
    counts_as: UUID | None
    source: str
    valid_from: date
    valid_to: date | None
    version: int
