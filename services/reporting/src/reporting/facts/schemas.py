"""Answers about counts."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel


class OrganizationContingent(BaseModel):
    """Learners on main placements of an organization on a day."""

    organization_id: UUID
    short_name: str
    municipality: str
    date: date
    total: int


class ApplicationsSummary(BaseModel):
    """Applications of a campaign by status."""

    campaign_id: UUID
    counts: dict[str, int]
    total: int


class LessonsSummary(BaseModel):
    """Totals over an organization's lessons."""

    organization_id: UUID
    lessons: int
    marks: int
    absences: int
