"""HTTP shapes of curricula."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from servicekit.http import ABSENT, Body, Line
from sgo_core.catalogue.values import Day

Kind = Literal["classical", "individual"]
Level = Literal["base", "advanced"]
State = Literal["draft", "approved", "withdrawn"]
Year = Annotated[int, Field(ge=2000, le=2100, description="Календарный год начала учебного года")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Title = Annotated[Line, StringConstraints(max_length=200)]
_HALF = Decimal("0.5")
Hours = Annotated[Decimal, Field(gt=0, le=40, multiple_of=_HALF, title="Часов в неделю")]
PeriodHours = Annotated[Decimal, Field(ge=0, le=40, multiple_of=_HALF)]
YearHours = Annotated[Decimal, Field(gt=0, le=2000, multiple_of=_HALF, title="Часов в год")]


class LineIn(Body):
    """A subject of the plan. ``period_hours``: hours a week in each period, where they differ; ``hours_year`` if stated apart."""

    subject_id: UUID
    component: Code
    level: Level = "base"
    hours_week: Hours
    hours_year: YearHours | None = None
    period_hours: Annotated[list[PeriodHours], Field(min_length=2, max_length=6)] | None = None
    subgroups: Annotated[bool, Field(title="Деление на подгруппы")] = False


Lines = Annotated[list[LineIn], Field(max_length=150)]
Classes = Annotated[list[UUID], Field(max_length=30)]


class CurriculumIn(Body):
    """A curriculum to draft for a grade; ``group_ids`` names the classes it is for."""

    academic_year: Year
    grade: Annotated[int, Field(ge=1, le=12)]
    title: Title
    kind: Kind = "classical"
    profile: Code | None = None
    week_days: Literal[5, 6] = 5
    weeks: Annotated[int, Field(ge=1, le=44, title="Учебных недель в году")] = 34
    period_count: Annotated[int, Field(ge=2, le=6)] | None = None
    lines: Lines = Field(default_factory=list)
    group_ids: Classes = Field(default_factory=list)


class CurriculumPatch(Body):
    """What changes in a draft; ``lines`` and ``group_ids`` replace all there were."""

    title: Title = ABSENT
    kind: Kind = ABSENT
    profile: Code | None = ABSENT
    week_days: Literal[5, 6] = ABSENT
    weeks: Annotated[int, Field(ge=1, le=44)] = ABSENT
    period_count: Annotated[int, Field(ge=2, le=6)] | None = ABSENT
    lines: Lines = ABSENT
    group_ids: Classes = ABSENT


class ApprovalIn(Body):
    """The document that approves a curriculum, and since when it is in force."""

    document_number: Line
    document_date: Day
    in_force_from: Day


class CopyIn(Body):
    """Which year's curricula to draft anew for another year; all approved ones unless named."""

    from_year: Year
    to_year: Year
    curriculum_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)] | None = None


class LineOut(Body):
    """A subject of the plan; ``hours_year`` is stated, or the weeks times the hours."""

    id: UUID
    subject_id: UUID
    component: str
    level: Level
    hours_week: str
    hours_year: str
    period_hours: list[str] | None
    subgroups: bool


class ClassOut(Body):
    """A class the plan is for; since its approval over [valid_from, valid_to)."""

    group_id: UUID
    valid_from: date | None
    valid_to: date | None


class CurriculumShort(Body):
    """A curriculum in a list."""

    id: UUID
    organization_id: UUID
    academic_year: int
    grade: int
    title: str
    kind: Kind
    profile: str | None
    week_days: int
    weeks: int
    period_count: int | None
    state: State
    edition: int
    replaces: UUID | None
    copied_from: UUID | None
    document_number: str | None
    document_date: date | None
    in_force_from: date | None
    approved_at: datetime | None
    classes: list[ClassOut]
    version: int


class CurriculumOut(CurriculumShort):
    """A curriculum with its lines."""

    lines: list[LineOut]


class CopiedOut(Body):
    """Drafts made from another year's curricula."""

    items: list[CurriculumShort]


class FindingOut(Body):
    """What a check found: an error keeps the plan from being approved, a warning does not."""

    level: Literal["error", "warning"]
    code: str
    title: str
    subject_id: UUID | None


class ReportOut(Body):
    """A check of a plan: hours a week that count towards the load (by period where they differ), the most allowed, what was found."""

    hours_week: list[str]
    maximum: str | None
    maximum_source: str | None
    by_component: dict[str, str]
    ready: bool
    findings: list[FindingOut]
