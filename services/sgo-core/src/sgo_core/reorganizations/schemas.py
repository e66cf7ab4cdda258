"""HTTP shapes of acts on organizations."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.catalogue.values import Day
from sgo_core.groups.schemas import Capacity, GroupName
from sgo_core.organizations.schemas import OrganizationValues

Kind = Literal[
    "merger",
    "accession",
    "division",
    "separation",
    "transformation",
    "rename",
    "liquidation",
    "founder_change",
    "branch_transfer",
]
State = Literal["draft", "confirmed", "running", "done", "withdrawn"]
Number = Annotated[Line, StringConstraints(max_length=50)]
_Ids = Annotated[list[UUID], Field(max_length=50)]


class GroupRoute(Body):
    """Where the students of a group go: into a group that is there, into a new one, or (in a liquidation) out of the organization.

    A new group is like the old one, under ``name`` and with ``capacity`` where they are given.
    """

    group_id: UUID
    organization_id: UUID | None = None
    to_group_id: UUID | None = None
    name: GroupName | None = None
    capacity: Capacity | None = None
    reason: Annotated[
        Line | None, Field(description="Причина выбытия (код справочника), если класс не принимает никто")
    ] = None
    destination: Line | None = None


class Handing(Body):
    """An employment or a building that goes to an organization."""

    id: UUID
    organization_id: UUID


class Plan(Body):
    """What goes where.

    What is not named goes to ``rest_to``: groups with students, buildings, the archive and, with ``move_workers``, employments.
    """

    predecessors: Annotated[_Ids, Field(min_length=1)]
    successors: _Ids = Field(default_factory=list)
    rest_to: Annotated[
        UUID | None, Field(description="Кому переходит неназванное; по умолчанию единственному преемнику")
    ] = None
    groups: Annotated[list[GroupRoute], Field(max_length=2000)] = Field(default_factory=list)
    move_workers: bool = False
    workers: Annotated[list[Handing], Field(max_length=2000)] = Field(default_factory=list)
    buildings: Annotated[list[Handing], Field(max_length=200)] = Field(default_factory=list)
    values: Annotated[OrganizationValues, Field(description="Новые значения карточки")] = Field(
        default_factory=OrganizationValues
    )
    founder_id: UUID | None = None
    head_id: Annotated[UUID | None, Field(description="Новая головная организация филиала")] = None


class ReorganizationIn(Body):
    """An act to draft: its document, the first day of the new order, the plan."""

    kind: Kind
    document_title: Line = "Постановление о реорганизации"
    document_number: Number
    document_date: Day
    effective_date: Day
    plan: Plan


class ReorganizationPatch(Body):
    """What changes in a draft; the plan is replaced whole."""

    document_title: Line = ABSENT
    document_number: Number = ABSENT
    document_date: Day = ABSENT
    effective_date: Day = ABSENT
    plan: Plan = ABSENT


class RemarkIn(Body):
    """Why a confirmed act goes back to be mended."""

    remark: Text


class ReorganizationOut(Body):
    """An act on organizations."""

    id: UUID
    kind: Kind
    state: State
    document_title: str
    document_number: str
    document_date: date
    effective_date: date
    plan: dict[str, Any]
    remark: str | None
    drafted_by: str
    confirmed_by: str | None
    done_at: datetime | None
    result: dict[str, Any] | None
    version: int


class ReorganizationLine(Body):
    """An act in a list."""

    id: UUID
    kind: Kind
    state: State
    document_title: str
    document_number: str
    document_date: date
    effective_date: date


class PlannedGroup(Body):
    """What becomes of a group: its students and where they go. ``name`` of a group that will be opened."""

    group_id: UUID
    group: str
    academic_year: int
    from_organization_id: UUID
    students: int
    to_organization_id: UUID | None
    to_group_id: UUID | None
    name: str | None
    capacity: int | None
    departs: str | None


class ConflictOut(Body):
    """Why the plan cannot be carried out as things stand."""

    code: str
    title: str
    organization_id: UUID | None = None
    group_id: UUID | None = None
    count: int | None = None


class TotalOut(Body):
    """Students of an organization before and after: by the main place of study, and those of additional education."""

    organization_id: UUID
    short_name: str
    before: int
    after: int
    additional_before: int
    additional_after: int
    closes: bool


class PreviewOut(Body):
    """What an act will do: students by group and organization, employments, buildings.

    ``conflicts`` stand in the way, ``notes`` are to be known.
    """

    groups: list[PlannedGroup]
    totals: list[TotalOut]
    departing: int
    workers: int
    buildings: int
    consents_pass: bool
    conflicts: list[ConflictOut]
    notes: list[str]
