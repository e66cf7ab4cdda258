"""HTTP shapes of methodical works and attestation."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.cards.schemas import Values
from sgo_core.catalogue.definition import CATALOGUE
from sgo_core.catalogue.values import Day

WorkKind = Annotated[
    Literal["programme", "guide", "lesson", "article", "project", "talk", "master_class", "other"],
    Field(
        title="Вид работы",
        json_schema_extra=CATALOGUE.records["methodical_work"].titles("kind"),
    ),
]
Level = Literal["organization", "municipality", "region", "country", "international"]
Link = Annotated[Line, StringConstraints(pattern=r"^https?://\S+$", max_length=500)]
Category = Literal["fits_post", "first", "highest", "methodist", "mentor"]
State = Literal["planned", "applied", "granted", "refused", "withdrawn"]


class WorkIn(Body):
    """A methodical work: what, on what level, where published."""

    kind: WorkKind
    title: Text
    subject: Line | None = None
    level: Level
    published_in: Line | None = None
    dated_on: Day
    link: Link | None = None


class WorkPatch(Body):
    """What changes; ``removed`` takes the work out, its history stays."""

    kind: WorkKind = ABSENT
    title: Text = ABSENT
    subject: Line | None = ABSENT
    level: Level = ABSENT
    published_in: Line | None = ABSENT
    dated_on: Day = ABSENT
    link: Link | None = ABSENT
    removed: bool = ABSENT


class WorkOut(WorkIn):
    """A methodical work."""

    id: UUID
    worker_id: UUID
    version: int


class AttestationIn(Body):
    """An attestation to plan: for which category, in which post held in the organization, when."""

    organization_id: UUID
    post_code: Line
    category: Category
    planned_on: Day


class StepIn(Body):
    """The next step: application, decision with its order, or withdrawal."""

    step: Literal["applied", "granted", "refused", "withdrawn"]
    on: Day
    number: Line | None = Field(None, title="№ заявления или распорядительного акта")
    remark: Text | None = None


class AttestationOut(Body):
    """An attestation and where it stands."""

    id: UUID
    worker_id: UUID
    organization_id: UUID
    post_code: str
    category: Category
    state: State
    planned_on: date
    applied_on: date | None
    application_number: str | None
    decided_on: date | None
    order_number: str | None
    remark: str | None
    version: int


class StartOut(Body):
    """What an attestation starts from: the worker's post, category and its end, education, courses, works, achievements.

    ``due_on`` is by when fitness for the post must be certified; null for who has a category in force. ``values`` are shown as
    the reader may see them.
    """

    worker_id: UUID
    values: Values
    masked: list[str]
    posts: list[str]
    qualification: Any
    due_on: date | None
    overdue: bool
    methodical_works: int
    achievements: int
    attestations: list[AttestationOut]
