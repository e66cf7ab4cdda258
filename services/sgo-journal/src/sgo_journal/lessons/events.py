"""What others hear of lessons: counts, no names."""

from uuid import UUID

from asu_contracts.journal import LessonRecorded
from sgo_journal.lessons.counted import Counted
from sgo_journal.lessons.model import Lesson


def lesson_recorded(organization_id: UUID, academic_year: int, subject: str, lesson: Counted) -> LessonRecorded:
    """State of a lesson's record."""
    return LessonRecorded(
        lesson_id=lesson.id,
        organization_id=organization_id,
        group_id=lesson.learners_id,
        academic_year=academic_year,
        date=lesson.date,
        subject_name=subject,
        learners=lesson.learners,
        absent=lesson.absent,
        marks=lesson.marks,
        attendance_checked=lesson.attendance_checked,
    )


def told_again(lesson: Lesson, subject: str) -> LessonRecorded:
    """The state as it was last told, for a reader that is rebuilt."""
    names = ("id", "learners_id", "date", "told_version", "learners", "absent", "marks", "attendance_checked")
    counted = Counted(**{name: getattr(lesson, name) for name in names})
    return lesson_recorded(lesson.organization_id, lesson.academic_year, subject, counted)
