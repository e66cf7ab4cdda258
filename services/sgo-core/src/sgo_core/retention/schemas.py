"""HTTP shapes of terms of keeping and destruction acts."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from servicekit.http import Body, Line, Text
from sgo_core.catalogue.values import Day
from sgo_core.consents.schemas import Subject

State = Literal["draft", "checked", "approved", "done", "withdrawn"]


class DueOut(Body):
    """A card with fields whose term is over; ``key`` names it in the pages. ``held``: a legal hold keeps it."""

    key: str
    subject_kind: Subject
    subject_id: UUID
    left_on: date
    fields: list[str]
    rules: list[str]
    held: bool


class Member(Body):
    """A member of the commission that destroys."""

    name: Annotated[Line, Field(title="Фамилия, имя, отчество")]
    post: Annotated[Line, Field(title="Должность")]


class ActIn(Body):
    """An act to draft: the terms as of ``selected_on`` (today if left out). The first member of the commission is its chair."""

    number: Annotated[Line, StringConstraints(max_length=50)]
    selected_on: Day | None = None
    date: Day
    commission: Annotated[list[Member], Field(min_length=2, max_length=15)]


class ReturnIn(Body):
    """Why an act goes back to be drafted anew."""

    remark: Text


class ActOut(Body):
    """A destruction act; ``counts`` of its lines by outcome (``open`` has none yet)."""

    id: UUID
    organization_id: UUID
    number: str
    selected_on: Day
    date: Day
    commission: list[Member]
    state: State
    remark: str | None
    drafted_by: str
    checked_by: str | None
    approved_by: str | None
    done_at: datetime | None
    counts: dict[str, int]
    version: int


class ActLineOut(Body):
    """An act in a list."""

    id: UUID
    number: str
    selected_on: Day
    date: Day
    state: State


class LineOut(Body):
    """A card in an act, and what became of it."""

    number: int
    subject_kind: Subject
    subject_id: UUID
    cause: Literal["term", "withdrawal", "expiry", "request"]
    fields: list[str]
    left_on: date | None
    outcome: Literal["destroyed", "blocked", "held", "returned", "nothing"] | None
    destroyed: list[str] | None
    destroyed_at: datetime | None
