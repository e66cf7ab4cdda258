"""Events of sgo-journal: what happened in lessons, without names."""

from datetime import date
from uuid import UUID

from asu_contracts.base import Event, Semantics
from asu_contracts.exchanges import Service


class LessonRecorded(
    Event,
    type="journal.lesson.recorded.v1",
    semantics=Semantics.STATE,
    subject="lesson_id",
    readers={Service.REPORTING},
):
    """Something was recorded of a lesson that took place: counts only.

    ``learners`` were on the roster that day, ``absent`` of them were noted as absent; ``attendance_checked``: whoever is not noted
    was there.
    """

    lesson_id: UUID
    organization_id: UUID
    group_id: UUID
    academic_year: int
    date: date
    subject_name: str
    learners: int
    absent: int
    marks: int
    attendance_checked: bool = False
