"""Forms handed in, over HTTP."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from reporting.builds.schemas import FormCode, Oktmo
from reporting.days import Day
from reporting.submissions.steps import State
from servicekit.http import Body, LongText

Words = Annotated[LongText, StringConstraints(max_length=2000)]
Control = Annotated[str, StringConstraints(min_length=1, max_length=50)]


class ReportPut(Body):
    """The report that is handed in: built as of the form's own day."""

    report_id: UUID


class Checked(Body):
    """Explanations of controls that warn, by the control's id."""

    explanations: dict[Control, Words] = Field(default_factory=dict, max_length=500)


class Remark(Body):
    """Why a form is returned."""

    remark: Words


class Consolidation(Body):
    """What is consolidated: the forms taken from a municipality's organizations or, without it, from the municipalities."""

    form: FormCode
    as_of: Day
    municipality: Oktmo | None = None


class Consolidated(BaseModel):
    """The report made, and of how many."""

    report_id: UUID
    parts: int


class StepOut(BaseModel):
    """A step: when, by which account in which role, where it led, of which report."""

    at: datetime
    by: str
    role: str
    state: State
    report_id: UUID
    remark: str | None
    explanations: dict[str, str]


class Submission(BaseModel):
    """A form that a unit hands in. ``municipality`` alone: a municipality's; neither: the region's."""

    id: UUID
    form: str
    as_of: date
    organization_id: UUID | None
    municipality: str | None
    state: State
    report_id: UUID
    version: int
    changed_at: datetime


class SubmissionWithSteps(Submission):
    """With all its steps, the first one first."""

    steps: list[StepOut]


class BoardLine(BaseModel):
    """An organization that reports the form. ``state`` is empty while it has not begun; ``late``: not approved after the last day."""

    organization_id: UUID
    short_name: str
    municipality: str
    submission_id: UUID | None
    state: State | None
    changed_at: datetime | None
    late: bool


class BoardTotals(BaseModel):
    """How many organizations are in each state; ``none``: have not begun. ``closes`` is the last day of handing in."""

    form: str
    as_of: date
    closes: date
    counts: dict[str, int]
    late: int
