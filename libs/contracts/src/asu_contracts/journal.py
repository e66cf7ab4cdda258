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


class DaycareMonthCounted(
    Event,
    type="journal.daycare-month.counted.v1",
    semantics=Semantics.STATE,
    subject="daycare_month_id",
    readers=set(),
):
    """Child-days of a preschool group over a month (named by its first day) that was closed, and again whenever they change.

    ``planned``: children who were in the group on its working days; what is neither ``attended`` nor missed is not noted, which
    a closed month has none of. ``by_code``: child-days by code of attendance: `present`, `sick`, `vacation` (of the parents),
    `sanatorium`, `quarantine`, `excused`, `unexcused`, or a newer one.
    """

    daycare_month_id: UUID
    organization_id: UUID
    group_id: UUID
    academic_year: int
    month: date
    working_days: int
    planned: int
    attended: int
    missed_illness: int
    missed_other: int
    by_code: dict[str, int]
