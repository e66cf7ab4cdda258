"""HTTP shapes of projects."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.cards.schemas import Values
from sgo_core.catalogue.values import Day
from sgo_core.groups.schemas import Year

Kind = Literal["project", "research", "creative", "social", "topic"]
State = Literal["planned", "running", "defended", "dropped"]
People = Annotated[list[UUID], Field(max_length=50)]


class ProjectIn(Body):
    """A project or a topic, its supervisors (workers) and authors (students or workers)."""

    academic_year: Year
    kind: Kind = "project"
    title: Text
    annotation: Text | None = None
    subject: Line | None = None
    supervisors: People
    student_authors: People = Field(default_factory=list)
    worker_authors: People = Field(default_factory=list)


class ProjectPatch(Body):
    """What changes, and why; a list of members replaces the one there is."""

    reason: Text
    kind: Kind = ABSENT
    title: Text = ABSENT
    annotation: Text | None = ABSENT
    subject: Line | None = ABSENT
    state: State = ABSENT
    defended_on: Day | None = ABSENT
    result: Line | None = ABSENT
    supervisors: People = ABSENT
    student_authors: People = ABSENT
    worker_authors: People = ABSENT


class MemberOut(Body):
    """A supervisor or author, named as the reader may see."""

    role: Literal["supervisor", "author"]
    person_kind: Literal["student", "worker"]
    person_id: UUID
    values: Values


class ProjectOut(Body):
    """A project with its members."""

    id: UUID
    organization_id: UUID
    academic_year: int
    kind: Kind
    title: str
    annotation: str | None
    subject: str | None
    state: State
    defended_on: Day | None
    result: str | None
    members: list[MemberOut]
    version: int
